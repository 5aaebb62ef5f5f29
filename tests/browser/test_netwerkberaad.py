"""A whole trajectory by netwerkberaad as four people see it: from the assignment to a look back that a father leads.

Inviting and preparing people is like in any other meeting, and goes by HTTP; what is special to this way of meeting
goes by the screens.
"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.app.driving import EVENING, Person, Rondom
from tests.app.gatherings import gather, invite
from tests.browser.plan_steps import open_agreement, write_agreement
from tests.browser.stage import PHONE, TABLET, Screen, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

UPRIGHT: ViewportSize = {"width": 768, "height": 1024}
REVIEW = date.today() + timedelta(days=40)  # noqa: DTZ011  a day on a calendar
SECRET = "geheimwoord kersenbloesem"


class Family:
    """Four people, each with a screen of their own and a cookie for what goes by HTTP."""

    def __init__(self, rondom: Rondom, room: Stage) -> None:
        self.rondom, self.room = rondom, room
        father: dict[str, Any] = {"role": "parent", "relation": "vader", "authority": True, "age_band": "18_plus"}
        self.there = gather(rondom, "netwerkberaad", {"karim": father})
        self.marieke = room.screen_of("marieke", self.there["lead"], TABLET)
        self.sami = room.screen_of("sami", self.there["central"], PHONE)
        self.karim = room.screen_of("karim", self.there["karim"], PHONE)
        self.linda: Screen

    @property
    def circle(self) -> list[Screen]:
        return [self.sami, self.karim]

    @property
    def everybody(self) -> list[Screen]:
        return [self.marieke, *self.circle, self.linda]

    @property
    def lead(self) -> Person:
        return self.there["lead"]

    def linda_comes(self) -> None:
        self.there["linda"] = invite(self.rondom, self.there, "linda", role="professional", relation="mentor op school")
        self.linda = self.room.screen_of("linda", self.there["linda"], UPRIGHT)

    def all_are_prepared(self) -> None:
        for person in self.there.values():
            if person is not self.lead:
                self.lead.does(f"people/{person.id}/prepared", prepared=True)
                self.lead.does(f"people/{person.id}/safety", safe=True)

    def all_see(self, title: str, *screens: Screen) -> None:
        for screen in screens or self.everybody:
            screen.title(title)
        for screen in screens or self.everybody:
            screen.look(title)

    def asks_all(self, voice: str, button: str) -> None:
        self.marieke.hands.press(card(self.marieke, voice).get_by_role("button", name=button, exact=True))


def look_at_both_sizes(screen: Screen, what: str) -> None:
    """Look at it as it is, and as it is on the other kind of device."""
    screen.look(what)
    own = screen.page.viewport_size
    assert own
    other = PHONE if own["width"] > PHONE["width"] else TABLET
    screen.page.set_viewport_size(other)
    screen.look(f"{what}, {'telefoon' if other == PHONE else 'tablet'}")
    screen.page.set_viewport_size(own)


def go_to(screen: Screen, board: str) -> None:
    screen.hands.press(screen.page.get_by_role("tab", name=board, exact=True))
    expect(screen.page.get_by_role("heading", name=board, level=2)).to_be_visible()
    is_saved(screen)


def is_saved(screen: Screen) -> None:
    expect(screen.page.locator(".board-status")).to_have_text(re.compile("opgeslagen ✓|u leest mee"))


def part(screen: Screen, title: str) -> Locator:
    """An instrument on the open board, by its heading."""
    return screen.page.locator(".part", has=screen.page.get_by_role("heading", name=title, level=3, exact=True))


def add(screen: Screen, title: str, words: str, *, button: str = "+ Zet erbij", who: str = "", look: str = "") -> None:
    """Add a line to an instrument, with the name that stands beside it."""
    there = part(screen, title)
    there.get_by_role("button", name=button, exact=True).locator("visible=true").first.click()
    form = there.locator(".board-form")
    screen.hands.write(form.locator("textarea"), words)
    if who:
        screen.hands.choose(form.locator("select"), who)
    if look:
        screen.look(look)
    screen.hands.press(form.get_by_role("button", name="Klaar"))
    expect(form).to_have_count(0)


def open_column(screen: Screen, title: str, column: str) -> None:
    """On a phone one column is shown at a time."""
    tab = part(screen, title).locator(".column-tab", has=screen.page.get_by_text(column, exact=True))
    tab = tab.locator("visible=true")
    if tab.count():
        screen.hands.press(tab)


def tell(screen: Screen, column: str, words: str, who: str) -> None:
    """Say something in a column of the talk; on a phone the column is a tab first."""
    open_column(screen, "Wat iedereen vertelt", column)
    add(screen, "Wat iedereen vertelt", words, button=f"+ Zet erbij: {column}", who=who, look=f"vertelt {column}")


def card(screen: Screen, title: str) -> Locator:
    """The card of something that everybody is asked."""
    return screen.page.locator(".voice", has=screen.page.get_by_role("heading", name=title, exact=True))


def give(screen: Screen, number: int, why: str = "") -> None:
    asked = screen.page.locator(".scale-ask")
    expect(asked).to_be_visible()
    screen.hands.tick(asked.get_by_role("radio", name=str(number), exact=True))
    if why:
        screen.hands.write(asked.get_by_label("Wilt u er iets bij zeggen? Dat hoeft niet."), why)
    screen.look(f"een {number}")
    screen.hands.press(asked.get_by_role("button", name="Dit is mijn cijfer"))
    expect(asked).to_have_count(0)


def the_family_says_what_it_asks_of_the_coach(family: Family) -> None:
    marieke, sami, karim = family.marieke, family.sami, family.karim
    family.all_see("Opdracht", marieke, sami, karim)
    for screen in (sami, karim):
        screen.answer("Wilt u een netwerkberaad, met deze coach?", "Ja, dat wil ik")
    karim.look("opdracht leeg")
    text = part(karim, "Wat vraagt u aan de coach?").locator("textarea")
    karim.hands.write(text, "Help ons om samen een plan te maken, zodat Sami thuis kan blijven.")
    expect(part(sami, "Wat vraagt u aan de coach?").locator("textarea")).to_have_value(re.compile("thuis kan blijven"))
    family.asks_all("Klopt de opdracht?", "Vraag het aan iedereen")
    sami.look("klopt de opdracht")
    for screen in (marieke, sami, karim):
        screen.answer("Is dit wat de coach moet gaan doen?", "Ja")
    family.asks_all("Klopt de opdracht?", "Laat alle antwoorden zien")
    expect(card(sami, "Klopt de opdracht?")).to_contain_text("Ja: 3")
    for screen in (marieke, karim):
        look_at_both_sizes(screen, "de opdracht klopt")
    sami.move("Ja, met deze coach en opdracht")
    family.all_see("Startgesprekken", marieke, sami, karim)


def they_put_down_who_is_there(family: Family) -> None:
    marieke, sami, karim = family.marieke, family.sami, family.karim
    family.all_are_prepared()
    marieke.move("Naar in kaart brengen")
    family.all_see("In kaart", marieke, sami, karim)
    for screen in (marieke, sami, karim):
        go_to(screen, "De mensen om ons heen")
    around, services = "Familie, vrienden, buren, bekenden", "Hulpverleners, school en andere instanties"
    add(sami, around, "Bas, onze buurman. Hij neemt mij mee naar voetbal.", look="iemand op papier")
    add(karim, around, "Oma Fatma, kookt op woensdag")
    add(marieke, services, "Linda, mentor op school")
    expect(part(sami, services)).to_contain_text("Linda, mentor op school")
    look_at_both_sizes(karim, "wie er om ons heen zijn")
    marieke.look("wie er om ons heen zijn")
    for screen in (sami, karim):
        go_to(screen, "Waar we mee beginnen")
    first = "Deze punten pakken we het eerst aan"
    add(sami, first, "Weer naar voetbal", who="Sami", look="een punt kiezen")
    add(karim, first, "Op tijd naar school", who="Karim")
    add(sami, first, "Minder ruzie in de avond", who="Sami")
    expect(part(karim, first)).to_contain_text("Minder ruzie in de avond")
    expect(part(karim, first).get_by_role("button", name="+ Zet erbij")).to_have_count(0)
    look_at_both_sizes(karim, "drie punten")
    go_to(marieke, "Waar we mee beginnen")
    expect(part(marieke, first).get_by_role("button")).to_have_count(0)
    marieke.look("drie punten")


def they_begin_the_start_meeting(family: Family) -> None:
    family.linda_comes()
    family.linda.title("In kaart")
    family.linda.look("nog niet aan de beurt")
    assert "Oma Fatma" not in family.linda.page.content()
    family.all_are_prepared()
    family.lead.does("appointment", starts_at=EVENING, place="Buurthuis De Linde")
    family.sami.tell("Wat wilt u zelf zeggen in het netwerkberaad?", "Ik wil weer naar voetbal en thuis blijven.")
    family.karim.look("mag het beginnen")
    for screen in family.circle:
        screen.answer("Mag de startbijeenkomst beginnen?", "Ja, het mag beginnen")
    family.marieke.look("klaar om te beginnen")
    family.marieke.move("Begin de startbijeenkomst")
    family.all_see("Startbijeenkomst")


def all_help_gets_a_name(family: Family) -> None:
    marieke, sami, karim, linda = family.everybody
    running, clashing = "Hulp die nu loopt", "Wat elkaar tegenspreekt"
    for screen in family.everybody:
        go_to(screen, "De hulp die er nu is")
    add(linda, running, "Gesprek op school, elke vrijdag. Gaat door.", who="Linda", look="hulp met een naam")
    add(karim, running, "Huiswerkbegeleiding. Stopt.", who="Linda")
    add(karim, clashing, "School wil rust. De wijk wil drie afspraken in de week.")
    for screen in (sami, marieke):
        expect(part(screen, running).locator(".board-card", has_text="Gesprek op school")).to_contain_text("Linda")
    look_at_both_sizes(marieke, "de hulp op een rij")
    sami.look("de hulp op een rij")
    expect(linda.page.get_by_role("tab", name="De mensen om ons heen")).to_have_count(0)


def they_say_who_leads_now(family: Family) -> None:
    marieke, sami, karim, linda = family.everybody
    family.asks_all("Wie heeft de leiding?", "Vraag iedereen om een cijfer")
    sami.shows("Dit cijfer ziet niemand anders")
    give(sami, 1)
    give(karim, 2, "Ik vraag nu zelf om hulp.")
    give(marieke, 1)
    expect(linda.page.locator(".scale-ask")).to_have_count(0)
    family.asks_all("Wie heeft de leiding?", "Laat alle cijfers zien")
    expect(card(karim, "Wie heeft de leiding?")).to_contain_text("laagste 1, hoogste 2")
    look_at_both_sizes(karim, "wie heeft de leiding")
    sami.look("wie heeft de leiding, ook mijn cijfer")
    marieke.look("wie heeft de leiding")
    linda.look("wie heeft de leiding")


def they_begin_the_network_meeting(family: Family) -> None:
    marieke, sami = family.marieke, family.sami
    sami.look("de vraag van de bijeenkomst")
    sami.tell("Wat is de vraag voor het netwerkberaad?", "Wat is er nodig zodat Sami weer kan voetballen?")
    family.lead.does("appointment", starts_at=EVENING, place="Buurthuis De Linde")
    marieke.look("klaar voor het netwerkberaad")
    marieke.move("Begin het netwerkberaad")
    family.all_see("Netwerkberaad")


def everybody_tells(family: Family) -> None:
    marieke, sami, karim, linda = family.everybody
    for screen in family.everybody:
        go_to(screen, "Wat we elkaar vertellen")
    tell(sami, "Wat goed gaat", "Bas en ik voetballen op zaterdag.", "Sami")
    tell(karim, "Wat ons zorgen geeft", "Sami ligt laat in bed.", "Karim")
    tell(linda, "Wat goed gaat", "Sami is er elke ochtend.", "Linda")
    tell(marieke, "Ideeën", "Bas vraagt de club wat het kost.", "Karim")
    expect(part(marieke, "Wat iedereen vertelt")).to_contain_text("Sami ligt laat in bed.")
    look_at_both_sizes(marieke, "wat iedereen vertelt")
    karim.look("wat iedereen vertelt")
    linda.look("wat iedereen vertelt")


def the_coach_proposes(family: Family) -> None:
    marieke, karim, linda = family.marieke, family.karim, family.linda
    for screen in (marieke, *family.circle):
        go_to(screen, "Wie doet wat")
    write_agreement(marieke, "Marieke", "belt de club over de contributie", "dinsdag", "Karim", "Karim belt zelf.")
    for screen in (marieke, *family.circle):
        screen.shows("Voorstel van Marieke")
    expect(marieke.page.get_by_role("button", name="Nemen we over")).to_have_count(0)
    look_at_both_sizes(marieke, "een voorstel")
    karim.look("een voorstel van Marieke")
    expect(linda.page.get_by_role("tab", name="Wie doet wat")).to_have_count(0)


def the_circle_wants_to_be_among_itself(family: Family) -> None:
    marieke, sami, karim, linda = family.everybody
    sami.move("Wij willen onder elkaar zijn")
    sami.shows("U zei: ‘Wij willen onder elkaar zijn’")
    sami.look("wacht op een tweede")
    marieke.title("Netwerkberaad")
    karim.shows("Sami zegt: ‘Wij willen onder elkaar zijn’")
    karim.shows("dan gebeurt het over")
    karim.look("nog niet of ja")
    karim.press("Ja, wij willen onder elkaar zijn")
    family.all_see("Besloten tijd", *family.circle)
    family.all_see("De kring is in besloten tijd", marieke, linda)
    for screen in family.circle:
        screen.shows("Voorstel van Marieke")


def the_circle_makes_the_plan(family: Family) -> None:
    marieke, sami, karim, linda = family.everybody
    write_agreement(sami, "Sami", "gaat op zaterdag met Bas naar voetbal", "zaterdag", "Karim", "Sami belt Bas.")
    write_agreement(karim, "Linda", "belt op vrijdag met Karim", "vrijdag", "Karim", "Karim belt de school.")
    karim.hands.pick_day(karim.field("Op welke dag?"), REVIEW)
    karim.hands.choose(karim.field("Wie roept iedereen bij elkaar?"), "Karim")
    karim.hands.write(part(karim, "Kladblok").locator("textarea"), SECRET)
    is_saved(karim)
    sami.shows("belt op vrijdag met Karim")
    for screen in family.circle:
        look_at_both_sizes(screen, "plan in besloten tijd")
    sami.hands.press(sami.button("Wij zijn klaar"))
    dialog = sami.page.locator("#move-dialog")
    expect(dialog.get_by_text("Dit zien de anderen straks")).to_be_visible()
    expect(dialog.locator(".shown-lines li")).to_have_count(3)
    expect(dialog.locator(".shown-lines li").first).to_contain_text("Voorstel van Marieke")
    look_at_both_sizes(sami, "dit zien de anderen straks")
    sami.hands.press(dialog.get_by_role("button", name="Wij zijn klaar"))
    karim.shows("Dit zien de anderen straks")
    karim.look("de deur gaat open, ja of nog niet")
    karim.press("Ja, wij zijn klaar")
    family.all_see("Plan bespreken")
    for screen in (marieke, linda):
        assert SECRET not in screen.page.content()


def the_circle_takes_over_the_proposal(family: Family) -> None:
    marieke, sami, karim, linda = family.everybody
    for screen in family.everybody:
        screen.shows("Voorstel van Marieke")
    expect(marieke.page.get_by_role("button", name="Nemen we over")).to_have_count(0)
    expect(linda.page.get_by_role("button", name="Nemen we over")).to_have_count(0)
    for screen in (sami, karim):
        leave = screen.button("Later")
        if leave.count():
            screen.look("doet u mee")
    karim.press("Nemen we over")
    for screen in family.everybody:
        expect(screen.page.locator(".plan-card").get_by_text("Voorstel van Marieke")).to_have_count(0)
    look_at_both_sizes(karim, "overgenomen")


def who_does_something_says_yes(family: Family) -> None:
    marieke, sami, linda = family.marieke, family.sami, family.linda
    marieke.answer("belt de club", "Ik doe mee")
    sami.answer("gaat op zaterdag met Bas", "Ik doe mee")
    linda.answer("belt op vrijdag met Karim", "Ik doe mee")
    for name in ("Marieke", "Sami", "Linda"):
        marieke.shows(f"{name} doet mee")
    look_at_both_sizes(marieke, "iedereen zei ja")
    card = open_agreement(marieke, 2)
    expect(card.get_by_role("checkbox", name="Marieke")).to_be_visible()
    marieke.look("een open afspraak")
    marieke.hands.press(card.get_by_role("button", name="Klaar"))
    marieke.move("Naar tekenen")
    family.all_see("Tekenen")


def they_sign(family: Family) -> None:
    for screen in (family.sami, family.linda, family.marieke):
        screen.hands.tick(screen.field("Ik sta achter dit plan"))
        screen.hands.write(screen.field("Typ uw naam"), screen.name.title())
        screen.press("Tekenen")
        screen.shows("U hebt getekend: u staat achter dit plan.")
    karim = family.karim
    karim.press("Ik wil ook tekenen")
    karim.hands.tick(karim.field("Ja, maar …"))
    karim.hands.write(karim.field("Wilt u er iets bij zeggen? Dat hoeft niet."), "Als ik werk, belt oma.")
    karim.hands.write(karim.field("Typ uw naam"), "Karim")
    karim.look("voor het tekenen")
    karim.press("Tekenen")
    karim.shows("U hebt getekend, en er iets bij gezegd.")
    family.marieke.shows("Als ik werk, belt oma.")
    look_at_both_sizes(family.marieke, "iedereen tekende")
    family.marieke.move("Klaar met tekenen")
    family.all_see("Gezinsteam")


def a_small_team_carries_the_plan(family: Family) -> None:
    marieke, sami, karim, linda = family.everybody
    for screen in (marieke, *family.circle):
        is_saved(screen)
    add(karim, "Wie zit er in het gezinsteam?", "roept ons bij elkaar", who="Karim", look="in het team")
    add(sami, "Wie zit er in het gezinsteam?", "zegt hoe het met voetbal gaat", who="Sami")
    when = part(karim, "Wanneer zien we elkaar weer?").locator("textarea")
    karim.hands.write(when, "Maandag 4 januari om 7 uur, bij ons thuis. Karim belt iedereen.")
    expect(part(marieke, "Wanneer zien we elkaar weer?").locator("textarea")).to_have_value(re.compile("Karim belt"))
    for screen in (marieke, karim):
        look_at_both_sizes(screen, "het gezinsteam")
    linda.look("het gezinsteam")


def they_look_back_and_see_the_lead_move(family: Family) -> None:
    marieke, sami, karim = family.marieke, family.sami, family.karim
    karim.move("Kijk samen hoe het gaat")
    family.all_see("Voortgang")
    for screen in (marieke, *family.circle):
        go_to(screen, "Hoe het gaat")
    went = "Hoe ging het met de afspraken?"
    open_column(sami, went, "Gelukt")
    add(sami, went, "4 januari: elke zaterdag gevoetbald", button="+ Zet erbij: Gelukt", who="Sami", look="gelukt")
    add(marieke, went, "4 januari: de club belt nog terug", button="+ Zet erbij: Nog niet gelukt", who="Marieke")
    add(karim, "Wie leidde dit gesprek?", "4 januari", who="Karim")
    expect(part(karim, went)).to_contain_text("elke zaterdag gevoetbald")
    look_at_both_sizes(marieke, "hoe het ging")
    look_at_both_sizes(karim, "hoe het ging")

    family.asks_all("Wie heeft de leiding?", "Vraag het opnieuw")
    give(sami, 5)
    give(karim, 6, "Ik leidde vandaag zelf.")
    give(marieke, 5)
    family.asks_all("Wie heeft de leiding?", "Laat alle cijfers zien")
    for screen in (marieke, karim):
        lead = card(screen, "Wie heeft de leiding?")
        expect(lead).to_contain_text("laagste 5, hoogste 6")
        expect(lead.locator(".history")).to_contain_text("laagste 1, hoogste 2")
        look_at_both_sizes(screen, "de leiding verschuift")
    sami.look("de leiding verschuift")
    karim.move("Verder met dit plan")
    family.all_see("Gezinsteam")
    karim.follow("Lees of print het plan")
    karim.shows("gaat op zaterdag met Bas naar voetbal")
    karim.look("het plan")


def test_a_family_and_its_coach_go_from_assignment_to_a_look_back_that_the_father_leads(
    meeting_room: Stage, rondom: Rondom
):
    family = Family(rondom, meeting_room)
    the_family_says_what_it_asks_of_the_coach(family)
    they_put_down_who_is_there(family)
    they_begin_the_start_meeting(family)
    all_help_gets_a_name(family)
    they_say_who_leads_now(family)
    they_begin_the_network_meeting(family)
    everybody_tells(family)
    the_coach_proposes(family)
    the_circle_wants_to_be_among_itself(family)
    the_circle_makes_the_plan(family)
    the_circle_takes_over_the_proposal(family)
    who_does_something_says_yes(family)
    they_sign(family)
    a_small_team_carries_the_plan(family)
    they_look_back_and_see_the_lead_move(family)
