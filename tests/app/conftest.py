"""A running Rondom for each test: a real server on a free port, on a fresh migrated database."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from app.settings import Settings
from app.web import create_app
from meetings.storage.migrating import migrate
from meetings.storage.sealing import KeyRing
from tests.app.driving import Rondom


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
def rondom(migrated_file: Path, tmp_path: Path, plays: dict[str, Any]) -> Iterator[Rondom]:
    for file in (migrated_file, migrated_file.with_name("master.key")):
        shutil.copy(file, tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(_env_file=None, data=tmp_path, port=port)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), host="127.0.0.1", port=port, log_level="warning", lifespan="on")
    )
    thread = threading.Thread(target=server.run, name="rondom", daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "The server did not start."
        assert time.monotonic() < until, "The server is not up after 20 seconds."
        time.sleep(0.01)
    running = Rondom(settings, plays)
    running.make_account()
    yield running
    running.close()
    server.should_exit = True
    thread.join(timeout=20)
    assert not thread.is_alive(), "The server did not stop."
