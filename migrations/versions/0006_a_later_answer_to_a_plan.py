"""A later answer to a plan: more than one signature row for each person and version"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = ["meeting_id", "plan_version", "participant_id"]
# It was made without a name: PostgreSQL gave it one, and SQLite none, so that it gets one here to be found by.
NAMED = {"uq": "uq_%(table_name)s_%(column_0_name)s"}


def _name() -> str:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    return "signature_meeting_id_plan_version_participant_id_key" if on_postgresql else "uq_signature_meeting_id"


def upgrade() -> None:
    with op.batch_alter_table("signature", naming_convention=NAMED) as batch_op:
        batch_op.drop_constraint(_name(), type_="unique")


def downgrade() -> None:
    # An older program knows one answer for each: the one that counts.
    op.execute(
        "DELETE FROM signature WHERE id NOT IN"
        " (SELECT max(id) FROM signature GROUP BY meeting_id, plan_version, participant_id)"
    )
    with op.batch_alter_table("signature") as batch_op:
        batch_op.create_unique_constraint(_name(), COLUMNS)
