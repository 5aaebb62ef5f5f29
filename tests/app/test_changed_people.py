"""Somebody is taken off the list, or becomes somebody else in the meeting, after others built on who they were."""

import json
from typing import Any

from pycrdt import Map

from meetings.storage.sealing import KeyRing
from tests.app.boards import open_board
from tests.app.driving import Meeting, Person, Rondom, meeting_in

GONE = "Iemand die niet meer meedoet"


def take_off(meeting: Meeting, person: Person) -> None:
    meeting.marieke.does(f"people/{person.id}/remove")


def frozen(person: Person) -> dict[str, Any]:
    answer = person.browser.get(f"/api/m/{person.id}/plan")
    assert answer.status_code == 200, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


def pages_of(person: Person) -> list[str]:
    """All that somebody's browser can open of a meeting, each of which must come."""
    read = []
    for path in ("m/{}", "m/{}/plan", "api/m/{}", "api/m/{}/plan", "api/m/{}/boards/plan"):
        answer = person.browser.get("/" + path.format(person.id))
        assert answer.status_code < 500, (path, answer.status_code)
        read.append(answer.text)
    return read


def paper_of(person: Person) -> str:
    """What the signed plan says, without the texts that its script may say."""
    return person.browser.get(f"/m/{person.id}/plan").text.split("<article")[1].split("</article>")[0]


def what_is_asked(missing: dict[str, Any]) -> list[str]:
    return [item["text"] for item in missing["missing"] if item["hard"]]


async def test_a_plan_is_not_frozen_while_somebody_in_it_is_no_longer_on_the_list(rondom: Rondom):
    meeting = meeting_in(rondom, "private_time")
    meeting.sami.moves("end_private_time", release=meeting.plan(who=[meeting.oma.id, meeting.linda.id]))
    meeting.oma.moves("end_private_time/confirm")
    meeting.oma.does("agreements/eten/yes")
    take_off(meeting, meeting.linda)

    lacking = what_is_asked(meeting.marieke.move("to_signing"))
    assert "Bij ‘eet op woensdag met Sami’ staat iemand die niet meer op de lijst staat. Kies iemand anders." in lacking
    assert not any("Wie doet" in text for text in lacking)
    version = meeting.marieke.state()["version"]
    refused = meeting.marieke.post("moves/to_signing", {"version": version, "reason": "Toch."})
    assert refused.status_code == 409
    for person in (meeting.marieke, *meeting.circle):
        pages_of(person)

    async with open_board(meeting.oma, "plan") as board:
        await board.until(lambda b: "eten" in b.values())
        for row in ("eten", "bellen"):
            board.rows[row]["who"] = Map({meeting.oma.id: True})
        board.rows["bellen"]["checker"] = meeting.mama.id
        await board.saved()
    for row in ("eten", "bellen"):
        meeting.oma.does(f"agreements/{row}/yes")
    meeting.marieke.moves("to_signing")
    plan = frozen(meeting.oma)
    assert {who for agreement in plan["values"]["agreements"] for who in agreement["who"]} == {meeting.oma.id}
    assert meeting.linda.id not in json.dumps(plan)


async def test_who_keeps_an_eye_or_calls_the_review_and_is_gone_counts_as_not_chosen(rondom: Rondom):
    meeting = meeting_in(rondom, "private_time")
    plan = meeting.plan(checker=meeting.linda.id)
    meeting.sami.moves("end_private_time", release={**plan, "agreements": plan["agreements"][:1]})
    meeting.oma.moves("end_private_time/confirm")
    meeting.oma.does("agreements/eten/yes")
    take_off(meeting, meeting.linda)
    move = meeting.marieke.move("to_signing")
    assert [item["text"] for item in move["missing"]] == ["Wie let mee op bij ‘eet op woensdag met Sami’?"]
    meeting.marieke.moves("to_signing", reason="Dat komt nog.")
    frozen_plan = frozen(meeting.oma)
    assert frozen_plan["values"]["agreements"][0]["checker"] is None
    assert meeting.linda.id not in json.dumps(frozen_plan)
    for person in (meeting.marieke, *meeting.circle):
        pages_of(person)
        assert GONE not in paper_of(person)


def test_the_review_waits_for_somebody_who_is_still_there(rondom: Rondom):
    meeting = meeting_in(rondom, "agreement")
    take_off(meeting, meeting.oma)
    lacking = what_is_asked(meeting.marieke.move("to_signing"))
    assert "Wie uit de kring roept dan iedereen bij elkaar?" in lacking


def test_a_plan_that_was_frozen_with_somebody_without_a_name_can_still_be_read(rondom: Rondom):
    meeting = meeting_in(rondom, "signing")
    leave_out_the_name_of(meeting.oma, rondom)
    for person in meeting.everybody:
        pages_of(person)
        # She does one thing, keeps an eye on another, and calls the review.
        assert paper_of(person).count(GONE) == 3


def leave_out_the_name_of(person: Person, rondom: Rondom) -> None:
    """Change what is stored as no command can any more: a frozen plan names somebody whose name it did not keep."""
    [(meeting, version, sealed)] = rondom.store.ask("SELECT meeting_id, version, sealed FROM plan")
    [(wrapped,)] = rondom.store.ask("SELECT wrapped FROM meeting_key WHERE meeting_id = ?", meeting)
    key = KeyRing.from_file(rondom.settings.data / "master.key").unwrap(meeting, wrapped)
    content = key.open_values(sealed, f"plan/{meeting}/{version}")
    del content["people"][person.id]
    rondom.change("UPDATE plan SET sealed = ?", key.seal_values(content, f"plan/{meeting}/{version}"))
    person.does("language", language="nl")
