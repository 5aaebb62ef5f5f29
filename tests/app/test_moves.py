"""Moves: who may, what is missing and who can mend it, and what happens when two press at once."""

import asyncio

import pytest

from tests.app.driving import Meeting, Rondom, meeting_in


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "preparation")


def test_a_move_says_what_it_does_to_whom_and_the_way_back_before_it_happens(meeting: Meeting):
    for move in meeting.marieke.state()["moves"]:
        assert move["effect"]
        assert move["back"]
    assert "Iedereen" in meeting.marieke.move("begin_meeting")["effect"]


def test_a_refused_move_lists_what_is_missing_in_words_and_who_can_mend_it(meeting: Meeting):
    version = meeting.marieke.state()["version"]
    refused = meeting.marieke.post("moves/begin_meeting", {"version": version, "reason": "Het moet."})
    assert refused.status_code == 409
    missing = {item["requirement"]: item for item in refused.json()["missing"]}
    assert missing["meeting_appointed"]["text"] == "Kies de dag en de plek."
    assert [who["name"] for who in missing["meeting_appointed"]["who"]] == ["Marieke"]
    assert [who["name"] for who in missing["central_person_go"]["who"]] == ["Leyla"]
    assert meeting.marieke.state()["phase"] == "preparation"


def test_of_two_presses_at_once_one_happens_and_the_other_is_told(meeting: Meeting):
    version = meeting.marieke.state()["version"]

    async def press_twice() -> list[int]:
        answers = await asyncio.gather(
            *(asyncio.to_thread(meeting.marieke.post, "moves/back_to_circle", {"version": version}) for _ in range(2))
        )
        assert {answer.json().get("code") for answer in answers} == {None, "moved_meanwhile"}
        return sorted(answer.status_code for answer in answers)

    assert asyncio.run(press_twice()) == [200, 409]
    assert meeting.marieke.state()["phase"] == "circle"
    assert meeting.marieke.state()["version"] == version + 1


def test_a_move_from_an_old_page_is_a_conflict_that_says_what_to_do(meeting: Meeting):
    version = meeting.marieke.state()["version"]
    meeting.marieke.moves("back_to_circle")
    late = meeting.marieke.post("moves/begin_meeting", {"version": version})
    assert late.status_code == 409
    assert late.json()["code"] == "moved_meanwhile"
    assert late.json()["message"]


def test_who_may_not_move_is_refused_and_sees_no_button(meeting: Meeting):
    version = meeting.sami.state()["version"]
    for person in (meeting.sami, meeting.linda):
        assert person.post("moves/begin_meeting", {"version": version}).status_code == 403
        assert not any(move["id"] == "begin_meeting" and move["may"] for move in person.state()["moves"])


def test_a_move_that_does_not_exist_or_does_not_leave_here_is_refused(meeting: Meeting):
    version = meeting.marieke.state()["version"]
    assert meeting.marieke.post("moves/fly", {"version": version}).status_code == 404
    assert meeting.marieke.post("moves/to_signing", {"version": version}).status_code == 409


def test_a_soft_requirement_is_passed_with_a_reason_and_a_hard_one_never(rondom: Rondom):
    meeting = meeting_in(rondom, "information")
    version = meeting.marieke.state()["version"]
    refused = meeting.marieke.post("moves/begin_private_time", {"version": version, "reason": "  "})
    assert refused.json()["code"] == "move_reason_needed"
    assert all(not item["hard"] for item in refused.json()["missing"])
    meeting.marieke.moves("begin_private_time", reason="Oma heeft geen telefoon.")
    assert meeting.sami.state()["phase"] == "private_time"


def test_stopping_is_the_central_persons_alone_and_asks_no_reason(meeting: Meeting):
    version = meeting.mama.state()["version"]
    for person in (meeting.mama, meeting.marieke, meeting.linda):
        assert person.post("moves/stop", {"version": version}).status_code == 403
    meeting.sami.moves("stop")
    assert meeting.marieke.state()["phase"] == "stopped"
    assert meeting.marieke.state()["moves"] == []


def test_saying_to_be_ready_moves_nothing(rondom: Rondom):
    meeting = meeting_in(rondom, "information")
    for person in meeting.everybody:
        person.does("ready", ready=True)
    assert meeting.marieke.state()["phase"] == "information"
    assert sum(bool(person["ready"]) for person in meeting.marieke.state()["people"]) == 5


def test_a_way_back_loses_nothing(meeting: Meeting):
    before = meeting.marieke.state()["preparation"]
    meeting.marieke.moves("back_to_circle")
    meeting.marieke.moves("prepare")
    assert meeting.marieke.state()["preparation"] == before


def test_preparation_is_ahead_until_the_meeting_that_asks_for_it_has_begun(rondom: Rondom):
    meeting = meeting_in(rondom, "preparation")
    assert meeting.marieke.state()["preparation"]["ahead"]
    for phase in ("information", "agreement", "follow_up"):
        meeting.until(phase)
        assert not meeting.marieke.state()["preparation"]["ahead"]


def test_each_step_names_all_who_may_make_it(rondom: Rondom):
    meeting = meeting_in(rondom, "follow_up")
    assert [one["name"] for one in meeting.marieke.move("begin_evaluation")["who"]] == [
        "Sami",
        "Leyla",
        "Oma Fatma",
    ]
    meeting.sami.moves("begin_evaluation")
    assert [one["name"] for one in meeting.marieke.move("close")["who"]] == ["Sami", "Leyla"]
