"""Alerts: the signals of one cause, who acknowledged it, and what is to be told to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "alert",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id"), nullable=False),
        sa.Column("began", sa.Date, nullable=False),
        sa.Column("opened_wall_s", sa.Double, nullable=False),
        sa.Column("closed_wall_s", sa.Double),
        sa.Column("acknowledged_by", sa.String(200)),
        sa.Column("acknowledged_wall_s", sa.Double),
    )
    op.create_index("alert_by_showroom", "alert", ["showroom_id", "closed_wall_s"])
    op.create_table(
        "alert_signal",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("alert", sa.BigInteger, sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("up", sa.Boolean, nullable=False),
        sa.Column("lasts", sa.Boolean, nullable=False),
        sa.UniqueConstraint("alert", "code", name="alert_signal_once"),
    )
    op.create_table(
        "alert_telling",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("alert", sa.BigInteger, sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("due_wall_s", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("told_wall_s", sa.Double),
        sa.Column("trouble", sa.Text),
        sa.UniqueConstraint("alert", "channel", name="alert_telling_once"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("alert_telling", "alert_signal", "alert"):
        op.drop_table(name)
