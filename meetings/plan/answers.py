"""Everybody's own yes to their own agreements. A yes belongs to the exact words it was given to."""

from typing import Literal

from meetings.door import must
from meetings.plan.values import Agreement
from meetings.record import Participant, Record
from meetings.refusals import NotFound, NotYours, Refusal
from meetings.voices import said, speak

Answer = Literal["yes", "no", "open", "asked_again"]


def answer_agreement(
    record: Record, row: str, answer: Literal["yes", "no"], seen: str | None, *, by: Participant
) -> None:
    """Keep what `by` says to an agreement that names them.

    `seen` is the hash of the words on their screen; when the words have changed since, nothing is kept.
    Raises NotFound, NotYours, or Refusal "agreement_changed".
    """
    must(by, "answer_agreement", record)
    agreement = record.plan_values.agreement(row)
    if agreement is None:
        raise NotFound("no_such_agreement")
    if by.id not in agreement.who:
        raise NotYours("agreement_names_others")
    if seen is not None and seen != agreement.hash:
        raise Refusal("agreement_changed")
    speak(record, by, "agreement", row, {"answer": answer, "hash": agreement.hash})


def answer_to(agreement: Agreement, person: str, record: Record) -> Answer:
    """Return what `person` says to an agreement as it stands now. A no is that person's own to see."""
    value = said(record, person, "agreement", agreement.row)
    if value is None:
        return "open"
    if value["hash"] == agreement.hash:
        return "yes" if value["answer"] == "yes" else "no"
    return "asked_again" if value["answer"] == "yes" else "open"


def answer_as_others_see_it(agreement: Agreement, person: str, record: Record) -> Answer:
    """Return the answer for everybody else's eyes: a no looks like a question that is still open."""
    answer = answer_to(agreement, person, record)
    return "open" if answer == "no" else answer
