"""Who decides for the central person, by age (methods.md §2), and whose yes an invitation still needs."""

from typing import Literal

from meetings.record import Participant, Record


def deciders(record: Record) -> list[Participant]:
    """Return who says yes or no for the central person: from 16 on alone, from 12 together with the parents
    who have authority, under 12 those parents (methods.md §2, L7 and L8)."""
    known: list[Participant] | None = record.worked_out.get("deciders")
    if known is None:
        known = record.worked_out["deciders"] = _deciders(record)
    return known


def _deciders(record: Record) -> list[Participant]:
    central = record.central_person
    if central is None:
        return []
    parents = [person for person in record.people.values() if person.side == "circle" and person.authority]
    if central.age_band == "under_12":
        return parents
    if central.age_band == "12_15":
        return [central, *parents]
    return [central]


def needs_consent(person: Participant, record: Record) -> bool:
    """Tell whether somebody has to agree that this person takes part."""
    return not person.central and person.side != "facilitator" and all(d.id != person.id for d in deciders(record))


def answer_of(decider: str, person: str, record: Record) -> Literal["yes", "no"] | None:
    """Return a decider's latest answer about a person: "yes", "no" or None. Theirs alone to see."""
    answers: dict[tuple[str, str], Literal["yes", "no"]] | None = record.worked_out.get("consents")
    if answers is None:
        answers = record.worked_out["consents"] = {
            (voice.participant, voice.subject): voice.value["answer"]
            for voice in record.voices
            if voice.kind == "consent"
        }
    return answers.get((decider, person))


def still_asked(person: Participant, record: Record) -> list[Participant]:
    """Return whose yes is lacking, in a way that does not tell a no from a silence."""
    if not needs_consent(person, record):
        return []
    return [decider for decider in deciders(record) if answer_of(decider.id, person.id, record) != "yes"]


def is_welcome(person: Participant, record: Record) -> bool:
    """Tell whether everybody who decides said yes to this person (and so whether the door opens at all)."""
    if not needs_consent(person, record):
        return True
    return bool(deciders(record)) and not still_asked(person, record)
