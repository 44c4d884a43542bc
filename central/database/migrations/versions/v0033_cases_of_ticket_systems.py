"""Ticket systems and their cases, by times, directions and states alone, and the country whose holidays a showroom keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0030"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
CASE = "crm_case.id"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "crm",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("name", sa.String(40), nullable=False, unique=True),
        sa.Column("cursor_wall_s", sa.Double),
        sa.Column("tried_wall_s", sa.Double),
        sa.Column("ok_wall_s", sa.Double),
        sa.Column("error", sa.Text),
        sa.Column("error_wall_s", sa.Double),
    )
    op.create_table(
        "crm_unread",
        sa.Column("crm_id", BIG_KEY, sa.ForeignKey("crm.id"), primary_key=True),
        sa.Column("external_id", sa.String(200), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since_wall_s", sa.Double, nullable=False),
    )
    op.create_table(
        "crm_case",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("crm_id", BIG_KEY, sa.ForeignKey("crm.id"), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("customer", sa.String(200), nullable=False),
        sa.Column("merged_into", sa.String(200)),
        sa.Column("merged_wall_s", sa.Double),
        sa.Column("latest_wall_s", sa.Double, nullable=False),
        sa.UniqueConstraint("crm_id", "external_id", name="crm_case_once"),
    )
    op.create_index("ix_crm_case_latest_wall_s", "crm_case", ["latest_wall_s"])
    op.create_table(
        "crm_message",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("crm_id", BIG_KEY, sa.ForeignKey("crm.id"), nullable=False),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey(CASE), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("at_wall_s", sa.Double, nullable=False),
        sa.Column("direction", sa.String(10), nullable=False),
        sa.Column("author", sa.String(10), nullable=False),
        sa.UniqueConstraint("crm_id", "external_id", name="crm_message_once"),
    )
    op.create_index("crm_message_by_case", "crm_message", ["case_id"])
    for table, column, length in (("case_state", "state", 10), ("case_place", "place", 200)):
        op.create_table(
            table,
            sa.Column("case_id", sa.BigInteger, sa.ForeignKey(CASE), primary_key=True),
            sa.Column("position", sa.Integer, primary_key=True),
            sa.Column("at_wall_s", sa.Double, nullable=False),
            sa.Column(column, sa.String(length), nullable=False),
        )
    op.create_table(
        "showroom_country",
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id"), primary_key=True),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("subdivision", sa.String(10), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in (
        "showroom_country",
        "case_place",
        "case_state",
        "crm_message",
        "crm_case",
        "crm_unread",
        "crm",
    ):
        op.drop_table(table)
