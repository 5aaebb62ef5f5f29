"""A newcomer starts the demo, follows what it prints, and ends with a signed plan: two windows and a phone."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from app.command_line import FIRST_STEPS
from tests.browser.plan_steps import write_agreement
from tests.browser.stage import PHONE, TABLET, Screen, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

DESKTOP: ViewportSize = {"width": 900, "height": 760}


def labels(step: int) -> list[str]:
    """The buttons and links that a printed step names."""
    return re.findall("“([^”]+)”", FIRST_STEPS[step])


def come_in(screen: Screen, button: str) -> None:
    screen.press(button)
    expect(screen.page).to_have_url(re.compile("/(m/|meetings)"))


def test_what_the_demo_prints_leads_to_a_signed_plan(stage: Stage) -> None:
    marieke = stage.screen("marieke", stage.demo["coordinator"]["link"], TABLET)
    enter, to_circle = labels(0)
    come_in(marieke, enter)
    marieke.follow(stage.demo["meetings"][0]["title"])
    marieke.follow(to_circle)
    save, back = labels(1)
    marieke.hands.pick_day(marieke.field("Dag"), date.today() + timedelta(days=3))  # noqa: DTZ011
    marieke.hands.write(marieke.field("Plek"), "Buurthuis De Linde")
    marieke.hands.press(
        marieke.page.locator("form", has=marieke.field("Plek")).get_by_role("button", name=save, exact=True)
    )
    marieke.shows(re.compile("Opgeslagen ✓ "))
    marieke.follow(back)

    sami = stage.screen("sami", stage.participant(0, "Sami")["link"], PHONE)
    enter, go = labels(2)
    come_in(sami, enter)
    sami.press(go)

    (begin,) = labels(3)
    marieke.move(begin)
    oma = stage.screen("oma", stage.participant(0, "Oma Fatma")["link"], DESKTOP)
    come_in(oma, enter)
    for screen in (sami, oma):
        screen.title("Welkom en informatie")
        later = screen.button("Later")
        while screen.page.locator(".ask", has_text="Hoe ziet u het?").count():
            screen.hands.press(later)
        screen.answer("Is alles duidelijk", "Alles is duidelijk")
    marieke.hands.press(marieke.button(re.compile("^Begin besloten tijd")))
    dialog = marieke.page.locator("#move-dialog")
    marieke.hands.write(dialog.get_by_label("Waarom?"), "De anderen lezen het later.")
    marieke.hands.press(dialog.get_by_role("button", name="Begin besloten tijd", exact=True))

    sami.title("Besloten tijd")
    write_agreement(sami, "Oma Fatma", "kookt op woensdag", "woensdag", "Leyla", "Sami belt Leyla.")
    oma.shows("kookt op woensdag")
    oma.hands.pick_day(oma.field("Op welke dag?"), date.today() + timedelta(days=40))  # noqa: DTZ011
    oma.hands.choose(oma.field("Wie roept iedereen bij elkaar?"), "Oma Fatma")
    expect(oma.page.locator(".board-status")).to_have_text("opgeslagen ✓")
    done, confirm = labels(4)
    expect(sami.page.locator(".plan-review")).to_contain_text("Oma Fatma")
    sami.move(done)
    oma.press(confirm)

    oma.answer("kookt op woensdag", "Ik doe mee")
    marieke.move("Naar tekenen")
    for screen in (oma, sami):
        screen.hands.tick(screen.field("Ik sta achter dit plan"))
        screen.hands.write(screen.field("Typ uw naam"), screen.name.title())
        screen.press("Tekenen")
        screen.shows("U hebt getekend: u staat achter dit plan.")
    marieke.move("Klaar met tekenen")
    sami.title("Uitvoeren")
    sami.follow("Lees of print het plan")
    sami.shows("kookt op woensdag")


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_signed_demo_and_the_pages_around_it_keep_nobody_out(stage: Stage, size: ViewportSize, scheme: str):
    noor = stage.screen("noor", stage.participant(1, "Noor")["link"], size, color_scheme=scheme)
    come_in(noor, "Ik doe mee")
    noor.look("uitvoeren")
    noor.follow("Lees of print het plan")
    noor.look("plan")
    noor.page.goto(f"{stage.demo['origin']}/danger")
    noor.look("gevaar")
    noor.page.goto(f"{stage.demo['origin']}/nergens")
    noor.look("verdwaald")
    noor.page.goto(f"{stage.demo['origin']}/")
    noor.look("voordeur")
    noor.page.goto(stage.participant(1, "Noor")["link"] + "x")
    noor.press("Ik doe mee")
    noor.shows("Vraag een nieuwe")
    expect(noor.page.locator(".landing button").locator("visible=true")).to_have_count(0)
    assert noor.page.get_by_text("Iemand heeft u uitgenodigd").is_hidden()
    noor.look("link werkt niet")
    marieke = stage.screen("marieke", stage.demo["coordinator"]["link"], size, color_scheme=scheme)
    come_in(marieke, "Ik doe mee")
    marieke.look("bijeenkomsten")
    places = [marieke.link(name).bounding_box() for name in ("Nieuwe bijeenkomst", "Oefenen")]
    assert places[0]
    assert places[1]
    assert (places[0]["y"], places[0]["x"]) < (places[1]["y"], places[1]["x"])
    marieke.follow(stage.demo["meetings"][0]["title"])
    marieke.title("Voorbereiden")
    marieke.look("voorbereiden")
    marieke.follow("Deelnemers en voorbereiding")
    marieke.shows("Deelnemers")
    marieke.look("kring")
    marieke.page.goto(f"{stage.demo['origin']}/meetings/new")
    marieke.look("nieuwe bijeenkomst")


def test_the_signed_plan_prints_ten_agreements_on_a_clean_page_of_a4(stage: Stage):
    noor = stage.screen("noor", stage.participant(1, "Noor")["link"], PHONE)
    come_in(noor, "Ik doe mee")
    noor.follow("Lees of print het plan")
    noor.title("Rond Noor (voorbeeld)")
    ten = """() => {
      const list = document.querySelector(".plan-lines-list:last-of-type");
      const line = list.querySelector(".plan-line");
      while (document.querySelectorAll(".plan-line").length < 10) list.append(line.cloneNode(true));
    }"""
    noor.page.evaluate(ten)
    printed = noor.page.pdf(path=noor.pictures / "plan.pdf", prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 1
    noor.page.emulate_media(media="print")
    hidden = noor.page.locator("header.page-header, .no-print")
    for place in range(hidden.count()):
        expect(hidden.nth(place)).to_be_hidden()


def test_on_a_slow_line_a_form_waits_for_its_script_so_that_no_word_is_lost(stage: Stage):
    marieke = stage.screen("marieke", stage.demo["coordinator"]["link"], TABLET)
    come_in(marieke, "Ik doe mee")
    marieke.follow(stage.demo["meetings"][0]["title"])
    marieke.title("Voorbereiden")
    under_way: list[Route] = []
    marieke.page.route("**/screens/circle*.js", lambda route: under_way.append(route))
    marieke.page.goto(f"{marieke.page.url}/circle", wait_until="commit")
    place = marieke.page.locator("#place")
    expect(marieke.page.get_by_role("heading", name="Deelnemers", exact=True)).to_be_visible()
    expect(place).to_be_hidden()
    under_way[0].continue_()
    expect(place).to_be_visible()
    marieke.hands.write(place, "Buurthuis De Linde")
    expect(place).to_have_value("Buurthuis De Linde")


def test_each_person_picks_a_language_and_can_switch(stage: Stage):
    noor = stage.screen("noor", stage.participant(1, "Noor")["link"], PHONE)
    noor.follow("English")
    noor.title("Welcome")
    noor.look("invitation in English")
    noor.press("I am joining")
    expect(noor.page).to_have_url(re.compile("/m/"))
    expect(noor.page.locator("html")).to_have_attribute("lang", "en")
    noor.look("meeting in English")
    noor.hands.choose(noor.page.locator("select.language"), "Nederlands")
    noor.title("Uitvoeren")
    expect(noor.page.locator("html")).to_have_attribute("lang", "nl")
