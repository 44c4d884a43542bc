"""Regular evaluations, and what they recommend."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0041"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ACCOUNT = "account.id"
EVALUATION_KEPT = (
    *("id", "scope", "company", "showroom_id", "first_day", "last_day", "version", "figures", "sha256"),
    *("drafted_by", "drafted_wall_s", "signed_by", "signed_wall_s"),
)
RECOMMENDED_KEPT = ("id", "evaluation", "due", "made_by", "made_wall_s")
ANSWERED_KEPT = ("outcome", "answered_by", "answered_wall_s", "answered_in")
SIGNED = "EXISTS (SELECT 1 FROM evaluation WHERE evaluation.id = {} AND evaluation.signed_wall_s IS NOT NULL)"
EVALUATION_REFUSED = "an evaluation that was signed stays as it was signed: draft another version"
RECOMMENDED_REFUSED = "what a signed evaluation recommends stays, and so does an answer in one"


def upgrade() -> None:
    """Make the tables, and refuse changes of what was signed."""
    op.create_table(
        "evaluation",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("scope", sa.String(220), nullable=False),
        sa.Column("company", sa.String(200), nullable=False),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id")),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("drafted_by", BIG_KEY, sa.ForeignKey(ACCOUNT), nullable=False),
        sa.Column("drafted_wall_s", sa.Double, nullable=False),
        sa.Column("conclusion", sa.Text),
        sa.Column("signed_by", BIG_KEY, sa.ForeignKey(ACCOUNT)),
        sa.Column("signed_wall_s", sa.Double),
        sa.Column("withdrawn_by", BIG_KEY, sa.ForeignKey(ACCOUNT)),
        sa.Column("withdrawn_wall_s", sa.Double),
        sa.UniqueConstraint("scope", "first_day", "last_day", "version", name="evaluation_once"),
        sa.CheckConstraint(
            "signed_wall_s IS NULL OR (signed_by IS NOT NULL AND conclusion IS NOT NULL AND conclusion <> '')",
            name="evaluation_signed_with_conclusion",
        ),
        sa.CheckConstraint("first_day <= last_day", name="evaluation_lasts"),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("evaluation", BIG_KEY, sa.ForeignKey("evaluation.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("made_by", BIG_KEY, sa.ForeignKey(ACCOUNT), nullable=False),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("why", sa.Text),
        sa.Column("answered_by", BIG_KEY, sa.ForeignKey(ACCOUNT)),
        sa.Column("answered_wall_s", sa.Double),
        sa.Column("answered_in", BIG_KEY, sa.ForeignKey("evaluation.id")),
        sa.CheckConstraint(
            "outcome IS NULL OR (outcome IN ('done', 'not_done') AND why IS NOT NULL AND why <> ''"
            " AND answered_by IS NOT NULL AND answered_in IS NOT NULL)",
            name="recommendation_answered_with_why",
        ),
    )
    op.create_index("recommendation_by_evaluation", "recommendation", ["evaluation"])
    for name, table, event, when, refused in _refusals():
        _refuse(name, table, event, when, refused)


def _same(columns: tuple[str, ...]) -> str:
    same = "IS" if op.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    return " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)


def _forgets(column: str) -> str:
    same = "IS" if op.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    return f"(NEW.{column} {same} OLD.{column} OR NEW.{column} LIKE '%erased-%')"


def _refusals() -> tuple[tuple[str, str, str, str, str], ...]:
    """Of each table what is refused: a change of what was signed, but that a text forgets a person."""
    texts = f"{_forgets('text')} AND {_forgets('owner')}"
    recommended = f"{_same(RECOMMENDED_KEPT)} AND {texts}"
    answered = f"{_same(ANSWERED_KEPT)} AND {_forgets('why')}"
    own, in_which = SIGNED.format("OLD.evaluation"), SIGNED.format("OLD.answered_in")
    return (
        (
            "evaluation_stays",
            "evaluation",
            "UPDATE",
            f"OLD.signed_wall_s IS NOT NULL AND NOT ({_same(EVALUATION_KEPT)} AND {_forgets('conclusion')})",
            EVALUATION_REFUSED,
        ),
        (
            "evaluation_no_delete",
            "evaluation",
            "DELETE",
            "OLD.signed_wall_s IS NOT NULL",
            EVALUATION_REFUSED,
        ),
        (
            "recommendation_stays",
            "recommendation",
            "UPDATE",
            f"({own} AND NOT ({recommended})) OR ({in_which} AND NOT ({answered}))",
            RECOMMENDED_REFUSED,
        ),
        ("recommendation_no_delete", "recommendation", "DELETE", own, RECOMMENDED_REFUSED),
    )


def _refuse(name: str, table: str, event: str, when: str, refused: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{refused}'); END"
        )
        return
    # PostgreSQL lets no condition of a trigger look into a table, so the function does.
    goes_on = "OLD" if event == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN RAISE EXCEPTION '{refused}'; END IF; RETURN {goes_on}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("recommendation")
    op.drop_table("evaluation")
    if op.get_bind().dialect.name != "sqlite":
        for name in (
            "evaluation_stays",
            "evaluation_no_delete",
            "recommendation_stays",
            "recommendation_no_delete",
        ):
            op.execute(f"DROP FUNCTION {name}")
