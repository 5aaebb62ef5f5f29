"""A coordinator rehearses: looks as Sami, jumps forth and back, reads ahead, and is done. And asks all for a number."""

import re

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.app.driving import Rondom
from tests.app.gatherings import WAYS
from tests.browser.hands import Hands, Keyboard, Pointer
from tests.browser.stage import PHONE, TABLET, Screen, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

SIZES = pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])


def begin(
    room: Stage,
    rondom: Rondom,
    size: ViewportSize,
    protocol: str,
    hands: type[Hands] = Pointer,
    frame: str = "voluntary",
) -> Screen:
    room.hands = hands
    link = f"{rondom.origin}/u/marieke#{rondom.account_secret}"
    marieke = room.screen("marieke", link, size)
    marieke.press("Ik doe mee")
    marieke.follow("Oefenen")
    marieke.title("Oefenen")
    marieke.look("werkwijze kiezen")
    marieke.hands.tick(marieke.page.locator(f"input[value={protocol}]"))
    marieke.hands.tick(marieke.page.locator(f"input[value={frame}]"))
    marieke.press("Begin met oefenen")
    marieke.shows("Alle mensen zijn verzonnen.")
    return marieke


def look_as(screen: Screen, name: str) -> None:
    screen.hands.press(screen.page.locator("summary", has_text="Kijk als …"))
    screen.hands.press(screen.page.locator("[data-look-as]", has_text=name))
    expect(screen.page.locator(".page-header .who")).to_contain_text(name)


def jump(screen: Screen, title: str) -> None:
    screen.hands.press(screen.page.locator("summary", has_text="Ga naar …"))
    screen.hands.press(screen.page.locator("[data-jump]", has_text=title).first)
    expect(screen.page.locator(".rehearsal details[open]")).to_have_count(0)


@SIZES
def test_a_coordinator_looks_as_sami_at_any_phase_and_nothing_of_it_stays(
    meeting_room: Stage, rondom: Rondom, size: ViewportSize
):
    marieke = begin(meeting_room, rondom, size, "eigen_kracht")
    marieke.look("begin")
    jump(marieke, "Plan bespreken")
    marieke.title("Plan bespreken")
    marieke.shows("brengt Sami naar de training")
    marieke.look("plan bespreken")
    look_as(marieke, "Sami Voorbeeld")
    marieke.title("Plan bespreken")
    marieke.look("als Sami, plan bespreken")
    marieke.hands.press(marieke.page.locator("summary", has_text="Kijk als …"))
    marieke.look("als Sami, kijk als")
    marieke.hands.press(marieke.page.locator("summary", has_text="Kijk als …"))
    jump(marieke, "Besloten tijd")
    marieke.title("Besloten tijd")
    expect(marieke.page.locator("body")).to_have_class(re.compile("night"))
    marieke.look("als Sami, besloten tijd")
    look_as(marieke, "Linda Bedacht")
    marieke.title("De kring is in besloten tijd")
    assert "brengt Sami" not in marieke.page.content()
    marieke.look("als Linda, besloten tijd")
    jump(marieke, "Uitvoeren")
    marieke.follow("Lees of print het plan")
    marieke.shows("brengt Sami naar de training")
    marieke.look("als Linda, het plan")
    jump(marieke, "Kring maken")
    marieke.title("Kring maken")
    marieke.press("Klaar met oefenen")
    marieke.title("Mijn bijeenkomsten")
    marieke.shows("Er is nog geen bijeenkomst.")
    marieke.look("klaar")
    assert rondom.count("meeting") == 0


def test_who_leads_reads_ahead_on_the_stepping_stones_and_hands_over_the_lead(meeting_room: Stage, rondom: Rondom):
    marieke = begin(meeting_room, rondom, TABLET, "eigen_kracht")
    jump(marieke, "Voorbereiden")
    marieke.title("Voorbereiden")
    marieke.press("Tekenen: komt nog")
    marieke.shows("Vooruitkijken: Tekenen")
    marieke.shows("Voor de anderen verandert er niets.")
    marieke.look("vooruitkijken, tekenen")
    marieke.press("← Vorige")
    marieke.shows("Vooruitkijken: Plan bespreken")
    marieke.look("vooruitkijken, plan bespreken")
    marieke.press("Sluiten")
    marieke.title("Voorbereiden")
    marieke.hands.press(marieke.page.locator("summary", has_text="De leiding overdragen"))
    marieke.look("leiding overdragen")
    marieke.hands.write(marieke.field("Naam van uw collega"), "Anja")
    marieke.press("Link maken")
    marieke.shows("Dit is een oefening met verzonnen mensen.")


@SIZES
def test_bottom_lines_are_read_aloud_and_a_late_one_says_why_it_comes_only_now(
    meeting_room: Stage, rondom: Rondom, size: ViewportSize
):
    marieke = begin(meeting_room, rondom, size, "eigen_kracht", frame="compulsory")
    jump(marieke, "Voorbereiden")
    look_as(marieke, "Willem Oefening")
    expect(marieke.page.get_by_label("Waarom pas nu?")).to_be_hidden()
    write_bottom_line(marieke, "Sami slaapt elke nacht op een plek die we kennen")
    jump(marieke, "Welkom en informatie")
    look_as(marieke, "Marieke")
    marieke.shows("Bodemeisen voorlezen")
    marieke.shows("Elke avond weet een volwassene waar Sami is (verzonnen)")
    marieke.look("bodemeisen voorlezen")
    marieke.press("Ik heb de bodemeisen voorgelezen")
    expect(marieke.page.get_by_text("Bodemeisen voorlezen")).to_have_count(0)
    jump(marieke, "Plan bespreken")
    look_as(marieke, "Willem Oefening")
    late = marieke.page.get_by_text("Een bodemeis die nu nog komt, heeft een reden nodig.")
    expect(late).to_be_hidden()
    marieke.hands.press(marieke.page.locator("summary", has_text="Bodemeis toevoegen"))
    expect(late).to_be_visible()
    marieke.hands.write(marieke.field("Waarom pas nu?"), "Dit weten we sinds gisteren.")
    write_bottom_line(marieke, "Sami gaat niet alleen mee in de auto")
    marieke.hands.press(marieke.page.locator("summary", has_text="Wat we weten"))
    marieke.shows("Kwam later: Dit weten we sinds gisteren.")
    marieke.look("een late bodemeis")


def write_bottom_line(screen: Screen, what: str) -> None:
    screen.hands.write(screen.field("Wat moet in elk geval zo zijn?"), what)
    screen.hands.write(screen.field("Waarom?"), "Dat is nu niet zo.")
    form = screen.page.locator("form", has=screen.field("Wat moet in elk geval zo zijn?"))
    screen.hands.press(form.get_by_role("button", name="Opslaan", exact=True))
    expect(screen.field("Wat moet in elk geval zo zijn?")).to_have_value("")


def card(screen: Screen, title: str) -> Locator:
    """The card of something that everybody is asked."""
    return screen.page.locator(".voice", has=screen.page.get_by_role("heading", name=title, exact=True))


def press_on(screen: Screen, title: str, button: str) -> None:
    screen.hands.press(card(screen, title).get_by_role("button", name=button, exact=True))


def give(screen: Screen, number: int, why: str = "") -> None:
    asked = screen.page.locator(".scale-ask")
    expect(asked).to_be_visible()
    screen.hands.tick(asked.get_by_role("radio", name=str(number), exact=True))
    if why:
        screen.hands.write(asked.get_by_label("Wilt u er iets bij zeggen? Dat hoeft niet."), why)
    screen.hands.press(asked.get_by_role("button", name="Dit is mijn cijfer"))
    expect(asked).to_have_count(0)


@pytest.mark.settings(protocols=[WAYS])
@pytest.mark.parametrize(
    ("size", "hands"), [(TABLET, Pointer), (PHONE, Keyboard)], ids=["pointing on a tablet", "keys on a phone"]
)
def test_all_give_a_number_unseen_and_then_see_everybody_on_one_line(
    meeting_room: Stage, rondom: Rondom, size: ViewportSize, hands: type[Hands]
):
    question = "Wie heeft de leiding?"
    marieke = begin(meeting_room, rondom, size, "every_part", hands)
    press_on(marieke, question, "Vraag iedereen om een cijfer")
    expect(card(marieke, question)).to_contain_text("Nog geen antwoord van: Marieke, Sami Voorbeeld, Leyla Voorbeeld")
    marieke.look("gevraagd")
    give(marieke, 4, "De familie vraagt het nu vaker zelf.")

    look_as(marieke, "Sami Voorbeeld")
    marieke.shows("Dit cijfer ziet niemand anders")
    marieke.look("als Sami, een cijfer")
    give(marieke, 2)
    expect(card(marieke, question)).to_contain_text("Niemand anders ziet dit cijfer.")

    look_as(marieke, "Oma Voorbeeld")
    marieke.press("Dit is mijn cijfer")
    marieke.shows("Kies bij elke vraag een cijfer van 0 tot 10.")
    give(marieke, 6)
    expect(card(marieke, question)).to_contain_text("laat Marieke alle cijfers samen zien")
    press_on(marieke, question, "Verander mijn cijfer")
    give(marieke, 7, "Leyla belt nu zelf.")
    marieke.look("als Oma, na het antwoord")
    look_as(marieke, "Vera Verzonnen")
    give(marieke, 7)

    look_as(marieke, "Marieke")
    expect(card(marieke, question)).to_contain_text("Nog geen antwoord van: Leyla Voorbeeld")
    assert "Leyla belt nu zelf." not in marieke.page.content()
    press_on(marieke, question, "Laat alle cijfers zien")
    expect(card(marieke, question)).to_contain_text("laagste 4, hoogste 7")
    expect(card(marieke, question)).to_contain_text("Leyla belt nu zelf.")
    expect(card(marieke, question).locator(".spread-line .dot")).to_have_count(3)
    marieke.look("alle cijfers")
    look_as(marieke, "Sami Voorbeeld")
    expect(card(marieke, question)).to_contain_text("niemand anders ziet dit")
    marieke.look("als Sami, alle cijfers")

    look_as(marieke, "Marieke")
    press_on(marieke, question, "Vraag het opnieuw")
    give(marieke, 8)
    press_on(marieke, question, "Laat alle cijfers zien")
    expect(card(marieke, question)).to_contain_text("laagste en hoogste: 8")
    expect(card(marieke, question).locator(".history")).to_contain_text("laagste 4, hoogste 7")
    marieke.look("na de tweede keer")

    press_on(marieke, "Klopt het verhaal?", "Vraag het aan iedereen")
    look_as(marieke, "Oma Voorbeeld")
    marieke.look("als Oma, een ronde")
    marieke.answer("Klopt het verhaal zo?", "Ik sla over")
    look_as(marieke, "Leyla Voorbeeld")
    marieke.answer("Klopt het verhaal zo?", "Ja")
    look_as(marieke, "Marieke")
    expect(card(marieke, "Klopt het verhaal?")).to_contain_text("Iedereen heeft geantwoord.")
    press_on(marieke, "Klopt het verhaal?", "Laat alle antwoorden zien")
    expect(card(marieke, "Klopt het verhaal?")).to_contain_text("Slaat over: 1")
    marieke.look("alle antwoorden")
