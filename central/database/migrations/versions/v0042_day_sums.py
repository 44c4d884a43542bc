"""Sums of parts of days that are over, under a digest of what they were reckoned from."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the service fills it."""
    op.create_table(
        "day_sum",
        sa.Column("device", sa.String(63), primary_key=True),
        sa.Column("from_s", sa.Double, primary_key=True),
        sa.Column("to_s", sa.Double, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sums", sa.Text, nullable=False),
    )
    op.create_index("day_sum_by_digest", "day_sum", ["digest"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("day_sum")
