"""Cookies: each participant and account has one of their own, so that several people can share a browser."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog
from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import NotSignedIn
from app.pages.rehearsal_banner import note_rehearsal
from app.settings import Settings
from meetings import entrance
from meetings.consent import is_welcome
from meetings.house import House
from meetings.record import Participant, Record
from meetings.refusals import NotFound
from meetings.storage.database import TROUBLE
from meetings.storage.tables import Account

_log: Final = structlog.get_logger("rondom")


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


class CookieKeeper:
    """Gives a browser its cookie anew when the visit was noted to go on: a cookie ends by its own clock."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_cookie(message: Message) -> None:
            kept = scope.get("state", {}).get("kept_visit")
            if kept is not None and message["type"] == "http.response.start":
                answer = Response()
                set_cookie(answer, kept, self._settings)
                MutableHeaders(scope=message).append("set-cookie", answer.headers["set-cookie"])
            await send(message)

        await self._app(scope, receive, send_with_cookie if scope["type"] == "http" else send)


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

    async def visit(self, token: str | None, person: Participant) -> entrance.OpenVisit | None:
        """Return the visit of a token that still stands for this participant, or for the account behind them."""
        if token is None:
            return None
        async with self.house.database.reading() as session:
            visit = await entrance.visit_of(session, token)
        return visit if visit is not None and visit.holder in (person.id, person.row.account_id) else None

    async def visits(self, tokens: Collection[str]) -> dict[str, entrance.OpenVisit]:
        """Return the visit of each of these tokens, a participant's or an account's, without those that ended."""
        async with self.house.database.reading() as session:
            return await entrance.visits_of(session, tokens)

    async def keep(self, visit: entrance.OpenVisit) -> bool:
        """Let a visit go on that is in use: it ends a month after the last sign. Return whether it was noted now."""
        if not visit.to_be_noted:
            return False
        try:
            async with self.house.database.writing() as session:
                await entrance.note_seen(session, visit.token)
        except TROUBLE as error:
            # Who only looks needs no database that can be written.
            _log.error("visit not noted", kind=type(error).__name__)
            return False
        return True

    async def came_in_as(self, cookies: Mapping[str, str], holder: str) -> bool:
        """Tell whether this browser came in as this participant or account."""
        token = cookies.get(cookie_name(holder, self.settings))
        if token is None:
            return False
        async with self.house.database.reading() as session:
            visit = await entrance.visit_of(session, token)
        return visit is not None and visit.holder == holder

    async def admit(
        self, cookies: Mapping[str, str], participant: str
    ) -> tuple[Record, Participant, entrance.OpenVisit]:
        """Return the meeting as it stands, the participant and the visit. Raises NotSignedIn, for any reason."""
        try:
            async with self.house.look(participant) as (record, person):
                visit = await self.visit(self.token_of(cookies, person), person)
                if visit is None or not is_welcome(person, record):
                    raise NotSignedIn
                return record, person, visit
        except NotFound as error:
            raise NotSignedIn from error

    async def look_again(self, meeting: str, participant: str, token: str) -> tuple[Record, bool]:
        """Return how a meeting stands, and whether this token still lets this participant in. Raises NotFound.

        Nothing changed between the two; whoever closes a way in after this finds who came in by it.
        """
        while True:
            record = await self.house.standing(meeting)
            person = record.people.get(participant)
            lets_in = person is not None and await self.visit(token, person) is not None
            if self.house.known(meeting) is record:
                return record, lets_in

    async def account(self, cookies: Mapping[str, str]) -> Account:
        """Return the account this browser came in as. Raises NotSignedIn."""
        async with self.house.database.reading() as session:
            for name, token in cookies.items():
                if name.startswith(cookie_name("", self.settings)):
                    visit = await entrance.visit_of(session, token)
                    account = await session.get(Account, visit.holder) if visit else None
                    if account is not None:
                        return account
        raise NotSignedIn


def doorkeeper(request: Request) -> Doorkeeper:
    """Return the app's doorkeeper."""
    keeper: Doorkeeper = request.app.state.doorkeeper
    return keeper


async def seen_by(request: Request, participant: str) -> tuple[Record, Participant]:
    """Open a meeting for a look by whoever sent this request. Raises NotSignedIn."""
    keeper = doorkeeper(request)
    record, person, visit = await keeper.admit(request.cookies, participant)
    if await keeper.keep(visit):
        request.state.kept_visit = entrance.CameIn(visit.holder, visit.token)
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
        if not is_welcome(by, record) or await keeper.visit(token, by) is None:
            raise NotSignedIn
        yield record, by
