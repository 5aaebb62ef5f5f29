"""Handing over the lead: a colleague gets a link, and who leads steps back once the colleague is in."""

from http import HTTPStatus

from fastapi import APIRouter, Request

from app.api import bodies, shapes
from app.api.answering import links_of
from app.api.made_link import made_link
from app.visits import acting_as, doorkeeper, seen_by
from meetings import entrance, lead
from meetings.course import log_event
from meetings.door import must

router = APIRouter(prefix="/api/m/{participant}/lead", tags=["the lead"])


@router.get("")
async def see_colleagues(request: Request, participant: str) -> shapes.Lead:
    """Return who else leads, or was asked to."""
    return await _seen(request, participant)


@router.post("", status_code=HTTPStatus.CREATED)
async def ask_colleague(request: Request, participant: str, body: bodies.NewColleague) -> shapes.MadeLink:
    """Let a colleague in to lead too. Answers with their link, shown this once."""
    async with acting_as(request, participant) as (record, by):
        colleague = lead.ask_colleague(record, body.model_dump(), by=by)
        await record.session.flush()
        secret = await entrance.make_link(record.session, colleague.id)
        log_event(record, "link_made", by, person=colleague.id)
    return made_link(doorkeeper(request).settings, colleague.id, secret)


@router.post("/take-back")
async def take_back_offer(request: Request, participant: str, body: bodies.SomePerson) -> shapes.Lead:
    """Take back what was asked of a colleague who has not come in yet. Their link is void."""
    async with acting_as(request, participant) as (record, by):
        await lead.take_back_offer(record, body.participant, by=by)
    return await _seen(request, participant)


@router.post("/leave")
async def step_back(request: Request, participant: str) -> shapes.Entered:
    """Step back: off the list and out, at once. 409 while no colleague has come in. Answers with where to go."""
    async with acting_as(request, participant) as (record, by):
        await lead.step_back(record, by=by)
    return shapes.Entered(location="/meetings" if by.row.account_id else "/")


async def _seen(request: Request, participant: str) -> shapes.Lead:
    record, me = await seen_by(request, participant)
    must(me, "hand_over_lead", record)
    links = await links_of(request, record)
    return shapes.Lead(
        colleagues=[
            shapes.Colleague(id=person.id, name=person.name, came_in=lead.leads_now(person, links.get(person.id)))
            for person in lead.colleagues_of(me, record)
        ]
    )
