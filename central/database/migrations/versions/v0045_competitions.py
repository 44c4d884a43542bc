"""Competitions, the versions of their rules, who entered them, and desks whose practice is described."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0042"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ACCOUNT, COMPETITION = "account.id", "competition.id"
RULES_REFUSED = "the rules of a competition stay as they were written, and none come after it was announced"
REFUSED = "what was announced of a competition, and what it came to, stays"
ANNOUNCED = ("id", "made_by", "made_wall_s", "announced_by", "announced_wall_s")
CLOSED = ("outcome", "outcome_sha256", "closed_by", "closed_wall_s", "called_off_by", "called_off_wall_s")


def _tables() -> None:
    op.create_table(
        "competition",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey(ACCOUNT), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.Column("announced_by", BIG_KEY, sa.ForeignKey(ACCOUNT)),
        sa.Column("announced_wall_s", sa.Double),
        sa.Column("outcome", sa.Text),
        sa.Column("outcome_sha256", sa.String(64)),
        sa.Column("closed_by", BIG_KEY, sa.ForeignKey(ACCOUNT)),
        sa.Column("closed_wall_s", sa.Double),
        sa.Column("called_off_by", BIG_KEY, sa.ForeignKey(ACCOUNT)),
        sa.Column("called_off_wall_s", sa.Double),
        sa.CheckConstraint(
            "outcome IS NULL OR announced_wall_s IS NOT NULL", name="competition_announced_first"
        ),
    )
    op.create_table(
        "competition_rules",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("competition", BIG_KEY, sa.ForeignKey(COMPETITION), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey(ACCOUNT), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.UniqueConstraint("competition", "version", name="competition_rules_once"),
    )
    op.create_table(
        "competition_entry",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("competition", BIG_KEY, sa.ForeignKey(COMPETITION), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("entered_wall_s", sa.Double, nullable=False),
        sa.Column("withdrawn_wall_s", sa.Double),
        sa.UniqueConstraint("competition", "person", name="competition_entry_once"),
    )
    op.create_table(
        "benchmark",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id"), nullable=False),
        sa.Column("device", sa.String(63), nullable=False),
        sa.Column("element", sa.String(60), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("met", sa.Integer, nullable=False),
        sa.Column("whole", sa.Integer, nullable=False),
        sa.Column("practice", sa.Text, nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey(ACCOUNT), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.Column("ended_wall_s", sa.Double),
        sa.CheckConstraint("practice <> ''", name="benchmark_in_words"),
    )
    op.create_index("benchmark_by_showroom", "benchmark", ["showroom_id"])


def _same(columns: tuple[str, ...]) -> str:
    """That an update leaves columns as they are, unknown ones included."""
    same = "IS" if op.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    return " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)


def upgrade() -> None:
    """Make the tables, and refuse other rules after the announcement and another outcome after the end."""
    _tables()
    ended = "OLD.outcome IS NOT NULL OR OLD.called_off_wall_s IS NOT NULL"
    changed = f"(OLD.announced_wall_s IS NOT NULL AND NOT ({_same(ANNOUNCED)})) OR (({ended}) AND NOT ({_same(CLOSED)}))"
    announced = (
        "EXISTS (SELECT 1 FROM competition WHERE id = NEW.competition AND announced_wall_s IS NOT NULL)"
    )
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, '{}'); END"
        op.execute(
            f"CREATE TRIGGER competition_stays BEFORE UPDATE ON competition WHEN {changed} {refuse.format(REFUSED)}"
        )
        op.execute(
            f"CREATE TRIGGER competition_rules_stay BEFORE UPDATE ON competition_rules {refuse.format(RULES_REFUSED)}"
        )
        op.execute(
            f"CREATE TRIGGER competition_rules_no_more BEFORE INSERT ON competition_rules WHEN {announced} {refuse.format(RULES_REFUSED)}"
        )
        return
    for name, body in (
        ("competition_stays", f"RAISE EXCEPTION '{REFUSED}';"),
        ("competition_rules_stay", f"RAISE EXCEPTION '{RULES_REFUSED}';"),
        (
            "competition_rules_no_more",
            f"IF {announced} THEN RAISE EXCEPTION '{RULES_REFUSED}'; END IF; RETURN NEW;",
        ),
    ):
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(
        f"CREATE TRIGGER competition_stays BEFORE UPDATE ON competition FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION competition_stays()"
    )
    op.execute(
        "CREATE TRIGGER competition_rules_stay BEFORE UPDATE ON competition_rules FOR EACH ROW EXECUTE FUNCTION competition_rules_stay()"
    )
    op.execute(
        "CREATE TRIGGER competition_rules_no_more BEFORE INSERT ON competition_rules FOR EACH ROW EXECUTE FUNCTION competition_rules_no_more()"
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("benchmark", "competition_entry", "competition_rules", "competition"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for name in ("competition_stays", "competition_rules_stay", "competition_rules_no_more"):
            op.execute(f"DROP FUNCTION {name}")
