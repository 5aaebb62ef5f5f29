"""A new conference asks anew what was given for the one before; a step that is only corrected does not."""

import pytest

from tests.app.driving import Meeting, Person, Rondom, meeting_in


def missing(person: Person, move: str) -> set[str]:
    return {item["requirement"] for item in person.move(move)["missing"]}


def asked(person: Person) -> list[str]:
    return [ask["kind"] for ask in person.state()["to_do"]]


@pytest.fixture
def again(rondom: Rondom) -> Meeting:
    """A meeting that is prepared a second time, a year later."""
    meeting = meeting_in(rondom, "follow_up")
    meeting.sami.moves("begin_evaluation")
    meeting.sami.moves("new_conference")
    return meeting


def test_a_new_conference_is_prepared_anew(again: Meeting):
    assert again.marieke.state()["meeting"]["appointment"] is None
    assert again.marieke.browser.get("/api/meetings").json()["meetings"][0]["appointment_text"] == ""
    again.marieke.moves("prepare")
    assert missing(again.marieke, "begin_meeting") == {
        "safe_to_meet",
        "all_prepared",
        "meeting_appointed",
        "central_person_go",
    }
    people = again.marieke.state()["preparation"]["people"]
    assert {(one["prepared"], one["safety"] is None) for one in people} == {(False, True)}
    for decider in (again.sami, again.mama):
        assert "go" in asked(decider)
        assert "go" not in [one["kind"] for one in decider.state()["mine"]["answers"]]


def test_what_is_said_and_noted_for_the_new_conference_counts(again: Meeting):
    again.until("information")
    for person in again.circle:
        assert "no_questions" in asked(person)
    assert "info_same" in missing(again.marieke, "begin_private_time")
    again.until("private_time")


def test_bottom_lines_are_read_aloud_again_at_a_new_conference(rondom: Rondom):
    meeting = meeting_in(rondom, "information")
    meeting.marieke.does("bottom-lines/read-aloud")
    meeting.until("follow_up")
    meeting.sami.moves("begin_evaluation")
    meeting.sami.moves("new_conference")
    meeting.until("information")
    assert meeting.marieke.state()["sheet"]["bottom_lines_read"] is False


def test_who_goes_back_from_a_meeting_that_began_asks_anew_whether_it_may_begin(rondom: Rondom):
    meeting = meeting_in(rondom, "information")
    meeting.oma.does("no-questions", answer="yes")
    meeting.marieke.moves("back_to_preparation", reason="Oom Ahmed is er nog niet.")
    assert missing(meeting.marieke, "begin_meeting") == {"central_person_go"}
    meeting.sami.does("go", answer="yes")
    meeting.mama.does("go", answer="yes")
    meeting.marieke.moves("begin_meeting")
    assert "no_questions" in asked(meeting.oma)


def test_who_only_corrects_a_step_asks_nobody_again(rondom: Rondom):
    meeting = meeting_in(rondom, "preparation")
    meeting.sami.does("go", answer="yes")
    meeting.marieke.moves("back_to_circle")
    meeting.marieke.moves("prepare")
    assert "go" not in asked(meeting.sami)
    meeting.until("private_time")
    assert {"go", "no_questions"}.isdisjoint(asked(meeting.sami))
    meeting.sami.moves("reopen_information")
    meeting.oma.moves("reopen_information/confirm")
    assert "no_questions" not in asked(meeting.sami)
