"""The limit of what this web server can do: each message goes to all others on its board. python relay.py PORT"""

import sys
from collections import defaultdict
from typing import Any

import uvicorn

from app.live.guard import GuardedWebSocket, frame

_STEP_1, _ANSWER = b"\x00\x00", b"\x00\x01\x02\x00\x00"
boards: dict[str, set[Any]] = defaultdict(set)


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    here, below = boards[scope["path"]], scope["extensions"]["rondom.frames"]

    def pass_on(message: bytes, _is_text: bool) -> None:
        if message.startswith(_STEP_1):
            below.write_frame(frame(_ANSWER))
            return
        finished = frame(message)
        for other in here:
            if other is not below:
                other.write_frame(finished)

    here.add(below)
    below.take_over(pass_on, lambda: here.discard(below))


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        log_level="error",
        ws=GuardedWebSocket,
        ws_per_message_deflate=False,
        lifespan="off",
    )
