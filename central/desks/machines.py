"""Which machines have gone by each desk's name, and the names that two of them use at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Double, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import Table

GONE_S = 3600.0
"""Two of one name throw each other off the broker, and each comes back within some minutes with a birth; one that was not born for
an hour is gone."""
MOST_MACHINES = 8
"""Machines remembered of one name: a board is changed now and then, and a flood of births with numbers of their own fills no disk."""
SHOWN_DIGITS = 8
"""Digits of a machine's number that a technician reads: they are those of the name that the machine gives itself
(edge/live/machine_id.py)."""


class MachineRow(Table):
    """A machine that was born under a desk's name."""

    __tablename__ = "desk_machine"

    device: Mapped[str] = mapped_column(ForeignKey("desk.device"), primary_key=True)
    machine_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    first_wall_s: Mapped[float] = mapped_column(Double)
    last_wall_s: Mapped[float] = mapped_column(Double)
    """Arrival of its first and its latest birth."""


@dataclass(frozen=True, slots=True)
class Born:
    """A machine's birth under a desk's name."""

    device: str
    machine_id: str
    wall_s: float
    """Unix time of its arrival."""


def note_births(session: Session, births: Iterable[Born]) -> None:
    """Remember which machine was born under which name.

    Args:
        session: Its transaction takes the changes.
        births: In the order in which they came.
    """
    by_desk: dict[str, list[Born]] = defaultdict(list)
    for birth in births:
        by_desk[birth.device].append(birth)
    if not by_desk:
        return
    known = _of(session, by_desk)
    for device, born in by_desk.items():
        rows = {row.machine_id: row for row in known[device]}
        for birth in born:
            row = rows.get(birth.machine_id)
            if row is None:
                row = MachineRow(
                    device=device,
                    machine_id=birth.machine_id,
                    first_wall_s=birth.wall_s,
                    last_wall_s=birth.wall_s,
                )
                rows[birth.machine_id] = row
                session.add(row)
            row.last_wall_s = max(row.last_wall_s, birth.wall_s)
        for row in sorted(rows.values(), key=_last, reverse=True)[MOST_MACHINES:]:
            if row in session.new:
                session.expunge(row)
            else:
                session.delete(row)
    session.flush()


def doubles(session: Session, devices: Iterable[str], now_wall_s: float) -> dict[str, str]:
    """What is to be told of the names that two machines use at once, by name.

    A board that takes the place of another is no double: the first one is then never born again.

    Args:
        session: Where to read.
        devices: The names that are looked at.
        now_wall_s: The present, as Unix time.
    """
    found = {}
    for device, rows in _of(session, devices).items():
        latest, *others = sorted(rows, key=_last, reverse=True)
        for other in others:
            if other.last_wall_s > latest.first_wall_s and now_wall_s - other.last_wall_s <= GONE_S:
                found[device] = (
                    f"two machines go by the name {device} ({latest.machine_id[:SHOWN_DIGITS]} and "
                    f"{other.machine_id[:SHOWN_DIGITS]}): give one of them another desk.device in its desk.toml"
                )
                break
    return found


def _of(session: Session, devices: Iterable[str]) -> dict[str, list[MachineRow]]:
    rows: dict[str, list[MachineRow]] = defaultdict(list)
    for row in session.scalars(select(MachineRow).where(MachineRow.device.in_(devices))):
        rows[row.device].append(row)
    return rows


def _last(row: MachineRow) -> float:
    return row.last_wall_s
