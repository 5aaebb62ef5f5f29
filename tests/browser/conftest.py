"""A browser, and the demo as `rondom demo` serves it, for the tests that look at screens."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.app.conftest import migrated_file, plays, process, rondom, store
from tests.browser.stage import PICTURES, Stage
from tests.running import RunningDemo

__all__ = ["migrated_file", "plays", "process", "rondom", "store"]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Not longer than a module: as long as it is open, its event loop runs, and asynchronous tests cannot start theirs.
@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, headless=True, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path:
    """An empty folder for the pictures of a test."""
    folder: Path = PICTURES / request.node.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def meeting_room(browser: Browser, pictures: Path) -> Iterator[Stage]:
    """Browsers without a demo, for people of a meeting that a test played by HTTP (tests/app/driving.py)."""
    room = Stage(browser, {}, pictures)
    yield room
    room.close()


@pytest.fixture
def stage(browser: Browser, tmp_path: Path, pictures: Path) -> Iterator[Stage]:
    rondom = RunningDemo(tmp_path / "data")
    rondom.start()
    try:
        running = Stage(browser, rondom.told, pictures)
        yield running
        running.close()
    finally:
        rondom.stop()
