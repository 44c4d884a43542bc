"""Which standard is in force in which showroom, from when on; and the plan that each desk was sent of it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
STAYS = (
    "an activation of a standard stays as it was made: only one whose moment has not come is withdrawn, once"
)
NOT_APPROVED = "only a pilot or an active standard comes into force"
FACTS = ("version_id", "showroom_id", "from_wall_s", "ordered_by", "ordered_wall_s")
STANDING = sa.text("withdrawn_wall_s IS NULL")


def upgrade() -> None:
    """Make the tables, and let the database hold to what was ordered."""
    op.create_table(
        "standard_activation",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("version_id", BIG_KEY, sa.ForeignKey("standard_version.id"), nullable=False),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id"), nullable=False),
        sa.Column("from_wall_s", sa.Double, nullable=False),
        sa.Column("ordered_by", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("ordered_wall_s", sa.Double, nullable=False),
        sa.Column("withdrawn_by", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("withdrawn_wall_s", sa.Double),
        sa.CheckConstraint("from_wall_s >= ordered_wall_s", name="standard_activation_not_before_its_order"),
        sa.CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_wall_s IS NULL)", name="standard_activation_withdrawn_once"
        ),
        sa.CheckConstraint("withdrawn_wall_s < from_wall_s", name="standard_activation_withdrawn_before"),
    )
    op.create_index("standard_activation_by_version", "standard_activation", ["version_id"])
    op.create_index(
        "standard_activation_once",
        "standard_activation",
        ["showroom_id", "from_wall_s"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "desk_standard",
        sa.Column("device", sa.String(63), sa.ForeignKey("desk.device"), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("asked_wall_s", sa.Double, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        _refuse_in_sqlite()
    else:
        _refuse_in_postgresql()


def _changed(same: str) -> str:
    facts = " OR ".join(f"NOT (NEW.{column} {same} OLD.{column})" for column in FACTS)
    return f"{facts} OR OLD.withdrawn_wall_s IS NOT NULL"


UNAPPROVED = (
    "NOT EXISTS (SELECT 1 FROM standard_version WHERE id = NEW.version_id AND state IN ('pilot', 'active'))"
)


def _refuse_in_sqlite() -> None:
    for name, event, when, words in (
        ("approved", "INSERT", f"WHEN {UNAPPROVED}", NOT_APPROVED),
        ("stays", "UPDATE", f"WHEN {_changed('IS')}", STAYS),
        ("kept", "DELETE", "", STAYS),
    ):
        op.execute(
            f"CREATE TRIGGER standard_activation_{name} BEFORE {event} ON standard_activation {when} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION standard_activation_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP IN ('DELETE', 'TRUNCATE') THEN RAISE EXCEPTION '{STAYS}'; END IF; "
        f"IF TG_OP = 'INSERT' THEN IF {UNAPPROVED} THEN RAISE EXCEPTION '{NOT_APPROVED}'; END IF; RETURN NEW; END IF; "
        f"IF {_changed('IS NOT DISTINCT FROM')} THEN RAISE EXCEPTION '{STAYS}'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER standard_activation_stays BEFORE INSERT OR UPDATE OR DELETE ON standard_activation "
        "FOR EACH ROW EXECUTE FUNCTION standard_activation_stays()"
    )
    op.execute(
        "CREATE TRIGGER standard_activation_kept BEFORE TRUNCATE ON standard_activation "
        "FOR EACH STATEMENT EXECUTE FUNCTION standard_activation_stays()"
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("desk_standard")
    op.drop_table("standard_activation")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION standard_activation_stays")
