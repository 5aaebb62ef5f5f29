"""Runs the migrations, on the database that the house uses."""

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from meetings.storage import tables
from meetings.storage.database import Database

LOCK = 0x526F6E646F6D


def render_plainly(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own column types as SQLAlchemy's, so that a migration stands on its own."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, tables.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    """Run the migrations on an open connection. Of several processes that begin at once, one does; the others wait."""
    if connection.dialect.name == "postgresql":
        # The house has no patience with locks; here the one who migrates may take long.
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=render_plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_on_url(url: str) -> None:
    """Open the database of this URL and run the migrations."""
    database = Database(url)
    async with database.engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await database.close()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(run_on_url(context.config.get_main_option("sqlalchemy.url") or ""))
