"""What the tests of the domain stand on: a real, migrated database, fresh for each test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from meetings.storage.database import Database
from meetings.storage.migrating import migrate


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "rondom.sqlite"
    migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
async def database(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    file = tmp_path / "rondom.sqlite"
    shutil.copy(migrated_file, file)
    database = Database(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.close()
