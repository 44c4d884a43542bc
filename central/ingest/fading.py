"""What is forgotten of measurements that stay: who was on duty, and how the host looked, as the settings say."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from central.ingest.rows import BootRow
from central.people.duty_corrections import DutyCorrectionRow
from central.people.exempt_stretches import keep_exempt_stretches
from central.people.shifts import ERASED
from central.records.event_row import EventRow
from central.records.query import DUTY
from protocol.envelope import event_type, parse
from protocol.manner import MANNER
from protocol.measurements import Encounter

FADED = f"{ERASED}0"
"""What stands in the place of a name that is older than names are kept."""
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
    duties = _old(session, DUTY, EventRow.raw.not_like(f'%"person":"{ERASED}%'), before_wall_s, limit)
    let_names_fade(session, duties, corrections)
    return len(corrections) + len(duties)


def let_names_fade(
    session: Session, duties: Sequence[EventRow], corrections: Sequence[DutyCorrectionRow]
) -> None:
    """Let duties, and corrections that are over, forget whose they were; who was exempt meanwhile stays so."""
    keep_exempt_stretches(
        session,
        [
            *((row.device, row.from_wall_s, row.until_wall_s or row.from_wall_s) for row in corrections),
            *((row.device, row.start_wall_s, row.start_wall_s + row.duration_s) for row in duties),
        ],
    )
    for row in corrections:
        row.reason, row.person = row.reason.replace(row.person, FADED), FADED
    _change(session, duties, {"person": FADED})


def forget_manner(session: Session, before_wall_s: float, limit: int) -> int:
    """Let encounters that ended before a Unix time forget how the host looked; returns how many, `limit` at most."""
    told = EventRow.raw.not_like(f"%{NOTHING_OF_MANNER}%")
    rows = _old(session, ENCOUNTER, told, before_wall_s, limit)
    _change(session, rows, dict.fromkeys(MANNER))
    return len(rows)


def _old(
    session: Session, type_: str, worth: ColumnElement[bool], before_wall_s: float, limit: int
) -> Sequence[EventRow]:
    """The old measurements of a type; what is not settled would be sent again, and stays."""
    return session.scalars(
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


def _change(session: Session, rows: Iterable[EventRow], change: dict[str, object]) -> None:
    for row in rows:
        row.raw = parse(row.raw.encode()).with_data(**change).to_json().decode()
    session.flush()
