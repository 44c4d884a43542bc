"""When whoever was on duty was exempt, kept where the name is forgotten; and texts about others that forget a person, too."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FORGOTTEN = "LIKE '%erased-%'"
CORRECTION_REFUSED = "a correction of a duty stays as it was made: make another"
EXEMPTION_REFUSED = "an exemption stays as it was signed: end it, and sign another"
CORRECTION_KEPT = ("id", "device", "measurement", "from_wall_s", "until_wall_s", "made_wall_s")
EXEMPTION_KEPT = ("id", "clause", "signed_by", "from_wall_s", "signed_wall_s")
"""Columns that name nobody."""


def _same(*columns: str) -> str:
    """That an update leaves columns as they are, unknown ones included."""
    same = "IS" if op.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    return " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)


def _correction_forgets(made_by: str) -> str:
    named = (
        "(NEW.person = OLD.person OR NEW.person LIKE 'erased-%') AND "
        f"(NEW.made_by = OLD.made_by OR NEW.made_by LIKE '{made_by}')"
    )
    return f"{_same(*CORRECTION_KEPT)} AND {named} AND (NEW.reason = OLD.reason OR NEW.reason {FORGOTTEN})"


def _exemption_forgets(*, others: bool) -> str:
    own = "NEW.person LIKE 'erased-%' AND NEW.reason = '' AND NEW.account IS NULL"
    of_others = f" OR ({_same('person', 'account')} AND NEW.reason {FORGOTTEN})" if others else ""
    return f"{_same(*EXEMPTION_KEPT)} AND (({own}){of_others})"


def _refuse(table: str, trigger: str, function: str, refused: str, unless: str) -> None:
    """Have the database refuse updates of a table, unless a condition holds."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {trigger}")
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} WHEN NOT ({unless}) "
            f"BEGIN SELECT RAISE(ABORT, '{refused}'); END"
        )
    else:
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({unless})) "
            f"EXECUTE FUNCTION {function}()"
        )


def _refuse_all(correction: str, exemption: str) -> None:
    _refuse(
        "duty_correction", "duty_correction_stays", "duty_correction_stays", CORRECTION_REFUSED, correction
    )
    _refuse("exemption", "exemption_no_update", "exemption_stays", EXEMPTION_REFUSED, exemption)


def upgrade() -> None:
    """Make the table, and let a name go from wherever somebody typed it."""
    op.create_table(
        "exempt_stretch",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("device", sa.String(63), sa.ForeignKey("desk.device"), nullable=False),
        sa.Column("clause", sa.String(60), nullable=False),
        sa.Column("from_wall_s", sa.Double, nullable=False),
        sa.Column("until_wall_s", sa.Double, nullable=False),
    )
    op.create_index("exempt_stretch_by_desk", "exempt_stretch", ["device", "from_wall_s"])
    _refuse_all(_correction_forgets("%erased-%"), _exemption_forgets(others=True))


def downgrade() -> None:
    """Drop the table; what was forgotten stays forgotten."""
    op.drop_table("exempt_stretch")
    _refuse_all(_correction_forgets("erased-%"), _exemption_forgets(others=False))
