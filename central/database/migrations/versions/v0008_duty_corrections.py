"""Corrections of duties, which are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REFUSED = "a correction of a duty stays as it was made: make another"


def upgrade() -> None:
    """Make the table, and refuse changes of what stands in it."""
    op.create_table(
        "duty_correction",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("device", sa.String(63), sa.ForeignKey("desk.device"), nullable=False),
        sa.Column("measurement", sa.String(120)),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("from_wall_s", sa.Double, nullable=False),
        sa.Column("until_wall_s", sa.Double),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
    )
    op.create_index("duty_correction_by_desk", "duty_correction", ["device", "from_wall_s"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER duty_correction_stays BEFORE UPDATE ON duty_correction "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION duty_correction_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER duty_correction_stays BEFORE UPDATE ON duty_correction "
            "FOR EACH STATEMENT EXECUTE FUNCTION duty_correction_stays()"
        )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("duty_correction")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION duty_correction_stays")
