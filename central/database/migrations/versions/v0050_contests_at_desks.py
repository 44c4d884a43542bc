"""Contests that were made at the page of a desk: by a touch that was measured, of whoever was on duty, with an account or without one."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0033"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REFUSED = "a contest that was decided stays as it was decided"
NAMES = (
    *("id", "appraisal", "device", "bootid", "sequence", "made_by", "made_wall_s", "said"),
    *("outcome", "decided_by", "decided_wall_s", "reason"),
)
KEPT = tuple(name for name in NAMES if name not in {"said", "reason"})
SOMEBODY = "contest_claim_made_by_somebody"
BY_SOMEBODY = "made_by IS NOT NULL OR request IS NOT NULL"


def _table(name: str, *, at_desks: bool) -> None:
    op.create_table(
        name,
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("appraisal", BIG_KEY, sa.ForeignKey("appraisal.id"), nullable=False),
        sa.Column("device", sa.String(63), nullable=False),
        sa.Column("bootid", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey("account.id"), nullable=at_desks),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("decided_by", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("decided_wall_s", sa.Double),
        sa.Column("reason", sa.Text),
        *([sa.Column("request", sa.String(120))] if at_desks else []),
        sa.UniqueConstraint("appraisal", "device", "bootid", "sequence", name="contest_claim_once"),
        sa.CheckConstraint(
            "outcome IS NULL OR (decided_by IS NOT NULL AND reason IS NOT NULL AND reason <> '' AND decided_by <> made_by)",
            name="contest_claim_decided_by_another",
        ),
        *([sa.CheckConstraint(BY_SOMEBODY, name=SOMEBODY)] if at_desks else []),
    )


def _remade(*, at_desks: bool) -> None:
    """SQLite changes no column: the table is made anew, and what was in it is put into it."""
    _table("contest_claim_new", at_desks=at_desks)
    new, old = (sa.table(name, *map(sa.column, NAMES)) for name in ("contest_claim_new", "contest_claim"))
    op.execute(sa.insert(new).from_select(NAMES, sa.select(*old.c)))
    op.drop_table("contest_claim")
    op.rename_table("contest_claim_new", "contest_claim")


def _refuse(*, at_desks: bool) -> None:
    """Refuse changes of what was decided, but that a text forgets a person."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    same = "IS" if sqlite else "IS NOT DISTINCT FROM"
    kept = " AND ".join(
        f"NEW.{name} {same} OLD.{name}" for name in (*KEPT, *(["request"] if at_desks else []))
    )
    forgets = " AND ".join(
        f"(NEW.{name} = OLD.{name} OR NEW.{name} LIKE '%erased-%')" for name in ("said", "reason")
    )
    when = f"(OLD.outcome IS NOT NULL) AND NOT ({kept} AND {forgets})"
    if sqlite:
        op.execute(
            f"CREATE TRIGGER contest_claim_stays BEFORE UPDATE ON contest_claim WHEN {when} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
    else:
        op.execute("DROP TRIGGER contest_claim_stays ON contest_claim")
        op.execute(
            f"CREATE TRIGGER contest_claim_stays BEFORE UPDATE ON contest_claim FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION contest_claim_stays()"
        )


def upgrade() -> None:
    """Let a contest name the touch it was made by, and no account."""
    if op.get_bind().dialect.name == "sqlite":
        _remade(at_desks=True)
    else:
        op.alter_column("contest_claim", "made_by", nullable=True)
        op.add_column("contest_claim", sa.Column("request", sa.String(120)))
        op.create_check_constraint(SOMEBODY, "contest_claim", BY_SOMEBODY)
    _refuse(at_desks=True)


def downgrade() -> None:
    """Take it back: contests of nobody's account cannot be said any more."""
    op.execute("DELETE FROM contest_claim WHERE made_by IS NULL")
    if op.get_bind().dialect.name == "sqlite":
        _remade(at_desks=False)
        _refuse(at_desks=False)
    else:
        op.execute("DROP TRIGGER contest_claim_stays ON contest_claim")
        op.drop_constraint(SOMEBODY, "contest_claim")
        op.drop_column("contest_claim", "request")
        op.alter_column("contest_claim", "made_by", nullable=False)
        op.execute(
            "CREATE TRIGGER contest_claim_stays BEFORE UPDATE ON contest_claim FOR EACH ROW WHEN (false) EXECUTE FUNCTION contest_claim_stays()"
        )
        _refuse(at_desks=False)
