"""All boards that this process holds: read from the log once, let go of when nobody looks, kept short as they grow."""

import asyncio
from collections import OrderedDict
from functools import partial
from typing import Final
from weakref import WeakValueDictionary

import structlog
from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from meetings.boards.ledger import Lacking
from meetings.boards.log_writer import LogWriter
from meetings.boards.replica import Address, Replica
from meetings.boards.restore_points import carry_points, erase_points
from meetings.boards.scanner import Refused
from meetings.storage.board_log import board_log
from meetings.storage.database import Database
from meetings.storage.sealing import ContentKey, SealBroken
from meetings.storage.tables import BoardRow, BoardSnapshotRow, BoardUpdateRow

_log: Final = structlog.get_logger("rondom")

_LATELY: Final = 256


class Boards:
    """The replicas of this process, and the one writer of their log.

    There is never more than one replica of a board: as long as anybody holds it, whoever asks gets the same. The
    last that were asked for are held here; others are freed with the last who holds them.
    """

    def __init__(self, database: Database) -> None:
        self.writer = LogWriter(board_log(database))
        self._database = database
        self._loading: dict[Address, asyncio.Future[Replica]] = {}
        self._alive: dict[str, WeakValueDictionary[Address, Replica]] = {}
        self._lately: OrderedDict[Address, Replica] = OrderedDict()

    async def replica(self, address: Address, key: ContentKey, roots: frozenset[str]) -> Replica:
        """Return this process's copy of a board, loaded from its log once, however many ask at the same time."""
        while (replica := self._held(address)) is None:
            loading = self._loading.get(address)
            if loading is None:
                loading = self._loading[address] = asyncio.ensure_future(self._load(address, key, roots))
                loading.add_done_callback(partial(self._loaded, address))
            await asyncio.shield(loading)
            # Who comes between the end of loading and its callback would go round here for ever, and nobody else move.
            self._loaded(address, loading)
        self._lately[address] = replica
        self._lately.move_to_end(address)
        while len(self._lately) > _LATELY:
            self._lately.popitem(last=False)
        return replica

    def holds(self, replica: Replica) -> bool:
        """Whether this is still this process's copy of its board."""
        return self._held(replica.address) is replica

    def forget(self, address: Address) -> None:
        """Never give out this process's copy again; the next one who asks loads it from the log."""
        self._loading.pop(address, None)
        self._lately.pop(address, None)
        self._alive.get(address.meeting, WeakValueDictionary()).pop(address, None)

    def open_boards(self, meeting: str | None = None) -> list[Replica]:
        """Return the copies of this process, of one meeting or of all."""
        held = self._alive.values() if meeting is None else [self._alive.get(meeting, WeakValueDictionary())]
        return [replica for replicas in held for replica in replicas.values()]

    def _held(self, address: Address) -> Replica | None:
        beside = self._alive.get(address.meeting)
        return None if beside is None else beside.get(address)

    def _loaded(self, address: Address, done: "asyncio.Future[Replica]") -> None:
        if self._loading.get(address) is not done:
            return
        del self._loading[address]
        if not done.cancelled() and done.exception() is None:
            self._alive = {meeting: held for meeting, held in self._alive.items() if held}
            self._alive.setdefault(address.meeting, WeakValueDictionary())[address] = done.result()

    async def close(self) -> bool:
        """Store what is in line, then stop. Return whether all that was shown is on the disk."""
        return await self.writer.close()

    async def catch_up(self, replica: Replica, session: AsyncSession) -> None:
        """Read what was added to the log since it was last read, by whomever, and show it to who watches the board."""
        address = replica.address
        snapshot = await session.get(BoardSnapshotRow, (address.meeting, address.board), populate_existing=True)
        rows = (
            select(BoardUpdateRow.sequence, BoardUpdateRow.sealed, BoardUpdateRow.participant_id)
            .where(
                col(BoardUpdateRow.meeting_id) == address.meeting,
                col(BoardUpdateRow.board) == address.board,
                col(BoardUpdateRow.epoch) == address.epoch,
                col(BoardUpdateRow.sequence) > replica.read_to,
            )
            .order_by(col(BoardUpdateRow.sequence))
        )
        added = (await session.execute(rows)).all()
        try:
            if snapshot is not None and snapshot.epoch == address.epoch and snapshot.through >= replica.read_to:
                replica.show(replica.load_snapshot(snapshot))
            for sequence, sealed, participant in added:
                replica.show(replica.load(replica.key.open(sealed, address.place), participant))
                replica.read_to = max(replica.read_to, sequence or 0)
        except (Refused, Lacking, SealBroken) as error:
            # What came before it is whole: the board is shown as it was then, and nobody writes on it.
            _log.error("board damaged", board=address.board, kind=type(error).__name__)
            replica.damaged = True

    async def stored(self, replica: Replica) -> Replica:
        """Return a board as the log has it now, apart from this process's copy, which may know more."""
        return await self._load(replica.address, replica.key, replica.ledger.roots)

    async def _load(self, address: Address, key: ContentKey, roots: frozenset[str]) -> Replica:
        replica = Replica(address, key, roots)
        async with self._database.reading() as session:
            await self.catch_up(replica, session)
        return replica


async def compact(replica: Replica, session: AsyncSession) -> None:
    """Put in place of a board's log what it holds now, and nothing that was deleted (security.md F6).

    The copy must be caught up with the log, and nobody may be writing: inside a command (see House).
    """
    if replica.damaged:
        return
    address = replica.address
    last = await session.scalar(
        select(func.max(BoardUpdateRow.sequence)).where(
            col(BoardUpdateRow.meeting_id) == address.meeting, col(BoardUpdateRow.board) == address.board
        )
    )
    replica.read_to = max(replica.read_to, last or 0)
    await _erase_log(address.meeting, address.board, session)
    session.add(replica.snapshot())
    replica.log_rows = replica.log_bytes = 0


async def begin_epoch(replica: Replica, row: BoardRow, session: AsyncSession) -> None:
    """Begin the next epoch of a board with what it holds now; its restore points stay. Inside a command (see House)."""
    row.epoch += 1
    session.add(row)
    await _erase_log(replica.address.meeting, replica.address.board, session)
    anew = replica.in_epoch(row.epoch)
    session.add(anew.snapshot())
    await carry_points(session, replica.address, anew.address, replica.key)


async def erase_board(meeting: str, board: str, session: AsyncSession) -> None:
    """Take away all that is kept of a board."""
    await _erase_log(meeting, board, session)
    await erase_points(meeting, board, session)


async def _erase_log(meeting: str, board: str, session: AsyncSession) -> None:
    for table in (BoardUpdateRow, BoardSnapshotRow):
        await session.execute(delete(table).where(col(table.meeting_id) == meeting, col(table.board) == board))
