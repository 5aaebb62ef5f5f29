"""Links open one door for one person; of links and visits only hashes are kept."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from meetings import entrance
from meetings.storage.database import Database
from meetings.storage.tables import Link, Visit


async def make_link(database: Database, holder: str = "oma") -> str:
    async with database.writing() as session:
        return await entrance.make_link(session, holder)


async def come_in(database: Database, secret: str, holder: str = "oma") -> entrance.CameIn | None:
    async with database.writing() as session:
        return await entrance.enter(session, holder, secret)


async def visitor(database: Database, token: str) -> str | None:
    async with database.reading() as session:
        visit = await entrance.visit_of(session, token)
    return None if visit is None else visit.holder


async def test_a_link_lets_its_holder_in_again_and_again(database: Database):
    secret = await make_link(database)
    first, second = await come_in(database, secret), await come_in(database, secret)
    assert first is not None
    assert second is not None
    assert first.token != second.token
    assert await visitor(database, first.token) == await visitor(database, second.token) == "oma"


async def test_a_secret_has_160_random_bits(database: Database):
    assert len(await make_link(database)) == 27


async def test_a_wrong_secret_lets_nobody_in(database: Database):
    await make_link(database)
    assert await come_in(database, "wrong") is None


async def test_a_secret_opens_no_other_door(database: Database):
    secret = await make_link(database, "oma")
    await make_link(database, "ahmed")
    assert await come_in(database, secret, "ahmed") is None
    assert await come_in(database, secret, "unknown") is None


async def test_a_new_link_voids_the_old_one_and_ends_its_visits(database: Database):
    old = await make_link(database)
    came_in = await come_in(database, old)
    assert came_in is not None
    new = await make_link(database)
    assert await come_in(database, old) is None
    assert await visitor(database, came_in.token) is None
    assert await come_in(database, new) is not None


async def test_a_revoked_link_lets_nobody_in_and_ends_its_visits(database: Database):
    secret = await make_link(database)
    came_in = await come_in(database, secret)
    assert came_in is not None
    async with database.writing() as session:
        await entrance.revoke_link(session, "oma")
    assert await come_in(database, secret) is None
    assert await visitor(database, came_in.token) is None


async def test_an_expired_link_lets_nobody_in(database: Database):
    secret = await make_link(database)
    async with database.writing() as session:
        link = await session.get_one(Link, "oma")
        link.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        session.add(link)
    assert await come_in(database, secret) is None


async def test_a_visit_ends_after_a_month_unseen(database: Database):
    came_in = await come_in(database, await make_link(database))
    assert came_in is not None
    async with database.writing() as session:
        for visit in [await session.get_one(Visit, entrance._hash(came_in.token))]:
            visit.seen_at = datetime.now(UTC) - entrance.VISIT_LASTS
            session.add(visit)
    assert await visitor(database, came_in.token) is None


async def test_a_visit_that_is_noted_lasts_from_then_on_but_not_one_that_was_ended(database: Database):
    came_in = await come_in(database, await make_link(database))
    assert came_in is not None
    for days, holder in ((29, "oma"), (29, "oma"), (31, None)):
        async with database.writing() as session:
            visit = await session.get_one(Visit, entrance._hash(came_in.token))
            visit.seen_at = datetime.now(UTC) - timedelta(days=days)
            session.add(visit)
        assert await visitor(database, came_in.token) == holder
        async with database.writing() as session:
            await entrance.note_seen(session, came_in.token)
    assert await visitor(database, came_in.token) is None
    other = await come_in(database, await make_link(database))
    assert other is not None
    async with database.writing() as session:
        await entrance.end_visits(session, "oma")
        await entrance.note_seen(session, other.token)
    assert await visitor(database, other.token) is None


async def test_neither_secret_nor_token_is_in_the_database(database: Database):
    secret = await make_link(database)
    came_in = await come_in(database, secret)
    assert came_in is not None
    async with database.reading() as session:
        kept = [
            str(row)
            for table in ("link", "visit")
            for row in await session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        ]
    assert kept
    assert not any(secret in row or came_in.token in row for row in kept)
