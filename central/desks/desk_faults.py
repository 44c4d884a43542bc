"""How each desk is doing: its latest health, and every fault from when it was found until it was gone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Double, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import BIG_KEY, Table
from central.desks.condition import faults_of
from central.desks.machines import Born, doubles
from protocol.measurements import WORDS_LIMIT, Health

REOPENS_WITHIN_S = 900.0
"""A fault that is back within a quarter of an hour is the same one: what comes and goes each minute is one line, not sixty."""
AHEAD_S = 300.0
"""A health further ahead of its arrival was timed by a clock that is wrong, and keeps no later one from being believed."""
NAME_LIMIT = WORDS_LIMIT + 150
"""Letters of a fault's name: a note of the desk, or a camera's name with what is wrong of it."""


class HealthRow(Table):
    """The latest health of a desk."""

    __tablename__ = "desk_health"

    device: Mapped[str] = mapped_column(ForeignKey("desk.device"), primary_key=True)
    wall_s: Mapped[float] = mapped_column(Double)
    """When the stretch it sums up was over."""
    health: Mapped[str] = mapped_column(Text)
    """The measurement, as JSON."""


class FaultRow(Table):
    """One fault of one desk: a line in the technician's list."""

    __tablename__ = "fault"
    __table_args__ = (Index("fault_by_desk", "device", "closed_wall_s"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("desk.device"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    text: Mapped[str] = mapped_column(Text)
    opened_wall_s: Mapped[float] = mapped_column(Double)
    closed_wall_s: Mapped[float | None] = mapped_column(Double)
    """When a health no longer had it; None while it is open."""


@dataclass(frozen=True, slots=True)
class TimedHealth:
    """A desk's health with its place in wall time."""

    device: str
    wall_s: float
    """Unix time of its end."""
    received_wall_s: float
    health: Health


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as a technician reads it. Times are Unix seconds."""

    device: str
    text: str
    opened_wall_s: float
    closed_wall_s: float | None


@dataclass(frozen=True, slots=True)
class Condition:
    """How a desk was doing when it last told of itself."""

    wall_s: float
    health: Health
    faults: tuple[Fault, ...]
    """Those that are open, oldest first."""


def note_health(session: Session, arrived: Iterable[TimedHealth], births: Iterable[Born] = ()) -> None:
    """Keep the latest health of each desk, open a line for each fault that is new, close those that are gone.

    Args:
        session: Its transaction takes the changes.
        arrived: In any order; one that is older than the latest known changes nothing.
        births: Of machines, in the order in which they came: a name that two of them use is a fault too.
    """
    by_desk: dict[str, list[TimedHealth]] = defaultdict(list)
    for item in arrived:
        by_desk[item.device].append(item)
    born = {birth.device: birth for birth in births}
    desks = {*by_desk, *born}
    if not desks:
        return
    arrivals_s = [item.received_wall_s for items in by_desk.values() for item in items]
    found_double = doubles(session, desks, max([*arrivals_s, *(birth.wall_s for birth in born.values())]))
    latest = {
        row.device: row for row in session.scalars(select(HealthRow).where(HealthRow.device.in_(desks)))
    }
    lines: dict[str, dict[str, FaultRow]] = defaultdict(dict)
    told_s = [item.wall_s for items in by_desk.values() for item in items]
    earliest_s = min([*told_s, *(birth.wall_s for birth in born.values())]) - REOPENS_WITHIN_S
    for row in session.scalars(
        select(FaultRow)
        .where(
            FaultRow.device.in_(desks),
            FaultRow.closed_wall_s.is_(None) | (FaultRow.closed_wall_s > earliest_s),
        )
        .order_by(FaultRow.id)
    ):
        lines[row.device][row.name] = row
    for device, text in found_double.items():
        if device in born:
            _open(session, device, "name", text, born[device].wall_s, lines[device])
    for device, items in by_desk.items():
        for item in sorted(items, key=lambda item: item.wall_s):
            known = latest.get(device)
            if known is not None and item.wall_s <= known.wall_s <= item.received_wall_s + AHEAD_S:
                continue
            if known is None:
                known = latest[device] = HealthRow(device=device)
                session.add(known)
            known.wall_s, known.health = item.wall_s, item.health.model_dump_json()
            _compare(session, item, found_double.get(device), lines[device])


def conditions(session: Session) -> dict[str, Condition]:
    """How each desk was doing when it last told of itself, by its name."""
    open_faults: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults(session):
        open_faults[fault.device].append(fault)
    return {
        row.device: Condition(
            row.wall_s, Health.model_validate_json(row.health), tuple(open_faults[row.device])
        )
        for row in session.scalars(select(HealthRow))
    }


def faults(session: Session, *, device: str | None = None, closed: bool = False) -> tuple[Fault, ...]:
    """The technician's list, oldest first.

    Args:
        session: Where to read.
        device: Only this desk.
        closed: Also those that are gone.
    """
    chosen = select(FaultRow).order_by(FaultRow.opened_wall_s, FaultRow.device, FaultRow.name)
    if device is not None:
        chosen = chosen.where(FaultRow.device == device)
    if not closed:
        chosen = chosen.where(FaultRow.closed_wall_s.is_(None))
    return tuple(
        Fault(row.device, row.text, row.opened_wall_s, row.closed_wall_s) for row in session.scalars(chosen)
    )


def _compare(session: Session, item: TimedHealth, double: str | None, lines: dict[str, FaultRow]) -> None:
    """Open and close the lines of one desk by one health; ``double`` is what is told of its name."""
    began_s = item.wall_s - (item.health.end_s - item.health.start_s)
    found = {name[:NAME_LIMIT]: text for name, text in faults_of(item.health).items()}
    if double is not None:
        found["name"] = double
    for name, row in lines.items():
        if row.closed_wall_s is None and name not in found:
            row.closed_wall_s = item.wall_s
    for name, text in found.items():
        _open(session, item.device, name, text, began_s, lines)


def _open(
    session: Session, device: str, name: str, text: str, since_s: float, lines: dict[str, FaultRow]
) -> None:
    """Open a line, or keep the one that is open or was a moment ago."""
    line = lines.get(name)
    if line is None or (line.closed_wall_s is not None and since_s - line.closed_wall_s > REOPENS_WITHIN_S):
        line = lines[name] = FaultRow(device=device, name=name, opened_wall_s=since_s)
        session.add(line)
    line.text, line.closed_wall_s = text, None
