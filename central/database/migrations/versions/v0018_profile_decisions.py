"""By which jurisdiction profile each showroom works, since when profiles are held to, and what each desk says it leaves out."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = "signed_wall_s IS NULL AND withdrawn_wall_s IS NULL"
STAYS = "a decision on a profile stays as it was made: propose another"
FACTS = ("id", "showroom_id", "profile", "reason", "proposed_by", "proposed_wall_s")
LOOSE = ("cn", "us", "us-il", "other")
"""Jurisdictions that somebody had named, and whose showrooms go on as they were; every other one works by the strictest profile."""


def upgrade() -> None:
    """Make the tables, take over what was said of showrooms, and let the database hold to what is signed."""
    op.add_column("desk", sa.Column("leaves_out", sa.String(100)))
    op.create_table("profile_epoch", sa.Column("wall_s", sa.Double, primary_key=True))
    op.create_table(
        "profile_decision",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id"), nullable=False),
        sa.Column("profile", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("proposed_by", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("proposed_wall_s", sa.Double, nullable=False),
        sa.Column("signed_by", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("signed_wall_s", sa.Double),
        sa.Column("withdrawn_wall_s", sa.Double),
        sa.CheckConstraint("signed_by <> proposed_by", name="profile_decision_signed_by_another"),
        sa.CheckConstraint(
            "proposed_by IS NULL OR (signed_by IS NULL) = (signed_wall_s IS NULL)",
            name="profile_decision_signed_once",
        ),
        sa.CheckConstraint(
            "signed_wall_s IS NULL OR withdrawn_wall_s IS NULL", name="profile_decision_one_end"
        ),
    )
    op.create_index(
        "profile_decision_once",
        "profile_decision",
        ["showroom_id"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    bind = op.get_bind()
    now_s = time.time()
    bind.execute(sa.text("INSERT INTO profile_epoch (wall_s) VALUES (:now_s)"), {"now_s": now_s})
    names = ", ".join(f"'{name}'" for name in LOOSE)
    bind.execute(
        sa.text(
            "INSERT INTO profile_decision (showroom_id, profile, reason, proposed_wall_s, signed_wall_s) "  # noqa: S608  Our own names.
            f"SELECT id, jurisdiction, 'as its jurisdiction said before', :now_s, 0.0 FROM showroom WHERE jurisdiction IN ({names})"
        ),
        {"now_s": now_s},
    )
    if bind.dialect.name == "sqlite":
        _refuse_in_sqlite()
    else:
        _refuse_in_postgresql()


def _changed(same: str) -> str:
    facts = " OR ".join(f"NOT (NEW.{column} {same} OLD.{column})" for column in FACTS)
    return f"{facts} OR OLD.signed_wall_s IS NOT NULL OR OLD.withdrawn_wall_s IS NOT NULL"


def _refuse_in_sqlite() -> None:
    for name, event, when in (
        ("begins", "INSERT", "WHEN NEW.signed_wall_s IS NOT NULL OR NEW.proposed_by IS NULL"),
        ("stays", "UPDATE", f"WHEN {_changed('IS')}"),
        ("kept", "DELETE", ""),
    ):
        op.execute(
            f"CREATE TRIGGER profile_decision_{name} BEFORE {event} ON profile_decision {when} "
            f"BEGIN SELECT RAISE(ABORT, '{STAYS}'); END"
        )


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION profile_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP IN ('DELETE', 'TRUNCATE') THEN RAISE EXCEPTION '{STAYS}'; END IF; "
        "IF TG_OP = 'INSERT' THEN "
        f"IF NEW.signed_wall_s IS NOT NULL OR NEW.proposed_by IS NULL THEN RAISE EXCEPTION '{STAYS}'; END IF; RETURN NEW; END IF; "
        f"IF {_changed('IS NOT DISTINCT FROM')} THEN RAISE EXCEPTION '{STAYS}'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER profile_decision_stays BEFORE INSERT OR UPDATE OR DELETE ON profile_decision "
        "FOR EACH ROW EXECUTE FUNCTION profile_decision_stays()"
    )
    op.execute(
        "CREATE TRIGGER profile_decision_kept BEFORE TRUNCATE ON profile_decision "
        "FOR EACH STATEMENT EXECUTE FUNCTION profile_decision_stays()"
    )


def downgrade() -> None:
    """Drop the tables and the column."""
    op.drop_table("profile_decision")
    op.drop_table("profile_epoch")
    op.drop_column("desk", "leaves_out")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION profile_decision_stays")
