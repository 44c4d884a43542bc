"""What is forgotten of measurements that stay: who was on duty, and how the host looked, as the settings say."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from central.ingest.rows import BootRow
from central.people.duty_corrections import DutyCorrectionRow
from central.people.shifts import ERASED
from central.records.event_row import EventRow
from central.records.query import DUTY
from protocol.envelope import event_type, parse
from protocol.measurements import Encounter

FADED = f"{ERASED}0"
"""What stands in the place of a name that is older than names are kept."""
MANNER = ("smile", "gaze", "posture")
"""What an encounter says of how the host looked."""
NOTHING_OF_MANNER = ",".join(f'"{name}":null' for name in MANNER)
"""How an encounter is written that says nothing of it."""
ENCOUNTER = event_type(Encounter.model_construct())


def forget_names(session: Session, before_wall_s: float, limit: int) -> int:
    """Let sign-ins, duties and corrections that ended before a Unix time forget whose they were; returns how many, `limit` at most of each."""
    corrections = session.scalars(
        select(DutyCorrectionRow)
        .where(
            DutyCorrectionRow.until_wall_s < before_wall_s, DutyCorrectionRow.person.not_like(f"{ERASED}%")
        )
        .limit(limit)
    ).all()
    for row in corrections:
        row.reason, row.person = row.reason.replace(row.person, FADED), FADED
    named = EventRow.raw.not_like(f'%"person":"{ERASED}%')
    return len(corrections) + _change(session, DUTY, named, before_wall_s, limit, {"person": FADED})


def forget_manner(session: Session, before_wall_s: float, limit: int) -> int:
    """Let encounters that ended before a Unix time forget how the host looked; returns how many, `limit` at most."""
    told = EventRow.raw.not_like(f"%{NOTHING_OF_MANNER}%")
    return _change(session, ENCOUNTER, told, before_wall_s, limit, dict.fromkeys(MANNER))


def _change(
    session: Session,
    type_: str,
    worth: ColumnElement[bool],
    before_wall_s: float,
    limit: int,
    change: dict[str, object],
) -> int:
    """Change the data of old measurements of a type; what is not settled would be sent again, and stays."""
    rows = session.scalars(
        select(EventRow)
        .join(BootRow, (BootRow.device == EventRow.device) & (BootRow.bootid == EventRow.bootid))
        .where(
            EventRow.type == type_,
            EventRow.start_wall_s + EventRow.duration_s < before_wall_s,
            EventRow.sequence <= BootRow.settled,
            worth,
        )
        .limit(limit)
    ).all()
    for row in rows:
        row.raw = parse(row.raw.encode()).with_data(**change).to_json().decode()
    session.flush()
    return len(rows)
