"""The log of all boards, written in two steps: what is appended outlives the process, what reached the disk the power.

SQLite is written by one thread with one plain connection: an edit waits for one step there and back, where a session
takes ten. Other databases are written as everything else is.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from meetings.storage.database import PATIENCE, SQLITE_PRAGMAS, Database
from meetings.storage.tables import BoardUpdateRow, MeetingRow

_TABLE = SQLModel.metadata.tables[str(BoardUpdateRow.__tablename__)]


class Impossible(Exception):
    """These rows can never be stored, such as those of a meeting that is gone."""


class Moved(Exception):
    """A meeting changed after the rights to these rows were looked up; nothing was stored."""


class BoardLog(Protocol):
    """Where updates of boards are appended."""

    async def append(self, rows: Sequence[dict[str, Any]], revisions: Mapping[str, int]) -> None:
        """Commit rows of board_update, all or none. They outlive this process.

        `revisions` has each meeting's revision by which the right to write was looked up. Raises Moved when one is
        not that any more, Impossible, and whatever the database says when it can't write now.
        """

    async def reach_disk(self) -> None:
        """Wait until all that was appended outlives a power cut too."""

    async def close(self) -> None:
        """Let go of the connection."""


def board_log(database: Database) -> BoardLog:
    """Return the log that fits a database."""
    return SqliteLog(database.file) if database.file is not None else SessionLog(database)


class SqliteLog:
    """The log in an SQLite file in WAL mode: a commit writes, an fsync of the write-ahead log makes it safe."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="board-log")
        self._connection: sqlite3.Connection | None = None
        self._names = [column.name for column in _TABLE.columns if not column.primary_key]
        self._insert = (
            f"INSERT INTO {_TABLE.name} ({', '.join(self._names)}) VALUES ({', '.join('?' * len(self._names))})"  # noqa: S608
        )
        self._write_moment = _processor(_TABLE.columns["at"].type)

    async def append(self, rows: Sequence[dict[str, Any]], _revisions: Mapping[str, int]) -> None:
        # Whoever changes a meeting is in this process too, and waits until the line is empty.
        # All rows carry the moment at which they were written; what else is in them needs no turning.
        at = self._write_moment(rows[0]["at"])
        values = [tuple(at if name == "at" else row[name] for name in self._names) for row in rows]
        await asyncio.get_running_loop().run_in_executor(self._thread, self._append, values)

    async def reach_disk(self) -> None:
        await asyncio.to_thread(bring_to_disk, self._file.with_name(self._file.name + "-wal"))

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _append(self, values: list[tuple[Any, ...]]) -> None:
        if self._connection is None:
            self._connection = sqlite3.connect(self._file, isolation_level=None)
            for pragma in (*SQLITE_PRAGMAS, "synchronous=NORMAL", f"busy_timeout={PATIENCE}"):
                self._connection.execute(f"PRAGMA {pragma}")
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(self._insert, values)
            self._connection.execute("COMMIT")
        except BaseException as error:
            # A full disk may have ended the transaction already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.IntegrityError):
                raise Impossible from error
            raise

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()


class SessionLog:
    """The log in any other database, whose commit is on the disk when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, rows: Sequence[dict[str, Any]], revisions: Mapping[str, int]) -> None:
        try:
            async with self._database.writing() as session:
                # Whoever changes one of these meetings waits until this is stored, and the other way round; so a
                # board's rows also become visible in the order of their numbers.
                standing = select(MeetingRow.id, MeetingRow.revision).where(col(MeetingRow.id).in_(list(revisions)))
                locked = standing.order_by(col(MeetingRow.id)).with_for_update(key_share=True)
                if dict((row.id, row.revision) for row in await session.execute(locked)) != dict(revisions):
                    raise Moved
                await session.execute(insert(_TABLE), list(rows))
        except IntegrityError as error:
            raise Impossible from error

    async def reach_disk(self) -> None:
        pass

    async def close(self) -> None:
        pass


def _processor(kind: Any) -> Callable[[Any], Any]:
    dialect = sqlite.dialect()
    made = kind.dialect_impl(dialect).bind_processor(dialect)
    return made or (lambda value: value)


def bring_to_disk(place: Path) -> None:
    """Wait until what was written to a file, or put in a folder, outlives a power cut."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
