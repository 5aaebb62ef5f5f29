"""What somebody answered stands on their own screen, to say otherwise while they may: a "nee" is no dead end."""

from typing import Any

import pytest

from tests.app.driving import Person, Rondom, meeting_in

ASKED: dict[str, tuple[str, str, str, str]] = {
    # the kind of question: who answers it, in which phase, for which move, and what that move then asks for
    "yes_to_meeting": ("mama", "circle", "", ""),
    "independent": ("marieke", "circle", "", ""),
    "go": ("sami", "preparation", "begin_meeting", "central_person_go"),
    "no_questions": ("oma", "information", "begin_private_time", "info_same"),
}


def answer_to(person: Person, kind: str) -> dict[str, Any] | None:
    return next((one for one in person.state()["mine"]["answers"] if one["kind"] == kind), None)


def asked(person: Person) -> list[str]:
    return [ask["kind"] for ask in person.state()["to_do"]]


def missing(person: Person, move: str) -> set[str]:
    return {item["requirement"] for item in person.move(move)["missing"]}


@pytest.mark.parametrize("kind", ASKED)
def test_a_no_stands_among_the_own_answers_and_becomes_a_yes(rondom: Rondom, kind: str):
    who, phase, move, requirement = ASKED[kind]
    meeting = meeting_in(rondom, phase)
    person: Person = getattr(meeting, who)
    person.does(kind.replace("_", "-"), answer="no")
    told = answer_to(person, kind)
    assert told is not None
    assert told["answer"] == "no"
    assert told["text"].endswith("?")
    assert kind not in asked(person)
    if move:
        assert requirement in missing(meeting.marieke, move)
    person.does(kind.replace("_", "-"), answer="yes")
    told = answer_to(person, kind)
    assert told is not None
    assert told["answer"] == "yes"
    if move:
        assert who not in [one["name"] for item in meeting.marieke.move(move)["missing"] for one in item["who"]]


def test_after_a_no_that_became_a_yes_the_coordinator_goes_on(rondom: Rondom):
    meeting = meeting_in(rondom, "preparation")
    meeting.sami.does("go", answer="no")
    meeting.sami.does("go", answer="yes")
    meeting.until("information")


@pytest.mark.parametrize("kind", ["go", "no_questions"])
def test_a_no_is_shown_to_nobody_else(rondom: Rondom, kind: str):
    who, phase, _move, _requirement = ASKED[kind]
    meeting = meeting_in(rondom, phase)
    person: Person = getattr(meeting, who)
    others = [other for other in meeting.everybody if other is not person]

    def seen() -> list[object]:
        return [{key: value for key, value in other.state().items() if key != "now"} for other in others]

    before = seen()
    person.does(kind.replace("_", "-"), answer="no")
    assert seen() == before


def test_own_words_can_be_changed_and_so_can_rather_saying_nothing(rondom: Rondom):
    meeting = meeting_in(rondom, "preparation")
    meeting.sami.does("statement", declined=True)
    told = answer_to(meeting.sami, "statement")
    assert told is not None
    assert (told["answer"], told["words"]) == ("no", "")
    meeting.sami.does("statement", text="Ik wil weer naar voetbal.")
    told = answer_to(meeting.sami, "statement")
    assert told is not None
    assert (told["answer"], told["words"]) == ("yes", "Ik wil weer naar voetbal.")
    assert answer_to(meeting.mama, "statement") is None


def test_rather_writing_nothing_and_a_no_to_somebody_are_answers_of_the_same_shape(rondom: Rondom):
    meeting = meeting_in(rondom, "preparation")
    meeting.oma.does("view", text="")
    meeting.sami.does(f"people/{meeting.linda.id}/consent", answer="no")
    view, consents = answer_to(meeting.oma, "view"), meeting.sami.state()["mine"]["answers"]
    assert view is not None
    assert (view["answer"], view["words"]) == ("no", "")
    assert [one["answer"] for one in consents if one["subject"] == meeting.linda.id] == ["no"]


def test_an_answer_that_can_no_longer_be_changed_is_not_offered(rondom: Rondom):
    meeting = meeting_in(rondom, "information")
    assert answer_to(meeting.sami, "go") is None
    assert meeting.sami.post("go", {"answer": "no"}).status_code == 403
