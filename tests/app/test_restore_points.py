"""Restore points: kept by themselves, shown to who writes on the board, and gone with it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from meetings.boards import replica, restore_points
from tests.app.boards import open_board
from tests.app.driving import Meeting, Person, Rondom, meeting_in
from tests.app.test_rehearsal import jump, look_as, rehearse
from tests.stores import on_both_stores

LOST = "oma haalt Sami op van school"


@pytest.fixture
def private(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "private_time")


@pytest.fixture
def agreeing(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


def ask(person: Person, board: str, point: int | str = "") -> httpx.Response:
    return person.browser.get(f"/api/m/{person.id}/boards/{board}/restore-points{point and f'/{point}'}")


def points(person: Person, board: str) -> list[dict[str, Any]]:
    answer = ask(person, board)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()
    return listed


def keep(person: Person, board: str) -> list[dict[str, Any]]:
    answer = person.post(f"boards/{board}/restore-points")
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()
    return listed


def lines(person: Person, board: str, point: int) -> list[str]:
    answer = ask(person, board, point)
    assert answer.status_code == 200, answer.text
    return [agreement["what"] for agreement in answer.json()["agreements"]]


async def write(person: Person, board: str, row: str, words: str) -> None:
    async with open_board(person, board) as opened:
        opened.add(row, words)
        await opened.saved()


@on_both_stores
async def test_a_point_is_kept_while_people_write_and_shows_what_was_taken_away_after(
    private: Meeting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(restore_points, "EVERY", timedelta(seconds=0.3))
    async with open_board(private.oma, "private") as oma:
        oma.add("ophalen", LOST)
        await oma.saved()
        while not points(private.oma, "private"):
            pass
        del oma.rows["ophalen"]
        await oma.saved()
    (point,) = points(private.sami, "private")[-1:]
    assert lines(private.sami, "private", point["id"]) == [LOST]
    assert point["why_text"] == "Tijdens ‘Besloten tijd’"
    assert point["at_text"].startswith("vandaag om ")


async def test_no_point_comes_after_the_end_for_what_was_written_just_before_it(
    rondom: Rondom, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(restore_points, "EVERY", timedelta(seconds=0.3))
    ended = meeting_in(rondom, "agreement")
    other = rehearse(ended.marieke.browser)
    jump(other, "private_time")
    sami = look_as(other, "Sami Voorbeeld")
    await write(ended.oma, "plan", "ophalen", LOST)
    ended.sami.moves("stop")
    # By the time that this one has its point, the time of the other has passed too.
    async with open_board(sami, "private") as board:
        board.add("ophalen", LOST)
        await board.saved()
        while not points(sami, "private"):
            pass
    (kept,) = rondom.store.ask(
        "SELECT count(*) FROM restore_point WHERE meeting_id = (SELECT meeting_id FROM participant WHERE id = ?)",
        ended.oma.id,
    )
    assert kept[0] == 0


async def test_nothing_is_kept_twice_and_an_empty_board_not_at_all(private: Meeting):
    assert keep(private.oma, "private") == []
    await write(private.oma, "private", "ophalen", LOST)
    first = keep(private.oma, "private")
    assert len(first) == 1
    assert keep(private.mama, "private") == first


async def test_a_point_is_kept_at_the_end_of_each_phase(private: Meeting):
    await write(private.oma, "private", "ophalen", LOST)
    private.sami.moves("reopen_information")
    private.oma.moves("reopen_information/confirm")
    private.marieke.moves("begin_private_time")
    (point,) = points(private.sami, "private")
    assert point["why_text"] == "Aan het eind van ‘Besloten tijd’"
    assert lines(private.sami, "private", point["id"]) == [LOST]


async def test_only_who_writes_on_a_board_sees_how_it_was(private: Meeting):
    await write(private.oma, "private", "ophalen", LOST)
    (point,) = keep(private.oma, "private")
    for outsider in (private.marieke, private.linda):
        for answer in (
            ask(outsider, "private"),
            ask(outsider, "private", point["id"]),
            outsider.post("boards/private/restore-points"),
        ):
            assert answer.status_code == 403
            assert LOST not in answer.text
    assert ask(private.oma, "plan", point["id"]).status_code in (403, 404)
    assert ask(private.oma, "nergens").status_code == 403
    assert ask(private.oma, "private", point["id"] + 1).status_code == 404


async def test_a_point_of_another_meeting_is_not_there(private: Meeting, rondom: Rondom):
    await write(private.oma, "private", "ophalen", LOST)
    (point,) = keep(private.oma, "private")
    rondom.change("UPDATE restore_point SET board = 'plan'")
    assert ask(private.oma, "private", point["id"]).status_code == 404


async def test_the_points_of_the_circle_end_when_the_door_opens(private: Meeting):
    await write(private.oma, "private", "ophalen", LOST)
    keep(private.oma, "private")
    async with open_board(private.oma, "private") as oma:
        await oma.until(lambda b: "ophalen" in b.values())
        del oma.rows["ophalen"]
        await oma.saved()
    private.sami.moves("end_private_time", release=private.plan())
    private.oma.moves("end_private_time/confirm")
    assert private.rondom.count("restore_point") == 0


async def test_the_points_of_the_plan_end_when_it_is_frozen(agreeing: Meeting):
    await write(agreeing.oma, "plan", "ophalen", LOST)
    keep(agreeing.oma, "plan")
    async with open_board(agreeing.oma, "plan") as oma:
        await oma.until(lambda b: "ophalen" in b.values())
        del oma.rows["ophalen"]
        await oma.saved()
    assert agreeing.rondom.count("restore_point") == 1
    agreeing.until("signing")
    assert agreeing.rondom.count("restore_point") == 0


async def test_a_stopped_meeting_keeps_no_points(agreeing: Meeting):
    await write(agreeing.oma, "plan", "ophalen", LOST)
    keep(agreeing.oma, "plan")
    agreeing.sami.moves("stop", reason="Het is genoeg zo.")
    assert agreeing.rondom.count("restore_point") == 0


async def test_what_is_kept_is_sealed(private: Meeting):
    await write(private.oma, "private", "ophalen", LOST)
    keep(private.oma, "private")
    assert LOST.encode() not in private.rondom.everything_stored()


async def test_of_more_points_than_forty_the_oldest_go(private: Meeting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(restore_points, "MOST_POINTS", 3)
    async with open_board(private.oma, "private") as oma:
        for number in range(5):
            oma.add(f"rij{number}", f"regel {number}")
            await oma.saved()
            keep(private.oma, "private")
    listed = points(private.oma, "private")
    assert [len(lines(private.oma, "private", point["id"])) for point in listed] == [5, 4, 3]


async def test_compacting_the_log_keeps_the_points(private: Meeting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(replica, "MOST_ROWS_OF_LOG", 3)
    async with open_board(private.oma, "private") as oma:
        oma.add("ophalen", LOST)
        await oma.saved()
        keep(private.oma, "private")
        for number in range(6):
            oma.add(f"rij{number}", f"regel {number}")
            await oma.saved()
        while not private.rondom.count("board_snapshot"):
            pass
    assert len(points(private.oma, "private")) == 1
