"""What a move asks anew: what was said, noted or appointed before it no longer counts, and is kept all the same.

A new conference, or going back from a meeting that began, starts without the yeses of the one before. Which move asks
what anew, the protocol says (Move.asks_anew).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from meetings.record import Participant, Record


def ask_anew(record: Record, requirements: Iterable[str]) -> None:
    """Let nothing that was given before now count for these requirements. Whoever calls keeps the meeting's content."""
    now = record.now().isoformat()
    since = record.about.get("asked_anew", {})
    record.about["asked_anew"] = since | dict.fromkeys(requirements, now)
    record.worked_out.clear()


def counts(record: Record, requirement: str, at: datetime | str | None) -> bool:
    """Tell whether what was given at this moment still counts for a requirement.

    None is a moment nobody kept, as in meetings from before there was asking anew: it counts until it is asked anew.
    """
    since = record.about.get("asked_anew", {}).get(requirement)
    if since is None:
        return True
    given = datetime.fromisoformat(at) if isinstance(at, str) else at
    return given is not None and given >= datetime.fromisoformat(since)


def appointment_of(record: Record) -> dict[str, Any] | None:
    """Return day and place of the meeting that is ahead or going on, or None."""
    made: dict[str, Any] | None = record.about.get("appointment")
    return made if made and counts(record, "meeting_appointed", made.get("made_at")) else None


def is_prepared(person: Participant, record: Record) -> bool:
    """Tell whether somebody was spoken with personally for this meeting."""
    about = person.about
    return bool(about.get("prepared")) and counts(record, "all_prepared", about.get("prepared_at"))


def safety_of(person: Participant, record: Record) -> dict[str, Any] | None:
    """Return what was noted of somebody's safety in this meeting, or None."""
    noted: dict[str, Any] | None = person.about.get("safety")
    return noted if noted and counts(record, "safe_to_meet", person.about.get("safety_at")) else None
