"""Somebody takes everything off the board; somebody else looks how it was, and puts it back."""

import re

import pytest
from playwright.sync_api import expect

from tests.app.driving import Meeting, Rondom, meeting_in
from tests.browser.plan_steps import open_agreement
from tests.browser.stage import PHONE, TABLET, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def meeting(rondom: Rondom) -> Meeting:
    return meeting_in(rondom, "agreement")


def test_what_was_taken_off_the_board_is_looked_at_and_put_back_and_undone(meeting: Meeting, meeting_room: Stage):
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    sami = meeting_room.screen_of("sami", meeting.sami, TABLET)
    oma.press("Eerdere versies")
    oma.shows("Er is nog geen eerdere versie.")
    oma.press("Sluit")
    assert meeting.oma.post("boards/plan/restore-points").status_code == 200

    open_agreement(sami, 1).get_by_label("Wat gaat er gebeuren?").fill("niks")
    sami.press("Klaar")
    sami.press("Meer over afspraak 2")
    sami.press(re.compile("Haal weg"))
    cards = oma.page.locator(".plan-card")
    expect(cards).to_have_count(1)
    expect(cards.first).to_contain_text("niks")

    oma.press("Eerdere versies")
    oma.look("eerdere versies")
    oma.hands.press(oma.page.locator(".board-points button").first)
    oma.shows("Zo stond het er vandaag om")
    oma.shows("Oma Fatma: eet op woensdag met Sami.")
    oma.look("zo stond het er")
    oma.press("Zet dit terug")
    for screen in (oma, sami):
        expect(screen.page.locator(".plan-card")).to_have_count(2)
        expect(screen.page.locator(".plan-card").first).to_contain_text("eet op woensdag met Sami")
    oma.shows("Het bord staat weer zoals vandaag om")
    oma.look("teruggezet")

    oma.hands.press(oma.page.locator(".board-said").get_by_role("button", name="Ongedaan maken"))
    expect(sami.page.locator(".plan-card")).to_have_count(1)
    sami.press("Eerdere versies")
    sami.look("er is er een bij gekomen")
    expect(sami.page.locator(".board-points li")).to_have_count(2)
    expect(sami.page.locator(".board-points li").first).to_contain_text("Vlak voordat iemand het bord terugzette")
