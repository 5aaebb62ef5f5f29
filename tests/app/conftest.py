"""A running Rondom for each test: a real server on a free port, on a fresh migrated database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from meetings.storage.migrating import migrate
from meetings.storage.sealing import KeyRing
from tests.app.driving import Rondom
from tests.app.serving import serving
from tests.running import RunningRondom
from tests.stores import Postgres, PostgresDatabase, SqliteFile, fresh_file


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "rondom.sqlite"
    migrate(f"sqlite+aiosqlite:///{file}")
    KeyRing.from_file(file.with_name("master.key"))
    return file


@pytest.fixture(scope="session")
def plays() -> dict[str, Any]:
    """Meetings that were played once, by phase, for the tests that only need to be there."""
    return {}


@pytest.fixture
def store(migrated_file: Path, tmp_path: Path, request: pytest.FixtureRequest) -> SqliteFile | PostgresDatabase:
    """A fresh database: SQLite, or PostgreSQL where a test asks for it by `on_both_stores`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return fresh_file(migrated_file, tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture
def rondom(
    store: SqliteFile | PostgresDatabase,
    migrated_file: Path,
    tmp_path: Path,
    plays: dict[str, Any],
    request: pytest.FixtureRequest,
) -> Iterator[Rondom]:
    chosen = request.node.get_closest_marker("settings")
    key = migrated_file.with_name("master.key")
    with serving(store, key, tmp_path, plays, **(chosen.kwargs if chosen else {})) as running:
        yield running


@pytest.fixture
def process(tmp_path: Path, migrated_file: Path) -> Iterator[RunningRondom]:
    """The real command in a process of its own."""
    running = RunningRondom(tmp_path / "process", "serve")
    running.take(migrated_file)
    running.start()
    yield running
    running.stop()
