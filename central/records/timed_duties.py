"""Sign-ins and duties of many desks in the same few statements, each with when it ended at the latest."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.database.given import NUMBER, REAL, TEXT, found_for_each, given
from central.records.event_row import EventRow
from central.records.measured import Measured, only
from central.records.query import IS_DUTY, DeskStretch, measured_from
from protocol.measurements import Duty

TimedDuty = tuple[Measured[Duty], float | None]
"""A sign-in or a duty; one that has no sign-out with when its boot was over, as Unix time."""
_Boot = tuple[str, str]
"""Desk and boot."""


def duties_in(session: Session, stretches: Sequence[DeskStretch]) -> list[tuple[TimedDuty, ...]]:
    """Sign-ins and duties that began in each stretch, ascending.

    A boot is over when the desk was switched on again: the last thing measured in it is the last that is known of its duties.

    Raises:
        UnusableDatabaseError: A stored event can no longer be read.
    """
    found = _read(session, stretches)
    without: set[_Boot] = set()
    ended = []
    for each, duties in zip(stretches, found, strict=True):
        out = {(bootid, item.data.start_s) for bootid, item in duties if not item.data.ongoing}
        ended.append(out)
        # Of the others only it has to be known when their boot was over: a duty with a sign-out ends there.
        without |= {
            (each.device, bootid) for bootid, item in duties if (bootid, item.data.start_s) not in out
        }
    over_s = _over(session, without)
    return [
        tuple(
            (item, None if (bootid, item.data.start_s) in out else over_s.get((each.device, bootid)))
            for bootid, item in duties
        )
        for each, duties, out in zip(stretches, found, ended, strict=True)
    ]


def _read(session: Session, stretches: Sequence[DeskStretch]) -> list[list[tuple[str, Measured[Duty]]]]:
    """Of each stretch the duties with their boots, ascending."""
    columns = {"place": NUMBER, "desk": TEXT, "from_s": REAL, "to_s": REAL}
    asked = given(session, columns, [(place, *each) for place, each in enumerate(stretches)])
    began = (
        EventRow.device == asked.c.desk,
        IS_DUTY,
        EventRow.start_wall_s >= asked.c.from_s,
        EventRow.start_wall_s < asked.c.to_s,
    )
    wanted = (EventRow.start_wall_s, EventRow.bootid, EventRow.sequence, EventRow.synced, EventRow.raw)
    rows = sorted(tuple(row) for row in session.execute(found_for_each(session, asked, wanted, began)))
    read: dict[str, Measured[Duty]] = {}
    found: list[list[tuple[str, Measured[Duty]]]] = [[] for _ in stretches]
    for place, device, _, _, wall_s, bootid, sequence, synced, raw in rows:
        name = f"{device}/{bootid}/{sequence}"
        if name not in read:
            (read[name],) = only(Duty, [measured_from(name, wall_s, synced, raw)])
        found[place].append((bootid, read[name]))
    return found


def _over(session: Session, boots: set[_Boot]) -> Mapping[_Boot, float]:
    """When each boot was over, as Unix time; the latest of a desk is not."""
    if not boots:
        return {}
    desks = given(session, {"desk": TEXT}, [(device,) for device in sorted({device for device, _ in boots})])
    newest = (
        select(EventRow.bootid)
        .where(EventRow.device == desks.c.desk)
        .order_by(EventRow.start_wall_s.desc())
        .limit(1)
        .scalar_subquery()
    )
    latest = {(device, bootid) for device, bootid in session.execute(select(desks.c.desk, newest))}
    asked = given(session, {"desk": TEXT, "boot": TEXT}, sorted(boots - latest))
    end_s = (
        select(func.max(EventRow.start_wall_s + EventRow.duration_s))
        .where(EventRow.device == asked.c.desk, EventRow.bootid == asked.c.boot)
        .scalar_subquery()
    )
    ends = session.execute(select(asked.c.desk, asked.c.boot, end_s))
    return {(device, bootid): over_s for device, bootid, over_s in ends}
