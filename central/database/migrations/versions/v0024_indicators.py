"""Owners and targets of indicators, and from when on a level is the one to be held."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "indicator_choice",
        sa.Column("company", sa.String(200), primary_key=True),
        sa.Column("code", sa.String(60), primary_key=True),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("target", sa.Double),
    )
    op.create_table(
        "indicator_baseline",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("scope", sa.String(300), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("from_day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("said_by", sa.String(200), nullable=False),
        sa.Column("said_wall_s", sa.Double, nullable=False),
    )
    op.create_index("indicator_baseline_by_scope", "indicator_baseline", ["scope", "code"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("indicator_baseline")
    op.drop_table("indicator_choice")
