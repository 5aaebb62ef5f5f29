"""A "nee" is no dead end: who said it finds it back on the own screen, says otherwise, and the meeting goes on."""

import re

import pytest
from playwright.sync_api import expect

from tests.app.driving import EVENING, Rondom, meeting_in
from tests.browser.stage import PHONE, TABLET, Screen, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]


def open_my_answers(screen: Screen) -> None:
    screen.hands.press(screen.page.locator("summary", has_text="Mijn antwoorden"))


def test_a_no_is_found_back_after_a_reload_and_becomes_a_yes(meeting_room: Stage, rondom: Rondom):
    meeting = meeting_in(rondom, "preparation")
    for person in [*meeting.circle, meeting.linda]:
        meeting.marieke.does(f"people/{person.id}/prepared", prepared=True)
        meeting.marieke.does(f"people/{person.id}/safety", safe=True)
    meeting.marieke.does("appointment", starts_at=EVENING, place="Buurthuis De Linde")
    meeting.mama.does("go", answer="yes")
    marieke = meeting_room.screen_of("marieke", meeting.marieke, TABLET)
    sami = meeting_room.screen_of("sami", meeting.sami, PHONE)

    sami.answer("Wat wilt u zelf zeggen?", "Ik zeg liever niets")
    sami.answer("Mag de bijeenkomst beginnen?", "Nee, nog niet")
    marieke.shows(re.compile("Sami.* dat de bijeenkomst mag beginnen"))
    sami.page.reload()
    expect(sami.page.locator(".ask").filter(has_text="Mag de bijeenkomst beginnen?")).to_have_count(0)
    open_my_answers(sami)
    sami.look("mijn antwoorden")
    sami.press("Verander in: Ja, het mag beginnen. Mag de bijeenkomst beginnen?")
    expect(sami.page.locator(".answer-line").filter(has_text="Mag de bijeenkomst beginnen?")).to_contain_text(
        "Ja, het mag beginnen"
    )

    sami.press("Toch iets schrijven. Wat wilt u zelf zeggen?")
    expect(sami.page.locator(".ask textarea")).to_be_focused()
    sami.look("toch iets zeggen")
    sami.tell("Wat wilt u zelf zeggen?", "Ik wil weer naar voetbal.")
    expect(sami.page.locator(".answer-line").filter(has_text="Wat wilt u zelf zeggen?")).to_contain_text("voetbal")
    sami.press("Verander wat ik schreef. Wat wilt u zelf zeggen?")
    sami.tell("Wat wilt u zelf zeggen?", " En naar school.")
    expect(sami.page.locator(".answer-line").filter(has_text="naar voetbal. En naar school.")).to_be_visible()

    marieke.move("Begin de bijeenkomst")
    sami.title("Welkom en informatie")


def test_who_leads_finds_an_answer_back_on_a_tablet(meeting_room: Stage, rondom: Rondom):
    meeting = meeting_in(rondom, "circle")
    meeting.marieke.does("independent", answer="no")
    marieke = meeting_room.screen_of("marieke", meeting.marieke, TABLET)
    open_my_answers(marieke)
    marieke.look("mijn antwoorden")
    marieke.press("Verander in: Nee, geen andere rol. Hebt u hier nog een andere rol?")
    expect(marieke.page.locator(".answer-line")).to_contain_text("Nee, geen andere rol")


def test_not_signing_by_mistake_is_mended_and_who_leads_signs_as_a_witness(meeting_room: Stage, rondom: Rondom):
    meeting = meeting_in(rondom, "signing")
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    oma.hands.tick(oma.page.get_by_label("Ik teken niet"))
    oma.press("Antwoord geven")
    oma.shows("U hebt gekozen om niet te tekenen.")
    oma.look("niet getekend")
    marieke = meeting_room.screen_of("marieke", meeting.marieke, TABLET)
    marieke.look("tekenen als getuige")
    for screen, button, name in ((oma, "Toch tekenen", "Oma Fatma"), (marieke, "Ik wil ook tekenen", "Marieke")):
        screen.press(button)
        screen.hands.tick(screen.page.get_by_label("Ik sta achter dit plan"))
        screen.hands.write(screen.page.locator("#typed-name"), name)
        screen.press("Tekenen")
        screen.shows("U hebt getekend: u staat achter dit plan.")
        expect(screen.button(button)).to_have_count(0)
