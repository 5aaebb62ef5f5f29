"""Erases a whole meeting: every row of it in every table, its key included, so that nothing of it opens again."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col, select

from meetings.storage.tables import Link, MeetingRow, ParticipantRow, Visit


async def erase_meeting(session: AsyncSession, meeting: str) -> None:
    """Take away all that is kept of a meeting. Only its protocol stays, which says nothing of anybody."""
    # As a command does: whoever writes elsewhere waits, and then finds that it is gone.
    await session.get(MeetingRow, meeting, with_for_update=True)
    people = select(ParticipantRow.id).where(col(ParticipantRow.meeting_id) == meeting)
    for ways_in in (Link, Visit):
        await session.execute(delete(ways_in).where(col(ways_in.holder_id).in_(people)))
    # What points at something goes before what it points at.
    for table in reversed(SQLModel.metadata.sorted_tables):
        if "meeting_id" in table.c:
            await session.execute(delete(table).where(table.c.meeting_id == meeting))
    await session.execute(delete(MeetingRow).where(col(MeetingRow.id) == meeting))
