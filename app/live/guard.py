"""The websocket protocol of the server, with the door it lacks: a client that floods it with frames is cut off.

Pings are answered below the app and without back-pressure, and empty fragments are collected without end
(security.md F5, AU-22); neither ever reaches a room, so the rooms cannot refuse it.
"""

from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

MOST_CONTROL_FRAMES: Final = 30
WITHIN_SECONDS: Final = 10.0
MOST_FRAGMENTS: Final = 64
MOST_UNREAD_BYTES: Final = 1024 * 1024


class GuardedWebSocket(WebSocketsSansIOProtocol):
    """Answers as its parent does, until somebody asks too much."""

    _controls = 0
    _counting_since = 0.0

    def handle_ping(self) -> None:
        if not self._floods():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if not self._floods():
            super().handle_pong(event)

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= MOST_FRAGMENTS:
            self.transport.abort()
        elif not self.transport.is_closing():
            super().handle_cont(event)

    def _floods(self) -> bool:
        now = self.loop.time()
        if now - self._counting_since > WITHIN_SECONDS:
            self._counting_since, self._controls = now, 0
        self._controls += 1
        if self._controls > MOST_CONTROL_FRAMES or self.transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            self.transport.abort()
        return self.transport.is_closing()
