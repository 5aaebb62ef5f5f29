"""Looking back after a circle meeting: the circle's own, each agreement in its place (methods.md §4.3, E8 to E10)."""

import pytest
from pycrdt import Map, Text

from tests.app.boards import open_board
from tests.app.driving import Meeting, Person, Rondom, meeting_in


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "follow_up")


async def write(person: Person, instrument: str, text: str, part: str) -> None:
    async with open_board(person, "evaluation") as board:
        rows = board.document.get(instrument, type=Map)
        with board.document.transaction():
            rows[f"{instrument}-1"] = Map({"order": "a0", "text": Text(text), "part": part})
        await board.saved()


def lacking(person: Person, move: str) -> set[tuple[str, bool]]:
    return {(item["text"], item["hard"]) for item in person.move(move)["missing"]}


async def test_the_circle_looks_back_and_goes_on_without_a_coordinator(meeting: Meeting):
    version = meeting.marieke.state()["version"]
    assert meeting.marieke.post("moves/begin_evaluation", {"version": version}).status_code == 403
    meeting.oma.moves("begin_evaluation")
    assert [board["access"] for board in meeting.oma.state()["boards"] if board["id"] == "evaluation"] == ["write"]
    for person in (meeting.marieke, meeting.linda):
        assert [board["access"] for board in person.state()["boards"] if board["id"] == "evaluation"] == ["read"]
    for move in ("continue_plan", "renew_plan"):
        version = meeting.marieke.state()["version"]
        assert meeting.marieke.post(f"moves/{move}", {"version": version, "reason": "Ik bel."}).status_code == 403
    assert lacking(meeting.oma, "continue_plan") == {
        ("Schrijf op hoe het met de afspraken ging.", False),
        ("Schrijf op wanneer u elkaar weer ziet.", False),
    }
    assert lacking(meeting.sami, "close") == {("Schrijf op hoe het met de afspraken ging.", False)}
    await write(meeting.oma, "went", "eten op woensdag", "worked")
    async with open_board(meeting.sami, "evaluation") as board:
        board.document.get("next_time", type=Text).insert(0, "15 januari, bij oma")
        await board.saved()
    meeting.sami.moves("continue_plan")
    assert meeting.oma.state()["phase"] == "follow_up"


def test_when_it_is_usual_to_look_back_stands_in_the_words(meeting: Meeting):
    assert "6 tot 12 weken" in meeting.oma.state()["phase_text"]["sentence"]


def test_the_circle_changes_the_plan_by_itself(meeting: Meeting):
    meeting.oma.moves("begin_evaluation")
    meeting.mama.moves("renew_plan")
    assert meeting.oma.state()["phase"] == "agreement"
