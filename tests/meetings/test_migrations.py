"""The tables in the code and the tables the migrations make are the same, and there is a way back."""

import asyncio
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect
from sqlmodel import SQLModel

from meetings.storage.database import Database
from meetings.storage.migrating import migrate, migration_config
from tests.stores import Postgres


def test_the_migrations_make_exactly_the_tables_of_the_code(migrated_file: Path):
    with create_engine(f"sqlite:///{migrated_file}").connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_on_postgresql_they_make_the_same_tables_and_there_is_a_way_back(postgres: Postgres):
    database = postgres.fresh()

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, SQLModel.metadata))

    async def compare() -> list[Any]:
        opened = Database(database.url)
        async with opened.engine.connect() as connection:
            found: list[Any] = await connection.run_sync(differences)
        await opened.close()
        return found

    assert asyncio.run(compare()) == []
    command.downgrade(migration_config(database.url), "base")
    tables = database.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert [name for (name,) in tables] == ["alembic_version"]


def test_a_table_without_a_migration_would_be_seen(migrated_file: Path, tmp_path: Path):
    empty = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with empty.connect() as connection:
        missing = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    assert {step[1].name for step in missing if step[0] == "add_table"} >= {"meeting", "participant", "event"}


def test_migrating_twice_changes_nothing_and_going_back_leaves_nothing(tmp_path: Path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'rondom.sqlite'}"
    migrate(url)
    migrate(url)
    command.downgrade(migration_config(url), "base")
    left = inspect(create_engine(url.replace("+aiosqlite", ""))).get_table_names()
    assert left == ["alembic_version"]
