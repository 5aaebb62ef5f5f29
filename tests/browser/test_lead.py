"""Who leads lets a colleague in, sees that they are in, and steps back; the meeting goes on for everybody else."""

import re

import pytest
from playwright.sync_api import expect

from tests.app.driving import Rondom, meeting_in
from tests.browser.stage import PHONE, TABLET, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]


def test_the_lead_is_handed_over_in_three_steps(meeting_room: Stage, rondom: Rondom):
    meeting = meeting_in(rondom, "agreement")
    marieke = meeting_room.screen_of("marieke", meeting.marieke, TABLET)
    sami = meeting_room.screen_of("sami", meeting.sami, PHONE)
    marieke.hands.press(marieke.page.locator("summary", has_text="De leiding overdragen"))
    marieke.shows("U kunt weg zodra uw collega binnen is.")
    marieke.hands.write(marieke.field("Naam van uw collega"), "Anja")
    marieke.press("Link maken")
    marieke.shows("Anja heeft de link nog niet geopend.")
    link = re.search(r"http\S+#\S+", marieke.field("Uitnodiging om te versturen").input_value())
    assert link
    picture = marieke.page.get_by_alt_text("De link als QR-code, om te scannen met een telefoon")
    assert picture.evaluate("picture => picture.naturalWidth") > 100
    marieke.look("de link voor de collega")
    marieke.press("Klaar")

    anja = meeting_room.screen("anja", link[0], TABLET)
    anja.press("Ik doe mee")
    anja.title("Plan bespreken")
    assert anja.page.locator("a.brand").count() == 0
    marieke.shows("✓ Anja is binnen en leidt mee.")
    marieke.press("Ik draag de leiding over en ga weg")
    marieke.shows("De leiding is dan bij Anja.")
    marieke.look("weggaan")
    marieke.press("Ik ga weg")
    marieke.title("Mijn bijeenkomsten")
    marieke.shows("Er is nog geen bijeenkomst.")

    expect(sami.page.locator(".people")).to_contain_text("Anja")
    expect(sami.page.locator(".people")).not_to_contain_text("Marieke")
    anja.look("leidt")
