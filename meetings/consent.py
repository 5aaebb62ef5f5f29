"""Who decides for the central person, by age (methods.md §2), and whose yes an invitation still needs."""

from typing import Literal

from meetings.record import Participant, Record
from protocols.mending import PARENT

_WITH_PARENTS = ("under_12", "12_15")


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
    if central.age_band == "under_12":
        return _parents(record)
    if central.age_band == "12_15":
        return [central, *_parents(record)]
    return [central]


def _parents(record: Record) -> list[Participant]:
    return [
        person
        for person in record.people.values()
        if decides_as_parent(person.role, person.authority) and not person.central
    ]


def decides_as_parent(role: str, authority: bool) -> bool:
    """Tell whether somebody with this role has a say by their authority.

    Authority is a parent's, whoever brings the child up (methods.md §3.1): protocols let `parent` decide.
    """
    return role == PARENT and authority


def lacks_decider(record: Record, without: Participant | None = None) -> bool:
    """Tell whether nobody can decide, or nobody could `without` this person.

    Under 16 it takes a parent with authority (methods.md §2, L8).
    """
    central = record.central_person
    return central is None or (
        central.age_band in _WITH_PARENTS and all(person is without for person in _parents(record))
    )


def can_be_asked(record: Record) -> bool:
    """Tell whether who decides can be asked about people in this phase, or is yet to be asked for the first time.

    Later nobody can say yes any more: whoever would have to be asked anew would be out for good.
    """
    definition = record.protocol.definition
    consent = definition.acts.get("consent")
    if consent is None:
        return False
    phases = list(definition.phases)
    open_ = phases if consent.phases == "all" else consent.phases
    return record.phase in open_ or phases.index(record.phase) < min(phases.index(phase) for phase in open_)


def needs_consent(person: Participant, record: Record) -> bool:
    """Tell whether somebody has to agree that this person takes part."""
    return not person.central and person.side != "facilitator" and all(d.id != person.id for d in deciders(record))


def answer_of(decider: str, person: str, record: Record) -> Literal["yes", "no"] | None:
    """Return a decider's latest answer about a person: "yes", "no" or None. Theirs alone to see.

    What was said before who decides was asked anew ("ask_consent") was about somebody on another side.
    """
    answers: dict[tuple[str, str], Literal["yes", "no"]] | None = record.worked_out.get("consents")
    if answers is None:
        answers = record.worked_out["consents"] = {}
        for voice in record.voices:
            if voice.kind == "consent":
                answers[voice.participant, voice.subject] = voice.value["answer"]
            elif voice.kind == "ask_consent":
                for about in [about for about in answers if about[1] == voice.subject]:
                    del answers[about]
    return answers.get((decider, person))


def still_asked(person: Participant, record: Record) -> list[Participant]:
    """Return whose yes is lacking, in a way that does not tell a no from a silence."""
    if not needs_consent(person, record):
        return []
    return [decider for decider in deciders(record) if answer_of(decider.id, person.id, record) != "yes"]


def is_welcome(person: Participant, record: Record) -> bool:
    """Tell whether everybody who decides said yes to this person (and so whether the door opens at all)."""
    known: dict[str, bool] = record.worked_out.setdefault("welcome", {})
    if person.id not in known:
        known[person.id] = not needs_consent(person, record) or (
            not lacks_decider(record) and not still_asked(person, record)
        )
    return known[person.id]
