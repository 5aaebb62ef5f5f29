"""What people do on the plan board, for every test that plays a meeting."""

from playwright.sync_api import Locator

from tests.browser.stage import Screen


def write_agreement(screen: Screen, doer: str, what: str, day: str, checker: str, otherwise: str) -> None:
    screen.press("+ Afspraak")
    card = screen.page.locator(".board-form")
    screen.hands.tick(card.get_by_role("checkbox", name=doer))
    screen.hands.write(card.get_by_label("Wat gaat er gebeuren?"), what)
    screen.hands.choose(card.get_by_label("Wanneer?", exact=True), "elke week op …")
    screen.hands.tick(card.get_by_role("checkbox", name=day))
    screen.hands.choose(card.get_by_label("Wie let mee op?"), checker)
    screen.hands.write(card.get_by_label("Wat als het niet lukt?"), otherwise)
    screen.look(f"afspraak van {doer}")
    screen.hands.press(card.get_by_role("button", name="Klaar"))


def open_agreement(screen: Screen, number: int) -> Locator:
    screen.hands.press(screen.button(f"Verander afspraak {number}"))
    return screen.page.locator(".board-form")
