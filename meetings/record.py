"""The record of one meeting, opened for one person: its people, voices, events, plans and boards in plain values.

Loading is the only way out of storage. Commands change the record and its rows together; the transaction
that loaded it keeps or drops all of it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col, select

from meetings.boards.replica import Replica
from meetings.boards.written import Value
from meetings.plan.values import PlanValues
from meetings.refusals import NotFound
from meetings.storage.sealing import ContentKey, KeyRing
from meetings.storage.tables import (
    BoardRow,
    EventRow,
    MeetingKey,
    MeetingRow,
    ParticipantRow,
    PendingMoveRow,
    PlanRow,
    ProtocolCopy,
    SignatureRow,
    VoiceRow,
)
from protocols.catalogue import Protocol

NETHERLANDS = ZoneInfo("Europe/Amsterdam")

Row = TypeVar("Row")


@dataclass
class Participant:
    """One person in one meeting, with one role."""

    row: ParticipantRow
    side: str
    about: dict[str, Any]

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def role(self) -> str:
        return self.row.role

    @property
    def central(self) -> bool:
        return self.row.central

    @property
    def name(self) -> str:
        return str(self.about["name"])

    @property
    def age_band(self) -> str | None:
        return self.about.get("age_band")

    @property
    def authority(self) -> bool:
        return bool(self.about.get("authority"))

    @property
    def taking_part(self) -> str:
        return str(self.about.get("taking_part", "present"))


@dataclass(frozen=True)
class Voice:
    """One own statement: who, what kind, about what, when, and the words or answer."""

    participant: str
    kind: str
    subject: str
    at: datetime
    value: dict[str, Any]


@dataclass(frozen=True)
class FrozenPlan:
    """One version of the plan that never changes again."""

    version: int
    sha256: str
    frozen_at: datetime
    content: dict[str, Any]


@dataclass(frozen=True)
class Signature:
    """One person's answer to one frozen plan."""

    participant: str
    plan_version: int
    at: datetime
    about: dict[str, Any]


@dataclass(frozen=True)
class PendingMove:
    """A move somebody made that waits for a second person or for its half minute to pass.

    `passed` is which soft requirements it passes over, for this reason.
    """

    row: PendingMoveRow
    release: PlanValues | None
    reason: str | None
    passed: tuple[str, ...] = ()


async def _not_in_a_command(board: str) -> Replica:
    raise RuntimeError(f"Only a command opens a board such as {board}.")


@dataclass
class Record:
    """Everything of one meeting, in the hands of one command or one look."""

    session: AsyncSession
    row: MeetingRow
    key: ContentKey
    protocol: Protocol
    about: dict[str, Any]
    people: dict[str, Participant]
    taken_off: dict[str, Participant]
    voices: list[Voice]
    plans: list[FrozenPlan]
    signatures: list[Signature]
    pending: PendingMove | None
    boards: dict[str, BoardRow]
    last_event: EventRow | None
    plan_values: PlanValues = field(default_factory=PlanValues)
    plan_replica: Replica | None = None
    replicas: dict[str, Replica] = field(default_factory=dict)
    written: dict[str, dict[str, Value]] = field(default_factory=dict)
    open_board: Callable[[str], Awaitable[Replica]] = _not_in_a_command
    gone: list[SQLModel] = field(default_factory=list)
    # What was worked out from people and voices, until one of them changes: each question at the door asks it.
    worked_out: dict[str, Any] = field(default_factory=dict)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def phase(self) -> str:
        return self.row.phase

    @property
    def version(self) -> int:
        return self.row.version

    @property
    def central_person(self) -> Participant | None:
        return next((person for person in self.people.values() if person.central), None)

    def now(self) -> datetime:
        """The moment of this command."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The day of this command, as the Netherlands counts it."""
        return self.now().astimezone(NETHERLANDS).date()

    def person(self, participant_id: str) -> Participant:
        """Return a participant. Raises NotFound."""
        try:
            return self.people[participant_id]
        except KeyError as error:
            raise NotFound("no_such_person") from error

    def name_of(self, participant_id: str) -> str:
        """Return what somebody is called, also when they were taken off the list."""
        person = self.people.get(participant_id) or self.taken_off[participant_id]
        return person.name

    def side_of(self, role: str) -> str:
        """Return the side of a role in this meeting's protocol."""
        return str(self.protocol.definition.roles[role].side)

    def keep_about(self) -> None:
        """Seal what was changed in the meeting's own content."""
        self.row.sealed = self.key.seal_values(self.about, f"meeting/{self.id}")
        self.session.add(self.row)

    def keep_person(self, person: Participant) -> None:
        """Seal what was changed about a participant."""
        self.worked_out.clear()
        person.row.sealed = self.key.seal_values(person.about, f"participant/{person.id}")
        self.session.add(person.row)


async def load_record(session: AsyncSession, keys: KeyRing, participant_id: str, *, writes: bool) -> Record:
    """Load the meeting of `participant_id`, for that person.

    With `writes` the meeting's row is locked until the transaction ends. Raises NotFound when there is no such
    participant, or when the person was taken off the list.
    """
    asks = await session.get(ParticipantRow, participant_id)
    if asks is None or asks.removed_at is not None:
        raise NotFound("no_such_person")
    return await load_meeting(session, keys, asks.meeting_id, writes=writes)


@lru_cache(maxsize=64)
def _protocol(source: str) -> Protocol:
    return Protocol.from_source(source)


async def load_meeting(session: AsyncSession, keys: KeyRing, meeting_id: str, *, writes: bool) -> Record:
    """Load a meeting for the house itself (a move that fell due, the demo). Raises NotFound."""
    row = await session.get(MeetingRow, meeting_id, with_for_update=writes)
    wrapped = await session.get(MeetingKey, meeting_id)
    if row is None or wrapped is None:
        raise NotFound("no_such_meeting")
    key = keys.unwrap(row.id, wrapped.wrapped)
    copy = await session.get_one(ProtocolCopy, row.protocol_sha256)
    protocol = _protocol(copy.source)
    people = {
        person.id: Participant(
            person,
            str(protocol.definition.roles[person.role].side),
            key.open_values(person.sealed, f"participant/{person.id}"),
        )
        for person in await _all(session, ParticipantRow, meeting_id, col(ParticipantRow.created_at))
    }
    pending = await session.get(PendingMoveRow, meeting_id)
    return Record(
        session=session,
        row=row,
        key=key,
        protocol=protocol,
        about=key.open_values(row.sealed, f"meeting/{row.id}"),
        people={id_: person for id_, person in people.items() if person.row.removed_at is None},
        taken_off={id_: person for id_, person in people.items() if person.row.removed_at is not None},
        voices=[
            Voice(
                voice.participant_id,
                voice.kind,
                voice.subject,
                voice.at,
                key.open_values(voice.sealed, f"voice/{meeting_id}/{voice.participant_id}/{voice.kind}"),
            )
            for voice in await _all(session, VoiceRow, meeting_id, col(VoiceRow.id))
        ],
        plans=[
            FrozenPlan(
                plan.version,
                plan.sha256,
                plan.frozen_at,
                key.open_values(plan.sealed, f"plan/{meeting_id}/{plan.version}"),
            )
            for plan in await _all(session, PlanRow, meeting_id, col(PlanRow.version))
        ],
        signatures=[
            Signature(
                signature.participant_id,
                signature.plan_version,
                signature.at,
                key.open_values(signature.sealed, f"signature/{meeting_id}/{signature.participant_id}"),
            )
            for signature in await _all(session, SignatureRow, meeting_id, col(SignatureRow.id))
        ],
        pending=None if pending is None else _open_pending(pending, key),
        boards={board.board: board for board in await _all(session, BoardRow, meeting_id, col(BoardRow.board))},
        last_event=(
            await session.scalars(
                select(EventRow)
                .where(col(EventRow.meeting_id) == meeting_id)
                .order_by(col(EventRow.sequence).desc())
                .limit(1)
            )
        ).first(),
    )


def _open_pending(row: PendingMoveRow, key: ContentKey) -> PendingMove:
    about = key.open_values(row.sealed, f"pending_move/{row.meeting_id}")
    release = about.get("release")
    values = None if release is None else PlanValues.model_validate(release)
    return PendingMove(row, values, about.get("reason"), tuple(about.get("passed", ())))


async def _all(session: AsyncSession, table: type[Row], meeting_id: str, order: Any) -> Sequence[Row]:
    rows = select(table).where(table.meeting_id == meeting_id).order_by(order)  # type: ignore[attr-defined]
    return (await session.scalars(rows)).all()
