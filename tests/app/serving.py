"""Serves a Rondom in this process, as the command does, on a copy of a migrated database."""

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from app.command_line import server_config
from app.logs import begin_logging
from app.settings import Settings
from tests.app.driving import LOG, Rondom
from tests.running import RunningRondom, free_port
from tests.stores import PostgresDatabase, SqliteFile


class _Server(uvicorn.Server):
    """The server, stopped when it is told, and not at its next look a tenth of a second later."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._told.wait()

    def stop(self) -> None:
        """Tell it to stop, from another thread."""
        self._loop.call_soon_threadsafe(self._told.set)


@contextmanager
def serving(
    store: SqliteFile | PostgresDatabase, master_key: Path, folder: Path, plays: dict[Any, Any], **chosen: Any
) -> Iterator[Rondom]:
    """Serve what is in a store from `folder`, with these settings, until the block ends."""
    shutil.copy(master_key, folder)
    with (folder / LOG).open("a", buffering=1) as log:
        begin_logging(log)
        with _serving(store, folder, plays, chosen) as running:
            yield running
        begin_logging()


@contextmanager
def _serving(
    store: SqliteFile | PostgresDatabase, folder: Path, plays: dict[Any, Any], chosen: dict[str, Any]
) -> Iterator[Rondom]:
    settings = Settings(_env_file=None, data=folder, database=store.url, port=free_port(), **chosen)
    server = _Server(server_config(settings))
    thread = threading.Thread(target=server.run, name="rondom", daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "The server did not start."
        assert time.monotonic() < until, "The server is not up after 20 seconds."
        time.sleep(0.01)
    running = Rondom(settings, plays, store)
    running.make_account()
    try:
        yield running
    finally:
        running.close()
        server.stop()
        thread.join(timeout=20)
    assert not thread.is_alive(), "The server did not stop."


@contextmanager
def reaching(running: RunningRondom, plays: dict[Any, Any]) -> Iterator[Rondom]:
    """Reach a Rondom that runs in a process of its own, with an account."""
    rondom = Rondom(Settings(_env_file=None, data=running.data, port=running.port), plays)
    rondom.make_account()
    try:
        yield rondom
    finally:
        rondom.close()
