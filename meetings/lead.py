"""Handing over the lead: a colleague comes in beside who leads, and only then who leads may step back.

A meeting is never without somebody who leads it (methods.md §4). The way back is the same way, by the colleague.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from meetings import entrance
from meetings.course import log_event
from meetings.door import must
from meetings.people import MOST_PEOPLE, enter_person, take_off
from meetings.record import Participant, Record
from meetings.refusals import NotFound, NotYours, Refusal
from meetings.rehearsal import must_be_real
from meetings.storage.tables import Link


def ask_colleague(record: Record, about: Mapping[str, Any], *, by: Participant) -> Participant:
    """Let a colleague in to lead too, in the same role. Raises NotYours, or Refusal: a full list, a rehearsal."""
    must(by, "hand_over_lead", record)
    _must_lead(by)
    must_be_real(record)
    if len(record.people) >= MOST_PEOPLE:
        raise Refusal("meeting_full", {"most": str(MOST_PEOPLE)})
    colleague = enter_person(record, by.role, about, central=False)
    log_event(record, "lead_offered", by, person=colleague.id, role=by.role)
    return colleague


async def take_back_offer(record: Record, person_id: str, *, by: Participant) -> None:
    """Take a colleague off the list who has not come in yet. Raises NotYours, NotFound, Refusal."""
    must(by, "hand_over_lead", record)
    _must_lead(by)
    colleague = record.person(person_id)
    if colleague.side != "facilitator" or colleague.id == by.id:
        raise NotFound("no_such_person")
    if leads_now(colleague, (await _links(record)).get(colleague.id)):
        raise Refusal("colleague_leads_already", {"name": colleague.name})
    await _take_off(record, colleague)
    log_event(record, "lead_offer_taken_back", by, person=colleague.id)


async def step_back(record: Record, *, by: Participant) -> None:
    """Leave the meeting to who leads it now: off the list, and out at once.

    Raises NotYours, or Refusal "nobody_leads_yet" while no colleague has come in.
    """
    must(by, "hand_over_lead", record)
    _must_lead(by)
    links = await _links(record)
    others = [person for person in colleagues_of(by, record) if leads_now(person, links.get(person.id))]
    if not others:
        raise Refusal("nobody_leads_yet")
    await _take_off(record, by)
    log_event(record, "lead_handed_over", by, to=[person.id for person in others])


def colleagues_of(person: Participant, record: Record) -> list[Participant]:
    """Return who else leads, or was asked to."""
    return [other for other in record.people.values() if other.side == "facilitator" and other.id != person.id]


def leads_now(person: Participant, link: Link | None) -> bool:
    """Tell whether somebody who leads can come in: by an own account, or by a link that they opened before."""
    if person.row.account_id is not None:
        return True
    return link is not None and link.first_used_at is not None and link.revoked_at is None


def _must_lead(person: Participant) -> None:
    if person.side != "facilitator":
        raise NotYours()


async def _links(record: Record) -> dict[str, Link]:
    rows = select(Link).where(col(Link.holder_id).in_(list(record.people)))
    return {link.holder_id: link for link in (await record.session.scalars(rows)).all()}


async def _take_off(record: Record, person: Participant) -> None:
    take_off(record, person)
    await entrance.revoke_link(record.session, person.id)
