"""The circle list: who takes part, in which way, what they need, and whether they can be there safely."""

import secrets
from collections.abc import Mapping
from typing import Any, Literal

from meetings.consent import (
    can_be_asked,
    deciders,
    decides_as_parent,
    is_welcome,
    lacks_decider,
    needs_consent,
)
from meetings.course import log_event
from meetings.door import may, must
from meetings.record import Participant, Record
from meetings.refusals import NotFound, NotYours, Refusal
from meetings.storage.tables import ParticipantRow
from meetings.voices import speak
from protocols.mending import PARENT

_CHANGEABLE = {"name", "relation", "age_band", "authority", "taking_part", "needs", "contact"}
MOST_PEOPLE = 60


def new_id() -> str:
    """Return an unguessable id for an address."""
    return secrets.token_urlsafe(12)


def add_person(record: Record, role: str, about: Mapping[str, Any], *, by: Participant) -> Participant:
    """Put somebody on the circle list.

    Raises NotYours, or Refusal for an unknown role, a full list, or authority that this person can't have (now).
    """
    must(by, "add_person", record)
    if role not in record.protocol.definition.roles or record.side_of(role) == "facilitator":
        raise Refusal("no_such_role")
    if len(record.people) >= MOST_PEOPLE:
        raise Refusal("meeting_full", {"most": str(MOST_PEOPLE)})
    if not may(by, "manage_people", record):
        # What somebody proposes says who and how they know each other; the rest is the coordinator's to ask.
        about = {name: about[name] for name in ("name", "relation") if name in about}
    _must_fit(role, about)
    if decides_as_parent(role, bool(about.get("authority"))):
        _must_be_open_to_asking(record)
    person = enter_person(record, role, about, central=False)
    log_event(record, "person_added", by, person=person.id, role=role)
    return person


def enter_person(
    record: Record, role: str, about: Mapping[str, Any], *, central: bool, account: str | None = None
) -> Participant:
    """Write a participant down. For commands and for starting a meeting; asks no door."""
    row = ParticipantRow(
        id=new_id(),
        meeting_id=record.id,
        account_id=account,
        role=role,
        central=central,
        language=record.row.language,
        created_at=record.now(),
        sealed=b"",
    )
    person = Participant(row, record.side_of(role), {**about})
    record.people[person.id] = person
    record.keep_person(person)
    return person


def change_person(record: Record, person_id: str, changes: Mapping[str, Any], *, by: Participant) -> Participant:
    """Change what is known about somebody, or their role.

    On another side somebody is asked about anew: who decides said yes to who they were. Who decides, and what is asked
    anew, changes only while that can be asked. Raises NotYours, NotFound, Refusal.
    """
    must(by, "manage_people", record)
    person = record.person(person_id)
    role = changes.get("role", person.role)
    if role != person.role:
        _must_be_free_to_become(role, person, record)
    _must_fit(role, changes)
    if person.central and not changes.get("age_band", person.age_band):
        raise Refusal("age_band_needed")
    side = record.side_of(role)
    if side != person.side or _changes_who_decides(person, role, changes):
        _must_be_open_to_asking(record)
    if side != person.side:
        speak(record, by, "ask_consent", person.id, {})
    person.row.role, person.side = role, side
    person.about.update({name: value for name, value in changes.items() if name in _CHANGEABLE})
    if role != PARENT:
        person.about["authority"] = False
    record.keep_person(person)
    log_event(record, "person_changed", by, person=person.id, fields=sorted(changes))
    return person


def _must_be_free_to_become(role: str, person: Participant, record: Record) -> None:
    if role not in record.protocol.definition.roles or "facilitator" in (person.side, record.side_of(role)):
        raise Refusal("no_such_role")
    if record.protocol.definition.phases[record.phase].private:
        raise Refusal("role_fixed_in_private_time")
    if person.central and record.side_of(role) != person.side:
        raise Refusal("central_person_of_circle")


def _must_fit(role: str, about: Mapping[str, Any]) -> None:
    """Authority with a role that no protocol lets decide would leave somebody to be waited for who can never answer."""
    if about.get("authority") and role != PARENT:
        raise Refusal("authority_is_a_parents")


def _changes_who_decides(person: Participant, role: str, changes: Mapping[str, Any]) -> bool:
    if person.central:
        return bool(changes.get("age_band", person.age_band) != person.age_band)
    authority = changes.get("authority", person.authority)
    return decides_as_parent(role, authority) != decides_as_parent(person.role, person.authority)


def _must_be_open_to_asking(record: Record) -> None:
    if not can_be_asked(record):
        raise Refusal("nobody_is_asked_now")


def remove_person(record: Record, person_id: str, *, by: Participant) -> None:
    """Take somebody off the list; their way in closes at once. Raises NotYours, NotFound, Refusal."""
    must(by, "manage_people", record)
    person = record.person(person_id)
    if person.central or person.side == "facilitator":
        raise Refusal("person_stays")
    if not can_be_asked(record) and not lacks_decider(record) and lacks_decider(record, without=person):
        raise Refusal("decider_stays", {"name": person.name})
    take_off(record, person)
    log_event(record, "person_removed", by, person=person.id)


def take_off(record: Record, person: Participant) -> None:
    """Take somebody off the list, whoever may. For commands; asks no door."""
    person.row.removed_at = record.now()
    record.session.add(person.row)
    record.taken_off[person.id] = record.people.pop(person.id)
    record.worked_out.clear()


def note_prepared(record: Record, person_id: str, prepared: bool, *, by: Participant) -> None:
    """Note that somebody was spoken with personally, or that this was noted by mistake."""
    must(by, "manage_people", record)
    person = record.person(person_id)
    person.about |= {"prepared": prepared, "prepared_at": record.now().isoformat()}
    record.keep_person(person)
    log_event(record, "person_prepared", by, person=person.id, prepared=prepared)


def note_safety(record: Record, person_id: str, safe: bool, measure: str, *, by: Participant) -> None:
    """Note that somebody can take part safely, or with which measure (methods.md §3.4, g.safe_to_meet)."""
    must(by, "manage_people", record)
    person = record.person(person_id)
    person.about |= {"safety": {"safe": safe, "measure": measure}, "safety_at": record.now().isoformat()}
    record.keep_person(person)
    log_event(record, "safety_noted", by, person=person.id)


def answer_invitation(record: Record, person_id: str, answer: Literal["yes", "no"], *, by: Participant) -> None:
    """The central person, or who decides with or for them, says yes or no to somebody's taking part.

    Nobody else learns which. Raises NotYours, NotFound.
    """
    must(by, "consent", record)
    person = record.person(person_id)
    if by.id not in {decider.id for decider in deciders(record)}:
        raise NotYours("others_decide")
    if not needs_consent(person, record):
        raise NotFound("no_consent_needed")
    speak(record, by, "consent", person.id, {"answer": answer})


def look_up_contact(record: Record, person_id: str, *, by: Participant) -> str:
    """Return somebody's contact details to the one who invites them; the look is put on record (DESIGN.md §1.9)."""
    must(by, "look_up_contact", record)
    person = record.person(person_id)
    log_event(record, "contact_looked_up", by, person=person.id)
    return str(person.about.get("contact", ""))


def must_be_welcome(record: Record, person_id: str) -> Participant:
    """Return a participant whose invitation nobody has still to agree with. Raises NotFound, Refusal."""
    person = record.person(person_id)
    if not is_welcome(person, record):
        raise Refusal("consent_first", {"name": person.name})
    return person
