"""Own voices: what one person says for themself. Appended, never changed by anyone else (DESIGN.md §2)."""

from typing import Any

from meetings.asked_anew import counts
from meetings.record import Participant, Record, Voice
from meetings.storage.tables import VoiceRow

# What is said for one meeting, and asked anew for the next, with the requirement that it fulfils.
_FOR_ONE_MEETING = {"go": "central_person_go", "no_questions": "info_same", "bottom_lines_read": "bottomlines_read"}
# What was laid down for the whole meeting stays when the person who said it is taken off the list.
_FOR_THE_WHOLE_MEETING = frozenset({"bottom_line", "bottom_lines_read"})


def speak(record: Record, by: Participant, kind: str, subject: str, value: dict[str, Any]) -> Voice:
    """Append what `by` says. Of one kind and subject the latest counts."""
    voice = Voice(by.id, kind, subject, record.now(), value)
    record.session.add(
        VoiceRow(
            meeting_id=record.id,
            participant_id=by.id,
            kind=kind,
            subject=subject,
            at=voice.at,
            sealed=record.key.seal_values(value, f"voice/{record.id}/{by.id}/{kind}"),
        )
    )
    record.voices.append(voice)
    record.worked_out.clear()
    return voice


def latest(record: Record, kind: str, subject: str | None = None) -> dict[tuple[str, str], Voice]:
    """Return the voices of a kind that count, by participant and subject: of people still taking part, but for
    bottom lines, which are the meeting's. What was asked anew since is not among them.
    """
    asks = _FOR_ONE_MEETING.get(kind, "")
    return {
        (voice.participant, voice.subject): voice
        for voice in record.voices
        if voice.kind == kind
        and (voice.participant in record.people or kind in _FOR_THE_WHOLE_MEETING)
        and subject in (None, voice.subject)
        and counts(record, asks, voice.at)
    }


def said(record: Record, who: str, kind: str, subject: str = "") -> dict[str, Any] | None:
    """Return what `who` said last, or None."""
    voice = latest(record, kind, subject).get((who, subject))
    return None if voice is None else voice.value


def who_said(record: Record, kind: str, subject: str = "", **value: object) -> frozenset[str]:
    """Return everybody whose latest voice of a kind holds these values, such as answer="yes"."""
    return frozenset(
        voice.participant
        for voice in latest(record, kind, subject).values()
        if all(voice.value.get(name) == wanted for name, wanted in value.items())
    )
