"""When desks were staffed, kept as verdicts are, so that a month is added up from an index alone; and an index of what lasted longer than a day.

With the latter a day is read without looking at all that came before it, for something that may have lasted into it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LOCK = 7_316_205
"""`central.verdicts.filling.LOCK`, as it was then."""
JUDGED = "NEW.type LIKE 'deskside.encounter.%' OR NEW.type LIKE 'deskside.call.%'"
ATTENDANCE = "type = 'deskside.attendance.v1'"
CHANGED = "(NEW.raw <> OLD.raw OR NEW.start_wall_s <> OLD.start_wall_s OR NEW.device <> OLD.device)"
FORGET = "DELETE FROM verdict WHERE event = OLD.id;"
FORGET_ATTENDED = "DELETE FROM attended WHERE event = OLD.id;"
FORGET_DUE = "DELETE FROM verdict_due WHERE event = OLD.id;"
REACHED = "SELECT reached FROM verdict_progress"
ASK = "INSERT INTO verdict_due (event) VALUES (NEW.id) ON CONFLICT DO NOTHING;"


def _tables() -> None:
    op.create_table(
        "attended",
        sa.Column("event", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("device", sa.String(63), nullable=False),
        sa.Column("start_wall_s", sa.Double, nullable=False),
        sa.Column("duration_s", sa.Double, nullable=False),
        sa.Column("staffed", sa.Boolean, nullable=False),
        sa.Column("coverage", sa.Double, nullable=False),
    )
    op.create_index(
        "attended_by_time", "attended", ["device", "start_wall_s", "duration_s", "staffed", "coverage"]
    )
    op.execute(f"CREATE INDEX event_attendance ON event (device, start_wall_s) WHERE {ATTENDANCE}")
    op.execute("CREATE INDEX event_long ON event (device, start_wall_s) WHERE duration_s > 86400.0")


def _fill() -> None:
    """Of what was looked at already; of the rest the service does it, as of what comes."""
    if op.get_bind().dialect.name == "sqlite":
        facts = "json_extract(raw, '$.data.staffed'), json_extract(raw, '$.data.coverage')"
    else:
        facts = (
            "CAST(CAST(raw AS json) #>> '{data,staffed}' AS boolean), "
            "CAST(CAST(raw AS json) #>> '{data,coverage}' AS double precision)"
        )
    chosen = f"SELECT id, device, start_wall_s, duration_s, {facts} FROM event WHERE {ATTENDANCE} AND id <= ({REACHED})"  # noqa: S608  Names of ours.
    op.execute(f"INSERT INTO attended (event, device, start_wall_s, duration_s, staffed, coverage) {chosen}")


def _in_sqlite(judged: str, forget: str) -> None:
    for name in ("event_judged_anew", "event_judged_no_more", "event_judged_again"):
        op.execute(f"DROP TRIGGER {name}")
    op.execute(
        f"CREATE TRIGGER event_judged_anew AFTER UPDATE OF raw, start_wall_s, device ON event WHEN {CHANGED} AND ({judged}) "
        f"BEGIN {forget} {ASK} END"
    )
    op.execute(f"CREATE TRIGGER event_judged_no_more AFTER DELETE ON event BEGIN {forget} {FORGET_DUE} END")
    op.execute(
        f"CREATE TRIGGER event_judged_again AFTER INSERT ON event WHEN ({judged}) "
        f"AND NEW.id <= ({REACHED}) BEGIN {ASK} END"
    )


def _in_postgresql(judged: str, forget: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION event_judged_anew() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN PERFORM pg_advisory_xact_lock({LOCK}); {forget} "
        f"IF TG_OP = 'DELETE' THEN {FORGET_DUE} ELSE {ASK} END IF; RETURN NULL; END $$"
    )
    op.execute("DROP TRIGGER event_judged_anew ON event")
    op.execute(
        "CREATE TRIGGER event_judged_anew AFTER UPDATE OF raw, start_wall_s, device ON event FOR EACH ROW "
        f"WHEN ({CHANGED} AND ({judged})) EXECUTE FUNCTION event_judged_anew()"
    )


def _follow(judged: str, forget: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _in_sqlite(judged, forget)
    else:
        _in_postgresql(judged, forget)


def upgrade() -> None:
    """Make the table and the indexes, and have attendances followed as visits and calls are."""
    _tables()
    _fill()
    _follow(f"{JUDGED} OR NEW.{ATTENDANCE}", f"{FORGET} {FORGET_ATTENDED}")
    if op.get_bind().dialect.name == "postgresql":
        # As in v0015_kept_verdicts.py: what is read by an index alone.
        op.execute("ALTER TABLE attended SET (autovacuum_vacuum_insert_scale_factor = 0.01)")


def downgrade() -> None:
    """Drop them."""
    _follow(JUDGED, FORGET)
    op.drop_index("event_long", "event")
    op.drop_index("event_attendance", "event")
    op.drop_table("attended")
