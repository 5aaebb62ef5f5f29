"""What is prepared and said before and around the meeting: the question, day and place, and everybody's own part."""

from datetime import datetime
from typing import Literal

from meetings.consent import deciders
from meetings.course import log_event
from meetings.door import may, must
from meetings.people import new_id
from meetings.record import Participant, Record
from meetings.refusals import NotYours, Refusal
from meetings.voices import speak

YesNo = Literal["yes", "no"]


def set_question(record: Record, text: str, *, by: Participant) -> None:
    """Set the one question of the meeting, in the family's own words."""
    must(by, "set_question", record)
    record.about["question"] = text.strip()
    record.keep_about()
    log_event(record, "question_set", by)


def set_appointment(record: Record, starts_at: datetime, place: str, *, by: Participant) -> None:
    """Set when and where the circle meets; `starts_at` is the wall clock in the Netherlands.

    Raises NotYours, or Refusal "day_is_past": nobody can come on a day before today.
    """
    must(by, "set_appointment", record)
    if starts_at.date() < record.today():
        raise Refusal("day_is_past")
    record.about["appointment"] = {
        "starts_at": starts_at.isoformat(timespec="minutes"),
        "place": place.strip(),
        "made_at": record.now().isoformat(),
    }
    record.keep_about()
    log_event(record, "appointment_set", by)


def say_yes_to_meeting(record: Record, answer: YesNo, *, by: Participant) -> None:
    """The central person, or who decides with them, says yes or no to having this meeting at all."""
    _decide(record, "say_yes_to_meeting", "yes_to_meeting", answer, by)


def say_go(record: Record, answer: YesNo, *, by: Participant) -> None:
    """The central person, or who decides with them, says that the meeting may begin."""
    _decide(record, "say_go", "go", answer, by)


def say_independent(record: Record, answer: YesNo, *, by: Participant) -> None:
    """The coordinator says to have no other part in what is going on."""
    must(by, "say_independent", record)
    speak(record, by, "independent", "", {"answer": answer})


def give_statement(record: Record, text: str, declined: bool, asked_by: str | None, *, by: Participant) -> None:
    """Keep the central person's own words, or that they would rather not, and who asked."""
    must(by, "give_statement", record)
    speak(record, by, "statement", "", {"text": text.strip(), "declined": declined, "asked_by": asked_by})


def give_view(record: Record, text: str, *, by: Participant) -> None:
    """Keep somebody's own part of the information sheet; an empty text takes it back."""
    must(by, "give_view", record)
    speak(record, by, "view", "", {"text": text.strip()})


def say_no_questions(record: Record, answer: YesNo, *, by: Participant) -> None:
    """Somebody of the circle says to have no more questions, or to have one after all."""
    must(by, "say_no_questions", record)
    speak(record, by, "no_questions", "", {"answer": answer})


def say_ready(record: Record, ready: bool, *, by: Participant) -> None:
    """Somebody says to be ready, for themself. It moves nothing, and does not outlive the phase."""
    must(by, "say_ready", record)
    speak(record, by, "ready", ready_subject(record), {"ready": ready})


def ready_subject(record: Record) -> str:
    """Return what being ready is about: this phase, this time."""
    return f"{record.phase}/{record.version}"


def set_bottom_line(record: Record, what: str, why: str, ground: str, late_reason: str = "", *, by: Participant) -> str:
    """Set a safety minimum that the plan must meet: a what, never a how. Return its id.

    After private time a new one needs a reason (methods.md §10.1, P12). Raises NotYours, Refusal "late_needs_reason".
    """
    on_time = may(by, "set_bottom_line", record)
    if not on_time:
        must(by, "set_late_bottom_line", record)
        if not late_reason.strip():
            raise Refusal("late_needs_reason")
    line = new_id()
    about = {"what": what.strip(), "why": why.strip(), "ground": ground.strip()}
    speak(record, by, "bottom_line", line, about | {"late_reason": "" if on_time else late_reason.strip()})
    log_event(record, "bottom_line_set", by, bottom_line=line, late=not on_time)
    return line


def note_read_aloud(record: Record, *, by: Participant) -> None:
    """Note that the bottom lines were read aloud to everybody."""
    must(by, "read_bottom_lines_aloud", record)
    speak(record, by, "bottom_lines_read", "", {})
    log_event(record, "bottom_lines_read", by)


def call(record: Record, person_id: str, *, by: Participant) -> None:
    """The circle calls somebody from outside the closed door: their lamp goes on."""
    must(by, "call", record)
    called = record.person(person_id)
    if called.side == "circle":
        raise Refusal("call_somebody_outside")
    record.about["call"] = {"by": by.id, "for": called.id, "at": record.now().isoformat()}
    record.keep_about()
    # Who of the circle called is nobody's business outside it (methods.md §10.3.6).
    log_event(record, "called", None, called=called.id)


def end_call(record: Record, *, by: Participant) -> None:
    """The circle puts the lamp out."""
    must(by, "call", record)
    record.about.pop("call", None)
    record.keep_about()


def _decide(record: Record, act: str, kind: str, answer: YesNo, by: Participant) -> None:
    must(by, act, record)
    if by.id not in {decider.id for decider in deciders(record)}:
        raise NotYours("others_decide")
    speak(record, by, kind, "", {"answer": answer})
