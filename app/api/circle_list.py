"""The circle list as who manages it sees it: everybody in the meeting, asked already or not, and the way in of each."""

from typing import Literal

from app.api import shapes
from app.api.state import Sight
from app.texts import known_language
from meetings.asked_anew import is_prepared, safety_of
from meetings.consent import is_welcome, needs_consent, still_asked
from meetings.door import may
from meetings.record import Participant, Record
from meetings.storage.tables import Link
from protocols import machine
from protocols.rights import may_act


def circle_list(record: Record, me: Participant, links: dict[str, Link]) -> list[shapes.ManagedPerson]:
    """Return the circle list as who manages it sees it. A no about somebody looks like a question still open."""
    sight = Sight(record, me, frozenset())
    return [line_of_list(sight, person, links.get(person.id)) for person in record.people.values()]


def where_adding_opens_again(record: Record, me: Participant) -> str | None:
    """Return the title of the nearest phase on the way back in which `me` may put somebody on the list, if not here."""
    if may(me, "add_person", record):
        return None
    definition = record.protocol.definition
    reached = [record.phase]
    for phase in reached:
        if may_act(definition, phase, me.role, me.side, me.central, "add_person"):
            return record.protocol.words(known_language(me.row.language)).phases[phase].title
        back = [move.to for move in machine.moves_from(definition, phase) if move.direction == "back"]
        reached += [to for to in dict.fromkeys(back) if to not in reached]
    return None


def line_of_list(sight: Sight, person: Participant, link: Link | None) -> shapes.ManagedPerson:
    """Return one line of the circle list."""
    record, about = sight.record, person.about
    safety = safety_of(person, record)
    open_ = bool(still_asked(person, record)) or not is_welcome(person, record)
    return shapes.ManagedPerson(
        id=person.id,
        name=person.name,
        relation=str(about.get("relation", "")),
        role=person.role,
        role_title=sight.role_title(person),
        side=person.side,
        central=person.central,
        age_band=person.age_band,
        authority=person.authority,
        taking_part=person.taking_part,
        needs=str(about.get("needs", "")),
        has_contact=bool(about.get("contact")),
        consent="not_needed" if not needs_consent(person, record) else "open" if open_ else "yes",
        prepared=is_prepared(person, record),
        safety=None if safety is None else shapes.Safety(**safety),
        # Made-up people have no link, and nothing is lacking.
        link="used" if record.row.rehearsed_by else _link_state(link),
    )


def _link_state(link: Link | None) -> Literal["none", "made", "used", "revoked"]:
    if link is None:
        return "none"
    if link.revoked_at is not None:
        return "revoked"
    return "used" if link.first_used_at is not None else "made"
