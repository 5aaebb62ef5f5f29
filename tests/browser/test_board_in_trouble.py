"""What people see when the board cannot be stored, is full or has no place left: words, and their own words kept."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, WebSocket, expect

from app.live import room
from meetings.boards import replica
from tests.app.driving import Meeting, Rondom, meeting_in
from tests.app.serving import reaching
from tests.browser.plan_steps import open_agreement
from tests.browser.stage import PHONE, TABLET, Screen, Stage
from tests.power import cut_the_power
from tests.running import RunningRondom
from tests.stores import SqliteFile

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

SECONDS = 1000


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


def notice(screen: Screen) -> Locator:
    return screen.page.locator(".board-trouble")


def is_saved(screen: Screen) -> None:
    expect(screen.page.locator(".board-status")).to_have_text("opgeslagen ✓", timeout=25 * SECONDS)
    expect(notice(screen)).to_be_hidden()


def test_a_board_that_cannot_be_stored_is_read_only_in_words_keeps_what_was_typed_and_goes_on(
    meeting: Meeting, meeting_room: Stage
):
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    marieke = meeting_room.screen_of("marieke", meeting.marieke, TABLET)
    is_saved(oma)
    is_saved(marieke)
    card = open_agreement(oma, 1)
    what = card.get_by_label("Wat gaat er gebeuren?")
    with SqliteFile(meeting.rondom.database).locked():
        oma.hands.write(what, ", en soms op zondag")
        for screen in (oma, marieke):
            expect(notice(screen)).to_contain_text("U kunt alleen lezen.", timeout=10 * SECONDS)
        expect(what).to_be_focused()
        expect(what).not_to_be_editable()
        expect(card.get_by_role("checkbox").first).to_be_disabled()
        for screen in (oma, marieke):
            expect(screen.page.get_by_role("button", name="+ Afspraak")).to_have_count(0)
            screen.look("opslaan lukt niet")
    is_saved(oma)
    expect(what).to_be_editable()
    expect(what).to_have_value("eet op woensdag met Sami, en soms op zondag")
    oma.look("opslaan lukt weer")
    marieke.shows(re.compile("en soms op zondag"))


def test_a_full_board_says_so_and_takes_all_that_was_written_once_a_text_is_shorter(
    meeting: Meeting, meeting_room: Stage, monkeypatch: pytest.MonkeyPatch
):
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    mama = meeting_room.screen_of("mama", meeting.mama, TABLET)
    is_saved(oma)
    what = open_agreement(oma, 1).get_by_label("Wat gaat er gebeuren?")
    what.fill("eet heel vaak met Sami " + "en nog eens " * 150)
    is_saved(oma)
    monkeypatch.setattr(replica, "MOST_STATE_BYTES", 1_500)
    oma.hands.write(oma.field("Wat als het niet lukt?"), " Of Bas belt.")
    expect(notice(oma)).to_contain_text("Er past niets meer op dit bord.", timeout=10 * SECONDS)
    oma.look("bord is vol")
    mama.shows(re.compile("en nog eens"))
    expect(mama.page.get_by_text("Of Bas belt.")).to_have_count(0)
    open_agreement(mama, 1).get_by_label("Wat gaat er gebeuren?").fill("eet heel vaak met Sami")
    is_saved(oma)
    is_saved(mama)
    expect(mama.field("Wat als het niet lukt?")).to_have_value("Oma belt mama. Of Bas belt.")


@pytest.fixture
def damaged(process: RunningRondom, plays: dict[Any, Any]) -> Iterator[Meeting]:
    """A meeting whose board can't be read from its last change on."""
    with reaching(process, plays) as rondom:
        meeting = meeting_in(rondom, "agreement")
        process.kill()
        rondom.change(
            "UPDATE board_update SET sealed = X'00' WHERE sequence = (SELECT max(sequence) FROM board_update)"
        )
        process.start()
        yield meeting


def test_a_board_of_which_a_part_cannot_be_read_says_so_to_everybody_on_it(damaged: Meeting, meeting_room: Stage):
    oma = meeting_room.screen_of("oma", damaged.oma, PHONE)
    marieke = meeting_room.screen_of("marieke", damaged.marieke, TABLET)
    for screen in (oma, marieke):
        expect(notice(screen)).to_contain_text("kan niet gelezen worden", timeout=10 * SECONDS)
        expect(screen.page.get_by_role("button", name="+ Afspraak")).to_have_count(0)
        screen.look("bord is beschadigd")


def test_after_a_power_cut_screens_go_on_by_themselves_and_hand_back_what_was_not_saved(
    process: RunningRondom, plays: dict[Any, Any], meeting_room: Stage
):
    with reaching(process, plays) as rondom:
        meeting = meeting_in(rondom, "agreement")
        oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
        mama = meeting_room.screen_of("mama", meeting.mama, TABLET)
        is_saved(oma)
        is_saved(mama)
        what = open_agreement(oma, 1).get_by_label("Wat gaat er gebeuren?")
        oma.hands.write(what, " en Bas")
        mama.shows(re.compile("en Bas"))
        process.kill()
        cut_the_power(rondom, process)
        oma.hands.write(what, ", en soms op zondag")
        process.start()
        expect(oma.page.locator(".kept")).to_contain_text("en soms op zondag", timeout=20 * SECONDS)
        is_saved(oma)
        is_saved(mama)
        oma.look("na een stroomstoring")
        mama.look("na een stroomstoring")
        again = open_agreement(oma, 1).get_by_label("Wat gaat er gebeuren?")
        oma.hands.write(again, ", ook na de storing")
        is_saved(oma)
        mama.shows(re.compile("ook na de storing"))


def test_a_device_that_sends_what_the_board_does_not_take_stops_trying_and_hands_the_words_back(
    meeting: Meeting, meeting_room: Stage, monkeypatch: pytest.MonkeyPatch
):
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    mama = meeting_room.screen_of("mama", meeting.mama, TABLET)
    is_saved(oma)
    what = open_agreement(oma, 1).get_by_label("Wat gaat er gebeuren?")
    tries = count_tries(oma)
    for most in ("MOST_UPDATE_BYTES", "MOST_SYNC_BYTES"):
        monkeypatch.setattr(room, most, 10)
    oma.hands.write(what, ", en soms op zondag")
    expect(notice(oma)).to_contain_text("iets wat het bord niet aankan", timeout=20 * SECONDS)
    assert len(tries) == 2
    expect(oma.page.locator(".kept")).to_contain_text("en soms op zondag")
    oma.look("bord neemt niets aan")
    monkeypatch.undo()
    # A change of the meeting opens it no more; opening the page does, with nothing of what was refused.
    meeting.mama.does("ready", ready=True)
    expect(notice(mama)).to_be_hidden()
    assert len(tries) == 2
    oma.page.on("dialog", lambda dialog: dialog.accept())
    oma.page.reload()
    is_saved(oma)


def count_tries(screen: Screen) -> list[str]:
    """From now on, the boards' websockets that a screen opens."""
    tries: list[str] = []

    def note(socket: WebSocket) -> None:
        if "/boards/" in socket.url:
            tries.append(socket.url)

    screen.page.on("websocket", note)
    return tries


@pytest.mark.settings(sockets_per_board=1)
def test_who_finds_no_place_on_the_board_reads_so_and_comes_in_when_somebody_leaves(
    meeting: Meeting, meeting_room: Stage
):
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    is_saved(oma)
    sami = meeting_room.screen_of("sami", meeting.sami, PHONE)
    expect(notice(sami)).to_contain_text("te veel mensen tegelijk op dit bord")
    expect(sami.page.get_by_role("button", name="+ Afspraak")).to_have_count(0)
    sami.look("geen plek op het bord")
    oma.page.close()
    is_saved(sami)
    sami.shows(re.compile("eet op woensdag met Sami"))


@pytest.mark.settings(sockets_per_participant=1)
def test_a_screen_that_is_open_too_often_says_which_to_close(meeting: Meeting, meeting_room: Stage):
    first = meeting_room.screen_of("sami", meeting.sami, PHONE)
    is_saved(first)
    second = meeting_room.screen_of("sami", meeting.sami, TABLET)
    expect(notice(second)).to_contain_text("Sluit het in een ander tabblad")
    second.look("te vaak open")
    first.page.close()
    is_saved(second)
