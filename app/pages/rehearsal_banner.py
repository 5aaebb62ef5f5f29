"""The banner on every screen of a rehearsal: that nothing is kept, as whom one can look, and where one can go."""

from typing import Any

from fastapi import Request

from app.texts import t
from meetings.consent import is_welcome
from meetings.record import Participant, Record


def note_rehearsal(request: Request, record: Record, me: Participant) -> None:
    """Remember, while a request is answered, that it is about a rehearsal."""
    if record.row.rehearsed_by is not None:
        request.state.rehearsal = (record, me)


def rehearsal_banner(request: Request, language: str) -> dict[str, Any] | None:
    """Return what the banner shows, or None outside a rehearsal."""
    seen: tuple[Record, Participant] | None = getattr(request.state, "rehearsal", None)
    if seen is None:
        return None
    record, me = seen
    words = record.protocol.words(language)
    return {
        "me": me.id,
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "side": person.side,
                "role_title": t(language, "state.central_person") if person.central else words.roles[person.role],
            }
            for person in record.people.values()
            if is_welcome(person, record)
        ],
        "phases": [{"id": phase, "title": words.phases[phase].title} for phase in record.protocol.definition.phases],
    }
