"""A room: everybody who has one board open. Edits go through it in one order:
may this person write now → scan → apply → commit → to the others → to the disk → `saved` (DESIGN.md §5)."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

import structlog

from app.live import connection as closing
from app.live import wire
from app.live.elsewhere import Elsewhere, open_presence
from app.live.guard import frame
from app.live.member import Member
from app.live.presences import Presences
from meetings.boards.ledger import Full, Lacking
from meetings.boards.log_writer import Stored
from meetings.boards.replica import Address, Replica
from meetings.boards.scanner import Refused
from meetings.door import board_right
from meetings.house import House
from meetings.record import Participant, Record
from meetings.refusals import NotFound
from meetings.storage.database import TROUBLE

_log: Final = structlog.get_logger("rondom")

MOST_MESSAGE_BYTES: Final = 256 * 1024 + 64
MOST_UPDATE_BYTES: Final = 64 * 1024
MOST_SYNC_BYTES: Final = 256 * 1024
# Every screen asks for the board as soon as it is in; who says nothing takes a place from somebody (AU-23).
SECONDS_TO_THE_FIRST_WORD: Final = 5.0


@dataclass
class _Batch:
    """Edits that are stored and shown together, by whom, and the number of the last."""

    stored: Stored
    edits: list[tuple[Member, bytes]] = field(default_factory=list)
    taken: int = 0


class Room:
    """One board, and who has it open in this process."""

    def __init__(
        self,
        house: House,
        replica: Replica,
        elsewhere: Elsewhere,
        on_stored: Callable[[], None],
        on_idle: Callable[["Room"], None],
    ) -> None:
        self._house = house
        self._replica = replica
        self._on_stored = on_stored
        self._on_idle = on_idle
        self._stored_state = replica.document.get_state()
        self.members: set[Member] = set()
        self.presences = Presences(
            self._show_presence, partial(elsewhere.tell_presence, replica.address, replica.key), replica.ledger.owner
        )
        self.broken = False
        self._batch: _Batch | None = None
        self._being_stored = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._rights_as_of: Record | None = None
        self._rights: dict[str, Literal["read", "write"] | None] = {}
        self._taken = 0
        self._safe = 0
        self._questions: list[tuple[int, Member, int]] = []
        # Who asked for the board while edits in it were on their way into the log, and what they know of it.
        self._waiting: dict[Member, bytes] = {}
        replica.watchers.add(self._show_all)

    @property
    def address(self) -> Address:
        """Which board this is."""
        return self._replica.address

    @property
    def idle(self) -> bool:
        """Whether nobody is here, nobody's last words wait to be taken, and nothing is on its way to the disk."""
        return not self.members and not self._tasks and self._being_stored == 0

    def join(self, member: Member) -> None:
        """Let somebody in: ask what they have that we lack, and show who is here."""
        self.members.add(member)
        loop = asyncio.get_running_loop()
        member.silence = loop.call_later(SECONDS_TO_THE_FIRST_WORD, member.close, closing.TOO_MUCH)
        member.send(wire.sync_step_1(self._replica.document.get_state()))
        here = self.presences.all()
        if here:
            member.send(wire.presence(here))
        self._tell_what_stops(member)

    def leave(self, member: Member) -> None:
        """See somebody out, and tell the others."""
        self.members.discard(member)
        self._questions = [question for question in self._questions if question[1] is not member]
        self._waiting.pop(member, None)
        member.end_silence()
        self.presences.leave(member)
        if self.idle:
            self._on_idle(self)

    def close(self) -> None:
        """Let go of the board."""
        self._replica.watchers.discard(self._show_all)
        for task in self._tasks:
            task.cancel()

    def recheck(self, record: Record) -> None:
        """Look again who may be here, after the meeting changed."""
        for member in tuple(self.members):
            person: Participant | None = record.people.get(member.participant)
            if person is None or board_right(person, self.address.board, record) is None:
                member.close(closing.NO_ACCESS)
            elif record.boards[self.address.board].epoch != self.address.epoch:
                member.close(closing.OTHER_EPOCH)

    def hear_presence(self, sealed: bytes) -> None:
        """Show who came, went or moved on another worker."""
        self.presences.hear(open_presence(self.address, self._replica.key, sealed))

    def storage_is(self, *, in_trouble: bool) -> None:
        """The board can't be stored now, and is read-only; or it can again, and whoever has more is asked for it."""
        for member in tuple(self.members):
            if in_trouble:
                member.send(wire.denied(wire.STORAGE))
                if member in self._waiting:
                    self._begin(self._show_stored(member, self._waiting[member]))
            else:
                member.send(wire.sync_step_1(self._replica.document.get_state()))
                self._tell_what_stops(member)

    def take(self, member: Member, message: bytes, is_text: bool = False) -> None:
        """Take one message, now or as soon as it is known again how the meeting stands. Never raises."""
        if member.closed_with is not None:
            return
        member.end_silence()
        if is_text:
            member.close(closing.GARBLED)
        elif len(message) > MOST_MESSAGE_BYTES:
            member.close(closing.TOO_BIG)
        elif not member.allowance.spend(len(message)):
            member.close(closing.TOO_MUCH)
        elif member.inbox or not self._take_now(member, message):
            member.inbox.append(message)
            if len(member.inbox) == 1:
                member.below.pause_reading()
                self._begin(self._take_later(member))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self.idle:
            self._on_idle(self)

    def _take_now(self, member: Member, message: bytes) -> bool:
        record = self._house.known(self.address.meeting)
        if record is None:
            return False
        try:
            self._read(member, message, record)
        except wire.Garbled:
            member.close(closing.GARBLED)
        except Exception as error:
            _log.error("message not taken", board=self.address.board, kind=type(error).__name__)
            member.close(closing.FAULT)
        return True

    async def _take_later(self, member: Member) -> None:
        try:
            # Who left said this before; who was sent away says nothing more.
            while member.inbox and member.closed_with in (None, closing.LEFT):
                if self._take_now(member, member.inbox[0]):
                    member.inbox.pop(0)
                else:
                    await self._house.standing(self.address.meeting)
        except NotFound:
            member.close(closing.NO_ACCESS)
        except Exception as error:
            _log.error("meeting not known", board=self.address.board, kind=type(error).__name__)
            member.close(closing.TRY_AGAIN)
        member.inbox.clear()
        member.below.resume_reading()

    def _read(self, member: Member, message: bytes, record: Record) -> None:
        person = record.people.get(member.participant)
        right = self._right_of(member, person, record)
        if person is None or right is None:
            member.close(closing.NO_ACCESS)
            return
        reader = wire.Reader(message)
        kind = reader.number()
        if kind == wire.SYNC:
            self._take_sync(member, reader, record, may_write=right == "write")
        elif kind == wire.AWARENESS:
            if member in self.members:
                self.presences.take(member, reader.block(), person, self.members)
        elif kind == wire.ASK_AWARENESS:
            member.send(wire.presence(self.presences.all()))
        elif kind == wire.SAVED:
            self._take_question(member, 0 if reader.done else reader.number())
        else:
            raise wire.Garbled

    def _right_of(self, member: Member, person: Participant | None, record: Record) -> Literal["read", "write"] | None:
        """Look up what somebody may do here now. How the meeting stands is another record after every change of it."""
        if person is None:
            return None
        if self._rights_as_of is not record:
            self._rights_as_of, self._rights = record, {}
        if member.participant not in self._rights:
            right = board_right(person, self.address.board, record)
            self._rights[member.participant] = "read" if right == "write" and self._replica.damaged else right
        return self._rights[member.participant]

    def _take_sync(self, member: Member, reader: wire.Reader, record: Record, *, may_write: bool) -> None:
        step, content = reader.number(), reader.block()
        if step == wire.STEP_1:
            try:
                lacking = self._replica.document.get_update(content)
            except ValueError as error:
                raise wire.Garbled from error
            self._answer_when_kept(member, content, wire.sync_step_2(lacking))
        elif step in (wire.STEP_2, wire.UPDATE):
            if content == wire.NOTHING_NEW:
                return
            if len(content) > (MOST_SYNC_BYTES if step == wire.STEP_2 else MOST_UPDATE_BYTES):
                member.close(closing.TOO_BIG)
            elif not may_write:
                # A reader's sync answer may hold nothing new and is no offence; an edit is told that it was not taken.
                if step == wire.UPDATE:
                    member.send(wire.denied(wire.DAMAGED if self._replica.damaged else wire.READ_ONLY))
            elif self._house.boards.writer.in_trouble:
                # It stays on the device of who made it, and is asked for when the storage is back.
                member.send(wire.denied(wire.STORAGE))
            else:
                self._take_edit(member, content, record, is_answer=step == wire.STEP_2)
        else:
            raise wire.Garbled

    def _answer_when_kept(self, member: Member, known: bytes, answer: bytes) -> None:
        """Nobody sees an edit before it outlives this process, not even who comes in while it is being stored."""
        if self._batch is None or self._batch.stored.kept.done():
            member.answer(answer)
            return

        def send(done: "asyncio.Future[None]") -> None:
            self._waiting.pop(member, None)
            if not self._failed(done):
                member.answer(answer)

        self._waiting[member] = known
        member.awaits_answer = True
        self._batch.stored.kept.add_done_callback(send)
        if self._house.boards.writer.in_trouble:
            self._begin(self._show_stored(member, known))

    async def _show_stored(self, member: Member, known: bytes) -> None:
        """Show the board as the log has it, while more can't be stored."""
        try:
            stored = await self._house.boards.stored(self._replica)
        except TROUBLE as error:
            _log.error("board not read", board=self.address.board, kind=type(error).__name__)
            return
        member.send(wire.sync_step_2(stored.document.get_update(known)))

    def _take_edit(self, member: Member, update: bytes, record: Record, *, is_answer: bool) -> None:
        try:
            effect = self._replica.take(update, member.participant, self.presences.holder)
        except Refused as error:
            _log.warning("update refused", board=self.address.board, why=str(error))
            raise wire.Garbled from error
        except Full:
            member.send(wire.denied(wire.FULL))
            return
        except Lacking as error:
            if is_answer:
                raise wire.Garbled from error
            # It hangs on edits that never came, such as after a time of only reading: ask for them.
            member.send(wire.sync_step_1(self._replica.document.get_state()))
            return
        if effect is None:
            return
        self._taken += 1
        stored = self._house.boards.writer.append(self._replica, effect, member.participant, record.row.revision)
        if self._batch is None or self._batch.stored is not stored:
            self._batch = _Batch(stored)
            self._being_stored += 1
            stored.kept.add_done_callback(partial(self._after_commit, self._batch))
            stored.safe.add_done_callback(partial(self._after_disk, self._batch))
        self._batch.edits.append((member, effect))
        self._batch.taken = self._taken

    def _after_commit(self, batch: _Batch, done: "asyncio.Future[None]") -> None:
        if self._failed(done):
            return
        authors = {member for member, _effect in batch.edits}
        # One's own edits come back only mixed with others'; a document that knows them does nothing with them.
        self._show(
            wire.merged([effect for _member, effect in batch.edits]),
            but=batch.edits[0][0] if len(authors) == 1 else None,
        )
        self._on_stored()

    def _after_disk(self, batch: _Batch, done: "asyncio.Future[None]") -> None:
        # Only now may the room be let go of: the next one would call saved what is not on the disk yet.
        self._being_stored -= 1
        if self.idle:
            self._on_idle(self)
        if self._failed(done):
            return
        self._safe, self._stored_state = batch.taken, batch.stored.state
        ready = [question for question in self._questions if question[0] <= batch.taken]
        self._questions = [question for question in self._questions if question[0] > batch.taken]
        for _needs, member, question in ready:
            self._tell_saved(member, question)

    def _failed(self, done: "asyncio.Future[None]") -> bool:
        error = None if done.cancelled() else done.exception()
        if error is not None and not self.broken:
            # What is on the screens was not stored: everybody syncs again, from a copy read from the log.
            _log.error("board not stored", board=self.address.board, kind=type(error).__name__)
            self.broken = True
            self._house.forget_board(self.address)
            for other in tuple(self.members):
                other.close(closing.TRY_AGAIN)
        return self.broken

    def _show_all(self, update: bytes) -> None:
        # The house wrote it, or another worker took it up: it is in the log.
        self._stored_state = self._replica.document.get_state()
        self._show(update, but=None)
        self._on_stored()

    def _show(self, update: bytes, *, but: Member | None) -> None:
        finished = frame(wire.sync_update(update))
        for member in tuple(self.members):
            if member is not but:
                member.show(finished, update)

    def _take_question(self, member: Member, question: int) -> None:
        if self._safe >= self._taken:
            self._tell_saved(member, question)
        else:
            self._questions.append((self._taken, member, question))

    def _tell_saved(self, member: Member, question: int) -> None:
        member.answered = max(member.answered, question)
        member.send(wire.saved(self._stored_state, member.answered))

    def _tell_what_stops(self, member: Member) -> None:
        if self._house.boards.writer.in_trouble:
            member.send(wire.denied(wire.STORAGE))
        elif self._replica.damaged:
            member.send(wire.denied(wire.DAMAGED))

    def _show_presence(self, message: bytes, but: Member | None) -> None:
        finished = frame(message)
        for member in tuple(self.members):
            if member is not but:
                member.send_frame(finished)
