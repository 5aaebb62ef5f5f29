"""One websocket as the house sees it: a bounded way out, and a code that ends it. One slow phone delays nobody."""

from typing import Final

import structlog
from starlette.websockets import WebSocket

from app.live.guard import GuardedWebSocket, frame

_log: Final = structlog.get_logger("rondom")

# The other side ended it.
LEFT: Final = 1000
# What ends it for good: stock clients do not come back after 44xx.
NOT_SIGNED_IN: Final = 4401
NO_ACCESS: Final = 4403
OTHER_EPOCH: Final = 4409
# There is no place now; stock clients try again after a while.
OPEN_TOO_OFTEN: Final = 4529
BOARD_CROWDED: Final = 4530
HOUSE_CROWDED: Final = 4531
GARBLED: Final = 1007
TOO_MUCH: Final = 1008
TOO_BIG: Final = 1009
FAULT: Final = 1011
TRY_AGAIN: Final = 1013

_MOST_UNSENT_BYTES = 4 * 1024 * 1024


class Connection:
    """One open websocket of one participant."""

    def __init__(self, socket: WebSocket, participant: str, token: str) -> None:
        self.below = GuardedWebSocket.of(socket)
        self.address = socket.client.host if socket.client else ""
        self.participant = participant
        self.token = token
        self.closed_with: int | None = None

    def send(self, message: bytes | str) -> None:
        """Send a message to this one."""
        self.send_frame(frame(message))

    def send_frame(self, finished: bytes) -> None:
        """Send a finished frame. Who can't keep up is closed, and syncs again from where it is. Never raises."""
        if self.closed_with is not None:
            return
        try:
            if self.below.unsent + len(finished) > _MOST_UNSENT_BYTES:
                self.close(TRY_AGAIN)
            else:
                self.below.write_frame(finished)
        except Exception as error:
            # Whoever comes after this one in the room must not miss it.
            _log.error("connection not written to", kind=type(error).__name__)
            self.closed_with = FAULT
            self.below.transport.abort()

    def close(self, code: int) -> None:
        """End this connection with a code. It hears nothing more."""
        if self.closed_with is None:
            self.closed_with = code
            self.below.end(code)
