"""While private time lasts, nobody outside the circle reads or writes the circle's board, by any way in."""

import asyncio
from typing import Any

import pytest

from tests.app.boards import open_board, open_events, refused_with
from tests.app.driving import Meeting, Rondom, meeting_in
from tests.stores import on_both_stores

pytestmark = on_both_stores

CANARY = "geheimwoord-kersenbloesem"


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "private_time")


def as_it_stands(meeting: Meeting) -> dict[str, Any]:
    """What the circle's board holds, as a screen of the circle shows it before the door opens."""
    values = meeting.sami.browser.get(f"/api/m/{meeting.sami.id}/boards/private").json()
    return {part: values[part] for part in ("agreements", "review")}


def outside(meeting: Meeting):
    return [meeting.marieke, meeting.linda]


async def test_the_circle_opens_its_board_with_just_the_cookie(meeting: Meeting):
    async with open_board(meeting.oma, "private") as board:
        board.add("eten", "eet op woensdag met Sami")
        await board.saved()
    assert meeting.sami.browser.get(f"/api/m/{meeting.sami.id}/boards/private").json()["agreements"][0]["what"] == (
        "eet op woensdag met Sami"
    )


async def test_outsiders_get_403_by_json_and_by_websocket(meeting: Meeting):
    for person in outside(meeting):
        for board in ("private", "plan"):
            assert person.browser.get(f"/api/m/{person.id}/boards/{board}").status_code == 403
            assert await refused_with(person, board) == 403


async def test_outsiders_see_no_boards_presence_counts_or_moves_of_the_circle(meeting: Meeting):
    meeting.oma.does("ready", ready=True)
    meeting.sami.moves("end_private_time", release=meeting.plan())
    for person in outside(meeting):
        state = person.state()
        assert state["boards"] == []
        assert state["agreements"] == []
        assert state["answers"] == {}
        assert state["moves"] == []
        assert state["private"]["inside"] is False
        assert {other["here"] for other in state["people"] if other["side"] == "circle"} == {None}
        assert {other["ready"] for other in state["people"] if other["side"] == "circle"} == {None}


def test_the_card_with_questions_lies_on_the_circles_table_and_nobody_elses(meeting: Meeting):
    for person in meeting.circle:
        questions = person.state()["phase_text"]["questions"]
        assert len(questions) == 7
        assert questions[0] == "Wat kunnen wij zelf?"
    for person in outside(meeting):
        assert person.state()["phase_text"]["questions"] == []
    ahead = meeting.marieke.browser.get(f"/api/m/{meeting.marieke.id}/phases").json()
    assert [phase["questions"] for phase in ahead if phase["private"]] == [[]]


async def test_outsiders_hear_nothing_of_what_happens_inside(meeting: Meeting):
    async with open_events(meeting.marieke) as outside_events, open_events(meeting.sami) as inside_events:
        # Her own screen's coming is hers to see; after that, silence.
        while not await outside_events.quiet_for(0.5):
            pass
        async with open_board(meeting.oma, "private") as board:
            board.add("eten", CANARY)
            await board.saved()
            meeting.oma.does("ready", ready=True)
            await inside_events.next()
        assert await outside_events.quiet_for(0.7)


async def test_the_lamp_tells_outsiders_that_the_circle_calls_but_not_who_did(meeting: Meeting):
    async with open_events(meeting.marieke) as events:
        meeting.oma.does("call", **{"for": meeting.marieke.id})
        await events.next()
    call = meeting.marieke.state()["private"]["call"]
    assert call["for"]["name"] == "Marieke"
    assert call["by"] is None
    assert meeting.sami.state()["private"]["call"]["by"]["name"] == "Oma Fatma"
    meeting.sami.does("call/end")
    assert meeting.marieke.state()["private"]["call"] is None


async def test_only_the_circle_may_end_private_time(meeting: Meeting):
    version = meeting.marieke.state()["version"]
    for person in outside(meeting):
        answer = person.post("moves/end_private_time", {"version": version, "release": meeting.plan()})
        assert answer.status_code == 403
    assert meeting.sami.state()["phase"] == "private_time"


async def test_the_coordinator_cannot_turn_somebody_into_family_meanwhile(meeting: Meeting):
    answer = meeting.marieke.browser.patch(
        f"/api/m/{meeting.marieke.id}/people/{meeting.linda.id}", json={"role": "family"}
    )
    assert answer.status_code in (403, 409)
    assert await refused_with(meeting.linda, "private") == 403


async def test_only_the_released_values_reach_the_plan_and_nothing_else_is_kept(meeting: Meeting, rondom: Rondom):
    async with open_board(meeting.oma, "private") as board:
        board.add("eten", "eet op woensdag met Sami")
        board.add("weg", CANARY)
        await board.saved()
        del board.rows["weg"]
        await board.saved()
        meeting.sami.moves("end_private_time", release=as_it_stands(meeting))
        meeting.oma.moves("end_private_time/confirm")
        await board.until(lambda b: b.closed_with is not None)
        assert board.closed_with == 4403
    plan = meeting.marieke.browser.get(f"/api/m/{meeting.marieke.id}/boards/plan").json()
    assert [agreement["what"] for agreement in plan["agreements"]] == ["eet op woensdag met Sami"]
    assert rondom.count("board_update WHERE board = 'private'") == 0
    for person in meeting.everybody:
        assert CANARY not in person.browser.get(f"/api/m/{person.id}").text
        assert await refused_with(person, "private") == 403


async def test_going_back_into_private_time_starts_from_a_copy_of_the_plan_in_a_new_epoch(meeting: Meeting):
    before = meeting.sami.state()["boards"][0]["epoch"]
    meeting.sami.moves("end_private_time", release=meeting.plan())
    meeting.oma.moves("end_private_time/confirm")
    meeting.marieke.moves("back_to_private_time", reason="Nog niet duidelijk wie belt.")
    board = meeting.sami.state()["boards"][0]
    assert board["id"] == "private"
    assert board["epoch"] > before
    values = meeting.sami.browser.get(f"/api/m/{meeting.sami.id}/boards/private").json()
    assert [agreement["row"] for agreement in values["agreements"]] == ["eten", "bellen"]
    async with open_board(meeting.oma, "private", f"?epoch={before}") as old_copy:
        await old_copy.until(lambda b: b.closed_with is not None)
        assert old_copy.closed_with == 4409


async def test_the_move_closes_the_plan_to_outsiders_within_a_second(rondom: Rondom):
    meeting = meeting_in(rondom, "agreement")
    async with open_board(meeting.linda, "plan") as linda, open_board(meeting.oma, "plan") as oma:
        await linda.until(lambda b: "eten" in b.values())
        await oma.until(lambda b: "eten" in b.values())
        meeting.marieke.moves("back_to_private_time", reason="De kring wil nog even.")
        await linda.until(lambda b: b.closed_with is not None, seconds=1)
        await oma.until(lambda b: b.closed_with is not None, seconds=1)
        assert linda.closed_with == oma.closed_with == 4403


async def test_a_waiting_move_shows_the_circle_what_the_others_will_see(meeting: Meeting):
    meeting.sami.moves("end_private_time", release=meeting.plan())
    pending = meeting.oma.move("end_private_time")["pending"]
    assert pending["by"]["name"] == "Sami"
    assert pending["mine"] is False
    assert [agreement["row"] for agreement in pending["release"]["agreements"]] == ["eten", "bellen"]
    assert meeting.marieke.state()["phase"] == "private_time"


@pytest.mark.parametrize("shown", ["nothing", "what stood there before", "other words"])
async def test_the_door_stays_closed_when_not_all_that_stands_on_the_board_would_be_shown(meeting: Meeting, shown: str):
    async with open_board(meeting.oma, "private") as board:
        board.add("eten", "eet op woensdag met Sami")
        await board.saved()
        before = as_it_stands(meeting)
        board.add("bellen", "belt op vrijdag met mama")
        await board.saved()
        other_words = as_it_stands(meeting)
        other_words["agreements"][1]["what"] = "belt op vrijdag niet"
        release = {"nothing": None, "what stood there before": before, "other words": other_words}[shown]
        body = {"version": meeting.sami.state()["version"], "release": release, "reason": "We komen er niet uit."}
        refused = meeting.sami.post("moves/end_private_time", body)
        assert refused.status_code == 409
        assert "Op het bord staat nu iets anders" in refused.json()["message"]
        assert meeting.sami.move("end_private_time")["pending"] is None
        assert board.closed_with is None


async def test_a_line_that_nobody_filled_in_keeps_no_door_closed(meeting: Meeting):
    async with open_board(meeting.oma, "private") as board:
        board.add("leeg", "  ")
        await board.saved()
        meeting.sami.moves("end_private_time", release=meeting.plan())
        meeting.oma.moves("end_private_time/confirm")
    assert meeting.sami.state()["phase"] == "agreement"


async def test_who_writes_on_the_board_while_the_others_are_asked_says_not_yet_by_it(meeting: Meeting):
    async with open_board(meeting.oma, "private") as board, open_events(meeting.sami) as events:
        meeting.sami.moves("end_private_time", release=meeting.plan())
        while not await events.quiet_for(0.5):
            pass
        board.add("bellen", "belt op vrijdag met mama")
        await board.saved()
        await events.next()
        assert meeting.sami.move("end_private_time")["pending"] is None
        assert meeting.oma.post("moves/end_private_time/confirm", {"version": 6}).status_code == 409
    assert meeting.sami.state()["phase"] == "private_time"
    values = meeting.oma.browser.get(f"/api/m/{meeting.oma.id}/boards/private").json()
    assert [agreement["what"] for agreement in values["agreements"]] == ["belt op vrijdag met mama"]


async def test_who_confirms_in_the_moment_that_something_is_written_opens_no_door(meeting: Meeting):
    async with open_board(meeting.oma, "private") as board:
        meeting.sami.moves("end_private_time", release=meeting.plan())
        version = meeting.sami.state()["version"]
        board.add("bellen", "belt op vrijdag met mama")
        await board.saved()
        answer = await asyncio.to_thread(meeting.oma.post, "moves/end_private_time/confirm", {"version": version})
        assert answer.status_code == 409
    assert meeting.sami.state()["phase"] == "private_time"
    assert meeting.sami.move("end_private_time")["pending"] is None


async def test_not_yet_keeps_the_door_closed(meeting: Meeting):
    meeting.sami.moves("end_private_time", release=meeting.plan())
    meeting.oma.moves("end_private_time/not-yet")
    assert meeting.sami.move("end_private_time")["pending"] is None
    assert meeting.sami.state()["phase"] == "private_time"


async def test_nobody_confirms_their_own_word(meeting: Meeting):
    meeting.sami.moves("end_private_time", release=meeting.plan())
    version = meeting.sami.state()["version"]
    answer = meeting.sami.post("moves/end_private_time/confirm", {"version": version})
    assert answer.status_code == 409
    assert meeting.sami.state()["phase"] == "private_time"


async def test_two_who_press_at_once_do_not_confirm_each_other_unseen(meeting: Meeting):
    version = meeting.sami.state()["version"]
    body = {"version": version, "release": meeting.plan()}
    answers = await asyncio.gather(
        *(asyncio.to_thread(person.post, "moves/end_private_time", body) for person in (meeting.sami, meeting.oma))
    )
    assert sorted(answer.status_code for answer in answers) == [202, 409]
    assert meeting.sami.state()["phase"] == "private_time"


async def test_a_circle_that_could_not_work_it_out_says_so_and_may_leave(meeting: Meeting):
    version = meeting.sami.state()["version"]
    refused = meeting.sami.post("moves/end_private_time", {"version": version})
    assert refused.status_code == 409
    assert refused.json()["missing"][0]["requirement"] == "something_to_show"
    meeting.sami.moves("end_private_time", reason="We komen er niet uit.")
    meeting.oma.moves("end_private_time/confirm")
    assert meeting.marieke.state()["phase"] == "agreement"
