"""A fault opens one line in the technician's list and closes it; the latest health is kept."""

import random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.desks.desk_faults import (
    REOPENS_WITHIN_S,
    FaultRow,
    HealthRow,
    TimedHealth,
    conditions,
    faults,
    note_health,
)
from protocol.measurements import Health

HUM = "phone 1: the ring input stays active longer than any ring"
BLIND = "line 1: ring_pin 23 cannot be watched"


def minute(number: int, *notes: str, device: str = "desk-1", received_s: float | None = None) -> TimedHealth:
    """The health of a minute that ends at 60 times its number."""
    health = Health(
        start_s=60.0 * number - 60.0,
        end_s=60.0 * number,
        cameras=(),
        cpu_share=None,
        memory_mb=None,
        spooled=number,
        clock="synced",
        notes=notes,
    )
    return TimedHealth(device, 60.0 * number, 60.0 * number if received_s is None else received_s, health)


def test_what_is_told_each_minute_is_one_line_since_the_first(session: Session) -> None:
    for number in range(1, 10):
        note_health(session, [minute(number, *((HUM,) if number > 2 else ()))])
    (fault,) = faults(session)
    assert (fault.device, fault.text, fault.opened_wall_s) == ("desk-1", HUM, 120.0)
    assert conditions(session)["desk-1"].health.spooled == 9
    assert conditions(session)["desk-1"].faults == (fault,)


def test_a_fault_that_is_gone_closes_its_line(session: Session) -> None:
    note_health(session, [minute(1, HUM, BLIND)])
    note_health(session, [minute(2, BLIND)])
    assert [fault.text for fault in faults(session)] == [BLIND]
    still, gone = faults(session, closed=True)
    assert (gone.text, gone.closed_wall_s) == (HUM, 120.0)
    assert still.closed_wall_s is None


def test_what_comes_and_goes_is_one_line_and_what_comes_back_later_another(session: Session) -> None:
    later = 8 + int(REOPENS_WITHIN_S // 60) + 1
    for number in range(1, 7):
        note_health(session, [minute(number, *((HUM,) if number % 2 else ()))])
    assert len(faults(session, closed=True)) == 1
    note_health(session, [minute(later, HUM)])
    first, second = faults(session, closed=True)
    assert (first.closed_wall_s, second.opened_wall_s) == (360.0, 60.0 * later - 60.0)


@pytest.mark.parametrize("seed", range(5))
def test_the_list_is_the_same_in_whatever_batches_a_desk_catches_up(session: Session, seed: int) -> None:
    draw = random.Random(seed)
    minutes = [
        minute(number, *draw.sample([HUM, BLIND], draw.randrange(3)), device=device)
        for number in range(1, 60)
        for device in ("desk-1", "desk-2")
    ]
    for item in minutes:
        note_health(session, [item])
    one_by_one = faults(session, closed=True)
    for row in session.scalars(select(FaultRow)):
        session.delete(row)
    for known in conditions(session):
        session.delete(session.get_one(HealthRow, known))
    session.flush()
    while minutes:
        size = draw.randint(1, 30)
        batch, minutes = minutes[:size], minutes[size:]
        note_health(session, draw.sample(batch, len(batch)))
    assert faults(session, closed=True) == one_by_one


def test_an_older_health_changes_nothing(session: Session) -> None:
    note_health(session, [minute(10, HUM)])
    note_health(session, [minute(5, BLIND, received_s=700.0), minute(10, HUM)])
    assert [fault.text for fault in faults(session)] == [HUM]
    assert conditions(session)["desk-1"].wall_s == 600.0


def test_a_health_from_a_clock_far_ahead_keeps_no_later_one_out(session: Session) -> None:
    note_health(session, [minute(100_000, HUM, received_s=60.0)])
    note_health(session, [minute(2)])
    assert faults(session) == ()
    assert conditions(session)["desk-1"].wall_s == 120.0
