"""A family makes a safety plan by Signs of Safety, each on their own screen: from the worker's notes into practice.

What every way of meeting has (inviting, consents, preparing) goes by HTTP; what is this way's own goes by the screens.
"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.app.driving import EVENING, Person, Rondom
from tests.app.gatherings import gather, invite
from tests.browser.plan_steps import write_agreement
from tests.browser.stage import PHONE, TABLET, Screen, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(420)]

REVIEW = date.today() + timedelta(days=21)  # noqa: DTZ011  a day on a calendar
HARM = "Op 3 maart sliep Sami buiten, na ruzie thuis. De wijkagent vond hem."
DANGER = "Els en oma zijn bang dat Sami weer alleen buiten slaapt als mama en Sami ruzie hebben."
GOAL = "Mama laat drie maanden lang zien dat zij bij ruzie eerst oma belt. Sami slaapt elke nacht binnen."
CHILDS_WHY = "als mama schreeuwt"


class Family:
    """The people, their screens, and what each does there."""

    def __init__(self, room: Stage, there: dict[str, Person]) -> None:
        self.room = room
        self.there = there
        self.marieke = room.screen_of("marieke", there["lead"], TABLET)
        self.sami = room.screen_of("sami", there["central"], PHONE)
        self.leyla = room.screen_of("leyla", there["leyla"], PHONE)
        self.els: Screen
        self.oma: Screen

    @property
    def bas(self) -> Person:
        """The neighbour has no screen here; what he says goes by HTTP."""
        return self.there["bas"]


def look(screen: Screen, what: str) -> None:
    """Look at this screen at its own size and at the other one: where it matters most."""
    screen.look(what)
    own = screen.page.viewport_size
    assert own
    other = TABLET if own == PHONE else PHONE
    screen.page.set_viewport_size(other)
    screen.look(f"{what} ({other['width']})")
    screen.page.set_viewport_size(own)


def is_saved(screen: Screen) -> None:
    expect(screen.page.locator(".board-status")).to_have_text(re.compile("opgeslagen ✓|u leest mee"), timeout=20_000)


def go_to(screen: Screen, board: str) -> None:
    """Open another board, and wait until it is there."""
    screen.hands.press(screen.page.get_by_role("tab", name=board, exact=True))
    expect(screen.page.get_by_role("heading", name=board, level=2)).to_be_visible()
    is_saved(screen)


def part(screen: Screen, title: str) -> Locator:
    """The part of the board with this heading."""
    heading = screen.page.get_by_role("heading", name=title, exact=True)
    return screen.page.locator(".part").filter(has=heading)


def add(screen: Screen, title: str, words: dict[str, str], who: str = "", to: str = "") -> None:
    """Add a line to a part of the board: its fields by their labels, and whose it is; `to`: the list it goes in."""
    there = part(screen, title)
    button = there.get_by_role("button", name=re.compile(rf"^\+ .*{re.escape(to)}")).locator("visible=true")
    screen.hands.press(button.first)
    form = there.locator(".board-form")
    for label, text in words.items():
        screen.hands.write(form.get_by_label(label, exact=True), text)
    if who:
        screen.hands.choose(form.locator("select"), who)
    screen.hands.press(form.get_by_role("button", name="Klaar"))
    expect(form).to_have_count(0)


def voice(screen: Screen, title: str) -> Locator:
    """The card of something that everybody is asked."""
    return screen.page.locator(".voice", has=screen.page.get_by_role("heading", name=title, exact=True))


def press_on(screen: Screen, title: str, button: str) -> None:
    screen.hands.press(voice(screen, title).get_by_role("button", name=button, exact=True))


def give(screen: Screen, number: int, why: str, ask: str = "Waarom niet lager?") -> None:
    asked = screen.page.locator(".scale-ask")
    expect(asked).to_be_visible()
    screen.hands.tick(asked.get_by_role("radio", name=str(number), exact=True))
    screen.hands.write(asked.get_by_label(ask), why)
    screen.hands.press(asked.get_by_role("button", name="Dit is mijn cijfer"))
    expect(asked).to_have_count(0)


def draw(screen: Screen, house: Locator) -> None:
    screen.hands.press(house.get_by_role("button", name=re.compile("Teken in")))
    screen.hands.press(house.get_by_role("button", name="rood"))
    sheet = house.locator(".house-sheet")
    sheet.scroll_into_view_if_needed()
    square = sheet.bounding_box()
    assert square
    mouse = screen.page.mouse
    for start in (0.25, 0.5):
        mouse.move(square["x"] + square["width"] * start, square["y"] + square["height"] * 0.3)
        mouse.down()
        for step in range(1, 9):
            across, down = start + step / 40, 0.3 + step / 20
            mouse.move(square["x"] + square["width"] * across, square["y"] + square["height"] * down)
        mouse.up()
    expect(house.locator(".house-drawing .stroke")).to_have_count(2)


def put_on_a_row(family: Family) -> None:
    marieke = family.marieke
    marieke.title("Op een rij zetten")
    is_saved(marieke)
    marieke.look("lege kaart")
    add(marieke, "De kaart", {"Tekst": HARM}, to="Wat is er gebeurd")
    add(marieke, "De kaart", {"Tekst": "Dat Sami ’s nachts buiten iets overkomt."}, to="Wat kan er gebeuren")
    add(marieke, "De kaart", {"Tekst": "Oma woont om de hoek en kookt elke week."}, to="Wat is er sterk")
    look(marieke, "op een rij")
    family.leyla.look("wacht op de werker")
    family.sami.look("wacht op de werker")
    marieke.move("Naar de ouders")


def make_the_map(family: Family) -> None:
    marieke, leyla = family.marieke, family.leyla
    leyla.title("Samen in kaart")
    family.there["leyla"].does("yes-to-meeting", answer="yes")
    go_to(leyla, "De kaart")
    leyla.look("de kaart")
    card = part(leyla, "De kaart").locator(".board-card").filter(has_text=HARM)
    leyla.hands.press(card.get_by_role("button", name="Ik zie het anders"))
    marieke.shows("Ziet het anders: Leyla")
    leyla.hands.press(part(leyla, "De kaart").get_by_role("button", name=re.compile("^Wat gaat er goed")))
    add(
        leyla,
        "De kaart",
        {"Tekst": "Toen ik boos werd, ging Sami naar oma. Ik haalde hem op."},
        "Leyla",
        "Het was spannend",
    )
    add(leyla, "In uw eigen woorden", {"Tekst": "Ik zocht hem die nacht ook. Dat staat er niet."}, "Leyla")
    look(leyla, "samen in kaart")
    marieke.look("samen in kaart")
    family.sami.look("samen in kaart")
    marieke.move("Naar het kind")


def hear_the_child(family: Family) -> None:
    marieke, sami, leyla = family.marieke, family.sami, family.leyla
    sami.title("Het kind vertelt")
    sami.look("het kind vertelt")
    sami.tell("zelf zeggen", "Ik wil thuis wonen, zonder ruzie.")
    is_saved(sami)
    look(sami, "lege huizen")
    worries = part(sami, "Jouw drie huizen").locator(".house").first
    draw(sami, worries)
    sami.look("tekent")
    sami.hands.press(worries.get_by_role("button", name=re.compile("Klaar met tekenen")))
    sami.hands.write(worries.get_by_role("textbox"), "Als het donker is en ze schreeuwen.")
    dreams = part(sami, "Jouw drie huizen").locator(".house").last
    sami.hands.write(dreams.get_by_role("textbox"), "Samen eten en lachen.")
    add(sami, "De regels van jouw veilige huis", {"Tekst": "Niemand schreeuwt na acht uur."})
    # Nobody else sees it yet.
    expect(leyla.page.get_by_role("tab", name="De huizen", exact=True)).to_have_count(0)
    leyla.look("het kind vertelt")
    press_on(marieke, "Hoe is het thuis voor jou?", "Vraag iedereen om een cijfer")
    sami.shows("Dit cijfer ziet niemand anders")
    look(sami, "een cijfer voor thuis")
    give(sami, 3, CHILDS_WHY, "Wil je er iets bij zeggen? Dat hoeft niet.")
    sami.look("na het cijfer")
    press_on(marieke, "Hoe is het thuis voor jou?", "Laat alle cijfers zien")
    expect(voice(sami, "Hoe is het thuis voor jou?")).to_contain_text("niemand anders ziet dit")
    go_to(marieke, "De huizen")
    marieke.look("het kind vertelde")
    for screen in (marieke, leyla):
        assert CHILDS_WHY not in screen.page.content()
        assert CHILDS_WHY not in str(screen.api("")[1])
    sami.hands.tick(sami.page.get_by_role("checkbox", name=re.compile("Leyla")))
    sami.look("wie mag dit zien")
    sami.press("Zo is het goed")
    go_to(leyla, "De huizen")
    leyla.shows("Samen eten en lachen.")
    leyla.look("de huizen van Sami")
    marieke.move("Naar ons netwerk")


def make_the_network(family: Family, rondom: Rondom) -> None:
    marieke, leyla, there = family.marieke, family.leyla, family.there
    leyla.title("Ons netwerk")
    there["oma"] = invite(rondom, there, "oma", role="family", relation="oma")
    there["bas"] = invite(rondom, there, "bas", role="network", relation="buurman")
    there["els"] = invite(rondom, there, "els", role="safety_owner", relation="jeugdbescherming")
    for key in ("central", "leyla", "oma", "bas", "els"):
        there["lead"].does(f"people/{there[key].id}/prepared", prepared=True)
        there["lead"].does(f"people/{there[key].id}/safety", safe=True)
    family.oma = family.room.screen_of("oma", there["oma"], PHONE)
    family.els = family.room.screen_of("els", there["els"], TABLET)
    go_to(leyla, "Wie weet wat")
    leyla.look("wie weet wat, leeg")
    add(leyla, "Wie weet wat", {"Tekst": "Van de ruzies, en van die nacht"}, "Oma", "Weet alles")
    go_to(marieke, "Wie weet wat")
    add(marieke, "Wie weet wat", {"Tekst": "Van de ruzies, niet van die nacht"}, "Bas", "Weet een deel")
    look(leyla, "wie weet wat")
    marieke.look("wie weet wat")
    family.oma.look("ons netwerk")
    for screen in (family.oma, family.els):
        assert "houses" not in [board["id"] for board in screen.api("")[1]["boards"]]
    marieke.move("Naar zorg en doel")


def say_worry_and_goal(family: Family) -> None:
    marieke, leyla, els, oma = family.marieke, family.leyla, family.els, family.oma
    oma.title("Zorg en doel")
    go_to(marieke, "Zorg en doel")
    marieke.look("zorg en doel, leeg")
    pair = part(marieke, "Zorg en doel")
    marieke.hands.press(pair.get_by_role("button", name="+ Zorg en doel"))
    form = pair.locator(".board-form")
    for label, words in {
        "Waar maken we ons zorgen over?": DANGER,
        "Wat moeten we zien?": GOAL,
        "0 betekent": "Sami slaapt vannacht misschien buiten.",
        "10 betekent": "Sami slaapt elke nacht veilig binnen.",
    }.items():
        marieke.hands.write(form.get_by_label(label, exact=True), words)
    marieke.look("zorg en doel open")
    marieke.hands.press(form.get_by_role("button", name="Klaar"))
    go_to(leyla, "Zorg en doel")
    leyla.shows(GOAL)
    add(leyla, "Wie ziet het anders?", {"Tekst": "Ik bel oma nu al vaak."}, "Leyla")
    add(marieke, "De hele weg, met data", {"Tekst": "In mei kijken we of de jeugdbescherming kan stoppen."})
    look(leyla, "zorg en doel")
    oma.look("zorg en doel")
    els.look("zorg en doel")
    els.hands.write(els.field("Wat moet in elk geval zo zijn?"), "Sami slaapt elke nacht op een plek die we kennen")
    els.hands.write(els.field("Waarom?"), "Hij sliep buiten, en dat was gevaarlijk.")
    bottom_line = els.page.locator("form", has=els.field("Wat moet in elk geval zo zijn?"))
    els.hands.press(bottom_line.get_by_role("button", name="Opslaan", exact=True))
    expect(els.field("Wat moet in elk geval zo zijn?")).to_have_value("")
    look(els, "bodemeis")
    marieke.look("zorg en doel")
    marieke.move("Maak het verhaal")


def make_the_story(family: Family) -> None:
    marieke, leyla, sami, oma, els = family.marieke, family.leyla, family.sami, family.oma, family.els
    leyla.title("Verhaal voor het kind")
    go_to(leyla, "Verhaal voor het kind")
    for sentence in (
        "Jij woont met mama in de Lindestraat.",
        "Els en oma maakten zich zorgen, want jij sliep een nacht buiten.",
        "Mama en jij hadden hard ruzie. Dat was niet jouw schuld.",
        "Als er ruzie komt, belt mama nu eerst oma.",
    ):
        add(leyla, "Het verhaal", {"Tekst": sentence})
    leyla.look("het verhaal")
    go_to(marieke, "Verhaal voor het kind")
    marieke.look("het verhaal")
    sami.look("er komt een verhaal")
    leyla.move("Laat het verhaal lezen")
    marieke.title("Verhaal goedkeuren")
    press_on(marieke, "Is dit verhaal goed?", "Vraag het aan iedereen")
    oma.look("mag het kind dit horen")
    for screen in (marieke, leyla, oma, els):
        screen.answer("Mag het kind dit verhaal horen", "Ja")
    assert sami.api("/boards/story")[0] == 403
    family.bas.does("voices/story_agreed/answer", answer="yes")
    marieke.look("iedereen las het")
    press_on(marieke, "Is dit verhaal goed?", "Laat alle antwoorden zien")
    marieke.move("Vertel het aan het kind")
    sami.title("Verhaal vertellen")
    go_to(sami, "Verhaal voor het kind")
    sami.shows("Dat was niet jouw schuld.")
    look(sami, "het verhaal")
    leyla.look("het verhaal vertellen")
    marieke.look("het verhaal vertellen")
    family.there["lead"].does("appointment", starts_at=EVENING, place="Buurthuis De Linde")
    marieke.move("Begin de netwerkbijeenkomst")


def meet(family: Family) -> None:
    marieke, leyla, sami, oma, els = family.marieke, family.leyla, family.sami, family.oma, family.els
    how_safe = "Hoe veilig is het kind nu?"
    sami.title("Netwerkbijeenkomst")
    sami.look("de netwerkbijeenkomst")
    oma.look("de netwerkbijeenkomst")
    marieke.look("de netwerkbijeenkomst")
    marieke.press("Ik heb de bodemeisen voorgelezen")
    expect(marieke.page.get_by_text("Bodemeisen voorlezen")).to_have_count(0)
    press_on(marieke, how_safe, "Vraag iedereen om een cijfer")
    oma.shows("Niemand ziet uw cijfer nu.")
    look(oma, "een cijfer")
    give(oma, 4, "Mama belt mij nu al.")
    oma.look("na mijn cijfer")
    give(leyla, 7, "Sami slaapt weer thuis.")
    give(els, 2, "Er is nog geen plan voor de nacht.")
    give(marieke, 3, "Oma is dichtbij.")
    item = marieke.api("")[1]["voices"][0]["items"][0]["id"]
    family.bas.does("voices/how_safe/answer", numbers=[{"item": item, "number": 5, "why": "Ik hoor weinig ruzie."}])
    expect(voice(marieke, how_safe)).to_contain_text("Iedereen heeft geantwoord.")
    assert "Er is nog geen plan voor de nacht." not in marieke.page.content()
    marieke.look("alle cijfers zijn er")
    press_on(marieke, how_safe, "Laat alle cijfers zien")
    for screen in (marieke, leyla, oma, els):
        expect(voice(screen, how_safe)).to_contain_text("laagste 2, hoogste 7")
        screen.look("alle cijfers")
    look(leyla, "alle cijfers, nog eens")
    sami.look("alle cijfers")
    press_on(marieke, "Weet iedereen genoeg?", "Vraag het aan iedereen")
    for screen in (oma, els):
        screen.answer("Weet u wat er gebeurd is", "Ja")
    family.bas.does("voices/knows/answer", answer="yes")
    press_on(marieke, "Weet iedereen genoeg?", "Laat alle antwoorden zien")
    marieke.move("Naar veilig vannacht")


def be_safe_tonight(family: Family) -> None:
    marieke, leyla, sami, oma = family.marieke, family.leyla, family.sami, family.oma
    oma.title("Veilig vannacht")
    go_to(leyla, "Vannacht en de komende dagen")
    leyla.look("vannacht, leeg")
    add(leyla, "Wat doen we tot we elkaar weer zien?", {"Tekst": "Sami slaapt thuis, ik ook."}, "Leyla")
    go_to(oma, "Vannacht en de komende dagen")
    add(oma, "Wie kijkt of het goed gaat, en hoe laat?", {"Tekst": "Ik bel elke avond om 8 uur."}, "Oma")
    add(
        oma,
        "Wie kunt u bellen?",
        {"Wie": "Oma Fatma", "Telefoonnummer": "06-12 34 56 78", "Wanneer kan dat?": "altijd, ook ’s nachts"},
    )
    look(oma, "vannacht")
    sami.look("vannacht")
    go_to(marieke, "Vannacht en de komende dagen")
    marieke.look("vannacht")
    marieke.move("Naar het veiligheidsplan")


def make_the_plan(family: Family) -> None:
    marieke, leyla, sami, oma, els = family.marieke, family.leyla, family.sami, family.oma, family.els
    leyla.title("Veiligheidsplan")
    go_to(leyla, "Veiligheidsplan")
    look(leyla, "het plan, leeg")
    marieke.look("het plan, leeg")
    write_agreement(leyla, "Oma", "kookt op woensdag voor Leyla en Sami", "woensdag", "Bas", "Dan komt Bas met soep.")
    write_agreement(els, "Els", "belt op vrijdag met Leyla", "vrijdag", "Oma", "Dan belt Els zaterdag.")
    leyla.shows("Voorstel van Els")
    leyla.press("Nemen we over")
    expect(els.page.get_by_text("Voorstel van Els")).to_have_count(0)
    add(leyla, "De regels", {"Tekst": "Wie boos wordt, gaat eerst naar buiten."}, "Oma")
    add(sami, "Waaraan merken we dat het misgaat?", {"Tekst": "Mama praat heel hard. Dan bel ik oma."}, "Sami")
    add(
        oma,
        "Wie kunt u bellen?",
        {"Wie": "Oma Fatma", "Telefoonnummer": "06-12 34 56 78", "Wanneer kan dat?": "altijd, ook ’s nachts"},
    )
    leyla.hands.tick(part(leyla, "De regels").get_by_role("checkbox", name="Wie boos wordt"))
    marieke.hands.pick_day(marieke.field("Op welke dag?"), REVIEW)
    marieke.hands.choose(marieke.page.locator("#plan-review-convener"), "Oma")
    is_saved(marieke)
    oma.look("doet u mee")
    oma.answer("kookt op woensdag", "Ik doe mee")
    els.answer("belt op vrijdag", "Ik doe mee")
    marieke.look("het plan")
    look(els, "oordeel over de bodemeis")
    looks = [
        els.button(name).evaluate("one => getComputedStyle(one).borderColor") for name in ("Genoeg", "Nog niet genoeg")
    ]
    assert looks[0] == looks[1], "one verdict is offered more loudly than the other"
    asked = els.page.get_by_text("Is het plan genoeg?")
    els.press("Genoeg")
    expect(asked).to_have_count(0)
    els.hands.press(els.page.locator("summary", has_text="Wat we weten"))
    els.press("Nog niet genoeg")
    expect(asked).to_be_visible()
    els.press("Genoeg")
    expect(asked).to_have_count(0)
    for screen in (leyla, sami, els):
        screen.look("het plan")
    marieke.move("Naar tekenen")


def sign(family: Family) -> None:
    marieke, leyla, sami, oma, els = family.marieke, family.leyla, family.sami, family.oma, family.els
    sami.title("Tekenen")
    for screen in (sami, oma, els):
        screen.hands.tick(screen.field("Ik sta achter dit plan"))
        screen.hands.write(screen.field("Typ uw naam"), screen.name.title())
        screen.look("voor het tekenen")
        screen.press("Tekenen")
        screen.shows("U hebt getekend: u staat achter dit plan.")
    leyla.look("tekenen")
    leyla.press("Ik wil ook tekenen")
    leyla.hands.tick(leyla.field("Ja, maar …"))
    leyla.hands.write(leyla.field("Wilt u er iets bij zeggen? Dat hoeft niet."), "Ik wil dat Els ook mij belt.")
    leyla.hands.write(leyla.field("Typ uw naam"), "Leyla")
    leyla.press("Tekenen")
    leyla.shows("U hebt getekend, en er iets bij gezegd.")
    expect(marieke.button("Begin met oefenen")).to_be_visible()
    marieke.look("iedereen tekende")
    marieke.move("Begin met oefenen")


def go_on(family: Family) -> None:
    marieke, leyla, sami, oma, els = family.marieke, family.leyla, family.sami, family.oma, family.els
    for screen in (marieke, leyla, sami, oma, els):
        screen.title("Oefenen en volgen")
        screen.look("oefenen")
    add(leyla, "Wat lukte er?", {"Tekst": "Ik belde oma, en het werd weer rustig."}, "Leyla")
    look(leyla, "wat lukte er")
    for screen in (marieke, sami):
        screen.follow("Lees of print het plan")
        screen.shows("kookt op woensdag voor Leyla en Sami")
        # what else stood on the plan board is part of what was signed
        for words in ("Wie boos wordt, gaat eerst naar buiten.", "Mama praat heel hard.", "06-12 34 56 78"):
            screen.shows(re.compile(re.escape(words)))
        look(screen, "het getekende plan")
        screen.follow("Terug naar de bijeenkomst")
    oma.move("Roep het netwerk bij elkaar")
    for screen in (marieke, leyla, sami, oma):
        screen.title("Netwerk bij elkaar")
        screen.look("netwerk bij elkaar")


def test_a_family_goes_from_the_first_notes_to_a_safety_plan_in_practice(meeting_room: Stage, rondom: Rondom):
    people: dict[str, dict[str, Any]] = {
        "leyla": {"role": "parent", "relation": "moeder", "authority": True},
    }
    family = Family(meeting_room, gather(rondom, "signs_of_safety", people, age_band="under_12"))
    put_on_a_row(family)
    make_the_map(family)
    hear_the_child(family)
    make_the_network(family, rondom)
    say_worry_and_goal(family)
    make_the_story(family)
    meet(family)
    be_safe_tonight(family)
    make_the_plan(family)
    sign(family)
    go_on(family)
