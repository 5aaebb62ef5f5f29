"""The tables. What identifies, orders or dates a row is in the clear; what a person said or is, is sealed.

Tables validate nothing: what comes in has schemas of its own. Every change here has a migration.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Index, LargeBinary, TypeDecorator
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the time zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Account(SQLModel, table=True):
    """Somebody who leads meetings and comes in by a sign-in link."""

    __tablename__: ClassVar[Any] = "account"
    id: str = Field(primary_key=True)
    name: str
    language: str
    created_at: datetime = Field(sa_type=UtcDateTime)


class Link(SQLModel, table=True):
    """The one link that opens the door for one participant or account; only its hash is kept."""

    __tablename__: ClassVar[Any] = "link"
    holder_id: str = Field(primary_key=True)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Visit(SQLModel, table=True):
    """One browser that came in as one participant or account; only the hash of its cookie is kept."""

    __tablename__: ClassVar[Any] = "visit"
    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    holder_id: str = Field(index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProtocolCopy(SQLModel, table=True):
    """The exact protocol, with its texts, that meetings were started with."""

    __tablename__: ClassVar[Any] = "protocol_copy"
    sha256: str = Field(primary_key=True)
    protocol: str
    version: int
    source: str


class MeetingRow(SQLModel, table=True):
    """One meeting: its phase, and sealed: its title, question, appointment and the circle's call.

    `version` counts its moves, `revision` every change of anything in it but the boards. `rehearsed_by` is the account
    that only rehearses with it: a throw-away meeting, erased within a day.
    """

    __tablename__: ClassVar[Any] = "meeting"
    id: str = Field(primary_key=True)
    protocol: str
    protocol_sha256: str = Field(foreign_key="protocol_copy.sha256")
    frame: str
    language: str
    phase: str
    phase_since: datetime = Field(sa_type=UtcDateTime)
    version: int
    revision: int
    created_at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)
    rehearsed_by: str | None = Field(default=None, index=True)


class MeetingKey(SQLModel, table=True):
    """The wrapped key of one meeting. Without this row nothing sealed of that meeting opens again."""

    __tablename__: ClassVar[Any] = "meeting_key"
    meeting_id: str = Field(primary_key=True, foreign_key="meeting.id")
    wrapped: bytes = Field(sa_type=LargeBinary)


class ParticipantRow(SQLModel, table=True):
    """One person in one meeting, with one role; sealed: who they are and what they need."""

    __tablename__: ClassVar[Any] = "participant"
    id: str = Field(primary_key=True)
    meeting_id: str = Field(foreign_key="meeting.id", index=True)
    account_id: str | None = Field(default=None, foreign_key="account.id", index=True)
    role: str
    central: bool
    language: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)


class EventRow(SQLModel, table=True):
    """One thing that happened to a meeting. Append-only; each row's hash covers the row before it."""

    __tablename__: ClassVar[Any] = "event"
    meeting_id: str = Field(primary_key=True, foreign_key="meeting.id")
    sequence: int = Field(primary_key=True)
    kind: str
    participant_id: str | None
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)
    previous_hash: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class VoiceRow(SQLModel, table=True):
    """One own statement of one person. Append-only; of one kind and subject the latest counts."""

    __tablename__: ClassVar[Any] = "voice"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(foreign_key="meeting.id", index=True)
    participant_id: str = Field(foreign_key="participant.id")
    kind: str
    subject: str
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)


class PendingMoveRow(SQLModel, table=True):
    """A move that one person made and that a second confirms, or that happens when nobody says "nog niet"."""

    __tablename__: ClassVar[Any] = "pending_move"
    meeting_id: str = Field(primary_key=True, foreign_key="meeting.id")
    move: str
    version: int
    participant_id: str = Field(foreign_key="participant.id")
    due_at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)


class BoardRow(SQLModel, table=True):
    """One board of one meeting. A board that is made anew gets a new epoch, and old copies are told."""

    __tablename__: ClassVar[Any] = "board"
    meeting_id: str = Field(primary_key=True, foreign_key="meeting.id")
    board: str = Field(primary_key=True)
    epoch: int


class BoardUpdateRow(SQLModel, table=True):
    """One Yjs update of a board, sealed. Together, in order, they are the board. No number is ever used twice."""

    __tablename__: ClassVar[Any] = "board_update"
    __table_args__ = (
        Index("ix_board_update_board", "meeting_id", "board", "epoch", "sequence"),
        {"sqlite_autoincrement": True},
    )
    sequence: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(foreign_key="meeting.id")
    board: str
    epoch: int
    participant_id: str | None
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)


class BoardSnapshotRow(SQLModel, table=True):
    """A board as it was when its log was compacted, sealed, with whose each client id is. The log goes on from here:
    `through` is the last number that is in it."""

    __tablename__: ClassVar[Any] = "board_snapshot"
    meeting_id: str = Field(foreign_key="meeting.id", primary_key=True)
    board: str = Field(primary_key=True)
    epoch: int
    through: int
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)


class RestorePointRow(SQLModel, table=True):
    """How a board stood at one moment, as sealed values, for those who write on it. It ends with the board's log."""

    __tablename__: ClassVar[Any] = "restore_point"
    __table_args__ = (Index("ix_restore_point_board", "meeting_id", "board", "epoch", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(foreign_key="meeting.id")
    board: str
    epoch: int
    why: str
    phase: str
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)


class PlanRow(SQLModel, table=True):
    """One frozen version of the plan: sealed canonical JSON (RFC 8785) and its SHA-256. Never changed."""

    __tablename__: ClassVar[Any] = "plan"
    meeting_id: str = Field(primary_key=True, foreign_key="meeting.id")
    version: int = Field(primary_key=True)
    sha256: str
    frozen_at: datetime = Field(sa_type=UtcDateTime)
    participant_id: str = Field(foreign_key="participant.id")
    sealed: bytes = Field(sa_type=LargeBinary)


class SignatureRow(SQLModel, table=True):
    """One person's own answer to one exact plan. Append-only: of each person and version the latest counts."""

    __tablename__: ClassVar[Any] = "signature"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(foreign_key="meeting.id", index=True)
    plan_version: int
    plan_sha256: str
    participant_id: str = Field(foreign_key="participant.id")
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)
