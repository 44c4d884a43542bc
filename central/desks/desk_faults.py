"""How each desk is doing: its latest health, and every fault from when it was found until it was gone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Double,
    ForeignKey,
    Index,
    String,
    Text,
    and_,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.given import ALWAYS, NUMBER, REAL, TEXT, Columns, given, upsert
from central.database.table import BIG_KEY, Table
from central.desks.clock_check import in_words
from central.desks.condition import faults_of
from central.desks.machines import Born, MachineRow, Machines, doubles, note_births
from protocol.measurements import WORDS_LIMIT, Health
from protocol.printable import printable

REOPENS_WITHIN_S = 900.0
"""A fault that is back within a quarter of an hour is the same one: what comes and goes each minute is one line, not sixty."""
AHEAD_S = 300.0
"""A health further ahead of its arrival was timed by a clock that is wrong, and keeps no later one from being believed."""
OVERSTEP = "profile"
"""Name of the fault that a desk measures what the profile of its showroom leaves out."""
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
    received_wall_s: Mapped[float | None] = mapped_column(Double)
    """When it arrived; None where older software did not keep it."""
    late_s: Mapped[float | None] = mapped_column(Double)
    """By how much, by the desk's own clock, it arrived after it was over; None where that clock was not set or it was sent later."""


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
    late_s: float | None = None
    """By how much, by the desk's own clock, it arrived after it was over; None where that clock was not set or it was sent later."""
    wrong: bool = False
    """Whether the desk's clock, though set, was found to be wrong."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fault that the central service found itself."""

    text: str
    wall_s: float


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


@dataclass(slots=True)
class _Line:
    """A line of the list while a batch is taken in."""

    name: str
    text: str
    opened_wall_s: float
    closed_wall_s: float | None = None
    id: int | None = None
    """None while it is not in the list yet."""
    changed: bool = False

    def set(self, text: str, closed_wall_s: float | None) -> None:
        self.changed |= (text, closed_wall_s) != (self.text, self.closed_wall_s)
        self.text, self.closed_wall_s = text, closed_wall_s


class _Lines:
    """The lines of one desk: the latest of each name, and all that are to be written."""

    def __init__(self) -> None:
        self.latest: dict[str, _Line] = {}
        self.all: list[_Line] = []

    def add(self, line: _Line) -> None:
        self.latest[line.name] = line
        self.all.append(line)


def note_health(
    session: Session,
    arrived: Iterable[TimedHealth],
    births: Sequence[Born] = (),
    oversteps: Mapping[str, Told | None] | None = None,
) -> None:
    """Keep the latest health of each desk, open a line for each fault that is new, close those that are gone.

    Args:
        session: Its transaction takes the changes.
        arrived: In any order; one that is older than the latest known changes nothing.
        births: Of machines, in the order in which they came: they are remembered, and a name that two of them use is a fault too.
        oversteps: By desk, that it measures what its showroom's profile leaves out; None where it says that it does so no more.
    """
    oversteps = oversteps or {}
    by_desk: dict[str, list[TimedHealth]] = defaultdict(list)
    for item in arrived:
        by_desk[item.device].append(item)
    born = {birth.device: birth for birth in births}
    desks = {*by_desk, *born, *oversteps}
    if not desks:
        return
    arrivals_s = [item.received_wall_s for items in by_desk.values() for item in items]
    told_here_s = [told.wall_s for told in oversteps.values() if told is not None]
    here_s = [*(birth.wall_s for birth in born.values()), *told_here_s]
    told_s = [item.wall_s for items in by_desk.values() for item in items]
    earliest_s = min([*told_s, *here_s], default=0.0) - REOPENS_WITHIN_S
    latest_s, lines, machines = _known(session, desks, earliest_s)
    note_births(session, births, machines)
    found_double = doubles(machines, max([*arrivals_s, *here_s], default=0.0))
    for device in sorted(found_double.keys() & born.keys()):
        _open(lines[device], "name", found_double[device], born[device].wall_s)
    for device, told in oversteps.items():
        _note_overstep(lines[device], told, born.get(device))
    healths: dict[str, TimedHealth] = {}
    for device, items in by_desk.items():
        for item in sorted(items, key=lambda item: item.wall_s):
            known_s = latest_s.get(device)
            if known_s is not None and item.wall_s <= known_s <= item.received_wall_s + AHEAD_S:
                continue
            latest_s[device] = item.wall_s
            healths[device] = item
            _compare(item, found_double.get(device), lines[device])
    _write_healths(session, healths.values())
    _write_lines(session, lines)


def conditions(session: Session) -> dict[str, Condition]:
    """How each desk was doing when it last told of itself, by its name."""
    open_faults = open_faults_by_desk(session)
    return {
        row.device: Condition(
            row.wall_s, Health.model_validate_json(row.health), open_faults.get(row.device, ())
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
        Fault(row.device, printable(row.text), row.opened_wall_s, row.closed_wall_s)
        for row in session.scalars(chosen)
    )


def open_faults_by_desk(session: Session) -> dict[str, tuple[Fault, ...]]:
    """What is to be mended at each desk at which anything is, oldest first."""
    found: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults(session):
        found[fault.device].append(fault)
    return {device: tuple(of_desk) for device, of_desk in found.items()}


def _known(
    session: Session, desks: Iterable[str], earliest_s: float
) -> tuple[dict[str, float], dict[str, _Lines], Machines]:
    """When each desk's latest health was over, its lines that are open or were closed after ``earliest_s``, and its machines."""
    asked = given(session, {"device": TEXT}, [(device,) for device in desks])
    rows = session.execute(
        select(
            asked.c.device,
            HealthRow.wall_s,
            FaultRow.id,
            FaultRow.name,
            FaultRow.text,
            FaultRow.opened_wall_s,
            FaultRow.closed_wall_s,
            MachineRow.machine_id,
            MachineRow.first_wall_s,
            MachineRow.last_wall_s,
        )
        .select_from(asked)
        .outerjoin(MachineRow, MachineRow.device == asked.c.device)
        .outerjoin(HealthRow, HealthRow.device == asked.c.device)
        .outerjoin(
            FaultRow,
            and_(
                FaultRow.device == asked.c.device,
                FaultRow.closed_wall_s.is_(None) | (FaultRow.closed_wall_s > earliest_s),
            ),
        )
        .order_by(FaultRow.id, MachineRow.machine_id)
    )
    latest_s: dict[str, float] = {}
    lines: dict[str, _Lines] = defaultdict(_Lines)
    machines: Machines = {}
    seen: set[int] = set()
    for device, wall_s, number, name, words, opened_s, closed_s, machine, first_s, last_s in rows:
        if wall_s is not None:
            latest_s[device] = wall_s
        if machine is not None:
            machines.setdefault(device, {})[machine] = first_s, last_s
        # A fault comes once with each machine.
        if number is not None and number not in seen:
            seen.add(number)
            lines[device].add(_Line(name, words, opened_s, closed_s, number))
    return latest_s, lines, machines


def _compare(item: TimedHealth, double: str | None, lines: _Lines) -> None:
    """Open and close the lines of one desk by one health; ``double`` is what is told of its name."""
    began_s = item.wall_s - (item.health.end_s - item.health.start_s)
    found = {name[:NAME_LIMIT]: text for name, text in faults_of(item.health).items()}
    if double is not None:
        found["name"] = double
    if item.wrong and item.late_s is not None:
        found["clock"] = in_words(item.late_s)
    for name, line in lines.latest.items():
        if line.closed_wall_s is None and name not in found and name != OVERSTEP:
            line.set(line.text, item.wall_s)
    for name, text in found.items():
        _open(lines, name, text, began_s)


def _note_overstep(lines: _Lines, told: Told | None, born: Born | None) -> None:
    """Open or close the line that a desk measures what it is to leave out; no health says anything of it."""
    line = lines.latest.get(OVERSTEP)
    if told is not None:
        _open(lines, OVERSTEP, told.text, told.wall_s)
    elif line is not None and line.closed_wall_s is None and born is not None:
        line.set(line.text, born.wall_s)


def _open(lines: _Lines, name: str, text: str, since_s: float) -> None:
    """Open a line, or keep the one that is open or was a moment ago."""
    line = lines.latest.get(name)
    if line is None or (line.closed_wall_s is not None and since_s - line.closed_wall_s > REOPENS_WITHIN_S):
        lines.add(_Line(name, text, since_s, changed=True))
    else:
        line.set(text, None)


def _write_healths(session: Session, healths: Iterable[TimedHealth]) -> None:
    rows = [
        (item.device, item.wall_s, item.health.model_dump_json(), item.received_wall_s, item.late_s)
        for item in healths
    ]
    if not rows:
        return
    columns = {"device": TEXT, "wall_s": REAL, "health": TEXT, "received_wall_s": REAL, "late_s": REAL}
    new = given(session, columns, rows)
    insert = upsert(session, HealthRow).from_select([*columns], select(new).where(ALWAYS))
    told = {name: insert.excluded[name] for name in columns if name != "device"}
    session.execute(insert.on_conflict_do_update(index_elements=["device"], set_=told))


def _write_lines(session: Session, lines: Mapping[str, _Lines]) -> None:
    """Add the new lines and change those that changed, in one statement."""
    rows = [
        (line.id, device, line.name, line.text, line.opened_wall_s, line.closed_wall_s)
        for device, of_desk in lines.items()
        for line in of_desk.all
        if line.changed
    ]
    if not rows:
        return
    columns: Columns = {
        "id": NUMBER,
        "device": TEXT,
        "name": TEXT,
        "text": TEXT,
        "opened_wall_s": REAL,
        "closed_wall_s": REAL,
    }
    new = given(session, columns, rows)
    # SQLite counts up by itself where it is given no number.
    number: ColumnElement[int] = new.c.id
    if session.get_bind().dialect.name == "postgresql":
        number = func.coalesce(number, func.nextval(func.pg_get_serial_sequence("fault", "id")))
    chosen = select(number, *[new.c[name] for name in columns if name != "id"]).where(ALWAYS)
    insert = upsert(session, FaultRow).from_select([*columns], chosen)
    told = {name: insert.excluded[name] for name in ("text", "closed_wall_s")}
    session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=told))
