"""A log of boards that is read on from where one was, and a count of a meeting's changes"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.alter_column("revision", server_default=None)
    op.add_column("board_snapshot", sa.Column("through", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("board_snapshot") as batch_op:
        batch_op.alter_column("through", server_default=None)
    # SQLite uses the number of a row that was deleted again, unless it is told not to, in a table made anew.
    with op.batch_alter_table("board_update", recreate="auto", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_index("ix_board_update_meeting_id")
        batch_op.create_index("ix_board_update_board", ["meeting_id", "board", "epoch", "sequence"])


def downgrade() -> None:
    with op.batch_alter_table("board_update") as batch_op:
        batch_op.drop_index("ix_board_update_board")
        batch_op.create_index("ix_board_update_meeting_id", ["meeting_id"])
    with op.batch_alter_table("board_snapshot") as batch_op:
        batch_op.drop_column("through")
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.drop_column("revision")
