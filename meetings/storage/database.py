"""One database behind one door: reading sessions, and writing sessions that hold the write lock from the start.

The log of boards is written in two steps: an appending session commits so that it outlives the process, and
`reach_disk` makes all that was committed outlive the power.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


class Database:
    """SQLite (write-ahead log, fsync at each commit) or PostgreSQL, by URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = create_async_engine(url, **({} if self._sqlite else {"pool_pre_ping": True}))
        self._log_engine = self.engine
        if self._sqlite:
            self._file = Path(make_url(url).database or "")
            self._log_engine = create_async_engine(url, pool_size=1, max_overflow=0)
            for engine, synchronous in ((self.engine, "FULL"), (self._log_engine, "NORMAL")):
                event.listen(engine.sync_engine, "connect", _sqlite_preparation(synchronous))
                event.listen(engine.sync_engine, "begin", _begin_sqlite)
        self._read = async_sessionmaker(self.engine, expire_on_commit=False)
        self._write = async_sessionmaker(self.engine.execution_options(rondom_writes=True), expire_on_commit=False)
        self._append = async_sessionmaker(self._log_engine.execution_options(rondom_writes=True))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Give a session to read with. What it changes is thrown away."""
        async with self._read() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Give a session that is one transaction: committed at the end, rolled back at an exception."""
        async with self._write() as session, session.begin():
            yield session

    @asynccontextmanager
    async def appending(self) -> AsyncIterator[AsyncSession]:
        """Give a session for the log of boards. What it commits outlives the process; see `reach_disk`."""
        async with self._append() as session, session.begin():
            yield session

    async def reach_disk(self) -> None:
        """Wait until all that was committed is on the disk."""
        if self._sqlite:
            await asyncio.to_thread(_sync, self._file.with_name(self._file.name + "-wal"))

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
        if self._log_engine is not self.engine:
            await self._log_engine.dispose()


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sqlite_preparation(synchronous: str) -> Callable[[Any, Any], None]:
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin late and unlocked; ours begin in _begin_sqlite.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return prepare


def _begin_sqlite(connection: Connection) -> None:
    # Two readers that both turn writer would end in an error that waiting does not mend.
    writes = connection.get_execution_options().get("rondom_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
