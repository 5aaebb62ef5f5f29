"""What every test shares: the report of what could not run, and where the browser is (see tests/parts.py)."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from tests.parts import NotRunReport, need
from tests.seeds import any_seed
from tests.stores import Postgres, running_postgres

# Each run throws other dice, also where Hypothesis would throw the same ones each time, such as with CI=true.
settings.register_profile("rondom", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("rondom")


# First: Hypothesis reads its seed when it is configured.
@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(NotRunReport(), "not-run-report")
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(any_seed())


def pytest_report_header(config: pytest.Config) -> str:
    """Tell how Hypothesis throws its dice the same way again; in a quiet run the last lines tell it."""
    return f"Hypothesis: RONDOM_SEED={config.option.hypothesis_seed}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if terminalreporter.stats.get("failed"):
        terminalreporter.write_line(f"Hypothesis: RONDOM_SEED={config.option.hypothesis_seed}")


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
