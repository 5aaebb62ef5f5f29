"""What every test shares: the report of what could not run, and where the browser is (see tests/parts.py)."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.parts import NotRunReport, need
from tests.stores import Postgres, running_postgres


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(NotRunReport(), "not-run-report")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that all workers end at about the same time."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, started once."""
    # It runs as a user of its own, and pytest closes its folders to all others whenever it starts.
    with TemporaryDirectory(prefix="rondom-postgres-") as folder, running_postgres(Path(folder) / "data") as server:
        yield server


@pytest.fixture(scope="session")
def small_disks() -> str:
    """Path of the command that makes a small disk. A test that asks for it is not run where that is not allowed."""
    return need("small-disks")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of the Chromium to test with. A test that asks for it is not run where there is none."""
    return need("chromium")
