"""What is monitored, what was noted of it, and alerts of what is overdue."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ACCOUNT = "account.id"
SOURCE = "monitored_source.id"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "monitored_source",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("company", sa.String(200), nullable=False),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id")),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("rhythm", sa.String(10), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("codes", sa.String(1000), nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey(ACCOUNT), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("ended_by", BIG_KEY, sa.ForeignKey(ACCOUNT)),
        sa.Column("ended_wall_s", sa.Double),
    )
    op.create_index("monitored_source_by_company", "monitored_source", ["company"])
    op.create_table(
        "monitored_note",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("source", sa.BigInteger, sa.ForeignKey(SOURCE), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("value", sa.Double),
        sa.Column("signal", sa.Boolean, nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey(ACCOUNT), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
    )
    op.create_index("monitored_note_by_source", "monitored_note", ["source", "day"])
    with op.batch_alter_table("alert") as table:
        table.add_column(sa.Column("source", BIG_KEY))
        table.create_foreign_key("alert_of_source", "monitored_source", ["source"], ["id"])


def downgrade() -> None:
    """Drop them, and the alerts of what was overdue."""
    op.execute("DELETE FROM alert_telling WHERE alert IN (SELECT id FROM alert WHERE source IS NOT NULL)")
    op.execute("DELETE FROM alert WHERE source IS NOT NULL")
    with op.batch_alter_table("alert") as table:
        table.drop_constraint("alert_of_source", type_="foreignkey")
        table.drop_column("source")
    for name in ("monitored_note", "monitored_source"):
        op.drop_table(name)
