"""Versions of the company's standards: what is in use never changes, and nobody approves what they wrote themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
STAYS = "a version of a standard changes only as a draft: write another version"
FORWARD = "a version of a standard goes from draft to pilot to active to retired, and never back"
BEGINS = "a version of a standard begins as a draft"
WORDS = ("name", "version", "text", "sha256", "written_wall_s")
"""What a standard says; fixed once it is no draft any more."""
STEPS = (
    ("draft", "pilot"),
    ("draft", "retired"),
    ("pilot", "active"),
    ("pilot", "retired"),
    ("active", "retired"),
)


def upgrade() -> None:
    """Make the table, and let the database hold to the order of its states."""
    op.create_table(
        "standard_version",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("author", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("written_wall_s", sa.Double, nullable=False),
        sa.Column("approved_by", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("approved_wall_s", sa.Double),
        sa.UniqueConstraint("name", "version", name="standard_version_once"),
        sa.CheckConstraint("state IN ('draft', 'pilot', 'active', 'retired')", name="standard_version_state"),
        sa.CheckConstraint("approved_by <> author", name="standard_version_approved_by_another"),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_wall_s IS NULL)", name="standard_version_approved_once"
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'retired') OR approved_by IS NOT NULL", name="standard_version_approved"
        ),
        sa.CheckConstraint("state <> 'draft' OR approved_by IS NULL", name="standard_version_draft"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _refuse_in_sqlite()
    else:
        _refuse_in_postgresql()


def _changed(same: str) -> str:
    """That something changed which may change no more; ``same`` is the database's word for "is not distinct from"."""
    words = " OR ".join(f"NOT (NEW.{column} {same} OLD.{column})" for column in WORDS)
    approval = " OR ".join(
        f"NOT (NEW.{column} {same} OLD.{column})" for column in ("approved_by", "approved_wall_s")
    )
    return (
        f"NOT (NEW.author {same} OLD.author) OR (NOT (OLD.state = 'draft' AND NEW.state = 'draft') AND ({words}))"
        f" OR (OLD.state <> 'draft' AND ({approval}))"
    )


def _backward() -> str:
    steps = " OR ".join(f"(OLD.state = '{one}' AND NEW.state = '{next_}')" for one, next_ in STEPS)
    return f"NOT (NEW.state = OLD.state OR {steps})"


def _refuse_in_sqlite() -> None:
    for name, event, when, words in (
        ("begins", "INSERT", "WHEN NEW.state <> 'draft'", BEGINS),
        ("stays", "UPDATE", f"WHEN {_changed('IS')}", STAYS),
        ("forward", "UPDATE", f"WHEN {_backward()}", FORWARD),
        ("kept", "DELETE", "", STAYS),
    ):
        op.execute(
            f"CREATE TRIGGER standard_version_{name} BEFORE {event} ON standard_version {when} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION standard_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP IN ('DELETE', 'TRUNCATE') THEN RAISE EXCEPTION '{STAYS}'; END IF; "
        f"IF TG_OP = 'INSERT' THEN IF NEW.state <> 'draft' THEN RAISE EXCEPTION '{BEGINS}'; END IF; RETURN NEW; END IF; "
        f"IF {_changed('IS NOT DISTINCT FROM')} THEN RAISE EXCEPTION '{STAYS}'; END IF; "
        f"IF {_backward()} THEN RAISE EXCEPTION '{FORWARD}'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER standard_version_stays BEFORE INSERT OR UPDATE OR DELETE ON standard_version "
        "FOR EACH ROW EXECUTE FUNCTION standard_version_stays()"
    )
    op.execute(
        "CREATE TRIGGER standard_version_kept BEFORE TRUNCATE ON standard_version "
        "FOR EACH STATEMENT EXECUTE FUNCTION standard_version_stays()"
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("standard_version")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION standard_version_stays")
