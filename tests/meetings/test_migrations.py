"""The tables in the code and the tables the migrations make are the same, and there is a way back."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlmodel import SQLModel

from meetings.storage.migrating import migrate, migration_config


def test_the_migrations_make_exactly_the_tables_of_the_code(migrated_file: Path):
    with create_engine(f"sqlite:///{migrated_file}").connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


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
