"""The websocket protocol of the server, with the two doors it lacks: a client that floods it with frames is cut off,
and rooms read and write frames without a detour.

Pings are answered below the app and without back-pressure, and empty fragments are collected without end
(security.md F5, AU-22); neither ever reaches a room, so the rooms cannot refuse it. Through ASGI each frame to each
person costs a task switch and two calls; a room writes one finished frame to all (docs/decisions/0014).
"""

from collections.abc import Callable
from typing import Any, Final

from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

MOST_CONTROL_FRAMES: Final = 30
WITHIN_SECONDS: Final = 10.0
MOST_FRAGMENTS: Final = 64
MOST_UNREAD_BYTES: Final = 1024 * 1024

_EXTENSION: Final = "rondom.frames"
_TEXT, _BINARY = 0x81, 0x82
_CLOSING_SECONDS: Final = 10.0


def frame(message: bytes | str) -> bytes:
    """Return a message as the one frame that goes to everybody (RFC 6455 §5.2; a server does not mask)."""
    first, content = (_BINARY, message) if isinstance(message, bytes) else (_TEXT, message.encode())
    size = len(content)
    if size < 126:
        return bytes((first, size)) + content
    if size < 65536:
        return bytes((first, 126)) + size.to_bytes(2, "big") + content
    return bytes((first, 127)) + size.to_bytes(8, "big") + content


class GuardedWebSocket(WebSocketsSansIOProtocol):
    """Answers as its parent does, until somebody asks too much."""

    _controls = 0
    _counting_since = 0.0
    _listener: Callable[[bytes], None] | None = None
    _when_drained: Callable[[], None] | None = None

    @staticmethod
    def of(socket: WebSocket) -> "GuardedWebSocket":
        """Return the protocol below a websocket that this server serves."""
        below: GuardedWebSocket = socket.scope["extensions"][_EXTENSION]
        return below

    @property
    def behind(self) -> bool:
        """Whether the other side reads slower than we write."""
        return not self.writable.is_set()

    @property
    def unsent(self) -> int:
        """How many bytes wait for the other side."""
        return self.transport.get_write_buffer_size()

    def listen(self, listener: Callable[[bytes], None], when_drained: Callable[[], None]) -> None:
        """Give binary messages to `listener` as they come. `when_drained`: the other side caught up with reading."""
        self._listener, self._when_drained = listener, when_drained

    def pause_reading(self) -> None:
        """Let the network wait: messages come in faster than they can be taken."""
        if not self.transport.is_closing():
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Take messages again."""
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def write_frame(self, finished: bytes) -> None:
        """Write a finished frame. After the end it goes nowhere."""
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(finished)

    def end(self, code: int, reason: str = "") -> None:
        """Close with a code. Who does not read it within ten seconds is cut off."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        # Who was told to wait must still be heard saying goodbye.
        self.resume_reading()
        self.close_timer = self.loop.call_later(_CLOSING_SECONDS, self.transport.abort)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[_EXTENSION] = self

    def send_receive_event_to_app(self) -> None:
        if self._listener is None or self.curr_msg_data_type == "text" or self.close_sent:
            super().send_receive_event_to_app()
            return
        message = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        self._listener(bytes(message))

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._when_drained is not None:
            self._when_drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self._listener = self._when_drained = None
        super().connection_lost(exc)

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
        if self._controls > MOST_CONTROL_FRAMES or self.unsent > MOST_UNREAD_BYTES:
            self.transport.abort()
        return self.transport.is_closing()
