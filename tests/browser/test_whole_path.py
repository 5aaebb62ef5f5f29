"""A whole Eigen Kracht meeting as five people see it, each on a screen of their own, from invitation to signed plan.

Played twice: pointing, with a picture of every step in screenshots/; and with the keyboard alone.
"""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, ViewportSize, expect
from pycrdt import Doc, Map

from tests.browser.hands import Hands, Keyboard, Pointer
from tests.browser.plan_steps import open_agreement, write_agreement
from tests.browser.stage import PHONE, TABLET, Screen, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(420)]

SECRET = "geheimwoord kersenbloesem"
REVIEW = date.today() + timedelta(days=45)  # noqa: DTZ011  a day on a calendar
IN_A_SECOND = 1.0


class Family:
    """The five people, their screens, and the steps they take together."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.links: dict[str, str] = {}
        self.marieke = stage.screen("marieke", stage.demo["coordinator"]["link"], TABLET)
        self.sami: Screen
        self.leyla: Screen
        self.oma: Screen
        self.linda: Screen

    @property
    def circle(self) -> list[Screen]:
        return [self.sami, self.leyla, self.oma]

    @property
    def everybody(self) -> list[Screen]:
        return [self.marieke, *self.circle, self.linda]

    def begin_a_meeting(self) -> None:
        marieke = self.marieke
        marieke.title("Welkom")
        marieke.look("uitnodiging")
        marieke.press("Ik doe mee")
        marieke.title("Mijn bijeenkomsten")
        marieke.look("bijeenkomsten")
        marieke.follow("Nieuwe bijeenkomst")
        marieke.title("Nieuwe bijeenkomst")
        marieke.hands.write(marieke.field("Om wie gaat het?"), "Sami")
        marieke.hands.tick(marieke.field("12–15 jaar"))
        marieke.look("nieuwe bijeenkomst")
        marieke.press("Begin")
        marieke.title("Rond Sami")
        marieke.look("lege kring")

    def add(self, name: str, role: str, relation: str, *, authority: bool = False, needs: str = "") -> None:
        marieke, dialog = self.marieke, self.marieke.page.locator("#person-dialog")
        marieke.press("Iemand toevoegen")
        expect(dialog).to_be_visible()
        marieke.hands.write(dialog.get_by_label("Naam"), name)
        marieke.hands.write(dialog.get_by_label("Wie is dit voor de hoofdpersoon?"), relation)
        marieke.hands.choose(dialog.get_by_label("Rol"), role)
        if authority:
            marieke.hands.tick(dialog.get_by_label("Heeft gezag"))
        if needs:
            marieke.hands.write(dialog.get_by_label("Wat is er nodig?"), needs)
        marieke.hands.write(dialog.get_by_label("Telefoon of e-mail"), "06-55512345")
        marieke.look(f"{name} toevoegen")
        marieke.hands.press(dialog.get_by_role("button", name="Opslaan"))
        expect(dialog).to_be_hidden()

    def line(self, name: str) -> Locator:
        heading = self.marieke.page.get_by_role("heading", name=name, exact=True)
        return self.marieke.page.locator(".circle-person").filter(has=heading)

    def link_for(self, name: str) -> str:
        marieke, dialog = self.marieke, self.marieke.page.locator("#link-dialog")
        marieke.hands.press(self.line(name).get_by_role("button", name=f"Link: {name}"))
        marieke.hands.press(dialog.get_by_role("button", name="Link maken"))
        invitation = dialog.get_by_label("Uitnodiging om te versturen")
        expect(invitation).to_be_visible()
        marieke.look(f"link voor {name}")
        found = re.search(r"http\S+", invitation.input_value())
        assert found, "no link in the invitation"
        marieke.hands.press(dialog.get_by_role("button", name="Klaar"))
        expect(dialog).to_be_hidden()
        return found[0]

    def come_in(self, name: str, size: ViewportSize, **more: Any) -> Screen:
        self.links[name] = self.link_for(name)
        screen = self.stage.screen(name.lower(), self.links[name], size, **more)
        screen.title("Welkom")
        screen.look("uitnodiging")
        screen.press("Ik doe mee")
        expect(screen.page).to_have_url(re.compile("/m/"))
        return screen

    def to_the_circle_list(self) -> None:
        self.marieke.follow("Deelnemers en voorbereiding")
        expect(self.marieke.page).to_have_url(re.compile("/circle$"))

    def to_the_meeting(self) -> None:
        self.marieke.follow("Terug naar de bijeenkomst")
        expect(self.marieke.page).not_to_have_url(re.compile("/circle$"))

    def all_see(self, title: str, *screens: Screen) -> None:
        for screen in screens or self.everybody:
            screen.title(title, IN_A_SECOND)
        for screen in screens or self.everybody:
            screen.look(title)


def say_yes_to_the_meeting(family: Family) -> None:
    family.add("Leyla", "ouder", "moeder", authority=True)
    family.sami = family.come_in("Sami", PHONE)
    family.leyla = family.come_in("Leyla", PHONE, color_scheme="dark")
    family.to_the_meeting()
    family.marieke.title("Aanmelden")
    family.marieke.look("aanmelding")
    for screen in (family.sami, family.leyla):
        screen.look("wilt u dit")
        screen.answer("Wilt u dat deze bijeenkomst er komt?", "Ja, dat wil ik")
    family.sami.move("Ja, wij willen dit")
    family.marieke.title("Coördinator kiezen")
    family.marieke.answer("Hebt u hier nog een andere rol?", "Nee, geen andere rol")
    family.sami.move("Deze coördinator past bij ons")
    family.all_see("Kring maken", family.marieke, family.sami, family.leyla)


def make_the_circle(family: Family) -> None:
    marieke = family.marieke
    family.to_the_circle_list()
    family.add("Oma Fatma", "familie", "oma", needs="grote letters")
    family.add("Linda", "hulpverlener", "mentor op school")
    family.sami.look("mag oma erbij zijn")
    for screen in (family.sami, family.leyla):
        for name in ("Oma Fatma", "Linda"):
            screen.answer(f"Mag {name} erbij zijn?", "Ja")
    expect(family.line("Linda").get_by_text("mag erbij zijn")).to_be_visible()
    family.oma = family.come_in("Oma Fatma", PHONE)
    family.linda = family.come_in("Linda", {"width": 800, "height": 600})
    marieke.hands.write(
        marieke.field("De vraag van de bijeenkomst"), "Wat is er nodig zodat Sami thuis kan blijven wonen?"
    )
    marieke.hands.press(
        marieke.page.locator("form", has=marieke.field("De vraag van de bijeenkomst")).get_by_role("button")
    )
    marieke.shows("Opgeslagen ✓")
    marieke.look("kring")
    family.to_the_meeting()
    marieke.move("Naar voorbereiden")
    family.all_see("Voorbereiden")


def prepare(family: Family) -> None:
    marieke = family.marieke
    family.to_the_circle_list()
    for name in ("Sami", "Leyla", "Oma Fatma", "Linda"):
        marieke.hands.press(family.line(name).get_by_role("button", name=f"Gesproken: {name}"))
        expect(family.line(name).get_by_text("persoonlijk gesproken", exact=True)).to_be_visible()
        marieke.hands.press(family.line(name).get_by_role("button", name=f"Veiligheid: {name}"))
        dialog = marieke.page.locator("#safety-dialog")
        marieke.hands.tick(dialog.get_by_label("Ja", exact=True))
        marieke.hands.press(dialog.get_by_role("button", name="Opslaan"))
        expect(dialog).to_be_hidden()
    marieke.hands.pick_day(marieke.field("Dag"), date.today() + timedelta(days=7))  # noqa: DTZ011
    marieke.hands.write(marieke.field("Plek"), "Buurthuis De Linde")
    marieke.hands.press(marieke.page.locator("form", has=marieke.field("Plek")).get_by_role("button"))
    marieke.look("kring voorbereid")
    family.to_the_meeting()
    family.sami.tell("Wat wilt u zelf zeggen?", "Ik wil thuis blijven en weer naar voetbal.")
    for screen in (family.sami, family.leyla):
        screen.answer("Mag de bijeenkomst beginnen?", "Ja, het mag beginnen")
    family.linda.tell("Hoe ziet u het?", "Sami kan het. Hij mist nu veel lessen.")
    marieke.look("klaar om te beginnen")
    marieke.move("Begin de bijeenkomst")
    family.all_see("Welkom en informatie")


def hear_each_other(family: Family) -> None:
    for screen in family.circle:
        later = screen.button("Later")
        if later.count():
            screen.hands.press(later)
        screen.shows("Sami kan het. Hij mist nu veel lessen.")
        screen.answer("Is alles duidelijk", "Alles is duidelijk")
    family.oma.press("Ik ben klaar om verder te gaan")
    expect(family.marieke.page.locator(".people-list li", has_text="Oma Fatma").get_by_text("is klaar")).to_be_visible()
    family.marieke.move("Begin besloten tijd")
    family.all_see("Besloten tijd", *family.circle)
    family.all_see("De kring is in besloten tijd", family.marieke, family.linda)


def make_the_plan(family: Family) -> None:
    sami, leyla, oma = family.circle
    expect(sami.page.locator(".board-status")).to_have_text("opgeslagen ✓")
    write_agreement(sami, "Oma Fatma", "eet op woensdag met Sami", "woensdag", "Leyla", "Oma belt Leyla.")
    write_agreement(
        leyla, "Linda", "belt op vrijdag met Leyla over de week", "vrijdag", "Oma Fatma", "Mentor Bas belt dan."
    )
    oma.shows("belt op vrijdag met Leyla over de week")
    write_agreement(oma, "Sami", "gaat op maandag naar de training", "maandag", "Leyla", "Joris komt hem halen.")
    the_private_board_stays_private(family)
    two_write_in_the_same_place(sami, leyla)
    one_loses_the_network_and_closes_the_tab(oma, sami)
    a_row_goes_and_comes_back(sami, leyla)
    the_lamp_calls_marieke(family)
    for screen in family.circle:
        the_card_lies_on_the_table(screen)
        screen.look("plan in besloten tijd")


def the_card_lies_on_the_table(screen: Screen) -> None:
    """Beside the board where there is room for it; else folded, and opened by who wants to read it."""
    question = screen.page.get_by_text("Wat vindt de hoofdpersoon er zelf van?").locator("visible=true")
    card = screen.page.locator(".table-card > summary").locator("visible=true")
    if card.count():
        expect(question).to_have_count(0)
        screen.hands.press(card)
    expect(question).to_have_count(1)


def the_private_board_stays_private(family: Family) -> None:
    for screen in (family.marieke, family.linda):
        for board in ("private", "plan"):
            assert screen.api(f"/boards/{board}")[0] == 403
            assert screen.websocket(board) == "refused"
        state = screen.api("")[1]
        assert state["boards"] == []
        screen.page.reload()
        screen.title("De kring is in besloten tijd")
        # the appointment may be on a Wednesday too
        assert "eet op woensdag" not in screen.page.content()
        assert "Wat kunnen wij zelf?" not in screen.page.content()


def two_write_in_the_same_place(sami: Screen, leyla: Screen) -> None:
    for screen in (sami, leyla):
        open_agreement(screen, 1)
    sami.page.locator(".board-form").get_by_label("Wat als het niet lukt?").press("Control+Home")
    sami.page.keyboard.type("Eerst appen. ")
    leyla.hands.write(leyla.page.locator(".board-form").get_by_label("Wat als het niet lukt?"), " Of Ahmed.")
    both = "Eerst appen. Oma belt Leyla. Of Ahmed."
    for screen in (sami, leyla):
        expect(screen.page.locator(".board-form").get_by_label("Wat als het niet lukt?")).to_have_value(both)
        expect(screen.page.locator(".board-status")).to_have_text("opgeslagen ✓")
    sami.look("samen in een afspraak")
    for screen in (sami, leyla):
        screen.hands.press(screen.page.locator(".board-form").get_by_role("button", name="Klaar"))


def one_loses_the_network_and_closes_the_tab(oma: Screen, sami: Screen) -> None:
    oma.context.set_offline(True)
    oma.shows("geen verbinding: u kunt doorschrijven, het komt later binnen")
    card = open_agreement(oma, 3)
    oma.hands.write(card.get_by_label("Wat gaat er gebeuren?"), ", ook als het regent")
    oma.look("zonder verbinding")
    while "ook als het regent" not in kept_on_device(oma):
        pass
    address = oma.page.url
    oma.page.close()
    sami.shows("gaat op maandag naar de training")
    assert sami.page.get_by_text("ook als het regent").count() == 0
    oma.context.set_offline(False)
    oma.open(address)
    sami.shows("gaat op maandag naar de training, ook als het regent")
    expect(oma.page.locator(".board-status")).to_have_text("opgeslagen ✓")
    assert sami.page.locator(".plan-card").count() == 3


def kept_on_device(screen: Screen) -> str:
    """What the agreements on this device's own copy of the board say."""
    document: Doc[Any] = Doc()
    for update in screen.page.evaluate(_COPY):
        document.apply_update(bytes(update))
    agreements: Map[Any] = document.get("agreements", type=Map)
    return json.dumps(agreements.to_py(), ensure_ascii=False)


_COPY = """async () => {
  const { name } = (await indexedDB.databases()).find(({ name }) => name.includes("/private/"));
  const asked = (ask) => new Promise((done, fail) => { ask.onsuccess = () => done(ask.result); ask.onerror = fail; });
  const copy = await asked(indexedDB.open(name));
  const updates = await asked(copy.transaction("updates").objectStore("updates").getAll());
  copy.close();
  return updates.map((update) => [...update]);
}"""


def a_row_goes_and_comes_back(sami: Screen, leyla: Screen) -> None:
    cards = leyla.page.locator(".plan-card .plan-what")
    expect(cards).to_have_count(3)
    sami.press("Meer over afspraak 3")
    sami.press(re.compile("Omhoog"))
    expect(cards.nth(1)).to_contain_text("gaat op maandag naar de training")
    sami.press("Meer over afspraak 1")
    sami.look("meer over een afspraak")
    sami.press(re.compile("Haal weg"))
    expect(cards).to_have_count(2)
    sami.look("weggehaald")
    sami.press("Zet terug")
    expect(cards).to_have_count(3)
    expect(cards.nth(0)).to_contain_text("eet op woensdag met Sami")


def the_lamp_calls_marieke(family: Family) -> None:
    family.leyla.press("Roep Marieke de Wit")
    expect(family.marieke.page.locator(".lamp")).to_have_text("lamp is aan")
    family.marieke.shows("De kring roept u. Ga naar de deur.")
    family.marieke.look("geroepen")
    family.leyla.press("Lamp uit")
    expect(family.marieke.page.locator(".lamp")).to_have_text("lamp is uit")


def open_the_door(family: Family) -> None:
    sami, leyla, oma = family.circle
    leyla.hands.pick_day(leyla.field("Op welke dag?"), REVIEW)
    leyla.hands.choose(leyla.field("Wie roept iedereen bij elkaar?"), "Oma Fatma")
    expect(leyla.page.locator(".board-status")).to_have_text("opgeslagen ✓")
    expect(sami.page.locator(".plan-review")).to_contain_text("Oma Fatma")
    if isinstance(leyla.hands, Pointer):
        who_writes_says_not_yet(family)
    leyla.hands.write(leyla.page.locator(".part-text textarea"), SECRET)
    expect(leyla.page.locator(".board-status")).to_have_text("opgeslagen ✓")
    expect(sami.page.locator(".plan-review")).to_contain_text("Oma Fatma")
    expect(sami.page.locator(".part-text textarea")).to_have_value(SECRET)
    say_that_the_circle_is_done(sami)
    oma.shows("Sami zegt: ‘Wij zijn klaar’")
    oma.look("nog niet of ja")
    family.marieke.title("De kring is in besloten tijd")
    oma.press("Ja, wij zijn klaar")
    family.all_see("Plan bespreken")
    # Leyla was still writing when the door opened. What she typed is hers, and on her own screen alone.
    leyla.shows("Dit typte u nog")
    leyla.press("Ik heb het niet meer nodig")
    for screen in family.everybody:
        screen.shows("eet op woensdag met Sami")
        assert SECRET not in screen.page.content()


def who_writes_says_not_yet(family: Family) -> None:
    sami, leyla, oma = family.circle
    say_that_the_circle_is_done(sami)
    sami.look("wacht op een tweede")
    leyla.hands.choose(leyla.field("Wie roept iedereen bij elkaar?"), "Sami")
    for screen in (sami, oma):
        screen.shows("Het gaat nog niet door.")
    sami.look("er veranderde iets op het bord")
    leyla.hands.choose(leyla.field("Wie roept iedereen bij elkaar?"), "Oma Fatma")


def say_that_the_circle_is_done(sami: Screen) -> None:
    sami.hands.press(sami.button("Wij zijn klaar"))
    dialog = sami.page.locator("#move-dialog")
    expect(dialog.get_by_text("Dit zien de anderen straks")).to_be_visible()
    expect(dialog.locator(".shown-lines li")).to_have_count(3)
    sami.look("dit zien de anderen straks")
    sami.hands.press(dialog.get_by_role("button", name="Wij zijn klaar"))
    sami.shows("U zei: ‘Wij zijn klaar’")


def say_yes(family: Family) -> None:
    family.oma.look("doet u mee")
    family.oma.answer("eet op woensdag met Sami", "Ik doe mee")
    family.linda.answer("belt op vrijdag met Leyla", "Ik doe mee")
    family.sami.answer("gaat op maandag naar de training", "Ik doe mee")
    family.marieke.shows("Oma Fatma doet mee")
    card = open_agreement(family.marieke, 1)
    family.marieke.hands.write(card.get_by_label("Wat gaat er gebeuren?"), " en Leyla")
    family.marieke.hands.press(card.get_by_role("button", name="Klaar"))
    family.oma.shows("De tekst is veranderd. Daarom vragen we het opnieuw.")
    family.oma.look("opnieuw gevraagd")
    expect(family.marieke.page.get_by_text("nog 1")).to_be_visible()
    family.marieke.look("er is nog iets nodig")
    family.oma.answer("eet op woensdag met Sami en Leyla", "Ik doe mee")
    expect(family.marieke.button("Naar tekenen")).to_be_visible()
    family.marieke.look("alles is er")
    if isinstance(family.marieke.hands, Pointer):
        drag_the_first_agreement_down(family.marieke, family.sami)
    family.marieke.move("Naar tekenen")
    family.all_see("Tekenen")


def drag_the_first_agreement_down(marieke: Screen, sami: Screen) -> None:
    handles = marieke.page.locator(".plan-card .board-handle")
    first = marieke.page.locator(".plan-what").first.inner_text()
    target = handles.nth(1).bounding_box()
    assert target
    handles.first.hover()
    marieke.page.mouse.down()
    marieke.page.mouse.move(target["x"] + 20, target["y"] + 20, steps=12)
    marieke.page.mouse.move(target["x"] + 20, target["y"] + 50, steps=6)
    marieke.page.mouse.up()
    for screen in (marieke, sami):
        expect(screen.page.locator(".plan-card .plan-what").nth(1)).to_contain_text(first)


def sign(family: Family) -> None:
    for screen in (family.sami, family.oma, family.linda):
        screen.hands.tick(screen.field("Ik sta achter dit plan"))
        if screen is family.oma and isinstance(screen.hands, Pointer):
            draw(screen)
        else:
            screen.hands.write(screen.field("Typ uw naam"), screen.name.title())
        screen.look("voor het tekenen")
        screen.press("Tekenen")
        screen.shows("U hebt getekend: u staat achter dit plan.")
    leyla = family.leyla
    leyla.press("Ik wil ook tekenen")
    leyla.hands.tick(leyla.field("Ja, maar …"))
    leyla.hands.write(leyla.field("Wilt u er iets bij zeggen? Dat hoeft niet."), "Als ik werk, belt oma.")
    leyla.hands.write(leyla.field("Typ uw naam"), "Leyla")
    leyla.press("Tekenen")
    leyla.shows("U hebt getekend, en er iets bij gezegd.")
    family.marieke.shows("Als ik werk, belt oma.")
    family.marieke.look("iedereen tekende")
    family.marieke.move("Klaar met tekenen")
    family.all_see("Uitvoeren")


def draw(screen: Screen) -> None:
    canvas = screen.page.locator("canvas.ink")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    mouse = screen.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 60)
    mouse.down()
    for step in range(1, 12):
        mouse.move(box["x"] + 40 + 18 * step, box["y"] + 60 + (20 if step % 2 else -20))
    mouse.up()


def find_it_back(family: Family) -> None:
    for screen in family.everybody:
        screen.follow("Lees of print het plan")
        screen.title("Rond Sami")
        screen.shows("eet op woensdag met Sami en Leyla")
        screen.look("het plan")
    again = family.stage.screen("oma later", family.links["Oma Fatma"], PHONE)
    again.press("Ik doe mee")
    again.title("Uitvoeren")
    again.follow("Lees of print het plan")
    again.shows("Wat ik doe")
    again.look("het plan weer open")


@pytest.mark.parametrize("hands", [Pointer, Keyboard], ids=["pointing", "keyboard"])
def test_a_family_goes_from_invitation_to_signed_plan(stage: Stage, hands: Callable[[], Hands]) -> None:
    stage.hands = hands
    family = Family(stage)
    family.begin_a_meeting()
    say_yes_to_the_meeting(family)
    make_the_circle(family)
    prepare(family)
    hear_each_other(family)
    make_the_plan(family)
    open_the_door(family)
    say_yes(family)
    sign(family)
    find_it_back(family)
