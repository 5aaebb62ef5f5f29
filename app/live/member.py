"""One connection to a room: what it may send, what it was told, and what waits for it while it is behind."""

from asyncio import TimerHandle
from typing import Final

from starlette.websockets import WebSocket

from app.live import connection as closing
from app.live import wire
from app.live.allowance import Allowance
from app.live.connection import Connection
from app.live.guard import frame

_MOST_HELD_BYTES: Final = 1024 * 1024


class Member(Connection):
    """One connection to a room."""

    def __init__(self, socket: WebSocket, participant: str, token: str, allowance: Allowance) -> None:
        super().__init__(socket, participant, token)
        self.allowance = allowance
        self.client: int | None = None
        self.answered = 0
        # Runs until the first message: it ends the connection.
        self.silence: TimerHandle | None = None
        # Messages that came while it was not known how the meeting stands.
        self.inbox: list[bytes] = []
        # Whether it was not given the board yet that it asks for first: what is shown meanwhile hangs on that.
        self.awaits_answer = True
        self._held: list[bytes] = []
        self._held_bytes = 0

    def end_silence(self) -> None:
        """Note that this one spoke, or went."""
        if self.silence is not None:
            self.silence.cancel()
            self.silence = None

    def show(self, finished: bytes, update: bytes) -> None:
        """Show an edit, as the finished frame that everybody gets.

        Who is behind, or waits for the board itself, gets one merged frame, later: not every replica takes up an edit
        that comes before what it hangs on (docs/decisions/0014).
        """
        if self.closed_with is not None:
            return
        if not self._held and not self.below.behind and not self.awaits_answer:
            self.send_frame(finished)
            return
        self._held.append(update)
        self._held_bytes += len(update)
        if self._held_bytes > _MOST_HELD_BYTES:
            self.close(closing.TRY_AGAIN)

    def answer(self, message: bytes) -> None:
        """Give the board that was asked for, and then what was shown to the others meanwhile."""
        self.awaits_answer = False
        self.send(message)
        if not self.below.behind:
            self.catch_up()

    def catch_up(self) -> None:
        """Show all that was held, as one edit: the other side reads again."""
        if self._held and not self.awaits_answer:
            held, self._held, self._held_bytes = self._held, [], 0
            self.send_frame(frame(wire.sync_update(wire.merged(held))))
