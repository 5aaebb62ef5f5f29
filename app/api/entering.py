"""The way in: the secret of a link, sent once by a button, becomes a cookie. Looking at a link changes nothing."""

from fastapi import APIRouter, Request, Response
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from app.api import bodies, shapes
from app.visits import doorkeeper, set_cookie
from meetings import entrance
from meetings.consent import is_welcome
from meetings.refusals import NotFound, Refusal
from meetings.storage.tables import ParticipantRow

router = APIRouter(tags=["coming in"])

# Only wrong tries count, so that a whole family behind one address comes in at once.
WRONG_TRIES = RateLimitItemPerMinute(20)


@router.post("/api/enter")
async def enter(request: Request, response: Response, body: bodies.Enter) -> shapes.Entered:
    """Come in by a link: the cookie of that participant or account, and where to go. 404 for any wrong link."""
    keeper = doorkeeper(request)
    limiter: MovingWindowRateLimiter = request.app.state.limiter
    address = request.client.host if request.client else "unknown"
    if not await limiter.test(WRONG_TRIES, "enter", address):
        raise Refusal("too_many_tries")
    came_in = await _come_in(request, body)
    if came_in is None:
        await limiter.hit(WRONG_TRIES, "enter", address)
        request.state.language = body.language
        raise NotFound("link_not_valid")
    set_cookie(response, came_in, keeper.settings)
    return shapes.Entered(location=await _place_of(request, came_in.holder))


async def _come_in(request: Request, body: bodies.Enter) -> entrance.CameIn | None:
    house = doorkeeper(request).house
    async with house.database.writing() as session:
        came_in = await entrance.enter(session, body.id, body.secret)
        if came_in is None:
            return None
        row = await session.get(ParticipantRow, body.id)
        if row is not None and body.language:
            row.language = body.language
            session.add(row)
    if row is None:
        return came_in
    try:
        # The language they chose is part of how the meeting stands for them.
        async with house.command(row.id) as (record, person):
            welcome = is_welcome(person, record)
    except NotFound:
        welcome = False
    if not welcome:
        async with house.database.writing() as session:
            await entrance.end_visits(session, body.id)
        return None
    return came_in


async def _place_of(request: Request, holder: str) -> str:
    async with doorkeeper(request).house.database.reading() as session:
        participant = await session.get(ParticipantRow, holder)
    return f"/m/{holder}" if participant is not None else "/meetings"


def new_limiter() -> MovingWindowRateLimiter:
    """Return a limiter that forgets with the process."""
    return MovingWindowRateLimiter(MemoryStorage())
