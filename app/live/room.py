"""A room: everybody who has one board open. Edits go through it in one order:
may this person write now → apply → commit → to the others → `saved` (DESIGN.md §5)."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, Literal

import structlog
from pycrdt import merge_updates

from app.live import connection as closing
from app.live import wire
from app.live.connection import Connection
from meetings.boards.ledger import Lacking
from meetings.boards.replica import Replica
from meetings.boards.scanner import Refused
from meetings.door import board_right
from meetings.house import House
from meetings.record import Participant, Record

_log: Final = structlog.get_logger("rondom")

MOST_UPDATE_BYTES: Final = 64 * 1024
MOST_SYNC_BYTES: Final = 256 * 1024
_MOST_PRESENCE_BYTES = 1024
_MOST_FIELD = 64


class Member(Connection):
    """One connection to a room."""

    client: int | None = None
    presence: wire.Presence | None = None
    answered: int = 0


class Room:
    """One board, and who has it open in this process."""

    def __init__(self, house: House, replica: Replica, on_stored: Callable[[], None]) -> None:
        self._house = house
        self._replica = replica
        self._on_stored = on_stored
        self._stored_state = replica.document.get_state()
        self.members: set[Member] = set()
        self.broken = False
        # Edits that were applied and are not stored yet, and those that came while the ones before were being stored.
        self._line: list[tuple[Member, bytes]] = []
        self._storing: asyncio.Task[None] | None = None
        self._rights_as_of: Record | None = None
        self._rights: dict[str, Literal["read", "write"] | None] = {}
        self._taken = 0
        self._safe = 0
        self._questions: list[tuple[int, Member, int]] = []
        replica.watchers.add(self._show_all)

    @property
    def address_epoch(self) -> int:
        return self._replica.address.epoch

    def join(self, member: Member) -> None:
        """Let somebody in: ask what they have that we lack, and show who is here."""
        self.members.add(member)
        member.send(wire.sync_step_1(self._replica.document.get_state()))
        here = [other.presence for other in self.members if other.presence is not None]
        if here:
            member.send(wire.presence(here))

    def leave(self, member: Member) -> None:
        """See somebody out, and tell the others."""
        self.members.discard(member)
        if member.presence is not None:
            gone = wire.Presence(member.presence.client, member.presence.clock + 1, None)
            self._send(wire.presence([gone]), but=member)

    def close(self) -> None:
        """Let go of the board."""
        self._replica.watchers.discard(self._show_all)

    async def receive(self, member: Member, message: bytes) -> None:
        """Take one message. Raises wire.Garbled when it is none."""
        record = await self._house.standing(self._replica.address.meeting)
        person = record.people.get(member.participant)
        right = self._right_of(person, record)
        if person is None or right is None:
            member.close(closing.NO_ACCESS)
            return
        reader = wire.Reader(message)
        kind = reader.number()
        if kind == wire.SYNC:
            self._take_sync(member, reader, may_write=right == "write")
        elif kind == wire.AWARENESS:
            self._take_presence(member, reader.block(), person)
        elif kind == wire.ASK_AWARENESS:
            member.send(wire.presence([m.presence for m in self.members if m.presence is not None]))
        elif kind == wire.SAVED:
            self._take_question(member, 0 if reader.done else reader.number())
        else:
            raise wire.Garbled

    def _right_of(self, person: Participant | None, record: Record) -> Literal["read", "write"] | None:
        """Look up what somebody may do here now. How the meeting stands is another record after every change of it."""
        if person is None:
            return None
        if self._rights_as_of is not record:
            self._rights_as_of, self._rights = record, {}
        if person.id not in self._rights:
            right = board_right(person, self._replica.address.board, record)
            self._rights[person.id] = "read" if right == "write" and self._replica.damaged else right
        return self._rights[person.id]

    def recheck(self, record: Record) -> None:
        """Look again who may be here, after the meeting changed."""
        board = self._replica.address.board
        for member in tuple(self.members):
            person: Participant | None = record.people.get(member.participant)
            if person is None or board_right(person, board, record) is None:
                member.close(closing.NO_ACCESS)
            elif record.boards[board].epoch != self.address_epoch:
                member.close(closing.OTHER_EPOCH)

    def _take_sync(self, member: Member, reader: wire.Reader, *, may_write: bool) -> None:
        step, content = reader.number(), reader.block()
        if step == wire.STEP_1:
            try:
                lacking = self._replica.document.get_update(content)
            except ValueError as error:
                raise wire.Garbled from error
            member.send(wire.sync_step_2(lacking))
        elif step in (wire.STEP_2, wire.UPDATE):
            if content == wire.NOTHING_NEW:
                return
            if len(content) > (MOST_SYNC_BYTES if step == wire.STEP_2 else MOST_UPDATE_BYTES):
                member.close(closing.TOO_BIG)
            elif may_write:
                self._take_edit(member, content, is_answer=step == wire.STEP_2)
            elif step == wire.UPDATE:
                # A reader's sync answer may hold nothing new and is no offence; an edit is told that it was not taken.
                member.send(wire.denied("read only"))
        else:
            raise wire.Garbled

    def _take_edit(self, member: Member, update: bytes, *, is_answer: bool) -> None:
        try:
            effect = self._replica.take(update, member.participant)
        except Refused as error:
            _log.warning("update refused", board=self._replica.address.board, why=str(error))
            raise wire.Garbled from error
        except Lacking as error:
            if is_answer:
                raise wire.Garbled from error
            # It hangs on edits that never came, such as after a time of only reading: ask for them.
            member.send(wire.sync_step_1(self._replica.document.get_state()))
            return
        if effect is None:
            return
        self._taken += 1
        self._line.append((member, effect))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store())

    async def _store(self) -> None:
        """Store what is in line and show it to the others, all that came together at once, until the line is empty."""
        try:
            while self._line:
                batch, self._line = self._line, []
                taken, state = self._taken, self._replica.document.get_state()
                edits = [(effect, member.participant) for member, effect in batch]
                stored = self._house.boards.append(self._replica, edits)
                stored.safe.add_done_callback(partial(self._after_sync, taken, state))
                await stored.kept
                self._fan_out(batch)
                self._on_stored()
        except Exception as error:
            _log.error("board not stored", board=self._replica.address.board, kind=type(error).__name__)
            self._break()
        finally:
            self._storing = None

    def _fan_out(self, batch: list[tuple[Member, bytes]]) -> None:
        authors = {member for member, _effect in batch}
        message = wire.sync_update(
            merge_updates(*(effect for _member, effect in batch)) if len(batch) > 1 else batch[0][1]
        )
        # One's own edits come back only mixed with others'; a document that knows them does nothing with them.
        self._send(message, but=batch[0][0] if len(authors) == 1 else None)

    def _after_sync(self, taken: int, state: bytes, done: "asyncio.Future[None]") -> None:
        if done.cancelled() or done.exception() is not None:
            self._break()
            return
        self._safe, self._stored_state = taken, state
        ready = [question for question in self._questions if question[0] <= taken]
        self._questions = [question for question in self._questions if question[0] > taken]
        for _needs, member, question in ready:
            self._tell_saved(member, question)

    def _break(self) -> None:
        # What is on the screens was not stored: everybody syncs again, from a copy read from the log.
        self.broken = True
        for other in tuple(self.members):
            other.close(closing.TRY_AGAIN)

    def _take_question(self, member: Member, question: int) -> None:
        if self._safe >= self._taken:
            self._tell_saved(member, question)
        else:
            self._questions.append((self._taken, member, question))

    def _tell_saved(self, member: Member, question: int) -> None:
        member.answered = max(member.answered, question)
        member.send(wire.saved(self._stored_state, member.answered))

    def _take_presence(self, member: Member, content: bytes, person: Participant) -> None:
        if len(content) > _MOST_PRESENCE_BYTES * max(1, len(self.members)):
            raise wire.Garbled
        for entry in wire.read_presence(content):
            if member.client is None and all(other.client != entry.client for other in self.members):
                member.client = entry.client
            # Stock clients send back what they heard of others; only their own word about themselves counts.
            if entry.client == member.client:
                member.presence = wire.Presence(entry.client, entry.clock, _stamped(entry.state, person))
                self._send(wire.presence([member.presence]), but=member)
                if entry.state is None:
                    member.presence = None

    def _show_all(self, effect: bytes) -> None:
        self._stored_state = self._replica.document.get_state()
        self._send(wire.sync_update(effect), but=None)

    def _send(self, message: bytes, *, but: Member | None) -> None:
        for member in tuple(self.members):
            if member is not but:
                member.send(message)


def _stamped(said: dict[str, object] | None, person: Participant) -> dict[str, object] | None:
    if said is None:
        return None
    where = {
        name: value if isinstance(value, str) and len(value) <= _MOST_FIELD else None
        for name, value in ((name, said.get(name)) for name in ("row", "field"))
    }
    return {"participant": person.id, "name": person.name, "side": person.side, **where}
