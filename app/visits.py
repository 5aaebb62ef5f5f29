"""Cookies: each participant and account has one of their own, so that several people can share a browser."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response

from app.errors import NotSignedIn
from app.pages.rehearsal_banner import note_rehearsal
from app.settings import Settings
from meetings import entrance
from meetings.consent import is_welcome
from meetings.house import House
from meetings.record import Participant, Record
from meetings.refusals import NotFound
from meetings.storage.tables import Account


def cookie_name(holder: str, settings: Settings) -> str:
    """Return the name of the cookie of a participant or account."""
    return f"__Host-rondom-{holder}" if settings.secure else f"rondom-{holder}"


def set_cookie(
    response: Response, came_in: entrance.CameIn, settings: Settings, lasts: timedelta = entrance.VISIT_LASTS
) -> None:
    """Give a browser the visit's token."""
    response.set_cookie(
        cookie_name(came_in.holder, settings),
        came_in.token,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


class Doorkeeper:
    """Answers the one question asked everywhere: may this visit act as this participant (DESIGN.md §7)."""

    def __init__(self, house: House, settings: Settings) -> None:
        self.house = house
        self.settings = settings

    def token_of(self, cookies: Mapping[str, str], person: Participant) -> str | None:
        """Return the token this browser holds for a participant: their own, or of the account that leads."""
        holders = [person.id, *([person.row.account_id] if person.row.account_id else [])]
        names = (cookie_name(holder, self.settings) for holder in holders)
        return next((cookies[name] for name in names if name in cookies), None)

    async def is_visitor(self, token: str, person: Participant) -> bool:
        """Tell whether a token still stands for this participant, or for the account behind them."""
        async with self.house.database.reading() as session:
            holder = await entrance.visitor(session, token)
        return holder is not None and holder in (person.id, person.row.account_id)

    async def visitors(self, tokens: Collection[str]) -> dict[str, str]:
        """Return whom each of these tokens stands for, a participant or an account, without those that ended."""
        async with self.house.database.reading() as session:
            return await entrance.visitors(session, tokens)

    async def came_in_as(self, cookies: Mapping[str, str], holder: str) -> bool:
        """Tell whether this browser came in as this participant or account."""
        token = cookies.get(cookie_name(holder, self.settings))
        if token is None:
            return False
        async with self.house.database.reading() as session:
            return await entrance.visitor(session, token) == holder

    async def admit(self, cookies: Mapping[str, str], participant: str) -> tuple[Record, Participant, str]:
        """Return the meeting as it stands, the participant and the token. Raises NotSignedIn, for any reason."""
        try:
            async with self.house.look(participant) as (record, person):
                token = self.token_of(cookies, person)
                if token is None or not is_welcome(person, record) or not await self.is_visitor(token, person):
                    raise NotSignedIn
                return record, person, token
        except NotFound as error:
            raise NotSignedIn from error

    async def look_again(self, meeting: str, participant: str, token: str) -> tuple[Record, bool]:
        """Return how a meeting stands, and whether this token still lets this participant in. Raises NotFound.

        Nothing changed between the two; whoever closes a way in after this finds who came in by it.
        """
        while True:
            record = await self.house.standing(meeting)
            person = record.people.get(participant)
            lets_in = person is not None and await self.is_visitor(token, person)
            if self.house.known(meeting) is record:
                return record, lets_in

    async def account(self, cookies: Mapping[str, str]) -> Account:
        """Return the account this browser came in as. Raises NotSignedIn."""
        async with self.house.database.reading() as session:
            for name, token in cookies.items():
                if name.startswith(cookie_name("", self.settings)):
                    holder = await entrance.visitor(session, token)
                    account = await session.get(Account, holder) if holder else None
                    if account is not None:
                        return account
        raise NotSignedIn


def doorkeeper(request: Request) -> Doorkeeper:
    """Return the app's doorkeeper."""
    keeper: Doorkeeper = request.app.state.doorkeeper
    return keeper


async def seen_by(request: Request, participant: str) -> tuple[Record, Participant]:
    """Open a meeting for a look by whoever sent this request. Raises NotSignedIn."""
    record, person, _token = await doorkeeper(request).admit(request.cookies, participant)
    request.state.language = person.row.language
    note_rehearsal(request, record, person)
    return record, person


@asynccontextmanager
async def acting_as(request: Request, participant: str) -> AsyncIterator[tuple[Record, Participant]]:
    """Open a meeting for a command by whoever sent this request. Raises NotSignedIn."""
    keeper = doorkeeper(request)
    _record, person = await seen_by(request, participant)
    token = keeper.token_of(request.cookies, person)
    async with keeper.house.command(participant) as (record, by):
        # Between the look and the command somebody may have closed this person's way in.
        if token is None or not is_welcome(by, record) or not await keeper.is_visitor(token, by):
            raise NotSignedIn
        yield record, by
