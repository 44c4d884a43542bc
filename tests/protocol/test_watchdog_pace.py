"""The watchdog is told at a third of its period, as systemd asks for it, and only then."""

from itertools import pairwise

import pytest

from protocol.watchdog_pace import WatchdogPace


def notes(pace: WatchdogPace, over_s: float, turn_s: float = 0.05) -> list[float]:
    """When notes are sent, while the loop turns so often."""
    sent = []
    for turn in range(round(over_s / turn_s)):
        now_s = turn * turn_s
        if pace.due(now_s):
            pace.sent(now_s)
            sent.append(now_s)
    return sent


@pytest.mark.parametrize("period_s", [3.0, 30.0, 120.0])
def test_three_notes_come_in_each_period_and_never_a_turn_late(period_s: float) -> None:
    sent = notes(WatchdogPace(period_s), over_s=10 * period_s)
    between_s = [later - earlier for earlier, later in pairwise(sent)]
    assert max(between_s) <= period_s / 3 + 1e-9
    assert len(sent) <= 30 * period_s / (period_s - 0.3) + 1


def test_the_period_is_that_of_the_unit() -> None:
    assert WatchdogPace.told_by({"WATCHDOG_USEC": "30000000"}, 812).period_s == 30.0
    assert WatchdogPace.told_by({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "812"}, 812).period_s == 30.0


def test_a_watchdog_of_another_process_is_not_fed() -> None:
    pace = WatchdogPace.told_by({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "811"}, 812)
    assert notes(pace, 100.0) == []


@pytest.mark.parametrize("told", [{}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "0"}])
def test_a_supervisor_that_says_no_period_is_told_every_few_seconds(told: dict[str, str]) -> None:
    assert 10 < len(notes(WatchdogPace.told_by(told, 812), 60.0)) < 20


def test_a_note_that_was_not_taken_is_due_again_at_once() -> None:
    pace = WatchdogPace(30.0)
    assert pace.due(0.0)
    assert pace.due(0.05)
