"""Every kind of instrument on a tablet, a phone and by keyboard: written together, read, drawn, and on paper."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.app.driving import Person, Rondom
from tests.app.gatherings import EVERYBODY, WAYS, gather
from tests.app.test_rehearsal import jump, rehearse
from tests.browser.hands import Keyboard
from tests.browser.stage import PHONE, TABLET, Screen, Stage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.settings(protocols=[WAYS]),
]

Everybody = dict[str, Person]


@pytest.fixture
def there(rondom: Rondom) -> Everybody:
    return gather(rondom, "every_part", EVERYBODY)


def part(screen: Screen, kind: str) -> Locator:
    return screen.page.locator(f".part-{kind}").locator("visible=true").first


def cards(screen: Screen, kind: str) -> Locator:
    return part(screen, kind).locator(".board-card").locator("visible=true")


def go_to(screen: Screen, board: str) -> None:
    """Open another board, and wait until it is there."""
    screen.hands.press(screen.page.get_by_role("tab", name=board, exact=True))
    expect(screen.page.get_by_role("heading", name=board, level=2)).to_be_visible()
    is_saved(screen)


def is_saved(screen: Screen) -> None:
    expect(screen.page.locator(".board-status")).to_have_text(re.compile("opgeslagen ✓|u leest mee"), timeout=20_000)


def add(screen: Screen, kind: str, button: str | re.Pattern[str] = "+ Zet erbij", **words: str) -> None:
    """Add a line to an instrument: its fields by their labels."""
    screen.hands.press(part(screen, kind).get_by_role("button", name=button).locator("visible=true").first)
    form = part(screen, kind).locator(".board-form")
    for label, text in words.items():
        screen.hands.write(form.get_by_label(label.replace("_", " "), exact=True), text)
    screen.look(f"{kind} open")
    screen.hands.press(form.get_by_role("button", name="Klaar"))
    expect(form).to_have_count(0)


def test_two_people_write_in_each_kind_at_once_and_see_the_same(there: Everybody, meeting_room: Stage):
    lead = meeting_room.screen_of("marieke", there["lead"], TABLET)
    oma = meeting_room.screen_of("oma", there["oma"], PHONE)
    both = (lead, oma)

    # what I may write comes first, and of that the plan
    for screen in both:
        expect(screen.page.get_by_role("tab").first).to_have_attribute("aria-selected", "true")
        is_saved(screen)
        expect(screen.page.locator(".part-plan")).to_be_visible()
    lead.press("+ Afspraak")
    lead.hands.write(lead.page.locator(".board-form").get_by_label("Wat gaat er gebeuren?"), "belt elke week")
    lead.hands.press(lead.page.locator(".board-form").get_by_role("button", name="Klaar"))
    expect(oma.page.get_by_text("Voorstel van Marieke")).to_be_visible()
    expect(lead.page.get_by_role("button", name="Nemen we over")).to_have_count(0)
    oma.look("voorstel")
    oma.press("Nemen we over")
    for screen in both:
        expect(screen.page.get_by_text("Voorstel van Marieke")).to_have_count(0)

    add(
        oma,
        "phone-list",
        Wie="Tante Ria",
        Telefoonnummer="06-12 34 56 78",
        **{"Wanneer_kan_dat?": "altijd, ook ’s nachts"},
    )
    call = lead.page.get_by_role("link", name="Bel Tante Ria: 06-12 34 56 78")
    expect(call).to_have_attribute("href", "tel:0612345678")

    for screen in both:
        go_to(screen, "Drie kolommen")
    lead_columns, oma_columns = part(lead, "columns"), part(oma, "columns")
    add(lead, "columns", re.compile("erbij: .*gebeurd is", re.IGNORECASE), Tekst="Hij liep drie keer weg.")
    add(oma, "columns", re.compile("erbij: .*kan gebeuren", re.IGNORECASE), Tekst="Dat hij ’s nachts buiten is.")
    expect(lead_columns.get_by_text("Dat hij ’s nachts buiten is.", exact=True)).to_be_visible()
    card = oma_columns.locator(".board-card").filter(has_text="Hij liep drie keer weg.")
    oma.hands.press(card.get_by_role("button", name="Ik zie het anders"))
    lead.shows("Ziet het anders: Oma")
    lead.look("kolommen")
    oma.look("kolommen")

    add(
        oma,
        "pairs",
        "+ Zorg en doel",
        **{"Waar_maken_we_ons_zorgen_over?": "Weglopen", "Wat_moeten_we_zien?": "Thuis slapen"},
    )
    expect(part(lead, "pairs")).to_contain_text("Thuis slapen")
    lead.look("paren")
    oma.look("paren")
    # another list by the menu, and on the phone the card is under the tab it went to
    oma.hands.press(card.get_by_role("button", name=re.compile("Meer over")))
    oma.look("naar een andere lijst")
    oma.hands.press(card.get_by_role("button", name=re.compile("Naar: Wat moet", re.IGNORECASE)))
    expect(
        oma.page.locator(".column").locator("visible=true").filter(has_text="Hij liep drie keer weg.")
    ).to_have_count(1)
    expect(lead.page.locator(".column").last).to_contain_text("Hij liep drie keer weg.")

    for screen in both:
        go_to(screen, "Lijstjes")
    lead.hands.write(part(lead, "text").locator("textarea"), "Er was ruzie.")
    oma.hands.write(part(oma, "text").locator("textarea"), " En daarna rust.")
    for screen in both:
        expect(part(screen, "text").locator("textarea")).to_have_value(re.compile("Er was ruzie"))
        expect(part(screen, "text").locator("textarea")).to_have_value(re.compile("En daarna rust"))
    add(lead, "list", Tekst="Jeugdhulp op maandag")
    add(oma, "checklist", Tekst="Zaal regelen")
    expect(part(oma, "list")).to_contain_text("Jeugdhulp op maandag")
    lead.hands.tick(part(lead, "checklist").get_by_role("checkbox", name="Zaal regelen"))
    expect(part(oma, "checklist").get_by_role("checkbox")).to_be_checked()
    oma.shows("1 van 1 klaar")
    for screen in both:
        screen.look("lijsten")


def test_a_child_draws_and_writes_in_its_houses_and_says_who_may_see_them(there: Everybody, meeting_room: Stage):
    sami = meeting_room.screen_of("sami", there["central"], PHONE)
    lead = meeting_room.screen_of("marieke", there["lead"], TABLET)
    oma = meeting_room.screen_of("oma", there["oma"], PHONE)
    expect(oma.page.get_by_role("tab", name="Mijn huizen", exact=True)).to_have_count(0)
    for screen in (sami, lead):
        go_to(screen, "Mijn huizen")
    house = sami.page.locator(".house").first
    sami.hands.press(house.get_by_role("button", name=re.compile("Teken in")))
    sami.hands.press(house.get_by_role("button", name="rood"))
    sheet = house.locator(".house-sheet")
    sheet.scroll_into_view_if_needed()
    square = sheet.bounding_box()
    assert square
    mouse = sami.page.mouse
    for start in (0.2, 0.5):
        mouse.move(square["x"] + square["width"] * start, square["y"] + square["height"] * 0.3)
        mouse.down()
        for step in range(1, 9):
            mouse.move(
                square["x"] + square["width"] * (start + step / 40), square["y"] + square["height"] * (0.3 + step / 20)
            )
        mouse.up()
    seen = lead.page.locator(".house").first.locator(".stroke")
    expect(seen).to_have_count(2)
    expect(seen.first).to_have_class(re.compile("stroke-red"))
    sami.look("tekenen")
    lead.look("huizen")
    sami.press("Haal mijn laatste lijn weg")
    expect(seen).to_have_count(1)
    sami.hands.press(house.get_by_role("button", name=re.compile("Klaar met tekenen")))
    sami.hands.write(house.get_by_role("textbox"), "Als het donker is.")
    expect(lead.page.locator(".house").first.get_by_role("textbox")).to_have_value("Als het donker is.")

    sami.shows("Nu ziet nog niemand anders dit.")
    sami.look("wie mag dit zien")
    sami.hands.tick(sami.page.get_by_role("checkbox", name=re.compile("Oma")))
    sami.press("Zo is het goed")
    sami.shows("Kan dit nu lezen: Oma.")
    go_to(oma, "Mijn huizen")
    expect(oma.page.locator(".house .stroke")).to_have_count(1)
    oma.shows("Als het donker is.")
    expect(oma.page.locator(".house").get_by_role("textbox").locator("visible=true")).to_have_count(0)
    expect(oma.page.get_by_role("button", name="Teken")).to_have_count(0)
    oma.look("huizen van Sami")
    sami.hands.tick(sami.page.get_by_role("checkbox", name="Niemand"))
    sami.press("Zo is het goed")
    expect(oma.page.get_by_role("tab", name="Mijn huizen", exact=True)).to_have_count(0)


def test_by_keyboard_alone_boards_are_chosen_lines_written_and_moved(there: Everybody, meeting_room: Stage):
    meeting_room.hands = Keyboard
    oma = meeting_room.screen_of("oma", there["oma"], TABLET)
    tabs = oma.page.get_by_role("tab")
    tabs.first.focus()
    oma.page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    is_saved(oma)
    oma.page.keyboard.press("End")
    expect(tabs.last).to_have_attribute("aria-selected", "true")
    is_saved(oma)
    add(oma, "checklist", Tekst="Zaal regelen")
    add(oma, "checklist", Tekst="Koffie zetten")
    oma.hands.tick(part(oma, "checklist").get_by_role("checkbox", name="Koffie zetten"))
    oma.press("Meer over ‘Koffie zetten’")
    oma.press(re.compile("Omhoog|Naar boven"))
    expect(cards(oma, "checklist").first).to_contain_text("Koffie zetten")
    oma.page.keyboard.press("Escape")
    oma.press("Meer over ‘Zaal regelen’")
    oma.press(re.compile("Haal weg"))
    expect(cards(oma, "checklist")).to_have_count(1)
    oma.press("Zet terug")
    expect(cards(oma, "checklist")).to_have_count(2)


def test_what_is_typed_without_a_network_arrives_also_after_another_board_was_opened(
    there: Everybody, meeting_room: Stage
):
    oma = meeting_room.screen_of("oma", there["oma"], PHONE)
    lead = meeting_room.screen_of("marieke", there["lead"], TABLET)
    go_to(oma, "Lijstjes")
    go_to(lead, "Lijstjes")
    oma.context.set_offline(True)
    expect(oma.page.locator(".board-status")).to_contain_text("geen verbinding", ignore_case=True, timeout=10_000)
    add(oma, "list", Tekst="Zonder netwerk geschreven")
    oma.hands.press(oma.page.get_by_role("tab", name="Drie kolommen", exact=True))
    expect(oma.page.get_by_role("heading", name="Drie kolommen", level=2)).to_be_visible()
    expect(oma.page.locator(".kept")).to_have_count(0)
    oma.context.set_offline(False)
    go_to(oma, "Lijstjes")
    expect(part(lead, "list")).to_contain_text("Zonder netwerk geschreven", timeout=15_000)


def test_who_only_reads_sees_every_kind_and_one_board_stands_on_paper(there: Everybody, meeting_room: Stage):
    oma = meeting_room.screen_of("oma", there["oma"], TABLET)
    linda = meeting_room.screen_of("linda", there["linda"], PHONE)
    go_to(oma, "Lijstjes")
    add(oma, "checklist", Tekst="Zaal regelen")
    oma.hands.write(part(oma, "text").locator("textarea"), "Er was ruzie.")
    go_to(linda, "Lijstjes")
    linda.shows("Er was ruzie.")
    expect(part(linda, "checklist").get_by_role("checkbox", name="Zaal regelen")).to_be_disabled()
    expect(linda.page.get_by_role("button", name="+ Zet erbij")).to_have_count(0)
    expect(linda.page.locator("textarea").locator("visible=true")).to_have_count(0)
    linda.look("alleen lezen")
    is_saved(oma)
    linda.follow("Lees of print dit bord")
    linda.title("Lijstjes")
    linda.shows("Er was ruzie.")
    linda.shows("Zaal regelen")
    linda.look("bord op papier")


def test_every_kind_stands_on_paper_and_the_signed_plan_with_its_bottom_lines(rondom: Rondom, meeting_room: Stage):
    lead = rehearse(rondom.coordinator(), "every_part")
    printed = {
        "map": (".paper-columns", ".paper-pair"),
        "child": (".paper-houses",),
        "lists": (".paper-lines", ".paper-checks"),
        "plan": (".paper-plan", ".paper-table"),
    }
    for board, parts in printed.items():
        sheet = on_paper(meeting_room, lead, f"/boards/{board}")
        for one in parts:
            expect(sheet.page.locator(one).first).to_be_visible()
        sheet.shows(re.compile("verzonnen|06 000"))
        expect(sheet.page.get_by_text("?:")).to_have_count(0)
        tops = [round(house.bounding_box()["y"]) for house in sheet.page.locator(".house-picture").all()]  # type: ignore[index]
        assert len(set(tops)) <= 1, "the houses stand on one line"
        sheet.look(f"{board} op papier")
    lead = rehearse(rondom.coordinator(), "eigen_kracht", "compulsory")
    jump(lead, "signing")
    plan = on_paper(meeting_room, lead, "/plan")
    expect(plan.page.locator(".paper-bottom-lines")).to_contain_text("Nog niet beoordeeld")
    plan.look("plan op papier")


def on_paper(meeting_room: Stage, person: Person, path: str) -> Screen:
    """A page as it is printed, as wide as the writing on A4."""
    sheet = meeting_room.screen_of("papier", person, {"width": 680, "height": 980}, path)
    sheet.page.emulate_media(media="print")
    expect(sheet.page.locator(".no-print").locator("visible=true")).to_have_count(0)
    return sheet


def test_an_earlier_version_of_a_board_without_a_plan_is_looked_at_and_put_back(there: Everybody, meeting_room: Stage):
    oma = meeting_room.screen_of("oma", there["oma"], TABLET)
    go_to(oma, "Lijstjes")
    add(oma, "list", Tekst="Jeugdhulp op maandag")
    story = part(oma, "text").locator("textarea")
    oma.hands.write(story, "Er was ruzie.")
    is_saved(oma)
    assert there["oma"].post("boards/lists/restore-points").status_code == 200
    story.fill("niks")
    oma.press("Meer over ‘Jeugdhulp op maandag’")
    oma.press(re.compile("Haal weg"))
    expect(cards(oma, "list")).to_have_count(0)
    oma.press("Eerdere versies")
    oma.hands.press(oma.page.locator(".board-points button").first)
    oma.shows("Zo stond het er vandaag om")
    oma.shows("Er was ruzie.")
    oma.look("zo stonden de lijstjes er")
    oma.press("Zet dit terug")
    expect(story).to_have_value("Er was ruzie.")
    expect(cards(oma, "list")).to_contain_text("Jeugdhulp op maandag")
