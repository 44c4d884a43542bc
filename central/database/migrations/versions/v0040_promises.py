"""Promises to customers, their versions, and the sides that each was weighed against."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0050"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ACCOUNT = "account.id"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "promise",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("company", sa.String(200), nullable=False),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id")),
    )
    op.create_table(
        "promise_version",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("promise", sa.BigInteger, sa.ForeignKey("promise.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("within", sa.Double),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("sites", sa.String(500), nullable=False),
        sa.Column("written_by", BIG_KEY, sa.ForeignKey(ACCOUNT), nullable=False),
        sa.Column("written_wall_s", sa.Double, nullable=False),
        sa.Column("published_by", BIG_KEY, sa.ForeignKey(ACCOUNT)),
        sa.Column("published_wall_s", sa.Double),
        sa.Column("borne", sa.Text),
        sa.Column("ended_by", BIG_KEY, sa.ForeignKey(ACCOUNT)),
        sa.Column("ended_wall_s", sa.Double),
        sa.Column("ended_why", sa.String(500)),
        sa.UniqueConstraint("promise", "version", name="promise_version_once"),
        sa.CheckConstraint(
            "published_wall_s IS NULL OR (published_by IS NOT NULL AND published_by <> written_by)",
            name="promise_published_by_another",
        ),
        sa.CheckConstraint(
            "ended_wall_s IS NULL OR published_wall_s IS NOT NULL", name="promise_ended_after_publishing"
        ),
    )
    op.create_table(
        "promise_side",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("version", sa.BigInteger, sa.ForeignKey("promise_version.id"), nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("within", sa.Double),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.UniqueConstraint("version", "side", name="promise_side_once"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("promise_side", "promise_version", "promise"):
        op.drop_table(name)
