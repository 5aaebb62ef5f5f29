"""Whoever reads sees one moment of the database, however many questions that takes."""

from sqlmodel import select

from meetings.storage.database import Database
from meetings.storage.tables import ProtocolCopy
from tests.stores import Postgres


async def test_what_is_written_meanwhile_is_not_seen_by_half(postgres: Postgres):
    database = Database(postgres.fresh().url)
    try:
        async with database.reading() as reading:
            before = (await reading.scalars(select(ProtocolCopy.sha256))).all()
            async with database.writing() as writing:
                writing.add(ProtocolCopy(sha256="p", protocol="p", version=1, source=""))
            assert (await reading.scalars(select(ProtocolCopy.sha256))).all() == before
        async with database.reading() as reading:
            assert (await reading.scalars(select(ProtocolCopy.sha256))).all() == ["p"]
    finally:
        await database.close()
