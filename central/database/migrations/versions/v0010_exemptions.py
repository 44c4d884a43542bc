"""Exemptions of people from clauses, which are signed and ended, and never deleted or changed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TABLES = ("exemption", "exemption_end")
REFUSED = "an exemption stays as it was signed: end it, and sign another"


def upgrade() -> None:
    """Make the tables, and refuse changes of what stands in them."""
    op.create_table(
        "exemption",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("clause", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("signed_by", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("account", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("from_wall_s", sa.Double, nullable=False),
        sa.Column("signed_wall_s", sa.Double, nullable=False),
        sa.CheckConstraint("account IS NULL OR account <> signed_by", name="exemption_signed_by_another"),
    )
    op.create_index("exemption_by_person", "exemption", ["person"])
    op.create_table(
        "exemption_end",
        sa.Column("exemption", BIG_KEY, sa.ForeignKey("exemption.id"), primary_key=True),
        sa.Column("until_wall_s", sa.Double, nullable=False),
        sa.Column("ended_by", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION exemption_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
    for table in TABLES:
        for change in ("UPDATE", "DELETE"):
            if sqlite:
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION exemption_stays()"
                )


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION exemption_stays")
