"""That a database holds nothing but what was simulated; and which person an account belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table("simulation", sa.Column("made_wall_s", sa.Double, primary_key=True))
    op.create_table(
        "account_person",
        sa.Column("account", BIG_KEY, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.UniqueConstraint("person", name="account_person_once"),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("account_person")
    op.drop_table("simulation")
