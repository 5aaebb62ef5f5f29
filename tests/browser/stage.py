"""A real Rondom with real browsers around it: who looks at which screen, and what a look at it must never find."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.app.driving import Person
from tests.browser.hands import Hands, Pointer

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(__file__).resolve().parent / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

TABLET: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}

# WCAG 2.2 AA and what axe calls good practice.
_LOOK = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const places = (one) => one.nodes.map((node) => node.target.join(" ")).join(", ");
  return found.violations.map((one) => `${one.id}: ${one.help} ${places(one)}`);
}"""

_OPEN_TAB_IN_SIGHT = """() => {
  const tab = document.querySelector('.board-tab[aria-selected="true"]')?.getBoundingClientRect();
  return !tab || (tab.left >= 0 && tab.right <= innerWidth);
}"""


@dataclass
class Screen:
    """One person's screen: their page in a browser of their own."""

    name: str
    page: Page
    hands: Hands
    pictures: Path
    numbers: Iterator[int]
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context: BrowserContext = self.page.context
        self._watch(self.page)

    @property
    def id(self) -> str:
        """The participant whose page this is."""
        found = re.search(r"/m/([^/?#]+)", self.page.url)
        assert found, self.page.url
        return found[1]

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.troubles.append(f"{self.name}: {error}"))

    # --- what it shows ---

    def title(self, words: str, seconds: float = 5) -> None:
        """Expect the page's first heading to say this."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words, timeout=seconds * 1000)

    def shows(self, words: str | re.Pattern[str], seconds: float = 5) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=seconds * 1000)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        exact = isinstance(name, str)
        return self.page.get_by_role("button", name=name, exact=exact).locator("visible=true").first

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True).first

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True).locator("visible=true").first

    # --- what a person does ---

    def press(self, name: str | re.Pattern[str]) -> None:
        self.hands.press(self.button(name))

    def follow(self, name: str) -> None:
        self.hands.press(self.link(name))

    def answer(self, question: str, button: str) -> None:
        """Wait for a question on the own screen, and answer it."""
        asked = self.page.locator(".ask").filter(has_text=question)
        expect(asked).to_be_visible()
        self.hands.press(asked.get_by_role("button", name=button, exact=True))
        expect(asked).to_have_count(0)

    def tell(self, question: str, words: str) -> None:
        """Answer a question that asks for words."""
        asked = self.page.locator(".ask").filter(has_text=question)
        expect(asked).to_be_visible()
        self.hands.write(asked.locator("textarea"), words)
        self.hands.press(asked.get_by_role("button", name="Opslaan", exact=True))
        expect(asked).to_have_count(0)

    def move(self, label: str, reason: str = "") -> None:
        """Make a move: press it, read what it will do, and press again."""
        self.hands.press(self.button(re.compile(f"^{re.escape(label)}$")))
        dialog = self.page.locator("#move-dialog")
        expect(dialog).to_be_visible()
        self.look(f"stap {label}")
        if reason:
            self.hands.write(dialog.get_by_label("Waarom?"), reason)
        self.hands.press(dialog.get_by_role("button", name=label, exact=True))
        expect(dialog).to_be_hidden()

    def api(self, path: str, method: str = "GET", body: Any = None) -> tuple[int, Any]:
        """Ask the JSON API with this browser's own cookie."""
        answer = self.page.evaluate(
            """async ([path, method, body]) => {
              const init = { method };
              if (body) {
                init.body = JSON.stringify(body);
                init.headers = { "content-type": "application/json" };
              }
              const answer = await fetch(path, init);
              return [answer.status, await answer.json().catch(() => null)];
            }""",
            [f"/api/m/{self.id}{path}", method, body],
        )
        return answer[0], answer[1]

    def websocket(self, board: str) -> str:
        """Try a board's websocket from this page; tell whether it opened."""
        told: str = self.page.evaluate(
            """async (path) => new Promise((tell) => {
              const socket = new WebSocket(location.origin.replace(/^http/, "ws") + path);
              socket.onopen = () => { socket.close(); tell("opened"); };
              socket.onerror = () => tell("refused");
            })""",
            f"/ws/m/{self.id}/boards/{board}",
        )
        return told

    # --- looking at it ---

    def look(self, what: str) -> None:
        """Keep a picture of this screen, and have axe look for what keeps people out."""
        place = self.pictures / f"{next(self.numbers):02d} {self.name} {what}.png".replace("/", "-")
        self.page.screenshot(path=place, full_page=self.page.locator("dialog[open]").count() == 0)
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(_LOOK)
        assert found == [], f"{self.name}, {what}: " + "; ".join(found)
        width = self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, f"{self.name}, {what}: wider than the screen by {width} px"
        assert self.page.evaluate(_OPEN_TAB_IN_SIGHT), f"{self.name}, {what}: the tab of the open board is out of sight"

    def open(self, address: str) -> None:
        """Open an address in a new tab of this person's browser."""
        self.page = self.context.new_page()
        self._watch(self.page)
        self.page.goto(address)


@dataclass
class Stage:
    """A running Rondom and the browsers around it."""

    browser: Browser
    demo: dict[str, Any]
    pictures: Path
    hands: Callable[[], Hands] = Pointer
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    screens: list[Screen] = field(default_factory=list)

    def screen(self, name: str, link: str, size: ViewportSize, **more: Any) -> Screen:
        """Open a link in a browser that holds nothing yet."""
        context = self.browser.new_context(
            viewport=size, locale="nl-NL", timezone_id="Europe/Amsterdam", reduced_motion="reduce", **more
        )
        context.set_default_timeout(8000)
        page = context.new_page()
        shown = Screen(name, page, self.hands(), self.pictures, self.numbers)
        self.screens.append(shown)
        page.goto(link)
        return shown

    def screen_of(self, name: str, person: Person, size: ViewportSize, path: str = "") -> Screen:
        """Open the meeting as somebody who came in before."""
        cookies = [
            {"name": cookie, "value": value, "domain": "localhost", "path": "/"}
            for cookie, value in person.browser.cookies.items()
        ]
        link = f"{str(person.browser.base_url).rstrip('/')}/m/{person.id}{path}"
        return self.screen(name, link, size, storage_state={"cookies": cookies, "origins": []})

    def participant(self, meeting: int, name: str) -> dict[str, Any]:
        people: list[dict[str, Any]] = self.demo["meetings"][meeting]["participants"]
        return next(person for person in people if person["name"] == name)

    def close(self) -> None:
        troubles = [trouble for screen in self.screens for trouble in screen.troubles]
        for screen in self.screens:
            screen.context.close()
        assert troubles == [], "A page had an error: " + "; ".join(troubles)
