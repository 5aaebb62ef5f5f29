"""Scales and rounds: each answers unseen, all see the answers together, and a child's number stays the child's."""

import pytest
from pycrdt import Map, Text

from tests.app.boards import Board, open_board
from tests.app.driving import Person, Rondom
from tests.app.gatherings import EVERYBODY, WAYS, gather

pytestmark = pytest.mark.settings(protocols=[WAYS])

Everybody = dict[str, Person]


@pytest.fixture
def there(rondom: Rondom) -> Everybody:
    return gather(rondom, "every_part", {"noor": {"role": "child"}, **EVERYBODY})


def voice(person: Person, id_: str) -> dict:
    return next(one for one in person.state()["voices"] if one["id"] == id_)


def number(person: Person, id_: str, given: int, why: str = "", *, item: str = "", share: bool = False) -> None:
    person.does(f"voices/{id_}/answer", numbers=[{"item": item, "number": given, "why": why}], share=share)


async def write_pair(board: Board, row: str = "een") -> None:
    pairs = board.document.get("goals", type=Map)
    with board.document.transaction():
        pairs[row] = Map(
            {
                "order": "a0",
                "danger": Text("Sami is 's avonds alleen."),
                "goal": Text("Er is elke avond iemand thuis."),
                "zero": Text("Elke avond alleen"),
                "ten": Text("Nooit meer alleen"),
            }
        )
    await board.saved()


def test_nobody_sees_a_number_until_all_are_shown_together(there: Everybody):
    there["lead"].does("voices/grip/ask")
    number(there["oma"], "grip", 7, "Leyla belt nu zelf.")
    for key, person in there.items():
        state = person.browser.get(f"/api/m/{person.id}").text
        assert ("Leyla belt nu zelf." in state) == (key == "oma")
        assert voice(person, "grip")["results"] == []
    number(there["linda"], "grip", 3)
    there["lead"].does("voices/grip/show")
    for person in there.values():
        (result,) = voice(person, "grip")["results"]
        assert (result["lowest"], result["highest"]) == (3, 7)
        assert {(one["who"]["name"], one["number"], one["why"]) for one in result["answers"]} == {
            ("Oma", 7, "Leyla belt nu zelf."),
            ("Linda", 3, ""),
        }


def test_only_who_asks_is_told_who_is_still_thinking(there: Everybody):
    there["lead"].does("voices/grip/ask")
    number(there["oma"], "grip", 7)
    assert {one["name"] for one in voice(there["lead"], "grip")["waiting"]} == {
        "Marieke",
        "Sami",
        "Noor",
        "Leyla",
        "Linda",
    }
    for key in ("central", "leyla", "oma", "linda"):
        assert voice(there[key], "grip")["waiting"] == []


def test_a_childs_number_is_nobody_elses_unless_the_child_says_so(there: Everybody):
    there["lead"].does("voices/grip/ask")
    number(there["central"], "grip", 0, "Niemand luistert.")
    number(there["noor"], "grip", 1, "Niemand luistert.")
    number(there["oma"], "grip", 6)
    there["lead"].does("voices/grip/show")
    for key in ("lead", "leyla", "oma", "linda"):
        seen = there[key].browser.get(f"/api/m/{there[key].id}").text
        assert "Niemand luistert." not in seen
        (result,) = voice(there[key], "grip")["results"]
        assert [one["who"]["name"] for one in result["answers"]] == ["Oma"]
        assert (result["lowest"], result["highest"]) == (6, 6)
    (own,) = voice(there["central"], "grip")["results"]
    assert {one["number"] for one in own["answers"]} == {0, 6}
    there["lead"].does("voices/grip/ask")
    number(there["central"], "grip", 2, "Het gaat iets beter.", share=True)
    there["lead"].does("voices/grip/show")
    (result,) = voice(there["oma"], "grip")["results"]
    assert [(one["who"]["name"], one["number"]) for one in result["answers"]] == [("Sami", 2)]


def test_earlier_numbers_stay_so_that_movement_can_be_seen_without_the_childs(there: Everybody):
    for given in (2, 5, 8):
        there["lead"].does("voices/grip/ask")
        number(there["oma"], "grip", given)
        number(there["central"], "grip", 10 - given)
        there["lead"].does("voices/grip/show")
    seen = voice(there["linda"], "grip")
    assert seen["round"] == 3
    assert [[(one["lowest"], one["highest"]) for one in turn["items"]] for turn in seen["history"]] == [
        [(2, 2)],
        [(5, 5)],
    ]


async def test_each_danger_has_a_number_of_its_own_with_its_own_ends(there: Everybody):
    assert there["lead"].post("voices/safety/ask").json()["code"] == "nothing_to_scale"
    async with open_board(there["oma"], "map") as board:
        await write_pair(board)
    there["lead"].does("voices/safety/ask")
    (item,) = voice(there["oma"], "safety")["items"]
    assert item == {
        "id": "een",
        "label": "Sami is 's avonds alleen.",
        "low": "Elke avond alleen",
        "high": "Nooit meer alleen",
    }
    assert there["oma"].post("voices/safety/answer", {"numbers": [{"number": 4}]}).json()["code"] == "number_for_each"
    number(there["oma"], "safety", 4, item="een")
    assert [one["text"] for one in there["linda"].state()["to_do"] if one["kind"] == "scale"] == [
        "Hoe veilig is het nu?"
    ]
    there["lead"].does("voices/safety/show")
    assert voice(there["linda"], "safety")["results"][0]["lowest"] == 4


def test_in_a_round_everybody_says_yes_no_or_pass_and_a_no_is_talked_about(there: Everybody):
    there["lead"].does("voices/story_is_right/ask")
    there["leyla"].does("voices/story_is_right/answer", answer="yes")
    there["oma"].does("voices/story_is_right/answer", answer="no")
    assert voice(there["leyla"], "story_is_right")["answers"] == []
    there["lead"].does("voices/story_is_right/show")
    answers = {one["who"]["name"]: one["answer"] for one in voice(there["leyla"], "story_is_right")["answers"]}
    assert answers == {"Leyla": "yes", "Oma": "no"}
    missing = [item["text"] for item in there["lead"].move("to_signing")["missing"]]
    assert "Oma zei nee. Praat er samen over, en vraag het opnieuw." in missing
    there["lead"].does("voices/story_is_right/ask")
    there["oma"].does("voices/story_is_right/answer", answer="pass")
    there["lead"].does("voices/story_is_right/show")
    missing = [item["text"] for item in there["lead"].move("to_signing")["missing"]]
    assert "Leyla heeft nog niet geantwoord." in missing
    there["lead"].does("voices/story_is_right/ask")
    for key in ("leyla", "oma"):
        there[key].does("voices/story_is_right/answer", answer="yes")
    there["lead"].does("voices/story_is_right/show")
    assert "round_agreed" not in {item["requirement"] for item in there["lead"].move("to_signing")["missing"]}


def test_who_is_not_asked_cannot_answer_and_who_leads_alone_asks_and_shows(there: Everybody):
    assert there["linda"].post("voices/story_is_right/answer", {"answer": "yes"}).status_code == 403
    assert [one["id"] for one in there["linda"].state()["voices"]] == ["safety", "grip"]
    for act in ("ask", "show"):
        assert there["oma"].post(f"voices/grip/{act}").status_code == 403
    assert there["lead"].post("voices/nergens/ask").status_code == 404
    assert there["lead"].post("voices/grip/show").json()["code"] == "not_asked_now"
    assert there["oma"].post("voices/grip/answer", {"numbers": [{"number": 3}]}).json()["code"] == "not_asked_now"
    there["lead"].does("voices/grip/ask")
    for body in ({"numbers": [{"number": 11}]}, {"numbers": [{"number": -1}]}, {"answer": "maybe"}):
        assert there["oma"].post("voices/grip/answer", body).status_code == 422
    assert there["oma"].post("voices/grip/answer", {}).json()["code"] == "number_for_each"
    assert there["oma"].post("voices/grip/answer", {"answer": "yes"}).status_code == 404


def test_after_showing_nobody_changes_an_answer_but_before_it_everybody_may(there: Everybody):
    there["lead"].does("voices/grip/ask")
    number(there["oma"], "grip", 7)
    number(there["oma"], "grip", 5)
    there["lead"].does("voices/grip/show")
    assert voice(there["linda"], "grip")["results"][0]["lowest"] == 5
    assert there["oma"].post("voices/grip/answer", {"numbers": [{"number": 9}]}).json()["code"] == "not_asked_now"


async def test_what_a_move_lacks_is_said_with_who_can_mend_it(there: Everybody, rondom: Rondom):
    missing = {item["requirement"]: item for item in there["lead"].move("to_signing")["missing"]}
    assert missing["written"]["text"] == "Schrijf op wat er kan gebeuren als er niets verandert."
    assert {who["name"] for who in missing["written"]["who"]} == {"Marieke", "Sami", "Noor", "Leyla", "Oma", "Linda"}
    assert missing["pairs_complete"]["text"].startswith("Schrijf op waar iemand bang voor is")
    assert missing["scale_shown"]["text"] == "Vraag iedereen om een cijfer: ‘Hoe veilig is het?’"
    assert missing["board_decided"]["text"] == "Sami kiest zelf wie dit mag zien. Niemand mag ook."
    assert "people_of" not in missing
    assert "all_ticked" not in missing
    async with open_board(there["oma"], "map") as board:
        await write_pair(board)
    there["lead"].does("voices/safety/ask")
    number(there["oma"], "safety", 4, item="een")
    lacking = {(item["requirement"], item["text"]) for item in there["lead"].move("to_signing")["missing"]}
    assert ("scale_shown", "Linda heeft nog geen cijfer gegeven.") in lacking
    assert not any(requirement == "pairs_complete" for requirement, _text in lacking)
    assert not any(requirement == "scale_answered" for requirement, _text in lacking)
    there["lead"].does("voices/safety/show")
    missing = {item["requirement"]: item for item in there["lead"].move("to_signing")["missing"]}
    assert missing["scale_answered"]["text"] == "Linda gaf geen cijfer."
    assert {who["name"] for who in missing["scale_answered"]["who"]} >= {"Linda", "Marieke"}
    assert "scale_shown" not in {item["requirement"] for item in there["lead"].move("to_signing")["missing"]}


async def test_numbers_that_nobody_gave_are_not_shown_to_everybody(there: Everybody):
    async with open_board(there["oma"], "map") as board:
        await write_pair(board)
    there["lead"].does("voices/safety/ask")
    there["lead"].does("voices/safety/show")
    lacking = {(item["requirement"], item["text"]) for item in there["lead"].move("to_signing")["missing"]}
    assert ("scale_shown", "Linda heeft nog geen cijfer gegeven.") in lacking
    there["lead"].does("voices/safety/ask")
    number(there["oma"], "safety", 4, item="een")
    there["lead"].does("voices/safety/show")
    assert "scale_shown" not in {item["requirement"] for item in there["lead"].move("to_signing")["missing"]}


async def test_an_english_reader_of_a_way_without_english_reads_its_own_words(there: Everybody):
    there["oma"].does("language", language="en")
    state = there["oma"].state()
    assert state["language"] == "en"
    assert state["phase_text"]["title"] == "Samen"
