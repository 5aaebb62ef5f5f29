"""Somebody is taken off the list, or becomes somebody else in the meeting, after others built on who they were."""

import json
from typing import Any

import httpx
import pytest
from pycrdt import Map
from websockets import ConnectionClosed

from meetings.storage.sealing import KeyRing
from tests.app.boards import open_board, open_events
from tests.app.driving import Meeting, Person, Rondom, let_in, meeting_in

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


def test_who_changes_sides_is_asked_about_anew_and_is_out_until_then(rondom: Rondom):
    meeting = meeting_in(rondom, "information")
    for decider in (meeting.sami, meeting.mama):
        assert meeting.linda.id not in asked_about(decider)
    changed = change(meeting, meeting.linda, role="family")
    assert changed.status_code == 200
    assert (changed.json()["side"], changed.json()["consent"]) == ("circle", "open")
    assert meeting.linda.browser.get(f"/api/m/{meeting.linda.id}").status_code == 401
    for decider in (meeting.sami, meeting.mama):
        assert meeting.linda.id in asked_about(decider)
        assert meeting.linda.browser.get(f"/api/m/{meeting.linda.id}").status_code == 401
        decider.does(f"people/{meeting.linda.id}/consent", answer="yes")
    assert meeting.linda.state()["me"]["side"] == "circle"
    # And back again: what was said of her as one of the circle says nothing of a professional.
    change(meeting, meeting.linda, role="professional")
    assert meeting.linda.browser.get(f"/api/m/{meeting.linda.id}").status_code == 401


def test_another_role_on_the_same_side_asks_nobody(rondom: Rondom):
    meeting = meeting_in(rondom, "information")
    assert change(meeting, meeting.oma, role="network").status_code == 200
    assert meeting.oma.state()["me"]["role"] == "network"


async def test_the_screen_of_who_changes_sides_closes_at_once(rondom: Rondom):
    meeting = meeting_in(rondom, "information")
    async with open_events(meeting.linda) as events, open_events(meeting.sami) as others:
        change(meeting, meeting.linda, role="family")
        await others.next()
        with pytest.raises(ConnectionClosed) as closed:
            await events.until_phase("never")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


def test_nobody_changes_sides_when_nobody_can_be_asked_any_more(rondom: Rondom):
    meeting = meeting_in(rondom, "agreement")
    refused = change(meeting, meeting.linda, role="family")
    assert refused.status_code == 409
    assert refused.json()["code"] == "nobody_is_asked_now"
    assert meeting.linda.state()["me"]["role"] == "professional"


def test_the_central_person_stays_of_the_circle(rondom: Rondom):
    meeting = meeting_in(rondom, "circle")
    refused = change(meeting, meeting.sami, role="professional")
    assert refused.status_code == 422
    assert refused.json()["code"] == "central_person_of_circle"
    assert change(meeting, meeting.sami, role="network").status_code == 200


def test_authority_goes_with_the_role_that_decides(rondom: Rondom):
    meeting = meeting_in(rondom, "circle")
    grandmother = {"name": "Oma Riet", "relation": "oma", "role": "family", "authority": True}
    for refused in (meeting.marieke.post("people", grandmother), change(meeting, meeting.oma, authority=True)):
        assert refused.status_code == 422
        assert refused.json()["code"] == "authority_is_a_parents"
    assert asked_about(meeting.oma) == []
    assert change(meeting, meeting.oma, role="parent", authority=True).status_code == 200
    # She decides along: she is asked about everybody else, and can answer.
    assert meeting.linda.id in asked_about(meeting.oma)
    meeting.oma.does(f"people/{meeting.linda.id}/consent", answer="yes")
    assert change(meeting, meeting.oma, role="family").json()["authority"] is False


@pytest.mark.parametrize("phase", ["agreement", "signing", "follow_up"])
def test_who_decides_stays_when_nobody_can_be_asked_any_more(rondom: Rondom, phase: str):
    meeting = meeting_in(rondom, phase)
    for person, changes in (
        (meeting.oma, {"role": "parent", "authority": True}),
        (meeting.mama, {"authority": False}),
        (meeting.sami, {"age_band": "16_17"}),
    ):
        refused = change(meeting, person, **changes)
        assert refused.status_code == 409
        assert refused.json()["code"] == "nobody_is_asked_now"
    stays = meeting.marieke.post(f"people/{meeting.mama.id}/remove")
    assert stays.status_code == 409
    assert stays.json()["code"] == "decider_stays"
    # What decides nothing may still be put right.
    assert change(meeting, meeting.mama, authority=True, age_band="18_plus", relation="mama").status_code == 200
    for person in meeting.everybody:
        person.state()


def test_who_decides_can_be_put_right_before_anybody_is_asked(rondom: Rondom):
    marieke = begin(rondom, "12_15")
    papa = marieke.does("people", name="Henk", role="parent")["id"]
    patched = marieke.browser.patch(f"/api/m/{marieke.id}/people/{papa}", json={"authority": True})
    assert patched.status_code == 200
    assert "Henk" in marieke.move("accept_referral")["missing"][1]["text"]


def test_a_child_of_12_to_15_does_not_decide_alone(rondom: Rondom):
    marieke = begin(rondom, "12_15")
    noor = let_in(rondom, marieke, next(one["id"] for one in marieke.state()["people"] if one["central"]))
    noor.does("yes-to-meeting", answer="yes")
    lacking = [item["text"] for item in noor.move("accept_referral")["missing"]]
    assert lacking == ["Zet een ouder met gezag op de lijst. Die beslist mee voor de hoofdpersoon."]
    assert noor.post("moves/accept_referral", {"version": noor.state()["version"]}).status_code == 409


def test_the_age_of_the_central_person_is_always_known(rondom: Rondom):
    meeting = meeting_in(rondom, "circle")
    refused = change(meeting, meeting.sami, age_band=None)
    assert refused.status_code == 422
    assert refused.json()["code"] == "age_band_needed"
    assert change(meeting, meeting.oma, age_band=None).status_code == 200


def change(meeting: Meeting, person: Person, **changes: Any) -> httpx.Response:
    """Change what is known about somebody, as who leads does."""
    return meeting.marieke.browser.patch(f"/api/m/{meeting.marieke.id}/people/{person.id}", json=changes)


def asked_about(decider: Person) -> list[str]:
    return [ask["subject"] for ask in decider.state()["to_do"] if ask["kind"] == "consent"]


def begin(rondom: Rondom, age_band: str) -> Person:
    """Begin a meeting with nobody in it yet but who it is about."""
    browser = rondom.coordinator()
    about = {"name": "Noor", "age_band": age_band}
    made = browser.post(
        "/api/meetings", json={"protocol": "eigen_kracht", "title": "Rond Noor", "central_person": about}
    ).json()
    return Person(made["participant"], browser)
