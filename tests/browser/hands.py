"""Two ways to work a screen, with the same words for both: pointing at it, and the keyboard alone."""

import re
from datetime import date
from typing import Protocol

from playwright.sync_api import Locator

MOST_TABS = 300


class Hands(Protocol):
    """How somebody works a screen."""

    def press(self, target: Locator) -> None:
        """Press a button, follow a link, or open a summary."""

    def write(self, target: Locator, words: str) -> None:
        """Write in a field, after what stands there."""

    def tick(self, target: Locator) -> None:
        """Choose a checkbox or a radio button."""

    def choose(self, target: Locator, label: str) -> None:
        """Choose from a list."""

    def pick_day(self, target: Locator, day: date) -> None:
        """Fill in a date."""


class Pointer:
    """Pointing, with a mouse or a finger, and writing word by word, as the keyboard on a glass screen does."""

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, words: str) -> None:
        target.click()
        target.press("Control+End")
        for word in re.findall(r"\s*\S+|\s+$", words):
            target.page.keyboard.insert_text(word)

    def tick(self, target: Locator) -> None:
        target.check()

    def choose(self, target: Locator, label: str) -> None:
        target.select_option(label=label)

    def pick_day(self, target: Locator, day: date) -> None:
        target.fill(day.isoformat())


class Keyboard:
    """Nothing but keys: Tab to go somewhere, Enter, Space and arrows to do something there."""

    def press(self, target: Locator) -> None:
        self._go_to(target)
        target.page.keyboard.press("Enter")

    def write(self, target: Locator, words: str) -> None:
        self._go_to(target)
        target.page.keyboard.press("Control+End")
        target.page.keyboard.type(words)

    def tick(self, target: Locator) -> None:
        keys = target.page.keyboard
        if target.get_attribute("type") == "radio":
            # A group of radio buttons is one stop for Tab; the arrows go round within it.
            self._go_to(target, within_its_group=True)
            for _ in range(12):
                if _has_focus(target):
                    break
                keys.press("ArrowDown")
        else:
            self._go_to(target)
        if not target.is_checked():
            keys.press("Space")
        assert target.is_checked()

    def choose(self, target: Locator, label: str) -> None:
        self._go_to(target)
        # Dots have no key; a list is happy with the first letters.
        target.page.keyboard.type(label.rstrip(" …"))
        chosen = target.evaluate("list => list.selectedOptions[0].textContent.trim()")
        assert chosen == label, f"typing {label!r} chose {chosen!r}"

    def pick_day(self, target: Locator, day: date) -> None:
        # Which part comes first is the browser's to choose.
        for order in ("%m%d%Y", "%d%m%Y"):
            self._go_to(target)
            target.page.keyboard.type(day.strftime(order))
            if target.input_value() == day.isoformat():
                return
            target.page.keyboard.press("Shift+Tab")
        raise AssertionError(f"no order of typing gave {day}")

    def _go_to(self, target: Locator, *, within_its_group: bool = False) -> None:
        target.wait_for(state="visible")
        for _ in range(MOST_TABS):
            if _has_focus(target, within_its_group=within_its_group):
                return
            target.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")


def _has_focus(target: Locator, *, within_its_group: bool = False) -> bool:
    same = "active === wanted"
    if within_its_group:
        same += " || (active?.type === 'radio' && active.name === wanted.name)"
    return bool(target.evaluate(f"wanted => {{ const active = document.activeElement; return {same}; }}"))
