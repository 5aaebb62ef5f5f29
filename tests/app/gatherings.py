"""Meetings in any way of meeting, with any people: begun by HTTP, everybody let in, nothing known of its phases."""

from pathlib import Path
from typing import Any

from tests.app.driving import Person, Rondom, let_in

WAYS = Path(__file__).resolve().parent.parent / "ways_of_meeting"

# A family, and somebody who helps, for the way of meeting in which every instrument stands.
EVERYBODY: dict[str, dict[str, Any]] = {
    "leyla": {"role": "parent", "authority": True, "age_band": "18_plus"},
    "oma": {"role": "friend"},
    "linda": {"role": "helper"},
}


def gather(
    rondom: Rondom,
    protocol: str,
    people: dict[str, dict[str, Any]],
    *,
    age_band: str = "12_15",
    frame: str = "voluntary",
) -> dict[str, Person]:
    """Begin a meeting and let everybody in; "lead" leads it and "central" is who it is about.

    Each is asked for by their first name in small letters. Those who decide say yes to everybody else.
    """
    browser = rondom.coordinator()
    made = browser.post(
        "/api/meetings",
        json={
            "protocol": protocol,
            "title": "Rond Sami",
            "central_person": {"name": "Sami", "age_band": age_band},
            "frame": frame,
        },
    )
    assert made.status_code == 201, made.text
    lead = Person(made.json()["participant"], browser)
    central = next(person["id"] for person in lead.state()["people"] if person["central"])
    there = {"lead": lead, "central": let_in(rondom, lead, central)}
    # Who decides comes in first, to say yes to the rest.
    for key, about in sorted(people.items(), key=lambda item: not item[1].get("authority", False)):
        there[key] = invite(rondom, there, key, **about)
    return there


def invite(rondom: Rondom, there: dict[str, Person], key: str, **about: Any) -> Person:
    """Put somebody on the list, have who decides say yes, and let them in."""
    lead = there["lead"]
    invited = lead.does("people", name=key.title(), **about)["id"]
    for person in there.values():
        if any(ask["kind"] == "consent" and ask["subject"] == invited for ask in person.state()["to_do"]):
            person.does(f"people/{invited}/consent", answer="yes")
    return let_in(rondom, lead, invited)
