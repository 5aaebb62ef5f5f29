"""Every kind of instrument, through the board's websocket and the API: written together, read as values, and kept."""

from typing import Any

import pytest
from pycrdt import Map, Text

from tests.app.boards import Board, open_board, refused_with
from tests.app.driving import Person, Rondom
from tests.app.gatherings import EVERYBODY, WAYS, gather

pytestmark = pytest.mark.settings(protocols=[WAYS])

Everybody = dict[str, Person]
STROKE = "blue 100,100 200,250 300,300"


@pytest.fixture
def there(rondom: Rondom) -> Everybody:
    return gather(rondom, "every_part", EVERYBODY)


def put(board: Board, instrument: str, row: str, order: str = "a0", **fields: Any) -> None:
    """Write a line as a screen does: texts that people type together, and plain values."""
    values = {name: Text(value) if name in TYPED else value for name, value in fields.items()}
    rows = board.document.get(instrument, type=Map)
    with board.document.transaction():
        rows[row] = Map({"order": order, **values})


TYPED = ("text", "danger", "goal", "zero", "ten", "name", "number", "when")


def values(person: Person, board: str) -> dict[str, Any]:
    answer = person.browser.get(f"/api/m/{person.id}/boards/{board}")
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()["instruments"]
    return read


async def test_what_is_written_in_each_kind_is_read_as_its_values_in_order(there: Everybody):
    oma = there["oma"]
    async with open_board(oma, "map") as board:
        put(board, "three", "b", "a1", part="danger", text="Hij loopt weg.", person=oma.id)
        put(board, "three", "a", "a0", part="harm", text="Hij liep weg in mei.")
        put(board, "goals", "g", danger="Weglopen", goal="Thuis slapen", zero="Elke week weg", ten="Nooit weg")
        await board.saved()
    async with open_board(oma, "lists") as board:
        board.document.get("story", type=Text).insert(0, "Er was ruzie.")
        put(board, "running_help", "h", text="Jeugdhulp op maandag", person=there["linda"].id)
        put(board, "before", "t", text="Zaal regelen", done=True)
        await board.saved()
    async with open_board(oma, "plan") as board:
        put(board, "calls", "c", name="Tante Ria", number="06-12345678", when="ook 's nachts")
        await board.saved()
    assert values(oma, "map") == {
        "three": [
            {"row": "a", "text": "Hij liep weg in mei.", "person": None, "part": "harm"},
            {"row": "b", "text": "Hij loopt weg.", "person": oma.id, "part": "danger"},
        ],
        "goals": [
            {"row": "g", "danger": "Weglopen", "goal": "Thuis slapen", "zero": "Elke week weg", "ten": "Nooit weg"}
        ],
    }
    assert values(oma, "lists") == {
        "story": "Er was ruzie.",
        "running_help": [{"row": "h", "text": "Jeugdhulp op maandag", "person": there["linda"].id}],
        "before": [{"row": "t", "text": "Zaal regelen", "person": None, "done": True}],
    }
    assert values(oma, "plan") == {
        "calls": [{"row": "c", "name": "Tante Ria", "number": "06-12345678", "when": "ook 's nachts"}]
    }


async def test_what_no_screen_of_ours_sends_is_left_out_and_harms_nothing(there: Everybody):
    async with open_board(there["oma"], "map") as board:
        put(board, "three", "goed", part="harm", text="Dit staat er.")
        rows = board.document.get("three", type=Map)
        with board.document.transaction():
            rows["getal"] = 3.0
            rows["elders"] = Map({"order": "a1", "part": "nergens", "text": Text("een lijst die er niet is")})
            rows["vreemd"] = Map({"order": 7.0, "part": "harm", "text": True, "person": ["x"]})
            rows["weg"] = Map({"order": "a2", "part": "harm", "text": Text("weggehaald"), "removed": True})
        await board.saved()
    rows = values(there["linda"], "map")["three"]
    assert [row["row"] for row in rows if row["text"]][-1] == "goed"
    assert {"getal", "elders", "weg"}.isdisjoint(row["row"] for row in rows)
    assert there["lead"].state()["phase"] == "together"


async def test_a_child_draws_and_writes_in_its_houses_and_shows_them_to_whom_it_wants(there: Everybody):
    child, oma = there["central"], there["oma"]
    async with open_board(child, "child") as board:
        board.document.get("houses.worries", type=Text).insert(0, "Als het donker is.")
        board.document.get("houses.dreams.ink", type=Map)["a0"] = STROKE
        board.document.get("houses.dreams.ink", type=Map)["a1"] = "purple 1,1 2,2"
        await board.saved()
    assert values(child, "child")["houses"] == {
        "worries": {"text": "Als het donker is.", "ink": {}},
        "good": {"text": "", "ink": {}},
        "dreams": {"text": "", "ink": {"a0": STROKE}},
    }
    for key in ("oma", "leyla", "linda"):
        assert await refused_with(there[key], "child") == 403
        assert there[key].browser.get(f"/api/m/{there[key].id}/boards/child").status_code == 403
        assert there[key].browser.get(f"/m/{there[key].id}/boards/child").status_code == 403
        assert "child" not in {board["id"] for board in there[key].state()["boards"]}
    showing = next(board for board in child.state()["boards"] if board["id"] == "child")["showing"]
    assert (showing["may"], showing["decided"], showing["to"]) == (True, False, [])
    assert {choice["name"] for choice in showing["choices"]} == {"Leyla", "Oma", "Linda"}
    child.does("boards/child/showing", to=[oma.id])
    assert values(oma, "child")["houses"]["worries"]["text"] == "Als het donker is."
    assert await refused_with(there["linda"], "child") == 403
    async with open_board(oma, "child") as board:
        await board.saved()
        board.document.get("houses.good", type=Text).insert(0, "dit mag niet")
        await board.until(lambda b: b.denials)
        child.does("boards/child/showing", to=[])
        await board.until(lambda b: b.closed_with is not None)
        assert board.closed_with == 4403
    assert values(child, "child")["houses"]["good"]["text"] == ""


def test_only_the_child_says_who_may_see_and_only_to_who_may_be_shown(there: Everybody):
    for key in ("lead", "leyla", "oma", "linda"):
        assert there[key].post("boards/child/showing", {"to": [there[key].id]}).status_code == 403
    assert there["central"].post("boards/child/showing", {"to": [there["lead"].id]}).status_code == 404
    assert there["central"].post("boards/nergens/showing", {"to": []}).status_code == 404
    assert there["central"].post("boards/plan/showing", {"to": []}).json()["code"] == "nobody_to_show"


async def test_a_worry_that_somebody_disputes_stays_in_with_who_agrees_and_who_does_not(there: Everybody):
    async with open_board(there["linda"], "map") as board:
        put(board, "three", "k", part="harm", text="Hij kwam drie keer niet.", person=there["linda"].id)
        await board.saved()
    there["oma"].does("boards/map/rows/k/stance", answer="disagree")
    there["leyla"].does("boards/map/rows/k/stance", answer="agree")
    seen = there["linda"].state()["stances"]["map.k"]
    assert [who["name"] for who in seen["agree"]] == ["Leyla"]
    assert [who["name"] for who in seen["disagree"]] == ["Oma"]
    assert seen["mine"] is None
    assert there["oma"].state()["stances"]["map.k"]["mine"] == "disagree"
    there["oma"].does("boards/map/rows/k/stance", answer="none")
    assert there["linda"].state()["stances"]["map.k"]["disagree"] == []
    assert there["oma"].post("boards/map/rows/nergens/stance", {"answer": "agree"}).status_code == 404
    assert there["oma"].post("boards/child/rows/k/stance", {"answer": "agree"}).status_code == 403
    assert there["oma"].post("boards/nergens/rows/k/stance", {"answer": "agree"}).status_code == 403


async def test_what_who_leads_proposes_is_labelled_and_the_circle_takes_it_over(there: Everybody):
    assert there["lead"].state()["me"]["proposes"] is True
    assert there["oma"].state()["me"]["proposes"] is False
    async with open_board(there["lead"], "plan") as board:
        board.add("v", "belt elke week", proposal=True, who=Map({there["oma"].id: True}))
        await board.saved()
        there["oma"].does("agreements/v/yes")
        (mine,) = there["oma"].state()["agreements"]
        assert (mine["proposed"], mine["mine"]) == (True, "yes")
        lacking = [item["text"] for item in there["lead"].move("to_signing")["missing"] if item["hard"]]
        assert lacking == ["‘belt elke week’ is nog een voorstel. Neem het over, of haal het weg."]
        async with open_board(there["oma"], "plan") as omas:
            await omas.until(lambda b: "v" in b.values())
            del omas.rows["v"]["proposal"]
            await omas.saved()
    assert there["oma"].state()["agreements"][0]["mine"] == "yes"
    assert not [item for item in there["lead"].move("to_signing")["missing"] if item["hard"]]


async def test_what_else_stands_on_the_plan_board_is_frozen_with_the_plan(there: Everybody):
    async with open_board(there["oma"], "plan") as board:
        board.add("eten", "eet op woensdag met Sami", who=Map({there["oma"].id: True}))
        put(board, "calls", "c", name="Tante Ria", number="06-12345678", when="ook 's nachts")
        await board.saved()
    there["oma"].does("agreements/eten/yes")
    there["lead"].moves("to_signing", reason="Dit is een proef.")
    plan = there["oma"].browser.get(f"/api/m/{there['oma'].id}/plan").json()
    assert plan["instruments"]["calls"] == [
        {"row": "c", "name": "Tante Ria", "number": "06-12345678", "when": "ook 's nachts"}
    ]
    paper = there["oma"].browser.get(f"/m/{there['oma'].id}/plan").text
    assert "Tante Ria" in paper
    assert "06-12345678" in paper


async def test_earlier_moments_of_a_board_without_a_plan_are_kept_too(there: Everybody):
    oma = there["oma"]
    async with open_board(oma, "lists") as board:
        board.document.get("story", type=Text).insert(0, "Het eerste verhaal.")
        await board.saved()
    kept = oma.post("boards/lists/restore-points").json()
    point = oma.browser.get(f"/api/m/{oma.id}/boards/lists/restore-points/{kept[0]['id']}").json()
    assert point["instruments"]["story"] == "Het eerste verhaal."
    assert there["linda"].browser.get(f"/api/m/{there['linda'].id}/boards/lists/restore-points").status_code == 403
