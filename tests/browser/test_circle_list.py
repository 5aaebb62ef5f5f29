"""The list of the circle, as who leads keeps it: who has authority, who changes sides, and taking somebody off."""

import pytest
from playwright.sync_api import expect

from tests.app.driving import Meeting, Rondom, meeting_in
from tests.browser.stage import PHONE, TABLET, Screen, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]


def open_list(room: Stage, meeting: Meeting, phone: bool = False) -> Screen:
    return room.screen_of("marieke", meeting.marieke, PHONE if phone else TABLET, "/circle")


def change(screen: Screen, name: str) -> None:
    screen.press(f"Wijzigen: {name}")


@pytest.mark.parametrize("phone", [False, True])
def test_taking_somebody_off_the_list_is_asked_first(meeting_room: Stage, rondom: Rondom, phone: bool):
    meeting = meeting_in(rondom, "preparation")
    marieke = open_list(meeting_room, meeting, phone)
    dialog = marieke.page.locator("#person-dialog")
    change(marieke, "Oma Fatma")
    marieke.press("Van de lijst halen")
    marieke.shows("Oma Fatma van de lijst halen?")
    marieke.shows("De link van Oma Fatma werkt dan meteen niet meer.")
    marieke.shows("U kunt Oma Fatma later opnieuw toevoegen, met een nieuwe link.")
    expect(marieke.button("Toch niet")).to_be_focused()
    marieke.look("van de lijst halen")
    assert meeting.oma.state()["phase"] == "preparation"

    marieke.press("Toch niet")
    expect(marieke.field("Naam")).to_have_value("Oma Fatma")
    expect(marieke.button("Van de lijst halen")).to_be_focused()
    marieke.press("Van de lijst halen")
    marieke.press("Ja, van de lijst")
    expect(dialog).to_be_hidden()
    expect(marieke.page.get_by_role("heading", name="Oma Fatma", exact=True)).to_have_count(0)
    assert meeting.oma.browser.get(f"/api/m/{meeting.oma.id}").status_code == 401
    # The next one is asked about anew, and is seen as they are.
    change(marieke, "Linda")
    expect(marieke.field("Naam")).to_have_value("Linda")


def test_when_nobody_can_be_added_the_list_says_where_that_can_be_done(meeting_room: Stage, rondom: Rondom):
    meeting = meeting_in(rondom, "agreement")
    marieke = open_list(meeting_room, meeting)
    again = "Iemand toevoegen kan weer als de bijeenkomst teruggaat naar ‘Voorbereiden’."
    marieke.shows(again)
    expect(marieke.page.get_by_role("button", name="Iemand toevoegen")).to_be_hidden()
    marieke.look("niemand toevoegen")
    change(marieke, "Oma Fatma")
    marieke.press("Van de lijst halen")
    expect(marieke.page.locator("#person-dialog")).to_contain_text(again)
    change_back = meeting.marieke.state()["preparation"]["adding_again"]
    assert change_back == "Voorbereiden"


def test_authority_is_offered_where_it_counts_and_a_change_of_side_says_what_it_does(
    meeting_room: Stage, rondom: Rondom
):
    meeting = meeting_in(rondom, "preparation")
    marieke = open_list(meeting_room, meeting)
    dialog = marieke.page.locator("#person-dialog")
    authority = dialog.get_by_label("Heeft gezag")
    change(marieke, "Oma Fatma")
    expect(authority).to_be_hidden()
    marieke.shows("Heeft deze persoon gezag? Kies dan de rol van ouder, ook voor een oma of een voogd.")
    marieke.look("gezag")
    marieke.hands.choose(marieke.field("Rol"), "ouder")
    marieke.hands.tick(authority)
    marieke.hands.press(dialog.get_by_role("button", name="Opslaan"))
    expect(dialog).to_be_hidden()
    marieke.shows("oma · ouder · heeft gezag")
    assert any(ask["kind"] == "consent" for ask in meeting.oma.state()["to_do"])

    change(marieke, "Linda")
    anew = "Er wordt dan opnieuw gevraagd of deze persoon erbij mag zijn."
    expect(dialog).not_to_contain_text(anew, use_inner_text=True)
    marieke.hands.choose(marieke.field("Rol"), "familie")
    expect(dialog).to_contain_text(anew, use_inner_text=True)
    marieke.look("andere kant")
    marieke.hands.press(dialog.get_by_role("button", name="Opslaan"))
    expect(dialog).to_be_hidden()
    assert meeting.linda.browser.get(f"/api/m/{meeting.linda.id}").status_code == 401
