"""What one person is asked by name and may answer now, and what they said to it: one voice to each question."""

from collections.abc import Iterator
from typing import Any

from meetings.consent import answer_of, deciders, needs_consent
from meetings.door import may
from meetings.record import Participant, Record
from meetings.signing.signatures import asked_to_sign, signature_of
from meetings.voices import latest, said


def own_questions(record: Record, me: Participant) -> Iterator[tuple[str, str | None, dict[str, Any] | None]]:
    """Yield each question: its kind, whom it is about when it is about somebody, and what was said, or None."""
    decides = me.id in {decider.id for decider in deciders(record)}
    if decides and may(me, "say_yes_to_meeting", record):
        yield "yes_to_meeting", None, said(record, me.id, "yes_to_meeting")
    if may(me, "say_independent", record):
        yield "independent", None, said(record, me.id, "independent")
    if decides and may(me, "consent", record):
        for person in record.people.values():
            if needs_consent(person, record):
                answer = answer_of(me.id, person.id, record)
                yield "consent", person.id, None if answer is None else {"answer": answer}
    if decides and may(me, "set_question", record) and not record.about.get("question"):
        yield "question", None, None
    if may(me, "give_statement", record):
        statement = said(record, me.id, "statement")
        # Whoever may speak for the central person did, or the central person is asked.
        if statement is not None or (me.central and not latest(record, "statement")):
            yield "statement", None, statement
    if decides and may(me, "say_go", record):
        yield "go", None, said(record, me.id, "go")
    if may(me, "give_view", record):
        yield "view", None, said(record, me.id, "view")
    if may(me, "say_no_questions", record):
        yield "no_questions", None, said(record, me.id, "no_questions")


def is_asked_to_sign(record: Record, me: Participant) -> bool:
    """Tell whether somebody may sign the newest plan now and did not say yet whether they do."""
    return (
        may(me, "sign", record)
        and me.id in {person.id for person in asked_to_sign(record)}
        and signature_of(record, me.id) is None
    )
