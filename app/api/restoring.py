"""How a board stood earlier, for those who write on it. A device brings it back itself, as an edit like any other."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request

from app.api import shapes
from app.texts import t
from app.visits import acting_as, doorkeeper, seen_by
from app.words import say_day_and_clock
from meetings.boards.replica import Address
from meetings.boards.restore_points import RestorePoint, keep_point, points_of, values_at
from meetings.door import board_right
from meetings.plan.values import BoardValues
from meetings.record import Participant, Record
from meetings.refusals import NotYours

router = APIRouter(prefix="/api/m/{participant}/boards/{board}/restore-points", tags=["in a meeting"])


@router.get("")
async def list_points(request: Request, participant: str, board: str) -> list[shapes.RestorePoint]:
    """Return the moments to which this board can be brought back, the newest first. 403 for who may not write on it."""
    record, me = await seen_by(request, participant)
    address = _board_to_write(record, me, board)
    async with doorkeeper(request).house.database.reading() as session:
        return [_shape(record, me, point) for point in await points_of(session, address)]


@router.post("")
async def keep_now(request: Request, participant: str, board: str) -> list[shapes.RestorePoint]:
    """Keep how the board stands now, such as just before bringing back an earlier moment, and return all moments."""
    async with acting_as(request, participant) as (record, by):
        _board_to_write(record, by, board)
        await keep_point(record, await record.open_board(board), "bringing_back")
    return await list_points(request, participant, board)


@router.get("/{point}")
async def read_point(request: Request, participant: str, board: str, point: int) -> BoardValues:
    """Return what stood on the board at one of those moments."""
    record, me = await seen_by(request, participant)
    address = _board_to_write(record, me, board)
    async with doorkeeper(request).house.database.reading() as session:
        return await values_at(session, address, record.key, point)


def _board_to_write(record: Record, who: Participant, board: str) -> Address:
    if board not in record.boards or board_right(who, board, record) != "write":
        raise NotYours("board_closed")
    return Address(record.id, board, record.boards[board].epoch)


def _shape(record: Record, me: Participant, point: RestorePoint) -> shapes.RestorePoint:
    language = me.row.language
    phase = record.protocol.words(language).phases[point.phase].title
    return shapes.RestorePoint(
        id=point.id,
        at=point.at,
        at_text=say_day_and_clock(point.at, datetime.now(UTC), language),
        why_text=t(language, f"earlier.why_{point.why}", phase=phase),
    )
