"""The meeting's screen at moments that the whole paths pass by quickly: what is in sight, and what is not offered."""

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.app.driving import Meeting, Rondom, meeting_in
from tests.app.gatherings import EVERYBODY, WAYS, gather
from tests.browser.stage import PHONE, TABLET, Screen, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]


def in_sight(screen: Screen, target: Locator) -> bool:
    """Tell whether somebody sees all of it without scrolling, and nothing lies over it."""
    expect(target).to_be_visible()
    seen: bool = target.evaluate(
        """(element) => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          if (top < 0 || bottom > innerHeight) return false;
          return element.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
        }"""
    )
    return seen


def long_plan(meeting: Meeting) -> dict[str, object]:
    """A plan that fills more than a phone."""
    plan = meeting.plan()
    first = plan["agreements"][0]
    plan["agreements"] += [{**first, "row": f"meer{at}", "what": f"belt {at} keer in de maand"} for at in range(4)]
    return plan


def test_who_has_half_a_minute_to_answer_sees_the_buttons_and_the_clock_at_once(meeting_room: Stage, rondom: Rondom):
    meeting = meeting_in(rondom, "private_time")
    meeting.sami.moves("end_private_time", release=long_plan(meeting))
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    oma.shows("Sami zegt: ‘Wij zijn klaar’")
    oma.look("nog niet of ja")
    yes = oma.button("Ja, wij zijn klaar")
    assert yes.evaluate("button => button.closest('.pending').getBoundingClientRect().top + scrollY") < PHONE["height"]
    oma.page.locator("#pending-title").scroll_into_view_if_needed()
    for button in (yes, oma.button("Nog niet"), oma.page.locator(".pending-clock")):
        assert in_sight(oma, button)
    assert oma.page.locator(".pending .shown-lines li").count() == 6
    oma.button("Roep Marieke").scroll_into_view_if_needed()
    assert oma.page.locator(".next-move").evaluate("part => getComputedStyle(part).position") == "static"


def test_what_is_asked_above_is_not_asked_again_below_and_the_rest_may_be_answered_both_ways(
    meeting_room: Stage, rondom: Rondom
):
    meeting = meeting_in(rondom, "private_time")
    meeting.sami.moves("end_private_time", release=long_plan(meeting))
    meeting.mama.moves("end_private_time/confirm")
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    expect(oma.page.locator(".ask")).to_contain_text("eet op woensdag met Sami")
    mine = oma.page.locator(".my-agreement")
    expect(mine).to_have_count(4)
    expect(mine.filter(has_text="eet op woensdag met Sami")).to_have_count(0)
    oma.look("mijn afspraken")
    oma.hands.press(mine.first.get_by_role("button", name="Liever niet", exact=True))
    expect(mine.first).to_contain_text("U doet dit liever niet")
    expect(mine.first.get_by_role("button")).to_have_text(["Ik doe mee"])


def test_who_leads_sees_the_next_step_and_what_it_needs_without_scrolling(meeting_room: Stage, rondom: Rondom):
    marieke = meeting_room.screen_of("marieke", meeting_in(rondom, "agreement").marieke, TABLET)
    marieke.title("Plan bespreken")
    for part in (".next-move .btn-now", ".need h3", ".need li"):
        assert in_sight(marieke, marieke.page.locator(part).first)
    expect(marieke.page.locator(".advice").first).to_be_hidden()
    marieke.look("de volgende stap")
    marieke.hands.press(marieke.page.locator("summary", has_text="Wat er gebeurt"))
    marieke.shows("Vraag alleen naar duidelijkheid. De inhoud is van de kring.")
    marieke.look("wat er gebeurt")


def test_on_a_slow_line_the_page_says_where_one_is_and_the_way_out_works_at_once(meeting_room: Stage, rondom: Rondom):
    meeting = meeting_in(rondom, "agreement")
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    oma.title("Plan bespreken")
    address = oma.page.url
    oma.page.route("https://www.buienradar.nl/**", lambda route: route.fulfill(body="Het weer"))
    under_way: list[Route] = []
    oma.page.route("**/screens/meeting*.js", lambda route: under_way.append(route))
    oma.page.goto(address, wait_until="commit")
    oma.title("Plan bespreken")
    expect(oma.page.locator(".until-drawn")).to_contain_text("Rond Sami")
    oma.shows("Even wachten …")
    assert oma.page.get_by_role("button").locator("visible=true").count() == 0
    oma.look("op een trage lijn")
    oma.follow("Snel weg")
    expect(oma.page).to_have_url("https://www.buienradar.nl/")

    oma.page.goto(address, wait_until="commit")
    oma.shows("Even wachten …")
    under_way[-1].continue_()
    expect(oma.page.get_by_text("Even wachten …")).to_be_hidden()
    expect(oma.page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("way", ["pressing", "Escape three times"])
def test_the_quick_way_out_leaves_no_way_back(meeting_room: Stage, rondom: Rondom, way: str):
    oma = meeting_room.screen_of("oma", meeting_in(rondom, "agreement").oma, PHONE)
    oma.page.route("https://www.buienradar.nl/**", lambda route: route.fulfill(body="Het weer"))
    oma.title("Plan bespreken")
    pages = oma.page.evaluate("history.length")
    if way == "pressing":
        oma.follow("Snel weg")
    else:
        for _ in range(3):
            oma.page.keyboard.press("Escape")
    expect(oma.page).to_have_url("https://www.buienradar.nl/")
    assert oma.page.evaluate("history.length") == pages


def left_of_words(target: Locator) -> float:
    """Where the words of a button begin."""
    words: float = target.evaluate(
        """(element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          return range.getBoundingClientRect().left;
        }"""
    )
    return words


def test_what_has_no_border_begins_where_the_lines_above_it_begin(meeting_room: Stage, rondom: Rondom):
    meeting = meeting_in(rondom, "agreement")
    meeting.oma.does("agreements/eten/yes")
    oma = meeting_room.screen_of("oma", meeting.oma, PHONE)
    oma.shows("✓ U doet mee")
    earlier = oma.page.get_by_role("button", name="Eerdere versies")
    assert left_of_words(earlier) == pytest.approx(left_of_words(oma.page.locator(".board-print")), abs=1)
    after_all = oma.page.get_by_role("button", name="Toch liever niet")
    assert left_of_words(after_all) == pytest.approx(left_of_words(oma.page.locator(".my-agreement b")), abs=1)
    oma.look("alles op een lijn")


def test_a_dialog_saves_with_a_button_as_full_as_in_every_other_dialog(meeting_room: Stage, rondom: Rondom):
    marieke = meeting_room.screen_of("marieke", meeting_in(rondom, "preparation").marieke, TABLET, "/circle")
    marieke.press("Iemand toevoegen")
    save = marieke.page.locator("#person-dialog").get_by_role("button", name="Opslaan")
    fills = "element => getComputedStyle(element).backgroundColor === getComputedStyle(element).borderColor"
    assert save.evaluate(fills)
    marieke.look("iemand toevoegen")


def test_a_tablet_says_once_which_meeting_it_is(meeting_room: Stage, rondom: Rondom):
    oma = meeting_room.screen_of("oma", meeting_in(rondom, "agreement").oma, TABLET)
    oma.title("Plan bespreken")
    assert oma.page.get_by_text("Rond Sami").locator("visible=true").count() == 1
    oma.look("een keer")


@pytest.mark.settings(protocols=[WAYS])
def test_a_phone_shows_all_of_a_few_tabs_no_title_twice_and_no_empty_drawing(meeting_room: Stage, rondom: Rondom):
    there = gather(rondom, "every_part", EVERYBODY)
    there["central"].does("boards/child/showing", to=[there["oma"].id])
    oma = meeting_room.screen_of("oma", there["oma"], PHONE)
    tabs = oma.page.get_by_role("tab")
    expect(tabs).to_have_count(4)
    for tab in tabs.all():
        box = tab.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    oma.hands.press(tabs.filter(has_text="huizen"))
    title = oma.page.locator(".board-head h2")
    expect(title).to_contain_text("huizen")
    assert title.evaluate("title => title.offsetHeight") == 1
    houses = oma.page.locator(".house")
    expect(houses).to_have_count(3)
    expect(houses.first).to_contain_text("Nog niets getekend")
    expect(oma.page.locator(".house-drawing")).to_have_count(0)
    oma.look("lege huizen")
