"""Appraisals, what is said of them, contests, and measurements that are excluded from every figure."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0025"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FORGOTTEN = "LIKE '%erased-%'"
EXCLUSION_REFUSED = "an exclusion stays as it was decided"
APPRAISAL_REFUSED = "an appraisal that was signed stays as it was signed: draft another version"
CLAIM_REFUSED = "a contest that was decided stays as it was decided"
REMARK_REFUSED = "what was said of an appraisal stays as it was said"
EXCLUSION_KEPT = ("id", "device", "bootid", "sequence", "decided_by", "decided_wall_s")
APPRAISAL_KEPT = (
    *("id", "person", "showroom_id", "first_day", "last_day", "version", "replaces", "figures", "sha256"),
    *("drafted_by", "drafted_wall_s", "subject_account", "signed_by", "signed_wall_s"),
)
CLAIM_KEPT = (
    *("id", "appraisal", "device", "bootid", "sequence", "made_by", "made_wall_s"),
    *("outcome", "decided_by", "decided_wall_s"),
)
REMARK_KEPT = ("id", "appraisal", "made_by", "made_wall_s")


def _tables() -> None:
    op.create_table(
        "exclusion",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("device", sa.String(63), nullable=False),
        sa.Column("bootid", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("decided_wall_s", sa.Double, nullable=False),
        sa.UniqueConstraint("device", "bootid", "sequence", name="exclusion_once"),
    )
    op.create_table(
        "appraisal",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id"), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("replaces", BIG_KEY),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("drafted_by", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("drafted_wall_s", sa.Double, nullable=False),
        sa.Column("subject_account", BIG_KEY),
        sa.Column("reasons", sa.Text),
        sa.Column("signed_by", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("signed_wall_s", sa.Double),
        sa.Column("withdrawn_by", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("withdrawn_wall_s", sa.Double),
        sa.UniqueConstraint(
            "person", "showroom_id", "first_day", "last_day", "version", name="appraisal_once"
        ),
        sa.CheckConstraint(
            "signed_wall_s IS NULL OR (signed_by IS NOT NULL AND reasons IS NOT NULL AND reasons <> '')",
            name="appraisal_signed_with_reasons",
        ),
        sa.CheckConstraint(
            "signed_by IS NULL OR subject_account IS NULL OR signed_by <> subject_account",
            name="appraisal_signed_by_another",
        ),
        sa.CheckConstraint("first_day <= last_day", name="appraisal_lasts"),
    )
    op.create_index("appraisal_by_showroom", "appraisal", ["showroom_id"])
    op.create_table(
        "appraisal_remark",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("appraisal", BIG_KEY, sa.ForeignKey("appraisal.id"), nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
    )
    op.create_index("appraisal_remark_by_appraisal", "appraisal_remark", ["appraisal"])
    op.create_table(
        "contest_claim",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("appraisal", BIG_KEY, sa.ForeignKey("appraisal.id"), nullable=False),
        sa.Column("device", sa.String(63), nullable=False),
        sa.Column("bootid", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("decided_by", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("decided_wall_s", sa.Double),
        sa.Column("reason", sa.Text),
        sa.UniqueConstraint("appraisal", "device", "bootid", "sequence", name="contest_claim_once"),
        sa.CheckConstraint(
            "outcome IS NULL OR (decided_by IS NOT NULL AND reason IS NOT NULL AND reason <> '' AND decided_by <> made_by)",
            name="contest_claim_decided_by_another",
        ),
    )


def _same(columns: tuple[str, ...]) -> str:
    """That an update leaves columns as they are, unknown ones included."""
    same = "IS" if op.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    return " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)


def _text_forgets(column: str) -> str:
    return f"(NEW.{column} = OLD.{column} OR NEW.{column} {FORGOTTEN})"


def _refusals() -> tuple[tuple[str, str, str, str], ...]:
    """Of each table what is refused, when a row has come to stay, and what may change of it all the same: that a text forgets a person."""
    return (
        ("exclusion", EXCLUSION_REFUSED, "1 = 1", f"{_same(EXCLUSION_KEPT)} AND {_text_forgets('reason')}"),
        (
            "appraisal",
            APPRAISAL_REFUSED,
            "OLD.signed_wall_s IS NOT NULL",
            f"{_same(APPRAISAL_KEPT)} AND {_text_forgets('reasons')}",
        ),
        (
            "contest_claim",
            CLAIM_REFUSED,
            "OLD.outcome IS NOT NULL",
            f"{_same(CLAIM_KEPT)} AND {_text_forgets('said')} AND {_text_forgets('reason')}",
        ),
        ("appraisal_remark", REMARK_REFUSED, "1 = 1", f"{_same(REMARK_KEPT)} AND {_text_forgets('said')}"),
    )


def upgrade() -> None:
    """Make the tables, and refuse changes of what was signed and decided."""
    _tables()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, refused, stays, unless in _refusals():
        when = f"({stays}) AND NOT ({unless})"
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{refused}'); END"
            )
        else:
            op.execute(
                f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{refused}'; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {table}_stays()"
            )
    if sqlite:
        op.execute(
            f"CREATE TRIGGER exclusion_no_delete BEFORE DELETE ON exclusion BEGIN SELECT RAISE(ABORT, '{EXCLUSION_REFUSED}'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER exclusion_no_delete BEFORE DELETE ON exclusion FOR EACH STATEMENT EXECUTE FUNCTION exclusion_stays()"
        )


def downgrade() -> None:
    """Drop the tables."""
    tables = ("contest_claim", "appraisal_remark", "appraisal", "exclusion")
    for table in tables:
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in tables:
            op.execute(f"DROP FUNCTION {table}_stays")
