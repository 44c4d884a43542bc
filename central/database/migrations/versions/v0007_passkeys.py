"""The passkeys of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "passkey",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("account", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("credential", sa.String(64), nullable=False, unique=True),
        sa.Column("credential_id", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
    )
    op.create_index("passkey_by_account", "passkey", ["account"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("passkey")
