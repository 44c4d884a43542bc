"""Which machines have gone by each desk's name, and the names that two of them use at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Double, ForeignKey, String, delete, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.given import ALWAYS, REAL, TEXT, given, upsert
from central.database.table import Table

GONE_S = 3600.0
"""Two of one name throw each other off the broker, and each comes back within some minutes with a birth; one that was not born for
an hour is gone."""
MOST_MACHINES = 8
"""Machines remembered of one name: a board is changed now and then, and a flood of births with numbers of their own fills no disk."""
Machines = dict[str, dict[str, tuple[float, float]]]
"""By a desk's name the machines that went by it, each with the arrival of its first and its latest birth."""

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


def note_births(session: Session, births: Sequence[Born], machines: Machines | None = None) -> None:
    """Remember which machine was born under which name.

    Args:
        session: Its transaction takes the changes.
        births: In the order in which they came.
        machines: Those that go by the names of the births, which are changed with it; None to read them.
    """
    if machines is None:
        machines = machines_of(session, {birth.device for birth in births})
    changed: dict[tuple[str, str], None] = {}
    for birth in births:
        known = machines.setdefault(birth.device, {})
        first_s, last_s = known.get(birth.machine_id, (birth.wall_s, birth.wall_s))
        known[birth.machine_id] = first_s, max(last_s, birth.wall_s)
        changed[birth.device, birth.machine_id] = None
    forgotten = [
        (device, machine)
        for device in {birth.device: None for birth in births}
        for machine in sorted(machines[device], key=_last_of(machines[device]), reverse=True)[MOST_MACHINES:]
    ]
    for device, machine in forgotten:
        del machines[device][machine]
    _write(session, [(*key, *machines[key[0]][key[1]]) for key in changed if key not in {*forgotten}])
    _forget(session, forgotten)


def machines_of(session: Session, devices: Iterable[str]) -> Machines:
    """The machines that went by each of some names, those that nobody went by left out."""
    machines: Machines = {}
    if names := [(device,) for device in devices]:
        asked = given(session, {"device": TEXT}, names)
        rows = session.execute(
            select(MachineRow.device, MachineRow.machine_id, MachineRow.first_wall_s, MachineRow.last_wall_s)
            .join(asked, asked.c.device == MachineRow.device)
            .order_by(MachineRow.device, MachineRow.machine_id)
        )
        for device, machine, first_s, last_s in rows:
            machines.setdefault(device, {})[machine] = first_s, last_s
    return machines


def doubles(machines: Machines, now_wall_s: float) -> dict[str, str]:
    """What is to be told of the names that two machines use at once, by name.

    A board that takes the place of another is no double: the first one is then never born again.

    Args:
        machines: Those that go by each name.
        now_wall_s: The present, as Unix time.
    """
    found = {}
    for device, known in machines.items():
        latest, *others = sorted(known, key=_last_of(known), reverse=True)
        for other in others:
            last_s = known[other][1]
            if last_s > known[latest][0] and now_wall_s - last_s <= GONE_S:
                found[device] = (
                    f"two machines go by the name {device} ({latest[:SHOWN_DIGITS]} and "
                    f"{other[:SHOWN_DIGITS]}): give one of them another desk.device in its desk.toml"
                )
                break
    return found


def _write(session: Session, rows: Sequence[tuple[str, str, float, float]]) -> None:
    if not rows:
        return
    columns = {"device": TEXT, "machine_id": TEXT, "first_wall_s": REAL, "last_wall_s": REAL}
    new = given(session, columns, rows)
    insert = upsert(session, MachineRow).from_select([*columns], select(new).where(ALWAYS))
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["device", "machine_id"], set_={"last_wall_s": insert.excluded.last_wall_s}
        )
    )


def _forget(session: Session, keys: Sequence[tuple[str, str]]) -> None:
    if not keys:
        return
    gone = given(session, {"device": TEXT, "machine_id": TEXT}, keys)
    here = tuple_(MachineRow.device, MachineRow.machine_id).in_(select(gone.c.device, gone.c.machine_id))
    session.execute(delete(MachineRow).where(here), execution_options={"synchronize_session": False})


def _last_of(known: Mapping[str, tuple[float, float]]) -> Callable[[str], float]:
    return lambda machine: known[machine][1]
