"""Rehearsals: throw-away meetings, by whom"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("rehearsed_by", sa.String(), nullable=True))
    op.create_index("ix_meeting_rehearsed_by", "meeting", ["rehearsed_by"])


def downgrade() -> None:
    op.drop_index("ix_meeting_rehearsed_by", "meeting")
    op.drop_column("meeting", "rehearsed_by")
