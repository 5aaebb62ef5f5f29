"""How a person comes in without an account: a link with a secret, and a visit that a browser's cookie stands for.

Of both only hashes are kept (security.md §1.2). Links are reusable, renewable and revocable, never consumed.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select, update

from meetings.storage.tables import Link, Visit

_SECRET_BYTES = 20
_TOKEN_BYTES = 32
LINK_LASTS = timedelta(days=548)
VISIT_LASTS = timedelta(days=30)
_NOTED_EVERY = timedelta(days=1)
_NOBODYS_HASH = hashlib.sha256(b"nobody").digest()


@dataclass(frozen=True)
class CameIn:
    """Who came in, and the token of the visit (256 random bits, for the cookie; never kept in the clear)."""

    holder: str
    token: str


@dataclass(frozen=True)
class OpenVisit:
    """A visit that lasts: whose it is, and when it was noted last that they were here."""

    holder: str
    token: str
    seen_at: datetime

    @property
    def to_be_noted(self) -> bool:
        """Whether it is long enough ago to note again that they were here. Each time is a write."""
        return self.seen_at <= datetime.now(UTC) - _NOTED_EVERY


async def make_link(session: AsyncSession, holder: str) -> str:
    """Make the link's secret (160 random bits, base64url) for a participant or account; the old one is void."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    now = datetime.now(UTC)
    link = await session.get(Link, holder)
    if link is None:
        link = Link(holder_id=holder, secret_hash=b"", created_at=now, expires_at=now)
    link.secret_hash = _hash(secret)
    link.created_at, link.expires_at = now, now + LINK_LASTS
    link.revoked_at = link.first_used_at = None
    session.add(link)
    await end_visits(session, holder)
    return secret


async def revoke_link(session: AsyncSession, holder: str) -> None:
    """Close the way in: the link and every visit that came by it."""
    link = await session.get(Link, holder)
    if link is not None and link.revoked_at is None:
        link.revoked_at = datetime.now(UTC)
        session.add(link)
    await end_visits(session, holder)


async def enter(session: AsyncSession, holder: str, secret: str) -> CameIn | None:
    """Begin a visit when the secret fits. None, with the same work done, when it is wrong, expired or revoked."""
    now = datetime.now(UTC)
    link = await session.get(Link, holder)
    fits = hmac.compare_digest(_hash(secret), link.secret_hash if link else _NOBODYS_HASH)
    if link is None or not fits or link.revoked_at is not None or link.expires_at <= now:
        return None
    if link.first_used_at is None:
        link.first_used_at = now
        session.add(link)
    return begin_visit(session, holder)


def begin_visit(session: AsyncSession, holder: str) -> CameIn:
    """Begin a visit. Asks for no secret: for who showed one, and for who only rehearses."""
    now = datetime.now(UTC)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(Visit(token_hash=_hash(token), holder_id=holder, created_at=now, seen_at=now))
    return CameIn(holder, token)


async def visit_of(session: AsyncSession, token: str) -> OpenVisit | None:
    """Return the visit of this token, or None when it ended or its link was closed."""
    return (await visits_of(session, [token])).get(token)


async def visits_of(session: AsyncSession, tokens: Collection[str]) -> dict[str, OpenVisit]:
    """Return the visit of each of these tokens, without those that stand for nobody (any more)."""
    hashes = {_hash(token): token for token in tokens}
    alive = select(Visit.token_hash, Visit.holder_id, Visit.seen_at).where(
        col(Visit.token_hash).in_(hashes),
        col(Visit.revoked_at).is_(None),
        col(Visit.seen_at) > datetime.now(UTC) - VISIT_LASTS,
    )
    return {
        hashes[hash_]: OpenVisit(holder, hashes[hash_], seen_at)
        for hash_, holder, seen_at in await session.execute(alive)
    }


async def note_seen(session: AsyncSession, token: str) -> None:
    """Note that somebody is here, so that their visit lasts from now on. An ended one stays ended."""
    if await visit_of(session, token) is not None:
        visit = await session.get_one(Visit, _hash(token))
        visit.seen_at = datetime.now(UTC)
        session.add(visit)


async def end_visits(session: AsyncSession, holder: str) -> None:
    """End every visit of a participant or account."""
    await session.execute(
        update(Visit)
        .where(col(Visit.holder_id) == holder, col(Visit.revoked_at).is_(None))
        .values(revoked_at=datetime.now(UTC))
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
