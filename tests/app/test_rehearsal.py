"""Rehearsing: a throw-away meeting to look as anybody at any phase; nothing is kept, and no real meeting jumps."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.live import connection as closing
from meetings.rehearsal import LASTS
from protocols.catalogue import Catalogue, Protocol
from tests.app.boards import held_loading, open_board, open_events, refused_with
from tests.app.driving import Meeting, Person, Rondom, meeting_in
from tests.app.gatherings import WAYS
from tests.app.serving import reaching
from tests.running import RunningRondom
from tests.stores import on_both_stores

PROTOCOLS = Catalogue.of_library().all()


@pytest.fixture
def marieke(rondom: Rondom) -> Person:
    return rehearse(rondom.coordinator())


def rehearse(browser: httpx.Client, protocol: str = "eigen_kracht", frame: str = "voluntary") -> Person:
    made = browser.post("/api/rehearsals", json={"protocol": protocol, "frame": frame})
    assert made.status_code == 201, made.text
    return Person(made.json()["participant"], browser)


def look_as(person: Person, name: str) -> Person:
    """Look as somebody, in the same browser."""
    other = next(one["id"] for one in person.state()["people"] if one["name"] == name)
    assert person.does("rehearsal/look-as", participant=other) == {"location": f"/m/{other}"}
    return Person(other, person.browser)


def jump(person: Person, phase: str) -> dict[str, Any]:
    return person.does("rehearsal/jump", phase=phase)


def rows_by_table(rondom: Rondom) -> dict[str, int]:
    """How many rows there are; a protocol's copy says nothing of anybody, and stays."""
    return {
        table: len(rows)
        for table, (_columns, rows) in rondom.store.rows().items()
        if table not in ("protocol_copy", "sqlite_sequence", "account")
    }


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.definition.id)
def test_there_is_somebody_made_up_for_each_role_and_each_is_prepared_and_welcome(protocol: Protocol, rondom: Rondom):
    marieke = rehearse(rondom.coordinator(), protocol.definition.id)
    people = marieke.state()["people"]
    assert {person["role"] for person in people} == set(protocol.definition.roles)
    assert len({person["name"] for person in people}) == len(people)
    for person in people:
        assert look_as(marieke, person["name"]).state()["me"]["id"] == person["id"]
    assert marieke.state()["meeting"]["question"].endswith("(verzonnen)")


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.definition.id)
def test_under_compulsion_there_is_a_made_up_bottom_line_to_rehearse_with(protocol: Protocol, rondom: Rondom):
    assert bottom_lines_on_the_way(rehearse(rondom.coordinator(), protocol.definition.id), protocol) == {}
    marieke = rehearse(rondom.coordinator(), protocol.definition.id, "compulsory")
    ((line, setter),) = bottom_lines_on_the_way(marieke, protocol).items()
    owner = look_as(marieke, setter)
    for phase in protocol.definition.phases:
        jump(marieke, phase)
        if "give_verdict" in owner.state()["acts"]:
            judged = owner.does(f"bottom-lines/{line}/verdict", enough=True, why="")
            assert judged["sheet"]["bottom_lines"][0]["verdict"]["enough"]
            return
    raise AssertionError("in no phase a verdict is given")


def bottom_lines_on_the_way(person: Person, protocol: Protocol) -> dict[str, str]:
    """The bottom lines that somebody reads in one phase or another, and who set them."""
    seen = [line for phase in protocol.definition.phases for line in jump(person, phase)["sheet"]["bottom_lines"]]
    assert all(line["what"].endswith("(verzonnen)") for line in seen)
    return {line["id"]: line["set_by"] for line in seen}


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.definition.id)
def test_who_rehearses_goes_to_any_phase_forth_and_back_and_looks_at_it_as_anybody(protocol: Protocol, rondom: Rondom):
    marieke = rehearse(rondom.coordinator(), protocol.definition.id)
    one_of_each_side = {person["side"]: person["name"] for person in marieke.state()["people"]}
    people = [look_as(marieke, name) for name in one_of_each_side.values()]
    phases = list(protocol.definition.phases)
    for phase in [*phases, *reversed(phases)]:
        assert jump(marieke, phase)["phase"] == phase
        for person in people:
            page = person.browser.get(f"/m/{person.id}")
            assert page.status_code == 200
            assert protocol.words("nl").phases[phase].title in page.text
            assert "Dit is een oefening." in page.text


def test_each_phase_of_the_plan_shows_the_made_up_agreements(marieke: Person):
    sami = look_as(marieke, "Sami Voorbeeld")
    jump(marieke, "private_time")
    private = sami.browser.get(f"/api/m/{sami.id}/boards/private").json()
    assert len(private["agreements"]) == 4
    jump(marieke, "agreement")
    oma = look_as(marieke, "Oma Voorbeeld")
    assert [agreement["mine"] for agreement in oma.state()["agreements"]] == ["yes"]
    (still_asked,) = marieke.move("to_signing")["missing"]
    assert "Linda Bedacht" in still_asked["text"]
    linda = look_as(marieke, "Linda Bedacht")
    linda.does(f"agreements/{linda.state()['agreements'][0]['row']}/yes")
    assert marieke.move("to_signing")["ready"]


@pytest.mark.settings(protocols=[WAYS])
def test_whatever_a_board_is_made_of_there_is_something_made_up_in_it(rondom: Rondom):
    leader = rehearse(rondom.coordinator(), "every_part")
    sami = look_as(leader, "Sami Voorbeeld")
    for board in ("map", "child", "lists", "plan"):
        values = sami.browser.get(f"/api/m/{sami.id}/boards/{board}").json()
        assert values["instruments"] or values["agreements"]
        for written in values["instruments"].values():
            assert "verzonnen" in str(written) or "06 000" in str(written)
    assert leader.does("voices/safety/ask")["voices"][0]["items"][0]["label"].startswith("Sami is ’s avonds")


def test_behind_the_move_that_freezes_the_plan_it_is_frozen_and_only_once(marieke: Person):
    assert jump(marieke, "agreement")["plan"] is None
    frozen = jump(marieke, "follow_up")["plan"]
    assert frozen["version"] == 1
    jump(marieke, "agreement")
    assert jump(marieke, "signing")["plan"]["sha256"] == frozen["sha256"]
    sami = look_as(marieke, "Sami Voorbeeld")
    assert [one["kind"] for one in sami.state()["to_do"]] == ["signature"]
    assert len(sami.browser.get(f"/api/m/{sami.id}/plan").json()["values"]["agreements"]) == 4


def test_the_real_moves_work_as_well_and_the_door_can_be_opened_by_two(marieke: Person):
    jump(marieke, "private_time")
    sami, oma = (look_as(marieke, name) for name in ("Sami Voorbeeld", "Oma Voorbeeld"))
    values = sami.browser.get(f"/api/m/{sami.id}/boards/private").json()
    release = {part: values[part] for part in ("agreements", "review")}
    sami.moves("end_private_time", release=release)
    oma.moves("end_private_time/confirm")
    assert marieke.state()["phase"] == "agreement"
    jump(marieke, "private_time")
    again = sami.browser.get(f"/api/m/{sami.id}/boards/private").json()
    assert len(again["agreements"]) == 4


async def test_all_screens_follow_a_jump_and_a_board_closes_behind_it(marieke: Person):
    linda = look_as(marieke, "Linda Bedacht")
    await asyncio.to_thread(jump, marieke, "agreement")
    async with open_events(linda) as screen, open_board(linda, "plan") as board:
        await board.until(lambda b: len(b.rows) == 4)
        await asyncio.to_thread(jump, marieke, "private_time")
        await screen.until_phase("private_time")
        await board.until(lambda b: b.closed_with == closing.NO_ACCESS)


async def test_a_waiting_move_does_not_outlive_a_jump(marieke: Person):
    jump(marieke, "private_time")
    sami = look_as(marieke, "Sami Voorbeeld")
    sami.moves("reopen_information")
    assert jump(marieke, "signing")["phase"] == "signing"
    oma = look_as(marieke, "Oma Voorbeeld")
    late = oma.post("moves/reopen_information/confirm", {"version": oma.state()["version"]})
    assert late.json()["code"] == "nothing_pending"


async def test_private_time_is_private_in_a_rehearsal_too(marieke: Person):
    jump(marieke, "private_time")
    sami, linda = (look_as(marieke, name) for name in ("Sami Voorbeeld", "Linda Bedacht"))
    for outsider in (marieke, linda):
        state = outsider.state()
        assert state["boards"] == []
        assert state["private"]["inside"] is False
        assert outsider.browser.get(f"/api/m/{outsider.id}/boards/private").status_code == 403
        assert await refused_with(outsider, "private") == 403
        assert "eet op woensdag" not in outsider.browser.get(f"/m/{outsider.id}").text
    async with open_board(sami, "private") as board:
        await board.until(lambda b: len(b.rows) == 4)


def test_a_rehearsal_is_in_no_list_and_has_no_links(marieke: Person, rondom: Rondom):
    links = rondom.count("link")
    assert marieke.browser.get("/api/meetings").json()["meetings"] == []
    assert "Oefening:" not in marieke.browser.get("/meetings").text
    for person in marieke.state()["people"]:
        refused = marieke.post(f"people/{person['id']}/link")
        assert refused.json()["code"] == "only_rehearsing"
    jump(marieke, "circle")
    refused = marieke.post("lead", {"name": "Anja"})
    assert "verzonnen mensen" in refused.json()["message"]
    assert marieke.post("lead/leave").status_code == 409
    assert rondom.count("link") == links


@on_both_stores
async def test_a_board_that_is_erased_while_it_is_loading_opens_nothing(
    marieke: Person, monkeypatch: pytest.MonkeyPatch
):
    jump(marieke, "agreement")
    loading = held_loading(monkeypatch)
    async with open_board(marieke, "plan") as board:
        await loading.begun()
        await asyncio.to_thread(marieke.does, "rehearsal/done")
        loading.goes_on()
        await board.until(lambda b: b.closed_with is not None)
        assert board.closed_with == closing.NOT_SIGNED_IN


async def test_when_done_every_row_of_it_is_gone_and_every_other_meeting_is_whole(rondom: Rondom):
    meeting = meeting_in(rondom, "agreement")
    before = rows_by_table(rondom)
    marieke = rehearse(meeting.marieke.browser)
    sami, linda = (look_as(marieke, name) for name in ("Sami Voorbeeld", "Linda Bedacht"))
    jump(marieke, "agreement")
    linda.does(f"agreements/{linda.state()['agreements'][0]['row']}/yes")
    marieke.moves("to_signing")
    sami.does("signature", sha256=sami.state()["plan"]["sha256"], choice="stand_behind", typed_name="Sami")
    jump(marieke, "private_time")
    async with open_board(sami, "private") as board, open_events(sami) as screen:
        board.add("lied", "maakt een lied")
        await board.saved()
        sami.moves("reopen_information")
        grown = rows_by_table(rondom)
        assert [table for table in before if grown[table] <= before[table]] == ["alembic_version", "link"]
        assert marieke.does("rehearsal/done") == {"location": "/meetings"}
        await screen.socket.wait_closed()
        assert screen.socket.close_code == closing.NOT_SIGNED_IN
    assert rows_by_table(rondom) == before
    for person in (marieke, sami):
        assert person.browser.get(f"/api/m/{person.id}").status_code == 401
        assert person.browser.get(f"/m/{person.id}").status_code == 401
    assert [name for name in marieke.browser.cookies if name.endswith(sami.id)] == []
    assert meeting.oma.state()["agreements"]


def test_a_new_rehearsal_takes_the_place_of_the_one_before(marieke: Person, rondom: Rondom):
    again = rehearse(marieke.browser)
    assert marieke.browser.get(f"/api/m/{marieke.id}").status_code == 401
    assert again.state()["phase"] == "referral"
    assert rondom.count("meeting") == 1


def test_the_house_itself_erases_a_rehearsal_when_it_is_a_day_old_and_no_real_meeting(
    process: RunningRondom, plays: dict[Any, Any]
):
    with reaching(process, plays) as rondom:
        real = meeting_in(rondom, "circle").marieke
        marieke = rehearse(real.browser)
        process.stop()
        process.start()
        assert marieke.state()["phase"] == "referral"
        long_ago = datetime.now(UTC) - LASTS - timedelta(minutes=1)
        rondom.change("UPDATE meeting SET created_at = ?", f"{long_ago:%Y-%m-%d %H:%M:%S.%f}")
        process.stop()
        process.start()
        until = time.monotonic() + 10
        while rondom.count("meeting") > 1:
            assert time.monotonic() < until, "The rehearsal is still there."
            time.sleep(0.02)
        assert real.state()["phase"] == "circle"
        assert marieke.browser.get(f"/api/m/{marieke.id}").status_code == 401


def test_nobody_jumps_or_looks_as_another_in_a_real_meeting(rondom: Rondom):
    meeting: Meeting = meeting_in(rondom, "agreement")
    before = (meeting.sami.state()["version"], rondom.count("visit"), rondom.count("event"))
    for person in (meeting.marieke, meeting.sami, meeting.linda):
        for path, body in (
            ("rehearsal/jump", {"phase": "private_time"}),
            ("rehearsal/look-as", {"participant": meeting.oma.id}),
            ("rehearsal/done", {}),
        ):
            refused = person.post(path, body)
            assert refused.status_code == 403
            assert refused.json()["code"] == "no_rehearsal"
            assert refused.json()["message"].startswith("Dit is een echte bijeenkomst, geen oefening.")
    assert (meeting.sami.state()["version"], rondom.count("visit"), rondom.count("event")) == before


def test_a_cookie_of_a_made_up_person_alone_jumps_nowhere_and_looks_as_nobody(marieke: Person, rondom: Rondom):
    sami = look_as(marieke, "Sami Voorbeeld")
    elsewhere = rondom.browser()
    name = f"rondom-{sami.id}"
    elsewhere.cookies.set(name, sami.browser.cookies[name], domain="localhost.local", path="/")
    alone = Person(sami.id, elsewhere)
    assert alone.state()["phase"] == "referral"
    for path, body in (
        ("rehearsal/jump", {"phase": "signing"}),
        ("rehearsal/look-as", {"participant": marieke.id}),
        ("rehearsal/done", {}),
    ):
        assert alone.post(path, body).status_code == 403
    assert sami.post("rehearsal/jump", {"phase": "signing"}).status_code == 200


def test_what_is_not_there_is_refused_in_words(marieke: Person, rondom: Rondom):
    unknown = marieke.browser.post("/api/rehearsals", json={"protocol": "bestaat_niet"})
    assert unknown.status_code == 422
    assert "werkwijze" in unknown.json()["message"]
    assert marieke.post("rehearsal/jump", {"phase": "nergens"}).status_code == 404
    assert marieke.post("rehearsal/look-as", {"participant": "niemand"}).status_code == 404
    stranger = rondom.browser()
    assert stranger.post("/api/rehearsals", json={"protocol": "eigen_kracht"}).status_code == 401
    assert stranger.post(f"/api/m/{marieke.id}/rehearsal/done").status_code == 401
