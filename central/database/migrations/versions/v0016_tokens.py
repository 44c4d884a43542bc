"""The tokens by which programs read and write in an account's name."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "token",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("account", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("permits", sa.String(300), nullable=False),
        sa.Column("company", sa.String(200), nullable=False),
        sa.Column("showroom", sa.String(200), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.Column("until_wall_s", sa.Double, nullable=False),
        sa.Column("used_wall_s", sa.Double),
        sa.Column("revoked_wall_s", sa.Double),
    )
    op.create_index("token_by_account", "token", ["account"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("token")
