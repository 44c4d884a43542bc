"""Verdicts that are kept under each standard; the database itself forgets those whose measurement changes, and asks for them anew."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
LOCK = 7_316_205
"""`central.verdicts.filling.LOCK`, as it was then."""
JUDGED = "(type LIKE 'deskside.encounter.%' OR type LIKE 'deskside.call.%')"
CHANGED = "(NEW.raw <> OLD.raw OR NEW.start_wall_s <> OLD.start_wall_s OR NEW.device <> OLD.device)"
ONCE_ACTIVE = "a version of a standard is made active once"


def _tables() -> None:
    op.create_table(
        "judged_under",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scoring", sa.Integer, nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.UniqueConstraint("digest", "scoring", name="judged_under_once"),
    )
    op.create_table(
        "verdict",
        sa.Column("event", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("under", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("device", sa.String(63), nullable=False),
        sa.Column("start_wall_s", sa.Double, nullable=False),
        sa.Column("outcomes", sa.String(40), nullable=False),
        sa.Column("said", sa.Text, nullable=False),
    )
    op.create_index("verdict_by_time", "verdict", ["under", "device", "start_wall_s", "outcomes"])
    op.create_table("verdict_due", sa.Column("event", sa.BigInteger, primary_key=True, autoincrement=False))
    op.create_table(
        "verdict_progress",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("reached", sa.BigInteger, nullable=False),
        sa.Column("rules", sa.String(64), nullable=False),
    )
    op.execute(f"CREATE INDEX event_judged ON event (device, start_wall_s) WHERE {JUDGED}")
    op.execute("CREATE INDEX event_duty ON event (device, start_wall_s) WHERE type = 'deskside.duty.v1'")


def _made_active() -> None:
    """When each version was made active, of which the audit log has told so far."""
    op.add_column("standard_version", sa.Column("made_active_wall_s", sa.Double))
    op.execute(
        "UPDATE standard_version SET made_active_wall_s = (SELECT max(wall_s) FROM audit WHERE action = 'standard made active' "
        "AND subject = standard_version.name || '@' || standard_version.version)"
    )


FORGET = "DELETE FROM verdict WHERE event = OLD.id;"
FORGET_DUE = "DELETE FROM verdict_due WHERE event = OLD.id;"
REACHED = "SELECT reached FROM verdict_progress"
ASK = "INSERT INTO verdict_due (event) VALUES (NEW.id) ON CONFLICT DO NOTHING;"


def _in_sqlite() -> None:
    judged = JUDGED.replace("type", "NEW.type")
    op.execute(
        f"CREATE TRIGGER event_judged_anew AFTER UPDATE OF raw, start_wall_s, device ON event WHEN {CHANGED} AND {judged} "
        f"BEGIN {FORGET} {ASK} END"
    )
    op.execute(f"CREATE TRIGGER event_judged_no_more AFTER DELETE ON event BEGIN {FORGET} {FORGET_DUE} END")
    # SQLite gives the number of a deleted last row to the next one: it may have been looked at already, as another.
    op.execute(
        f"CREATE TRIGGER event_judged_again AFTER INSERT ON event WHEN {judged} "
        f"AND NEW.id <= ({REACHED}) BEGIN {ASK} END"
    )
    op.execute(
        "CREATE TRIGGER standard_version_active_once BEFORE UPDATE OF made_active_wall_s ON standard_version "
        "WHEN NEW.made_active_wall_s IS NOT OLD.made_active_wall_s AND NOT (OLD.state = 'pilot' AND NEW.state = 'active') "
        f"BEGIN SELECT RAISE(ABORT, '{ONCE_ACTIVE}'); END"
    )


def _in_postgresql() -> None:
    judged = JUDGED.replace("type", "NEW.type")
    op.execute(
        # Whoever judges at this moment has read what it was: wait until that verdict can be seen, and deleted.
        "CREATE FUNCTION event_judged_anew() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN PERFORM pg_advisory_xact_lock({LOCK}); {FORGET} "
        f"IF TG_OP = 'DELETE' THEN {FORGET_DUE} ELSE {ASK} END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_judged_anew AFTER UPDATE OF raw, start_wall_s, device ON event FOR EACH ROW "
        f"WHEN ({CHANGED} AND {judged}) EXECUTE FUNCTION event_judged_anew()"
    )
    op.execute(
        "CREATE TRIGGER event_judged_no_more AFTER DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_judged_anew()"
    )
    op.execute(
        "CREATE FUNCTION standard_version_active_once() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{ONCE_ACTIVE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER standard_version_active_once BEFORE UPDATE OF made_active_wall_s ON standard_version FOR EACH ROW "
        "WHEN (NEW.made_active_wall_s IS DISTINCT FROM OLD.made_active_wall_s AND NOT (OLD.state = 'pilot' AND NEW.state = 'active')) "
        "EXECUTE FUNCTION standard_version_active_once()"
    )
    # Counting by an index alone needs to know of each page that all may see it: looked after each hundredth, not each fifth, that is added.
    for table in ("event", "verdict"):
        op.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_insert_scale_factor = 0.01)")


def upgrade() -> None:
    """Make the tables, and have verdicts follow their measurements."""
    _tables()
    _made_active()
    if op.get_bind().dialect.name == "sqlite":
        _in_sqlite()
    else:
        _in_postgresql()


def downgrade() -> None:
    """Drop what was made."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger, table in (
        ("event_judged_anew", "event"),
        ("event_judged_no_more", "event"),
        ("standard_version_active_once", "standard_version"),
    ):
        op.execute(f"DROP TRIGGER {trigger}" if sqlite else f"DROP TRIGGER {trigger} ON {table}")
    if sqlite:
        op.execute("DROP TRIGGER event_judged_again")
    else:
        op.execute("DROP FUNCTION event_judged_anew")
        op.execute("DROP FUNCTION standard_version_active_once")
    op.drop_index("event_judged", "event")
    op.drop_index("event_duty", "event")
    op.drop_column("standard_version", "made_active_wall_s")
    for name in ("verdict_progress", "verdict_due", "verdict", "judged_under"):
        op.drop_table(name)
