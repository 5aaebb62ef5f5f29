"""One websocket as the house sees it: a bounded queue out, and a code that ends it. One slow phone delays nobody."""

import asyncio
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

NOT_SIGNED_IN: Final = 4401
NO_ACCESS: Final = 4403
OTHER_EPOCH: Final = 4409
GARBLED: Final = 1007
TOO_MUCH: Final = 1008
TOO_BIG: Final = 1009
TRY_AGAIN: Final = 1013

_MOST_WAITING_BYTES = 4 * 1024 * 1024
_MOST_WAITING = 1024


class Connection:
    """The sending side of one websocket."""

    def __init__(self, socket: WebSocket, participant: str, token: str) -> None:
        self.socket = socket
        self.participant = participant
        self.token = token
        self.closed_with: int | None = None
        self._waiting: asyncio.Queue[bytes | str | None] = asyncio.Queue()
        self._waiting_bytes = 0

    def send(self, message: bytes | str) -> None:
        """Put a message in line. Who can't keep up is closed and syncs again from where it is."""
        if self.closed_with is not None:
            return
        self._waiting_bytes += len(message)
        if self._waiting.qsize() >= _MOST_WAITING or self._waiting_bytes > _MOST_WAITING_BYTES:
            self.close(TRY_AGAIN)
            return
        self._waiting.put_nowait(message)

    def close(self, code: int) -> None:
        """End this connection with a code; what was in line and not yet sent is dropped."""
        if self.closed_with is None:
            self.closed_with = code
            self._waiting.put_nowait(None)

    async def write(self) -> None:
        """Send what is in line until the connection ends. An error here ends this connection and no other."""
        try:
            while self.closed_with is None:
                message = await self._waiting.get()
                if message is None or self.closed_with is not None:
                    break
                self._waiting_bytes -= len(message)
                if isinstance(message, bytes):
                    await self.socket.send_bytes(message)
                else:
                    await self.socket.send_text(message)
            if self.closed_with is not None:
                await self.socket.close(self.closed_with)
        except (WebSocketDisconnect, RuntimeError, OSError):
            self.closed_with = self.closed_with or 1006
