"""Keeps one worker in step with the others of its house: what they store and change is told over the bus, and read from
the database when it was missed (docs/decisions/0015).
"""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlmodel import col, select

from meetings.boards.ledger import Lacking
from meetings.boards.replica import Address, Replica
from meetings.boards.scanner import Refused
from meetings.bus import Bus, Note
from meetings.door import board_right
from meetings.record import load_meeting
from meetings.refusals import NotFound
from meetings.storage.sealing import SealBroken
from meetings.storage.tables import BoardRow, MeetingRow

if TYPE_CHECKING:
    from meetings.house import House

_log: Final = structlog.get_logger("rondom")

_LOOK_WHILE_DEAF: Final = 1.0
_LOOK_ANYHOW: Final = 10.0


class OtherWorkers:
    """The other workers of a house, as this one knows them."""

    def __init__(self, house: "House", bus: Bus) -> None:
        self.bus = bus
        self._house = house
        self._errands: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Begin to tell and to listen."""
        self._house.boards.writer.judge_again = self._judge_again
        self._house.boards.writer.when_stored = self._tell_edits
        self.bus.listeners |= {"changed": self._hear_change, "edits": self._hear_edits}
        self.bus.when_heard_again = self._look_again
        await self.bus.open()
        self._run(self._keep_up())

    async def close(self) -> None:
        """Stop."""
        for errand in self._errands:
            errand.cancel()
        await self.bus.close()

    def tell_change(self, meeting: str) -> None:
        """Tell that a meeting changed."""
        self.bus.tell("changed", {"meeting": meeting})

    async def forget_changed(self, meetings: Sequence[str]) -> list[str]:
        """Forget how these meetings stand where that is not so any more; return which."""
        now = select(MeetingRow.id, MeetingRow.revision).where(col(MeetingRow.id).in_(meetings))
        async with self._house.database.reading() as session:
            revisions = {row.id: row.revision for row in await session.execute(now)}
        changed = []
        for meeting in meetings:
            record = self._house.known(meeting)
            if record is not None and record.row.revision != revisions.get(meeting):
                self._house.forget(meeting)
                changed.append(meeting)
        return changed

    async def catch_up(self, replica: Replica) -> None:
        """Read what others added to a board; forget the copy when the board was made anew."""
        async with self._house.database.reading() as session:
            board = await session.get(BoardRow, (replica.address.meeting, replica.address.board))
            if board is not None and board.epoch == replica.address.epoch:
                await self._house.boards.catch_up(replica, session)
            else:
                self._house.forget_board(replica.address)

    def _run(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_told(errand))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def _tell_edits(self, replica: Replica, edits: Sequence[tuple[bytes, str]]) -> None:
        values = {"edits": [(b64encode(update).decode(), participant) for update, participant in edits]}
        sealed = replica.key.seal_values(values, f"edits/{replica.address.place}")
        self.bus.tell("edits", replica.address.as_json(), sealed)

    def _hear_edits(self, note: Note) -> None:
        address = Address.from_json(note.about)
        for replica in self._house.boards.open_boards(address.meeting):
            if replica.address == address:
                try:
                    told = replica.key.open_values(note.sealed, f"edits/{address.place}")
                    for update, participant in told["edits"]:
                        replica.show(replica.load(b64decode(update), participant))
                except (Refused, Lacking, SealBroken):
                    # Something before it was missed. It is in the log, and so is this.
                    self._run(self.catch_up(replica))

    def _hear_change(self, note: Note) -> None:
        meeting = note.about["meeting"]
        self._house.forget(meeting)
        self._run(self._follow(meeting))

    async def _follow(self, meeting: str) -> None:
        for replica in self._house.boards.open_boards(meeting):
            await self.catch_up(replica)
        self._house.tell_listeners(meeting)

    async def _judge_again(self, address: Address, participants: set[str]) -> int | None:
        """Return a meeting's revision now, when all these may still write on this board of it."""
        try:
            async with self._house.database.reading() as session:
                record = await load_meeting(session, self._house.keys, address.meeting, writes=False)
        except NotFound:
            # It was a rehearsal, and another worker erased it.
            return None
        self._house.forget(address.meeting)
        people = [record.people.get(participant) for participant in participants]
        may = all(person is not None and board_right(person, address.board, record) == "write" for person in people)
        return record.row.revision if may and record.boards[address.board].epoch == address.epoch else None

    async def _look_again(self) -> None:
        """Look at everything that is in memory: others may have changed it while this worker did not hear them."""
        for meeting in await self.forget_changed(self._house.remembered):
            self._house.tell_listeners(meeting)
        for replica in self._house.boards.open_boards():
            if replica.watchers:
                await self.catch_up(replica)

    async def _keep_up(self) -> None:
        """Look again every second while this worker does not hear the others, and now and then when it does."""
        looked = 0.0
        while True:
            await asyncio.sleep(_LOOK_WHILE_DEAF)
            now = asyncio.get_running_loop().time()
            if not self.bus.hears or now - looked > _LOOK_ANYHOW:
                looked = now
                await _told(self._look_again())


async def _told(errand: Coroutine[Any, Any, None]) -> None:
    """Do an errand; when it fails, the next look makes up for it."""
    try:
        await errand
    except Exception as error:
        _log.error("not in step with the other workers", kind=type(error).__name__)
