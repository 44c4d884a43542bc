"""Who each account is at a provider of log-ins, and at which one somebody logged in."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "identity",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("account", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="identity_once"),
        sa.UniqueConstraint("account", "issuer", name="identity_once_an_account"),
    )
    op.add_column("login", sa.Column("provider", sa.String(40)))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("login", "provider")
    op.drop_table("identity")
