"""Which machines have gone by each desk's name."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "desk_machine",
        sa.Column("device", sa.String(63), sa.ForeignKey("desk.device"), primary_key=True),
        sa.Column("machine_id", sa.String(32), primary_key=True),
        sa.Column("first_wall_s", sa.Double, nullable=False),
        sa.Column("last_wall_s", sa.Double, nullable=False),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("desk_machine")
