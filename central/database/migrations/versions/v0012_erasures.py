"""Erasures, and the one change that corrections and exemptions let be made to them: that they forget a person."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FORGOTTEN = "LIKE 'erased-%'"
CORRECTION_REFUSED = "a correction of a duty stays as it was made: make another"
EXEMPTION_REFUSED = "an exemption stays as it was signed: end it, and sign another"
CORRECTION_KEPT = ("id", "device", "measurement", "from_wall_s", "until_wall_s", "made_wall_s")
EXEMPTION_KEPT = ("id", "clause", "signed_by", "from_wall_s", "signed_wall_s")
"""Columns that name nobody."""


def _same(columns: tuple[str, ...]) -> str:
    """That an update leaves columns as they are, unknown ones included."""
    same = "IS" if op.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    return " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)


def _correction_forgets() -> str:
    named = " AND ".join(
        f"(NEW.{name} = OLD.{name} OR NEW.{name} {FORGOTTEN})" for name in ("person", "made_by")
    )
    reason = "(NEW.reason = OLD.reason OR NEW.reason LIKE '%erased-%')"
    return f"{_same(CORRECTION_KEPT)} AND {named} AND {reason}"


def _exemption_forgets() -> str:
    return f"{_same(EXEMPTION_KEPT)} AND NEW.person {FORGOTTEN} AND NEW.reason = '' AND NEW.account IS NULL"


def _refuse(table: str, trigger: str, function: str, refused: str, unless: str | None) -> None:
    """Have the database refuse updates of a table, unless a condition holds."""
    if op.get_bind().dialect.name == "sqlite":
        when = f" WHEN NOT ({unless})" if unless else ""
        op.execute(f"DROP TRIGGER {trigger}")
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table}{when} BEGIN SELECT RAISE(ABORT, '{refused}'); END"
        )
    else:
        each = f"FOR EACH ROW WHEN (NOT ({unless}))" if unless else "FOR EACH STATEMENT"
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} {each} EXECUTE FUNCTION {function}()")


def _refuse_all(correction: str | None, exemption: str | None) -> None:
    _refuse(
        "duty_correction", "duty_correction_stays", "duty_correction_stays", CORRECTION_REFUSED, correction
    )
    _refuse("exemption", "exemption_no_update", "exemption_stays", EXEMPTION_REFUSED, exemption)


def upgrade() -> None:
    """Make the table, and let corrections and exemptions forget."""
    op.create_table(
        "erasure",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("done_wall_s", sa.Double, nullable=False),
        sa.Column("made_by", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
    )
    _refuse_all(_correction_forgets(), _exemption_forgets())


def downgrade() -> None:
    """Drop the table, and let nothing be forgotten."""
    op.drop_table("erasure")
    _refuse_all(None, None)
