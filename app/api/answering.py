"""Builds the answer that most acts give: the meeting as the one who acted sees it now."""

from fastapi import Request
from sqlmodel import col, select

from app.api import shapes
from app.api.circle_list import circle_list, where_adding_opens_again
from app.api.state import Sight
from app.visits import doorkeeper, seen_by
from meetings.door import may
from meetings.record import Participant, Record
from meetings.storage.tables import Link


async def state_of(request: Request, record: Record, me: Participant) -> shapes.State:
    """Return the whole state for one participant, the circle list included for who manages it."""
    sight = Sight(record, me, request.app.state.hub.here(record.id))
    state = sight.state()
    if may(me, "manage_people", record):
        links = await links_of(request, record)
        state.preparation = shapes.Preparation(
            ahead=sight.preparation_ahead(),
            people=circle_list(record, me, links),
            adding_again=where_adding_opens_again(record, me),
        )
    return state


async def state_now(request: Request, participant: str) -> shapes.State:
    """Return the state after an act. Raises NotSignedIn."""
    record, me = await seen_by(request, participant)
    return await state_of(request, record, me)


async def links_of(request: Request, record: Record) -> dict[str, Link]:
    """Return the links of a meeting's people."""
    keeper = doorkeeper(request)
    async with keeper.house.database.reading() as session:
        links = (await session.scalars(select(Link).where(col(Link.holder_id).in_(list(record.people))))).all()
    return {link.holder_id: link for link in links}
