"""Two machines of one name are a fault; a board that takes the place of another is none."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.desks.desk_faults import TimedHealth, faults, note_health
from central.desks.machines import GONE_S, MOST_MACHINES, Born, MachineRow, doubles, machines_of, note_births
from protocol.measurements import Health

ONE, OTHER = "1" * 32, "2" * 32


def births(session: Session, *machines: str, from_s: float = 0.0, device: str = "desk-1") -> float:
    """Births a minute apart; returns the time of the last."""
    born = [Born(device, machine, from_s + 60.0 * number) for number, machine in enumerate(machines)]
    for birth in born:
        note_births(session, [birth])
        note_health(session, [], [birth])
    return born[-1].wall_s


def health(at_s: float, device: str = "desk-1") -> TimedHealth:
    told = Health(
        start_s=at_s - 60.0,
        end_s=at_s,
        cameras=(),
        cpu_share=None,
        memory_mb=None,
        spooled=0,
        clock="synced",
    )
    return TimedHealth(device, at_s, at_s, told)


def test_two_machines_that_come_by_turns_under_one_name_are_a_fault_with_what_to_do(session: Session) -> None:
    births(session, ONE, OTHER, ONE)
    (fault,) = faults(session)
    assert fault.opened_wall_s == 120.0
    assert fault.text.startswith("two machines go by the name desk-1 (11111111 and 22222222)")
    assert "desk.device" in fault.text


def test_a_board_that_takes_the_place_of_another_is_none(session: Session) -> None:
    births(session, ONE, ONE, OTHER, OTHER, OTHER)
    assert faults(session) == ()


def test_the_same_machine_under_two_names_is_none(session: Session) -> None:
    births(session, ONE, ONE)
    births(session, ONE, ONE, device="desk-2")
    assert faults(session) == ()


def test_it_is_one_line_while_health_tells_of_other_things_and_closes_when_the_other_is_gone(
    session: Session,
) -> None:
    last_s = births(session, ONE, OTHER, ONE)
    note_health(session, [health(last_s + 60.0)])
    assert len(faults(session)) == 1
    note_health(session, [health(last_s + GONE_S + 60.0)])
    assert faults(session) == ()
    (gone,) = faults(session, closed=True)
    assert gone.closed_wall_s == last_s + GONE_S + 60.0


def test_births_of_ever_new_machines_fill_no_disk(session: Session) -> None:
    births(session, *(f"{number:032x}" for number in range(1, 100)))
    assert session.scalar(select(func.count()).select_from(MachineRow)) == MOST_MACHINES
    note_births(session, [Born("desk-1", f"{number:032x}", 1e6) for number in range(1000, 1100)])
    assert session.scalar(select(func.count()).select_from(MachineRow)) == MOST_MACHINES


def test_a_name_that_nobody_was_born_under_is_none(session: Session) -> None:
    assert doubles(machines_of(session, ["desk-1"]), 0.0) == {}
