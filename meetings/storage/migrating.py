"""Brings a database to the tables of this version, with the migrations in migrations/."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"


def migration_config(url: str) -> Config:
    """Return Alembic's configuration for a database URL."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str) -> None:
    """Run all migrations that this database lacks. Not to be called while an event loop runs."""
    command.upgrade(migration_config(url), "head")
