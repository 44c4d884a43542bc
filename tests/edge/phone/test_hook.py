"""The hook switch to lifting and hanging up."""

from collections.abc import Iterable

from edge.phone.hook import HookChange, HookSwitch
from edge.phone.noise import NoiseTally


def run(switch: HookSwitch, edges: Iterable[tuple[float, bool]]) -> list[HookChange]:
    changes: list[HookChange | None] = []
    for t_s, off_hook in edges:
        while switch.deadline_s <= t_s:
            changes.append(switch.on_time())
        changes.append(switch.on_edge(t_s, off_hook=off_hook))
    while switch.deadline_s < float("inf"):
        changes.append(switch.on_time())
    return [change for change in changes if change is not None]


def settled(changes: Iterable[HookChange]) -> list[tuple[float, bool]]:
    return [(change.t_s, change.off_hook) for change in changes if change.stage == "settled"]


def test_lifting_and_hanging_up_are_timed_by_their_first_contact() -> None:
    bouncing = [(5.0, True), (5.002, False), (5.004, True), (9.0, False), (9.001, True), (9.003, False)]
    assert settled(run(HookSwitch(NoiseTally()), bouncing)) == [(5.0, True), (9.0, False)]


def test_a_hook_flash_of_90_to_500_ms_is_no_hanging_up() -> None:
    tally = NoiseTally()
    for flash_s in (0.09, 0.3, 0.5):
        changes = run(HookSwitch(tally), [(1.0, True), (5.0, False), (5.0 + flash_s, True), (9.0, False)])
        assert settled(changes) == [(1.0, True), (9.0, False)]
    assert tally.flashes == 3


def test_a_spike_on_the_pin_is_no_lifting() -> None:
    tally = NoiseTally()
    changes = run(HookSwitch(tally), [(1.0, True), (1.01, False)])
    assert [change.stage for change in changes] == ["began", "undone"]
    assert tally.flashes == 1


def test_dial_pulses_in_the_loop_are_no_hanging_up() -> None:
    dialled = [(2.0 + 0.1 * n + d, on) for n in range(10) for d, on in ((0.0, False), (0.06, True))]
    assert settled(run(HookSwitch(NoiseTally()), [(1.0, True), *dialled, (9.0, False)])) == [
        (1.0, True),
        (9.0, False),
    ]
