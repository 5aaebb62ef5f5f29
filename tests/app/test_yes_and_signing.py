"""An own yes to an agreement as it reads now, a plan that is frozen, and signatures on exactly that plan."""

from datetime import datetime, timedelta

import pytest

from app.words import NETHERLANDS, say_date
from tests.app.boards import open_board
from tests.app.driving import Meeting, Person, Rondom, meeting_in


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


def mine(person: Person, row: str) -> dict[str, object]:
    return next(agreement for agreement in person.state()["agreements"] if agreement["row"] == row)


async def write_after(person: Person, row: str, words: str) -> None:
    async with open_board(person, "plan") as board:
        await board.until(lambda b: row in b.values())
        board.type(row, "what", words)
        await board.saved()


def test_only_the_named_person_says_yes(meeting: Meeting):
    assert meeting.sami.post("agreements/eten/yes").status_code == 403
    assert meeting.marieke.post("agreements/eten/yes").status_code == 403
    meeting.oma.does("agreements/eten/yes")
    assert mine(meeting.oma, "eten")["mine"] == "yes"


async def test_a_change_of_the_text_takes_the_yes_away_and_asks_again(meeting: Meeting):
    meeting.oma.does("agreements/eten/yes")
    await write_after(meeting.sami, "eten", " en Joris")
    assert mine(meeting.oma, "eten")["mine"] == "asked_again"
    assert meeting.marieke.state()["answers"]["eten"][meeting.oma.id] == "asked_again"
    lacking = [item["requirement"] for item in meeting.marieke.move("to_signing")["missing"]]
    assert "owner_said_yes" in lacking


async def test_a_yes_to_words_that_changed_meanwhile_is_refused(meeting: Meeting):
    seen = mine(meeting.oma, "eten")["hash"]
    await write_after(meeting.sami, "eten", " elke dag")
    late = meeting.oma.post("agreements/eten/yes", {"hash": seen})
    assert late.status_code == 409
    assert late.json()["code"] == "agreement_changed"


def test_a_no_looks_to_others_like_a_question_that_is_still_open(meeting: Meeting):
    before = [person.state()["answers"] for person in (meeting.sami, meeting.marieke, meeting.linda)]
    meeting.oma.does("agreements/eten/no")
    assert [person.state()["answers"] for person in (meeting.sami, meeting.marieke, meeting.linda)] == before
    assert mine(meeting.oma, "eten")["mine"] == "no"


def test_signing_asks_for_every_part_of_an_agreement_and_a_review(rondom: Rondom):
    meeting = meeting_in(rondom, "private_time")
    plan = meeting.plan(who=[], when=None, otherwise="")
    plan["review"] = {"date": None, "convener": None}
    meeting.sami.moves("end_private_time", release=plan)
    meeting.oma.moves("end_private_time/confirm")
    keys = {item["requirement"] for item in meeting.marieke.move("to_signing")["missing"]}
    assert {"www", "plan_b", "review_dated", "owner_said_yes"} <= keys
    version = meeting.marieke.state()["version"]
    refused = meeting.marieke.post("moves/to_signing", {"version": version, "reason": "Snel."})
    assert refused.status_code == 409
    assert "wij" not in refused.json()["message"]


def test_we_is_nobody(rondom: Rondom):
    meeting = meeting_in(rondom, "private_time")
    meeting.sami.moves("end_private_time", release=meeting.plan(what="wij eten samen"))
    meeting.oma.moves("end_private_time/confirm")
    assert any("wij" in item["text"].lower() for item in meeting.marieke.move("to_signing")["missing"])


def frozen(meeting: Meeting, version: int | None = None) -> dict[str, object]:
    query = f"?version={version}" if version else ""
    plan: dict[str, object] = meeting.oma.browser.get(f"/api/m/{meeting.oma.id}/plan{query}").json()
    return plan


def test_nothing_in_a_frozen_plan_ever_changes_and_a_change_makes_the_next_version(meeting: Meeting):
    meeting.until("follow_up")
    first = frozen(meeting)
    meeting.marieke.moves("reopen_plan", reason="Oma verhuist.")
    assert frozen(meeting) == first
    meeting.oma.does("agreements/eten/yes")
    meeting.linda.does("agreements/bellen/yes")
    meeting.marieke.moves("to_signing")
    second = frozen(meeting)
    assert second["version"] == 2
    assert second["signatures"] == []
    assert frozen(meeting, 1) == {**first, "versions": [1, 2]}


async def test_the_board_of_a_frozen_plan_is_read_only(meeting: Meeting):
    meeting.until("signing")
    before = frozen(meeting)
    for person in meeting.circle:
        async with open_board(person, "plan") as board:
            await board.until(lambda b: "eten" in b.values())
            board.type("eten", "what", " toch niet")
            await board.until(lambda b: b.denials or b.closed_with)
    assert frozen(meeting) == before
    values = meeting.oma.browser.get(f"/api/m/{meeting.oma.id}/boards/plan").json()
    assert values["agreements"][0]["what"] == "eet op woensdag met Sami"


def test_each_signs_the_hash_they_read_and_only_once(meeting: Meeting):
    meeting.until("signing")
    sha256 = meeting.oma.state()["plan"]["sha256"]
    wrong = meeting.oma.post("signature", {"sha256": "0" * 64, "choice": "stand_behind", "typed_name": "Oma"})
    assert wrong.status_code == 409
    assert wrong.json()["code"] == "plan_replaced"
    meeting.oma.does("signature", sha256=sha256, choice="stand_behind", typed_name="Oma Fatma")
    again = meeting.oma.post("signature", {"sha256": sha256, "choice": "not_signing"})
    assert again.status_code == 409
    assert again.json()["code"] == "already_signed"


@pytest.mark.parametrize("first", ["not_signing", "yes_but"])
def test_who_did_not_stand_behind_the_plan_may_still_do_so(meeting: Meeting, rondom: Rondom, first: str):
    meeting.until("signing")
    sha256 = meeting.oma.state()["plan"]["sha256"]
    meeting.oma.does("signature", sha256=sha256, choice=first, typed_name="Oma", words="Niet in de vakantie.")
    meeting.oma.does("signature", sha256=sha256, choice="stand_behind", typed_name="Oma Fatma")
    plan = meeting.oma.state()["plan"]
    assert plan["my_signature"] == {"choice": "stand_behind", "words": ""}
    assert [(one["id"], one["choice"]) for one in plan["signed"]] == [(meeting.oma.id, "stand_behind")]
    assert [one["choice"] for one in frozen(meeting)["signatures"]] == ["stand_behind"]  # type: ignore[attr-defined]
    assert rondom.count("signature") == 2
    taken_back = meeting.oma.post("signature", {"sha256": sha256, "choice": "not_signing"})
    assert taken_back.json()["code"] == "already_signed"


def test_the_sentence_signed_is_kept_as_it_was_shown(meeting: Meeting):
    meeting.until("signing")
    meeting.oma.does("language", language="en")
    sha256 = meeting.oma.state()["plan"]["sha256"]
    meeting.oma.does("signature", sha256=sha256, choice="stand_behind", typed_name="Fatma")
    meeting.oma.does("language", language="nl")
    signature = frozen(meeting)["signatures"][0]  # type: ignore[index]
    assert signature["sentence"].startswith("I have read")


@pytest.mark.parametrize(
    ("choice", "more", "status"),
    [
        ("stand_behind", {"typed_name": "Oma"}, 200),
        ("stand_behind", {"ink_svg": "M10 10L20 20"}, 200),
        ("stand_behind", {}, 422),
        ("yes_but", {"typed_name": "Oma"}, 200),
        ("yes_but", {"typed_name": "Oma", "words": "Niet in de vakantie."}, 200),
        ("not_signing", {}, 200),
        ("not_signing", {"words": "Ik wil het niet."}, 200),
        ("maybe", {"typed_name": "Oma"}, 422),
        ("stand_behind", {"ink_svg": '"><script>'}, 422),
    ],
)
def test_words_are_never_demanded_and_a_name_or_a_drawing_is(
    meeting: Meeting, choice: str, more: dict[str, str], status: int
):
    meeting.until("signing")
    sha256 = meeting.oma.state()["plan"]["sha256"]
    assert meeting.oma.post("signature", {"sha256": sha256, "choice": choice, **more}).status_code == status


def test_the_signed_plan_opens_from_the_same_link_weeks_later(meeting: Meeting, rondom: Rondom):
    meeting.until("follow_up")
    rondom.change("UPDATE visit SET seen_at = '2026-01-01 00:00:00.000000'")
    assert meeting.oma.browser.get(f"/m/{meeting.oma.id}/plan").status_code == 401
    id_, secret = meeting.oma.link.split("/u/")[1].split("#")
    browser = rondom.browser()
    assert browser.post("/api/enter", json={"id": id_, "secret": secret}).status_code == 200
    page = browser.get(f"/m/{id_}/plan")
    assert page.status_code == 200
    assert page.text.index("eet op woensdag met Sami") < page.text.index("belt op vrijdag met mama")


@pytest.mark.parametrize(("days", "waits"), [(40, True), (0, False)])
def test_a_signed_plan_rests_until_the_day_to_look_back(rondom: Rondom, days: int, waits: bool):
    day = datetime.now(NETHERLANDS).date() + timedelta(days=days)
    meeting = meeting_in(rondom, "private_time")
    plan = {**meeting.plan(), "review": {"date": day.isoformat(), "convener": meeting.oma.id}}
    meeting.sami.moves("end_private_time", release=plan)
    meeting.oma.moves("end_private_time/confirm")
    meeting.until("signing")
    assert meeting.marieke.state()["plan"]["rests_until_text"] == ""
    meeting.until("follow_up")
    assert meeting.marieke.state()["plan"]["rests_until_text"] == (say_date(day, "nl") if waits else "")
    meeting.oma.moves("begin_evaluation")
    assert meeting.marieke.state()["plan"]["rests_until_text"] == ""
