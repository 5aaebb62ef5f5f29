"""Rehearsing: begin a throw-away meeting, look as anybody in it, jump to any phase, and be done without a trace.

Whoever holds the visit of the account that began it may; in a real meeting nobody.
"""

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import yaml
from fastapi import APIRouter, Request, Response

from app.api import bodies, shapes
from app.api.answering import state_now
from app.texts import known_language
from app.visits import acting_as, cookie_name, doorkeeper, seen_by, set_cookie
from meetings import entrance, rehearsal
from meetings.consent import is_welcome
from meetings.record import Participant, Record
from meetings.refusals import NotFound, NotYours, Refusal
from protocols.catalogue import Protocol

router = APIRouter(prefix="/api", tags=["rehearsing"])

_PEOPLE: Final = Path(__file__).resolve().parent.parent / "rehearsal_people.yaml"


@router.post("/rehearsals", status_code=HTTPStatus.CREATED)
async def begin(request: Request, response: Response, body: bodies.NewRehearsal) -> shapes.Created:
    """Begin a rehearsal of a protocol; an earlier one of this account is erased."""
    keeper = doorkeeper(request)
    account = await keeper.account(request.cookies)
    request.state.language = account.language
    protocol = keeper.house.catalogue.find(body.protocol)
    if protocol is None:
        raise Refusal("no_such_protocol")
    made_up = _made_up(protocol, known_language(account.language))
    meeting, participant = await rehearsal.begin(keeper.house, account, body.protocol, body.frame, made_up)
    return shapes.Created(id=meeting, participant=participant)


@router.post("/m/{participant}/rehearsal/look-as")
async def look_as(request: Request, response: Response, participant: str, body: bodies.SomePerson) -> shapes.Entered:
    """Let this browser in as another made-up person. Answers with where to go."""
    record, _me = await _rehearsing(request, participant)
    keeper = doorkeeper(request)
    person = record.person(body.participant)
    if not is_welcome(person, record):
        raise NotFound("no_such_person")
    if person.row.account_id is None and not await keeper.came_in_as(request.cookies, person.id):
        async with keeper.house.database.writing() as session:
            came_in = entrance.begin_visit(session, person.id)
        set_cookie(response, came_in, keeper.settings, lasts=rehearsal.LASTS)
    return shapes.Entered(location=f"/m/{person.id}")


@router.post("/m/{participant}/rehearsal/jump")
async def jump(request: Request, participant: str, body: bodies.SomePhase) -> shapes.State:
    """Go to any phase, forth or back, whatever it requires. All screens follow."""
    await _rehearsing(request, participant)
    async with acting_as(request, participant) as (record, by):
        await rehearsal.jump(record, body.phase, by=by)
    return await state_now(request, participant)


@router.post("/m/{participant}/rehearsal/done")
async def be_done(request: Request, response: Response, participant: str) -> shapes.Entered:
    """Be done rehearsing: everything of it is erased. Answers with where to go."""
    record, _me = await _rehearsing(request, participant)
    keeper = doorkeeper(request)
    await keeper.house.erase_meeting(record.id)
    for person in record.people:
        name = cookie_name(person, keeper.settings)
        if name in request.cookies:
            response.delete_cookie(name, path="/", secure=keeper.settings.secure, httponly=True, samesite="lax")
    return shapes.Entered(location="/meetings")


async def _rehearsing(request: Request, participant: str) -> tuple[Record, Participant]:
    """Open a rehearsal for whoever began it. Raises NotSignedIn, NotYours."""
    record, me = await seen_by(request, participant)
    began = rehearsal.must_be_rehearsal(record)
    if not await doorkeeper(request).came_in_as(request.cookies, began):
        raise NotYours()
    return record, me


@cache
def _everything_made_up() -> dict[str, Any]:
    made_up: dict[str, Any] = yaml.safe_load(_PEOPLE.read_text())
    return made_up


def _made_up(protocol: Protocol, language: str) -> rehearsal.MadeUp:
    made_up = _everything_made_up()[language]
    title = made_up["title"].format(protocol=protocol.words(language).title)
    return rehearsal.MadeUp(**{**made_up, "title": title})
