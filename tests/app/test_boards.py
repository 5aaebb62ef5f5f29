"""The plan board live: both texts stay, saved means stored, rights bite at once, and one bad socket hurts nobody."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from pycrdt import Doc, Map, Text
from websockets.frames import Close, Frame, Opcode

from app.live import connection as closing
from app.live import hub, wire
from app.live.hub import BOARD_PAUSE
from meetings.entrance import VISIT_LASTS
from tests.app.boards import held_change, held_loading, open_board, open_events, refused_with
from tests.app.driving import Meeting, Rondom, enter, let_in, meeting_in
from tests.stores import on_both_stores

pytestmark = on_both_stores


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


async def test_two_who_type_in_the_same_line_keep_both_texts(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
        for board in (oma, sami):
            await board.until(lambda b: "eten" in b.values())
        oma.rows["eten"]["what"].insert(0, "OMA ")
        sami.type("eten", "what", " SAMI")
        for board in (oma, sami):
            await board.until(lambda b: "OMA" in b.values()["eten"] and "SAMI" in b.values()["eten"])
        assert oma.values() == sami.values()


async def test_what_was_called_saved_is_in_the_next_ones_copy(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        oma.add("nieuw", "haalt Sami op")
        await oma.saved()
    async with open_board(meeting.sami, "plan") as sami:
        await sami.until(lambda b: b.values().get("nieuw") == "haalt Sami op")


async def test_a_deletion_is_called_saved_too(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        del oma.rows["eten"]["what"][0:4]
        await oma.saved()
    values = meeting.oma.browser.get(f"/api/m/{meeting.oma.id}/boards/plan").json()
    assert values["agreements"][0]["what"] == "op woensdag met Sami"


async def test_a_reader_reads_and_an_edit_of_theirs_is_dropped_and_told(meeting: Meeting):
    assert meeting.linda.state()["boards"][0]["access"] == "read"
    async with open_board(meeting.linda, "plan") as linda, open_board(meeting.oma, "plan") as oma:
        await linda.until(lambda b: "eten" in b.values())
        await oma.until(lambda b: "eten" in b.values())
        assert linda.denials == []
        linda.add("van-linda", "neemt het over")
        await linda.until(lambda b: b.denials)
        await oma.saved()
        assert "van-linda" not in oma.values()
        assert linda.closed_with is None


async def test_a_writer_who_becomes_a_reader_is_told_at_the_next_edit_on_the_same_socket(meeting: Meeting):
    meeting.oma.does("agreements/eten/yes")
    meeting.linda.does("agreements/bellen/yes")
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        meeting.marieke.moves("to_signing")
        oma.type("eten", "what", " en op zondag")
        await oma.until(lambda b: b.denials)
    plan = meeting.oma.browser.get(f"/api/m/{meeting.oma.id}/plan").json()
    board = meeting.oma.browser.get(f"/api/m/{meeting.oma.id}/boards/plan").json()
    assert plan["values"]["agreements"][0]["what"] == "eet op woensdag met Sami"
    assert board["agreements"][0]["what"] == "eet op woensdag met Sami"


async def test_everyone_sees_who_is_in_which_row_by_the_name_the_server_knows(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
        said = wire.Presence(7, 1, {"row": "eten", "field": "what", "name": "Politie", "side": "professional"})
        sami.send(wire.presence([said]))
        await oma.until(lambda b: 7 in b.presences)
        assert oma.presences[7] == {
            "participant": meeting.sami.id,
            "name": "Sami",
            "side": "circle",
            "row": "eten",
            "field": "what",
        }


async def test_nobody_speaks_for_another_in_presence_and_leaving_is_seen(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        async with open_board(meeting.sami, "plan") as sami, open_board(meeting.mama, "plan") as mama:
            sami.send(wire.presence([wire.Presence(7, 1, {"row": "eten"})]))
            await oma.until(lambda b: b.presences.get(7))
            mama.send(wire.presence([wire.Presence(8, 1, {"row": None}), wire.Presence(7, 9, {"row": "bellen"})]))
            await oma.until(lambda b: b.presences.get(8))
            assert (oma.presences[7] or {})["row"] == "eten"
        await oma.until(lambda b: b.presences[7] is None and b.presences[8] is None)


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\xff" * 12, bytes((0, 0)), bytes((0, 2, 200)) + b"x", bytes((0, 9, 0)), bytes((1, 5, 1)), bytes(range(40))],
    ids=["nothing", "endless number", "no state", "short", "unknown step", "half presence", "counting"],
)
async def test_who_sends_garbage_is_out_and_the_others_go_on(meeting: Meeting, garbage: bytes):
    async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
        for board in (oma, sami):
            await board.until(lambda b: "eten" in b.values())
        sami.send(garbage)
        await sami.until(lambda b: b.closed_with is not None)
        oma.add("nieuw", "haalt Sami op")
        await oma.saved()
        assert oma.closed_with is None


async def test_a_text_frame_or_a_huge_one_ends_that_socket_only(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        async with open_board(meeting.sami, "plan") as sami:
            await sami.socket.send("hallo")
            await sami.until(lambda b: b.closed_with is not None)
        async with open_board(meeting.mama, "plan") as mama:
            mama.send(wire.sync_update(bytes(70_000)))
            await mama.until(lambda b: b.closed_with is not None)
            assert mama.closed_with == 1009
        oma.add("nieuw", "haalt Sami op")
        await oma.saved()


async def test_a_closed_link_closes_the_board_at_once(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        meeting.marieke.does(f"people/{meeting.oma.id}/link/revoke")
        await oma.until(lambda b: b.closed_with is not None, seconds=2)
        assert oma.closed_with == 4401
    assert await refused_with(meeting.oma, "plan") == 403


async def test_a_link_that_is_closed_while_the_board_is_loading_opens_nothing(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
):
    loading = held_loading(monkeypatch)
    async with open_board(meeting.oma, "plan") as oma:
        await loading.begun()
        meeting.marieke.does(f"people/{meeting.oma.id}/link/revoke")
        loading.goes_on()
        await oma.until(lambda b: b.closed_with is not None)
        assert oma.closed_with == closing.NOT_SIGNED_IN
        assert oma.values() == {}


async def test_what_somebody_sent_just_before_they_left_is_taken_though_the_meeting_was_being_changed(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
):
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        held = held_change(monkeypatch)
        changing = asyncio.create_task(asyncio.to_thread(meeting.mama.does, "ready", ready=True))
        await held.begun()
        last_word = Doc[Any]()
        last_word.apply_update(oma.document.get_update())
        known = last_word.get_state()
        what: Text = last_word.get("agreements", type=Map)["eten"]["what"]
        what += ", en ook op zondag"
        # As a browser does whose tab is closed at once: both are read together.
        oma.socket.transport.write(
            Frame(Opcode.BINARY, wire.sync_update(last_word.get_update(known))).serialize(mask=True)
            + Frame(Opcode.CLOSE, Close(1000, "").serialize()).serialize(mask=True)
        )
        # By the time that a page comes, what was sent before it was read too.
        assert (await asyncio.to_thread(meeting.oma.browser.get, "/danger")).is_success
        held.goes_on()
        await changing
    async with open_board(meeting.sami, "plan") as sami:
        await sami.until(lambda b: b.values().get("eten", "").endswith(", en ook op zondag"))


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """To be asked for before Rondom is served: it looks who may be here as often as a test can wait for."""
    monkeypatch.setattr(hub, "LOOK_EVERY", 0.05)


@pytest.mark.usefixtures("looks_often")
async def test_a_visit_that_became_too_old_ends_on_every_screen_though_nobody_says_so(meeting: Meeting):
    async with (
        open_board(meeting.oma, "plan") as oma,
        open_events(meeting.oma) as screen,
        open_board(meeting.sami, "plan") as sami,
    ):
        for board in (oma, sami):
            await board.until(lambda b: "eten" in b.values())
        long_ago: Any = datetime.now(UTC) - VISIT_LASTS
        if meeting.rondom.store.kind == "sqlite":
            long_ago = str(long_ago.replace(tzinfo=None))
        meeting.rondom.change("UPDATE visit SET seen_at = ? WHERE holder_id = ?", long_ago, meeting.oma.id)
        await oma.until(lambda b: b.closed_with is not None)
        await screen.socket.wait_closed()
        assert oma.closed_with == screen.socket.close_code == closing.NOT_SIGNED_IN
        sami.add("nieuw", "haalt oma op")
        await sami.saved()


async def test_two_people_in_one_browser_are_two_people(meeting: Meeting, rondom: Rondom):
    shared = rondom.browser()
    oma = enter(shared, meeting.marieke.does(f"people/{meeting.oma.id}/link")["link"])
    linda = enter(shared, meeting.marieke.does(f"people/{meeting.linda.id}/link")["link"])
    assert oma.state()["me"]["name"] == "Oma Fatma"
    assert linda.state()["me"]["name"] == "Linda"
    async with open_board(oma, "plan") as first, open_board(linda, "plan") as second:
        await second.until(lambda b: "eten" in b.values())
        first.add("van-oma", "bakt brood")
        await second.until(lambda b: "van-oma" in b.values())
        second.add("van-linda", "stiekem")
        await second.until(lambda b: b.denials)
        await first.saved()
        assert "van-linda" not in first.values()


async def test_a_foreign_page_cannot_open_a_board(meeting: Meeting):
    assert await refused_with(meeting.oma, "plan", Origin="https://evil.example") == 403
    assert await refused_with(meeting.oma, "plan", Origin=meeting.rondom.origin) == 101


async def test_an_unknown_board_is_refused(meeting: Meeting):
    assert await refused_with(meeting.oma, "nothing") == 403


async def test_a_phone_that_slept_brings_its_own_and_gets_the_others_edits(meeting: Meeting):
    async with open_board(meeting.sami, "plan") as sami:
        await sami.until(lambda b: "eten" in b.values())
        asleep = sami.document
    asleep.get("agreements", type=type(sami.rows))["eten"]["what"].insert(0, "SLAAP ")
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        oma.type("eten", "otherwise", " Of oom Ahmed.")
        await oma.saved()
    async with open_board(meeting.sami, "plan") as awake:
        await awake.until(lambda b: "eten" in b.values())
        awake.send(wire.sync_step_2(asleep.get_update(awake.document.get_state())))
        awake.document.apply_update(asleep.get_update())
        await awake.saved()
    line = meeting.oma.browser.get(f"/api/m/{meeting.oma.id}/boards/plan").json()["agreements"][0]
    assert line["what"].startswith("SLAAP ")
    assert line["otherwise"].endswith("Of oom Ahmed.")


async def test_a_hundred_joins_leave_no_room_behind(meeting: Meeting):
    for _ in range(100):
        async with open_board(meeting.oma, "plan"):
            pass
    async with open_board(meeting.oma, "plan") as oma:
        await oma.until(lambda b: "eten" in b.values())
        oma.rows["eten"]["what"] = Text("eet nog steeds mee")
        await oma.saved()


async def test_many_edits_in_a_burst_are_all_stored(meeting: Meeting):
    async with open_board(meeting.oma, "plan") as oma, open_board(meeting.sami, "plan") as sami:
        for board in (oma, sami):
            await board.until(lambda b: "eten" in b.values())
        for number in range(100):
            oma.type("eten", "otherwise", f"{number} ")
            sami.type("bellen", "otherwise", f"{number} ")
        await asyncio.gather(oma.saved(), sami.saved())
    lines = meeting.oma.browser.get(f"/api/m/{meeting.oma.id}/boards/plan").json()["agreements"]
    for line in lines:
        assert " ".join(str(number) for number in range(100)) in line["otherwise"]


async def test_somebody_let_in_later_finds_everything(meeting: Meeting, rondom: Rondom):
    later = let_in(rondom, meeting.marieke, meeting.mama.id)
    async with open_board(later, "plan") as board:
        await board.until(lambda b: set(b.values()) == {"eten", "bellen"})


async def test_a_screen_looks_again_only_when_what_is_typed_means_something_for_it(meeting: Meeting):
    async with (
        open_events(meeting.oma) as oma,
        open_events(meeting.linda) as linda,
        open_board(meeting.sami, "plan") as sami,
    ):
        await sami.until(lambda b: "eten" in b.values())
        sami.type("eten", "what", " en")
        await sami.saved()
        for screen in (oma, linda):
            while not await screen.quiet_for(BOARD_PAUSE * 2):
                pass
        sami.type("eten", "what", " Leyla")
        await oma.next()
        assert await linda.quiet_for(0.2)
        sami.rows["eten"]["who"][meeting.linda.id] = True
        await linda.next()
    state = meeting.linda.state()
    assert "eten" in [agreement["row"] for agreement in state["agreements"]]
