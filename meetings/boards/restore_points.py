"""Restore points: how a board stood at the end of each phase and after ten minutes of writing, for who writes on it.

A point holds values and no edits; a device brings it back as an edit of its own. Points end with the board's log, so
that nothing deleted outlives the freezing of the plan or the circle's own board (docs/decisions/0013).
A board that only begins a new epoch, with what it holds, takes them along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, cast

from pycrdt import Doc
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from meetings.boards.document import read_board
from meetings.boards.replica import Address, Replica
from meetings.plan.values import BoardValues
from meetings.record import Record
from meetings.refusals import NotFound
from meetings.storage.sealing import ContentKey, SealBroken
from meetings.storage.tables import RestorePointRow

EVERY: Final = timedelta(minutes=10)
MOST_POINTS: Final = 40

Why = Literal["phase", "writing", "bringing_back"]


@dataclass(frozen=True)
class RestorePoint:
    """When a board stood like this, in which phase, and why that was kept."""

    id: int
    at: datetime
    phase: str
    why: Why


async def keep_point(record: Record, replica: Replica, why: Why) -> None:
    """Keep how a board stands now, when something changed since the last time. The oldest of over forty go."""
    session, address = record.session, replica.address
    definition = record.protocol.definition
    now = read_board(replica.document, definition, address.board)
    rows = await _rows(session, address)
    before = _open(rows[0], replica.key) if rows else read_board(Doc(), definition, address.board)
    if replica.damaged or now == before:
        return
    at = record.now()
    session.add(
        RestorePointRow(
            meeting_id=address.meeting,
            board=address.board,
            epoch=address.epoch,
            why=why,
            phase=record.phase,
            at=at,
            sealed=replica.key.seal_values(now.as_json(), _place(address, at)),
        )
    )
    for row in rows[MOST_POINTS - 1 :]:
        await session.delete(row)


async def points_of(session: AsyncSession, address: Address) -> list[RestorePoint]:
    """Return the restore points of a board, the newest first."""
    return [RestorePoint(row.id or 0, row.at, row.phase, cast(Why, row.why)) for row in await _rows(session, address)]


async def values_at(session: AsyncSession, address: Address, key: ContentKey, point: int) -> BoardValues:
    """Return how a board stood at one point. Raises NotFound."""
    row = await session.get(RestorePointRow, point)
    if row is None or Address(row.meeting_id, row.board, row.epoch) != address:
        raise NotFound("no_such_point")
    return _open(row, key)


async def erase_points(meeting: str, board: str, session: AsyncSession) -> None:
    """Take away the restore points of a board."""
    await session.execute(
        delete(RestorePointRow).where(col(RestorePointRow.meeting_id) == meeting, col(RestorePointRow.board) == board)
    )


async def carry_points(session: AsyncSession, old: Address, new: Address, key: ContentKey) -> None:
    """Let the restore points of a board go on in another epoch of it. What can't be read any more is left out."""
    for row in await _rows(session, old):
        try:
            values = _open(row, key)
        except SealBroken:
            await session.delete(row)
            continue
        row.epoch = new.epoch
        row.sealed = key.seal_values(values.as_json(), _place(new, row.at))


async def _rows(session: AsyncSession, address: Address) -> Sequence[RestorePointRow]:
    rows = (
        select(RestorePointRow)
        .where(
            col(RestorePointRow.meeting_id) == address.meeting,
            col(RestorePointRow.board) == address.board,
            col(RestorePointRow.epoch) == address.epoch,
        )
        .order_by(col(RestorePointRow.id).desc())
    )
    return (await session.scalars(rows)).all()


def _open(row: RestorePointRow, key: ContentKey) -> BoardValues:
    place = _place(Address(row.meeting_id, row.board, row.epoch), row.at)
    return BoardValues.model_validate(key.open_values(row.sealed, place))


def _place(address: Address, at: datetime) -> str:
    return f"restore_point/{address.place}/{at.isoformat()}"
