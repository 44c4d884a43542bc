"""The first tables: registry, boots, events, and what was rejected."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "desk",
        sa.Column("device", sa.String(63), primary_key=True),
        sa.Column("company", sa.String(200), nullable=False),
        sa.Column("showroom", sa.String(200), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("registered_wall_s", sa.Double, nullable=False),
        sa.Column("session", sa.BigInteger),
        sa.Column("state", sa.String(20)),
        sa.Column("state_wall_s", sa.Double),
    )
    op.create_table(
        "boot",
        sa.Column("device", sa.String(63), sa.ForeignKey("desk.device"), primary_key=True),
        sa.Column("bootid", sa.String(32), primary_key=True),
        sa.Column("settled", sa.Integer, nullable=False),
        sa.Column("offset_s", sa.Double),
        sa.Column("first_wall_s", sa.Double, nullable=False),
        sa.Column("birth", sa.Text),
    )
    op.create_table(
        "event",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("device", sa.String(63), sa.ForeignKey("desk.device"), nullable=False),
        sa.Column("bootid", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("start_wall_s", sa.Double, nullable=False),
        sa.Column("duration_s", sa.Double, nullable=False),
        sa.Column("timeline_s", sa.Double, nullable=False),
        sa.Column("synced", sa.Boolean, nullable=False),
        sa.Column("sent_synced", sa.Boolean, nullable=False),
        sa.Column("historical", sa.Boolean, nullable=False),
        sa.Column("received_wall_s", sa.Double, nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.UniqueConstraint("device", "bootid", "sequence", name="event_once"),
    )
    op.create_index("event_by_time", "event", ["device", "start_wall_s"])
    op.create_table(
        "rejected",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("device", sa.String(63)),
        sa.Column("bootid", sa.String(32)),
        sa.Column("sequence", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("received_wall_s", sa.Double, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("topic", "digest", name="rejected_once"),
    )
    op.create_index("rejected_by_number", "rejected", ["device", "bootid", "sequence"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("rejected", "event", "boot", "desk"):
        op.drop_table(table)
