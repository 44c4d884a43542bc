"""What keeps claims, clocks and rejected payloads within bounds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("boot", sa.Column("claimed_first", sa.Integer))
    op.add_column("boot", sa.Column("claimed_wall_s", sa.Double))
    op.add_column("boot", sa.Column("wrong_offset_s", sa.Double))
    op.add_column("desk_health", sa.Column("received_wall_s", sa.Double))
    op.add_column("desk_health", sa.Column("late_s", sa.Double))
    op.add_column("rejected", sa.Column("size", sa.Integer))
    op.create_table(
        "rejected_dropped",
        sa.Column("device", sa.String(63), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("last_wall_s", sa.Double, nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("rejected_dropped")
    for table, column in (
        ("rejected", "size"),
        ("desk_health", "late_s"),
        ("desk_health", "received_wall_s"),
        ("boot", "wrong_offset_s"),
        ("boot", "claimed_wall_s"),
        ("boot", "claimed_first"),
    ):
        op.drop_column(table, column)
