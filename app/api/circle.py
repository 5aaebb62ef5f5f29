"""Acts on the circle list: who takes part, their links, and what is noted about their coming."""

from http import HTTPStatus

from fastapi import APIRouter, Request

from app.api import bodies, shapes
from app.api.answering import links_of, state_now
from app.api.circle_list import line_of_list
from app.api.made_link import made_link
from app.api.state import Sight
from app.visits import acting_as, doorkeeper, seen_by
from meetings import entrance, people
from meetings.course import log_event
from meetings.door import must
from meetings.rehearsal import must_be_real

router = APIRouter(prefix="/api/m/{participant}/people", tags=["the circle list"])


@router.post("", status_code=HTTPStatus.CREATED)
async def add_person(request: Request, participant: str, body: bodies.NewPerson) -> shapes.ManagedPerson:
    """Put somebody on the circle list. Who decides for the central person is asked first."""
    async with acting_as(request, participant) as (record, by):
        about = body.model_dump(exclude={"role"})
        person = people.add_person(record, body.role, about, by=by)
        sight = Sight(record, by, frozenset())
        return line_of_list(sight, person, None)


@router.patch("/{person}")
async def change_person(
    request: Request, participant: str, person: str, body: bodies.ChangedPerson
) -> shapes.ManagedPerson:
    """Change what is known about somebody."""
    async with acting_as(request, participant) as (record, by):
        changed = people.change_person(record, person, body.model_dump(exclude_unset=True), by=by)
    record, me = await seen_by(request, participant)
    links = await links_of(request, record)
    return line_of_list(Sight(record, me, frozenset()), record.person(changed.id), links.get(changed.id))


@router.post("/{person}/remove")
async def remove_person(request: Request, participant: str, person: str) -> shapes.State:
    """Take somebody off the list; their way in closes at once."""
    async with acting_as(request, participant) as (record, by):
        people.remove_person(record, person, by=by)
        await entrance.revoke_link(record.session, person)
    return await state_now(request, participant)


@router.post("/{person}/link")
async def make_link(request: Request, participant: str, person: str) -> shapes.MadeLink:
    """Make somebody's personal link, shown this once; an earlier one is void. 409 while a yes is lacking."""
    async with acting_as(request, participant) as (record, by):
        must(by, "manage_people", record)
        must_be_real(record)
        invited = people.must_be_welcome(record, person)
        secret = await entrance.make_link(record.session, invited.id)
        log_event(record, "link_made", by, person=invited.id)
    return made_link(doorkeeper(request).settings, person, secret)


@router.post("/{person}/link/revoke")
async def revoke_link(request: Request, participant: str, person: str) -> shapes.State:
    """Close somebody's way in: the link, and every browser that came in by it."""
    async with acting_as(request, participant) as (record, by):
        must(by, "manage_people", record)
        await entrance.revoke_link(record.session, record.person(person).id)
        log_event(record, "link_revoked", by, person=person)
    return await state_now(request, participant)


@router.post("/{person}/prepared")
async def note_prepared(request: Request, participant: str, person: str, body: bodies.Prepared) -> shapes.State:
    """Note that somebody was spoken with personally."""
    async with acting_as(request, participant) as (record, by):
        people.note_prepared(record, person, body.prepared, by=by)
    return await state_now(request, participant)


@router.post("/{person}/safety")
async def note_safety(request: Request, participant: str, person: str, body: bodies.Safety) -> shapes.State:
    """Note that somebody can take part safely, or with which measure."""
    async with acting_as(request, participant) as (record, by):
        people.note_safety(record, person, body.safe, body.measure, by=by)
    return await state_now(request, participant)


@router.post("/{person}/consent")
async def answer_invitation(request: Request, participant: str, person: str, body: bodies.YesOrNo) -> shapes.State:
    """Say yes or no to somebody's taking part. Nobody else sees which."""
    async with acting_as(request, participant) as (record, by):
        people.answer_invitation(record, person, body.answer, by=by)
        if body.answer == "no":
            await entrance.revoke_link(record.session, person)
    return await state_now(request, participant)


@router.post("/{person}/contact/look")
async def look_up_contact(request: Request, participant: str, person: str) -> shapes.Contact:
    """Look up how to reach somebody one invites. The look is put on record."""
    async with acting_as(request, participant) as (record, by):
        return shapes.Contact(contact=people.look_up_contact(record, person, by=by))
