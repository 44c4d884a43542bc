"""Two hundred cases over weeks in which the clocks change: every clock equal to an oracle that walks second by second."""

import random
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from central.calendars.opening_times import ExceptionalHours, OpeningTimes, WeeklyHours
from central.replies.case_history import (
    AuthorKind,
    CaseHistory,
    CaseMessage,
    CaseMove,
    CaseState,
    Direction,
    StateChange,
)
from central.replies.cycles import cycles
from central.replies.reply_clock import Hours, Promise, Stay, reckon
from tests.central.replies.reply_oracle import walk

HOUR_S = 3600
DAY_S = 24 * HOUR_S
DAYS = 21


def weekly(days: range, *hours: tuple[int, int]) -> tuple[WeeklyHours, ...]:
    return tuple(WeeklyHours(day, opens, closes) for day in days for opens, closes in hours)


CALENDARS = {
    1: OpeningTimes(
        "Europe/Berlin",
        weekly(range(5), (9 * 60, 12 * 60 + 30), (13 * 60 + 15, 18 * 60)),
        (
            ExceptionalHours(date(2026, 3, 27), date(2026, 3, 27), "Inventory"),
            ExceptionalHours(date(2026, 10, 26), date(2026, 10, 26), "Moving", 10 * 60, 11 * 60),
            ExceptionalHours(date(2026, 10, 26), date(2026, 10, 26), "Moving", 14 * 60, 15 * 60),
        ),
    ),
    2: OpeningTimes("America/New_York", weekly(range(7), (0, 24 * 60))),
    3: OpeningTimes("Asia/Shanghai", weekly(range(1, 7), (8 * 60 + 30, 21 * 60))),
    4: OpeningTimes("Australia/Lord_Howe", weekly(range(7), (1 * 60, 4 * 60), (10 * 60, 16 * 60))),
}
STARTS = [datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 10, 16, tzinfo=UTC)]


def one_case(seed: int, start_s: int) -> CaseHistory:
    """A case of anything that happens to cases, at whole seconds, some of them the same."""
    chance = random.Random(seed)
    span_s = (DAYS - 4) * DAY_S

    def sometime() -> int:
        return start_s + chance.randrange(0, span_s, chance.choice((1, 60, 900)))

    asked_s = sometime()
    messages = [CaseMessage("0", asked_s, "in", "requestor")]
    states: list[StateChange] = []
    kinds: list[tuple[Direction, AuthorKind]] = [
        ("out", "machine"),
        ("internal", "person"),
        ("in", "machine"),
        ("out", "requestor"),
    ]
    messages += [
        CaseMessage(f"k{each}", asked_s + chance.randrange(2 * DAY_S), *chance.choice(kinds))
        for each in range(chance.randrange(4))
    ]
    for each in range(chance.choice((0, 1, 1, 1, 2, 3))):
        replied_s = asked_s + chance.choice((0, 60, 5 * HOUR_S, DAY_S, chance.randrange(6 * DAY_S)))
        messages.append(CaseMessage(f"r{each}", replied_s, "out", "person"))
        if chance.random() < 0.4:
            states.append(StateChange(replied_s + chance.choice((0, 1, 7 * HOUR_S)), "closed"))
    for each in range(chance.choice((0, 0, 1, 2))):
        again_s = asked_s + chance.randrange(8 * DAY_S)
        messages.append(CaseMessage(f"q{each}", again_s, "in", chance.choice(("requestor", "person"))))
        if chance.random() < 0.5:
            states.append(StateChange(again_s + chance.choice((0, 1)), "open"))
    for _ in range(chance.choice((0, 0, 1, 2))):
        from_s = asked_s + chance.randrange(-HOUR_S, 3 * DAY_S)
        until: tuple[CaseState, ...] = ("open", "closed", "pending")
        states += [
            StateChange(from_s, "pending"),
            StateChange(from_s + chance.randrange(2 * DAY_S), chance.choice(until)),
        ]
    moves = [CaseMove(asked_s, chance.randrange(1, 5))]
    moves += [
        CaseMove(asked_s + chance.randrange(1, 4 * DAY_S), chance.randrange(1, 5))
        for _ in range(chance.choice((0, 0, 1, 2)))
    ]
    chance.shuffle(messages)
    in_range = start_s + DAYS * DAY_S
    return CaseHistory(
        f"case {seed}",
        tuple(each for each in messages if start_s <= each.at_s < in_range),
        tuple(sorted((each for each in states if start_s <= each.at_s < in_range), key=lambda s: s.at_s)),
        tuple(sorted(moves, key=lambda move: move.at_s)),
    )


@pytest.mark.parametrize("half", range(2))
def test_every_clock_is_equal_to_that_of_the_walker(half: int) -> None:
    start_s = int(STARTS[half].timestamp())
    now_s = start_s + DAYS * DAY_S
    seen: Counter[str] = Counter()
    for seed in range(half * 100, half * 100 + 100):
        case = one_case(seed, start_s)
        hours: Hours = "calendar" if seed % 2 else "business"
        within_s = random.Random(seed).choice((2, 8, 24)) * HOUR_S
        stays = [Stay(each.at_s, each.showroom_id, "", CALENDARS[each.showroom_id]) for each in case.moves]
        found = [reckon(each, Promise(within_s, hours), stays, now_s) for each in cycles(case)]
        walked = walk(case, CALENDARS, (within_s, hours), start_s, DAYS * DAY_S)
        assert [each.cycle.asked_s for each in found] == [each.asked_s for each in walked], case
        for clock, expected in zip(found, walked, strict=True):
            assert abs(clock.calendar_s - expected.calendar_s) <= 1, case
            assert abs(clock.business_s - expected.business_s) <= 1, case
            due_s = clock.due_s if clock.due_s is not None and clock.due_s <= expected.end_s else None
            assert (due_s is None) == (expected.due_s is None), case
            assert due_s is None or expected.due_s is None or abs(due_s - expected.due_s) <= 1, case
            assert (clock.cycle.ending == "replied") == expected.replied, case
            late = expected.due_s is not None and expected.due_s < expected.end_s
            if late:
                outcome = "missed"
            elif not expected.ended:
                outcome = "running"
            else:
                outcome = "met" if expected.replied else "closed"
            assert clock.outcome == outcome, case
            counted_s = sum(each.seconds for each in clock.explained if each.counted)
            if clock.due_s is not None:
                assert counted_s == pytest.approx(within_s, abs=1)
            seen[outcome] += 1
        seen["again"] += len(found) > 1
        seen["moved"] += len(stays) > 1
        seen["paused"] += any(each.cycle.pauses for each in found)
    assert min(seen[each] for each in ("met", "missed", "running", "closed", "again", "moved", "paused")) >= 3
