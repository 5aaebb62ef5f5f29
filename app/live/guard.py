"""The websocket protocol of the server, with the two doors it lacks: a client that floods it with frames is cut off,
and rooms read and write frames without a detour.

Pings are answered below the app and without back-pressure, and empty fragments are collected without end
(security.md F5, AU-22); neither ever reaches a room, so the rooms cannot refuse it. Through ASGI each frame to each
person costs a task switch and two calls; a room takes each connection over and writes one finished frame to all
(docs/decisions/0014).
"""

from collections.abc import Callable
from typing import Any, Final

from starlette.websockets import WebSocket
from uvicorn.protocols.utils import ClientDisconnected
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
    _heard_at = 0.0
    _listener: Callable[[bytes, bool], None] | None = None
    _when_drained: Callable[[], None] | None = None
    _when_gone: Callable[[], None] | None = None
    _taken_over = False

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

    def take_over(
        self,
        listener: Callable[[bytes, bool], None],
        when_gone: Callable[[], None],
        when_drained: Callable[[], None] | None = None,
    ) -> None:
        """Give each message to `listener` as it comes, with whether it is text; the app may return.

        A task that waits beside each quiet connection, and all it holds on to, takes as much memory as the connection.
        `when_gone` is called once, soon after the end; `when_drained` when the other side caught up with reading.
        """
        self._listener, self._when_gone, self._when_drained = listener, when_gone, when_drained
        self._taken_over = True
        while not self.queue.empty():
            waiting = self.queue.get_nowait()
            if waiting["type"] == "websocket.receive":
                text = waiting.get("text")
                listener(waiting.get("bytes") or b"" if text is None else text.encode(), text is not None)
        if self.read_paused:
            self.read_paused = False
            self.resume_reading()
        if self.close_sent or self.disconnected:
            self._tell_gone_soon()

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
        self._tell_gone_soon()
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

    async def run_asgi(self) -> None:
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except BaseException:
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        if not self._taken_over and self.close_timer is None:
            self.transport.close()
        # What it said when it came in is kept as long as it is open, and never read again.
        del self.request, self.response
        self.scope = {**self.scope, "headers": [], "extensions": {}, "state": {}}

    def send_receive_event_to_app(self) -> None:
        if not self._taken_over:
            super().send_receive_event_to_app()
            return
        self._heard_at = self.loop.time()
        message = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if self._listener is not None and not self.close_sent:
            self._listener(bytes(message), self.curr_msg_data_type == "text")

    def _tell_gone_soon(self) -> None:
        gone, self._when_gone = self._when_gone, None
        self._listener = self._when_drained = None
        if gone is not None:
            self.loop.call_soon(gone)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._when_drained is not None:
            self._when_drained()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._tell_gone_soon()

    def send_keepalive_ping(self) -> None:
        """Ask whether the other side is still there, when it said nothing for as long as a ping waits (AU-22)."""
        wait = self._heard_at + (self.ping_interval or 0) - self.loop.time()
        if wait > 0:
            self.ping_timer = self.loop.call_later(wait, self.send_keepalive_ping)
        else:
            super().send_keepalive_ping()

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
