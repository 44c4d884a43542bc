"""Each desk's latest health, and its faults from when they were found until they were gone."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "desk_health",
        sa.Column("device", sa.String(63), sa.ForeignKey("desk.device"), primary_key=True),
        sa.Column("wall_s", sa.Double, nullable=False),
        sa.Column("health", sa.Text, nullable=False),
    )
    op.create_table(
        "fault",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("device", sa.String(63), sa.ForeignKey("desk.device"), nullable=False),
        sa.Column("name", sa.String(650), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("opened_wall_s", sa.Double, nullable=False),
        sa.Column("closed_wall_s", sa.Double),
    )
    op.create_index("fault_by_desk", "fault", ["device", "closed_wall_s"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("fault", "desk_health"):
        op.drop_table(table)
