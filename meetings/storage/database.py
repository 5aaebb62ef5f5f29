"""One database behind one door: reading sessions, and writing sessions that hold the write lock from the start."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from asyncpg import PostgresError
from sqlalchemy import Connection, ExceptionContext, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

SQLITE_PRAGMAS: Final = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON")

# What a database says when it can't be reached or can't write now: nothing was changed, and later it may work.
TROUBLE: Final = (OperationalError, InterfaceError, ConnectionError)


# The same of PostgreSQL, by the SQLSTATE that it gives. The driver has no kind of error of its own for these, and among
# the rest of that kind are faults of ours.
_TROUBLE_OF_POSTGRES: Final = (
    "08",  # the connection broke
    "25006",  # it is a copy that only reads
    "40",  # two changes stood in each other's way
    "53",  # its disk is full, or it has too many connections
    "55P03",  # somebody else holds the lock
    "57",  # it is stopping, or somebody ended this
    "58",  # its disk fails
)

# Who types must soon be told that the board can't be stored: milliseconds to wait for another who writes.
PATIENCE: Final = 2000


class Unavailable(ConnectionError):
    """The database server is not there, or lets us wait too long."""


class Database:
    """SQLite (write-ahead log, fsync at each commit) or PostgreSQL, by URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._sqlite = make_url(url).get_backend_name() == "sqlite"
        self.file = Path(make_url(url).database or "") if self._sqlite else None
        if self._sqlite:
            self.engine = create_async_engine(url)
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        else:
            patience = {"server_settings": {"lock_timeout": str(PATIENCE)}}
            self.engine = create_async_engine(url, pool_pre_ping=True, connect_args=patience)
            event.listen(self.engine.sync_engine, "handle_error", _tell_trouble)
        # Who reads sees one moment of the database, however many questions it takes (SQLite knows no other way).
        at_once = {} if self._sqlite else {"isolation_level": "REPEATABLE READ"}
        self._read = async_sessionmaker(self.engine.execution_options(**at_once), expire_on_commit=False)
        self._write = async_sessionmaker(self.engine.execution_options(rondom_writes=True), expire_on_commit=False)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Give a session to read with. What it changes is thrown away."""
        async with self._read() as session:
            await self._reach(session)
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Give a session that is one transaction: committed at the end, rolled back at an exception."""
        async with self._write() as session, session.begin():
            await self._reach(session)
            yield session

    async def _reach(self, session: AsyncSession) -> None:
        """Connect now, so that a server that is not there is told from all else that may go wrong."""
        if self.file is None:
            try:
                await session.connection()
            except (OSError, PostgresError) as error:
                raise Unavailable from error

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin late and unlocked; ours begin in _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (*SQLITE_PRAGMAS, "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _tell_trouble(context: ExceptionContext) -> Exception | None:
    state = getattr(context.original_exception, "pgcode", None) or ""
    return Unavailable() if state.startswith(_TROUBLE_OF_POSTGRES) else None


def _begin_sqlite(connection: Connection) -> None:
    # Two readers that both turn writer would end in an error that waiting does not mend.
    writes = connection.get_execution_options().get("rondom_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
