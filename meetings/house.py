"""The house in which meetings happen: opens records for a look or a command, one command at a time per meeting.

Whoever listens is told after a meeting changed; nobody is told what, they look for themselves.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from weakref import WeakValueDictionary

import structlog
from sqlmodel import col, select

from meetings import course
from meetings.boards import restore_points
from meetings.boards.boards import Boards, begin_epoch, compact
from meetings.boards.document import read_plan
from meetings.boards.layout import looked_at, plan_board, plan_instruments
from meetings.boards.replica import Address, Replica
from meetings.boards.written import read_written, roots_of
from meetings.bus import Bus
from meetings.door import anyone_writes
from meetings.other_workers import OtherWorkers
from meetings.people import enter_person, new_id
from meetings.record import Participant, Record, load_meeting
from meetings.refusals import NotFound, Refusal
from meetings.storage.database import TROUBLE, Database
from meetings.storage.erasing import erase_meeting
from meetings.storage.open_mark import OpenMark
from meetings.storage.sealing import ContentKey, KeyRing, SealBroken
from meetings.storage.tables import (
    Account,
    BoardRow,
    MeetingKey,
    MeetingRow,
    ParticipantRow,
    PendingMoveRow,
    ProtocolCopy,
)
from protocols.catalogue import Catalogue

_log: Final = structlog.get_logger("rondom")

_REMEMBERED: Final = 512


class House:
    """All meetings of one installation, in one process."""

    def __init__(self, database: Database, keys: KeyRing, catalogue: Catalogue, bus: Bus | None = None) -> None:
        self.database = database
        self.keys = keys
        self.catalogue = catalogue
        self.boards = Boards(database)
        self.listeners: list[Callable[[str], None]] = []
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._standing: dict[str, Record] = {}
        self._meeting_of: dict[str, str] = {}
        self._waits: dict[str, asyncio.Task[None]] = {}
        self._points: dict[str, asyncio.Task[None]] = {}
        self.others = None if bus is None else OtherWorkers(self, bus)
        self._open_mark: OpenMark | None = None

    async def open(self) -> None:
        """Take up what a stop interrupted: moves that were waiting for their half minute, and what a power cut took."""
        if self.database.file is not None:
            self._open_mark = OpenMark(self.database.file)
            if self._open_mark.outlived_the_machine:
                # On the others every edit is on the disk: what takes away a right brings there all before it.
                begun = await self.begin_epochs(anyone_writes)
                _log.warning("the machine stopped while the house was open", boards_begun_anew=begun)
            self._open_mark.put()
        async with self.database.reading() as session:
            for pending in (await session.scalars(select(PendingMoveRow))).all():
                self._wait_for(pending.meeting_id, pending.due_at)
        if self.others is not None:
            await self.others.open()

    async def close(self) -> None:
        """Store what is in line and let go of everything."""
        for wait in (*self._waits.values(), *self._points.values()):
            wait.cancel()
        all_on_disk = await self.boards.close()
        if self.others is not None:
            await self.others.close()
        await self.database.close()
        if self._open_mark is not None and all_on_disk:
            self._open_mark.take_away()

    @asynccontextmanager
    async def command(self, participant: str) -> AsyncIterator[tuple[Record, Participant]]:
        """Open a participant's meeting for one command: one transaction, kept whole or not at all.

        While it lasts nobody else changes this meeting, its boards included. Raises NotFound.
        """
        async with self._changing(await self.meeting_of(participant)) as record:
            yield record, record.person(participant)

    @asynccontextmanager
    async def look(self, participant: str) -> AsyncIterator[tuple[Record, Participant]]:
        """Open a participant's meeting to read. Raises NotFound."""
        meeting = await self.meeting_of(participant)
        if self.others is not None:
            await self.others.forget_changed([meeting])
        record = await self.standing(meeting)
        person = record.people.get(participant)
        if person is None:
            raise NotFound("no_such_person")
        read_boards_again(record)
        yield record, person

    def known(self, meeting: str) -> Record | None:
        """Return how a meeting stands if that is in memory; not while a command is under way."""
        return self._standing.get(meeting)

    def forget(self, meeting: str) -> None:
        """Forget how a meeting stands: whoever asks next waits until it was read anew."""
        self._standing.pop(meeting, None)

    def forget_board(self, address: Address) -> None:
        """Forget this worker's copy of a board, which is not what the log holds."""
        self.boards.forget(address)
        self.forget(address.meeting)

    @property
    def remembered(self) -> list[str]:
        """The meetings of which it is in memory how they stand."""
        return list(self._standing)

    async def standing(self, meeting: str) -> Record:
        """Return how a meeting stands, from memory when nothing changed; waits for a command that is under way."""
        record = self._standing.get(meeting)
        if record is not None:
            return record
        async with self._lock(meeting):
            record = self._standing.get(meeting)
            if record is None:
                async with self.database.reading() as session:
                    record = await load_meeting(session, self.keys, meeting, writes=False)
                await self._open_boards(record)
                self._standing[meeting] = record
                while len(self._standing) > _REMEMBERED:
                    # The one that was read the longest ago; whoever is in that meeting waits a moment.
                    del self._standing[next(iter(self._standing))]
                if record.pending is not None:
                    self._wait_for(meeting, record.pending.row.due_at)
            return record

    async def meeting_of(self, participant: str) -> str:
        """Return the id of the meeting of a participant. Raises NotFound."""
        known = self._meeting_of.get(participant)
        if known is None:
            async with self.database.reading() as session:
                row = await session.get(ParticipantRow, participant)
            if row is None:
                raise NotFound("no_such_person")
            known = self._meeting_of[participant] = row.meeting_id
        return known

    async def board(self, record: Record, board: str) -> Replica:
        """Return this worker's copy of a board of a meeting."""
        made_of = record.protocol.definition.boards[board].instruments
        return await self.boards.replica(
            Address(record.id, board, record.boards[board].epoch),
            record.key,
            roots_of(made_of),
        )

    async def after_writing(self, meeting: str) -> None:
        """Compact the boards of a meeting whose log grew long, and let a restore point come in a while.

        A move that waits is dropped when what was written would be lost by it.
        """
        if course.shows_a_board(await self.standing(meeting)):
            async with self._changing(meeting) as record:
                await course.drop_outdated(record)
        if any(replica.wants_compacting for replica in self.boards.open_boards(meeting)):
            async with self._changing(meeting) as record:
                for replica in self._as_new(record):
                    if replica.wants_compacting:
                        await compact(replica, record.session)
        if meeting not in self._points:
            self._points[meeting] = asyncio.create_task(self._keep_points_in_a_while(meeting))

    async def _keep_points_in_a_while(self, meeting: str) -> None:
        try:
            await asyncio.sleep(restore_points.EVERY.total_seconds())
        finally:
            self._points.pop(meeting, None)
        try:
            async with self._changing(meeting) as record:
                for replica in self._as_new(record):
                    # What ended meanwhile keeps no point (security.md F6).
                    if anyone_writes(replica.address.board, record):
                        await restore_points.keep_point(record, replica, "writing")
        except (Refusal, *TROUBLE) as error:
            # Whoever writes next begins the next ten minutes.
            _log.error("no restore point kept", kind=type(error).__name__)

    def _as_new(self, record: Record) -> list[Replica]:
        """This worker's copies of the boards of a meeting, without what was begun anew meanwhile."""
        return [
            replica
            for replica in self.boards.open_boards(record.id)
            if record.boards[replica.address.board].epoch == replica.address.epoch and not replica.damaged
        ]

    async def begin_epochs(self, concerns: Callable[[str, Record], bool] = lambda _board, _record: True) -> int:
        """Begin a new epoch of the boards that it `concerns`, because the database is behind; return of how many.

        Devices know edits that this database lacks, some in the name of others; they would be refused for ever.
        """
        begun = 0
        async with self.database.reading() as session:
            meetings = (await session.scalars(select(MeetingRow.id))).all()
        for meeting in meetings:
            try:
                begun += await self._begin_epochs_of(meeting, concerns)
            except SealBroken as error:
                # Nobody can open it; the other meetings must not wait for that.
                _log.error("meeting damaged", kind=type(error).__name__)
        return begun

    async def _begin_epochs_of(self, meeting: str, concerns: Callable[[str, Record], bool]) -> int:
        begun = 0
        async with self._changing(meeting) as record:
            for board, row in record.boards.items():
                if not concerns(board, record):
                    continue
                replica = await record.open_board(board)
                if not replica.damaged:
                    await begin_epoch(replica, row, record.session)
                    begun += 1
        return begun

    async def start_meeting(
        self,
        account: Account,
        protocol_id: str,
        title: str,
        central_person: Mapping[str, Any],
        language: str,
        frame: str,
        *,
        rehearsing: bool = False,
    ) -> tuple[str, str]:
        """Begin a meeting led by an account. Return the meeting's id and the coordinator's participant id.

        Raises Refusal "no_such_protocol".
        """
        protocol = self.catalogue.find(protocol_id)
        if protocol is None:
            raise Refusal("no_such_protocol")
        source, sha256 = protocol.source, protocol.sha256
        definition = protocol.definition
        now = datetime.now(UTC)
        meeting = new_id()
        async with self.database.writing() as session:
            if await session.get(ProtocolCopy, sha256) is None:
                session.add(
                    ProtocolCopy(sha256=sha256, protocol=definition.id, version=definition.version, source=source)
                )
                await session.flush()
            wrapped = self.keys.new_wrapped_key(meeting)
            about = {"title": title}
            row = MeetingRow(
                id=meeting,
                protocol=definition.id,
                protocol_sha256=sha256,
                frame=frame,
                language=language,
                phase=definition.first_phase,
                phase_since=now,
                version=0,
                revision=0,
                created_at=now,
                sealed=b"",
                rehearsed_by=account.id if rehearsing else None,
            )
            key: ContentKey = self.keys.unwrap(meeting, wrapped)
            row.sealed = key.seal_values(about, f"meeting/{meeting}")
            session.add(row)
            await session.flush()
            session.add(MeetingKey(meeting_id=meeting, wrapped=wrapped))
            session.add_all(BoardRow(meeting_id=meeting, board=board, epoch=1) for board in definition.boards)
            await session.flush()
            record = await load_meeting(session, self.keys, meeting, writes=True)
            leads = next(role for role, made in definition.roles.items() if made.side == "facilitator")
            coordinator = enter_person(record, leads, {"name": account.name}, central=False, account=account.id)
            enter_person(record, definition.central_role, central_person, central=True)
            course.log_event(record, "started", coordinator)
        return meeting, coordinator.id

    async def meetings_of(self, account: str) -> list[tuple[Record, Participant]]:
        """Return the meetings an account leads, the newest first, each with the account's own participant.

        What it only rehearses is not among them.
        """
        rows = (
            select(ParticipantRow)
            .join(MeetingRow, col(MeetingRow.id) == col(ParticipantRow.meeting_id))
            .where(col(ParticipantRow.account_id) == account, col(ParticipantRow.removed_at).is_(None))
            .where(col(MeetingRow.rehearsed_by).is_(None))
            .order_by(col(ParticipantRow.created_at).desc())
        )
        async with self.database.reading() as session:
            led = (await session.scalars(rows)).all()
        records = [(await self.standing(row.meeting_id), row.id) for row in led]
        return [(record, record.people[participant]) for record, participant in records]

    async def erase_meeting(self, meeting: str) -> None:
        """Erase all that there is of a meeting; whoever is in it is out at once."""
        async with self._lock(meeting):
            self.forget(meeting)
            await self.boards.writer.settle(meeting)
            async with self.database.writing() as session:
                await erase_meeting(session, meeting)
            for replica in self.boards.open_boards(meeting):
                self.boards.forget(replica.address)
        for waiting in (self._waits, self._points):
            if meeting in waiting:
                waiting[meeting].cancel()
        self._meeting_of = {person: of for person, of in self._meeting_of.items() if of != meeting}
        self.changed(meeting)

    def changed(self, meeting: str) -> None:
        """Tell everybody who listens that a meeting may look different now, in other workers too."""
        self.tell_listeners(meeting)
        if self.others is not None:
            self.others.tell_change(meeting)

    def tell_listeners(self, meeting: str) -> None:
        """Tell everybody who listens in this worker."""
        for listener in self.listeners:
            listener(meeting)

    def _lock(self, meeting: str) -> asyncio.Lock:
        lock = self._locks.get(meeting)
        if lock is None:
            lock = self._locks[meeting] = asyncio.Lock()
        return lock

    @asynccontextmanager
    async def _changing(self, meeting: str) -> AsyncIterator[Record]:
        async with self._lock(meeting):
            # From here until the commit, whoever wants to know how the meeting stands waits for the lock; so
            # no edit slips in between reading a board and the move that freezes or closes it.
            self._standing.pop(meeting, None)
            await self.boards.writer.settle(meeting)
            async with self.database.writing() as session:
                record = await load_meeting(session, self.keys, meeting, writes=True)
                if self.others is not None:
                    for replica in self.boards.open_boards(meeting):
                        await self.boards.catch_up(replica, session)
                await self._open_boards(record)
                record.open_board = partial(self.board, record)
                epochs = {board: row.epoch for board, row in record.boards.items()}
                yield record
                record.row.revision += 1
                session.add(record.row)
                for row in record.gone:
                    await session.delete(row)
            for act in record.after_commit:
                act()
            for board, epoch in epochs.items():
                if record.boards[board].epoch != epoch:
                    self.boards.forget(Address(meeting, board, epoch))
        if record.pending is not None:
            self._wait_for(meeting, record.pending.row.due_at)
        self.changed(meeting)

    async def _open_boards(self, record: Record) -> None:
        definition = record.protocol.definition
        record.replicas = {board: await self.board(record, board) for board in looked_at(definition)}
        board = plan_board(definition)
        record.plan_replica = None if board is None else record.replicas[board]
        read_boards_again(record)

    def _wait_for(self, meeting: str, due_at: datetime) -> None:
        if meeting not in self._waits:
            self._waits[meeting] = asyncio.create_task(self._carry_out_when_due(meeting, due_at))

    async def _carry_out_when_due(self, meeting: str, due_at: datetime) -> None:
        try:
            await asyncio.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))
        finally:
            self._waits.pop(meeting, None)
        # Another worker may have erased it meanwhile.
        with suppress(NotFound):
            async with self._changing(meeting) as record:
                await course.carry_out_due(record)


def read_boards_again(record: Record) -> None:
    """Take into a record what the boards that the meeting itself looks at say now."""
    definition = record.protocol.definition
    if record.plan_replica is not None:
        board = record.plan_replica.address.board
        record.plan_values = read_plan(record.plan_replica.document, *plan_instruments(definition, board))
    record.written = {
        board: read_written(replica.document, definition, board) for board, replica in record.replicas.items()
    }
