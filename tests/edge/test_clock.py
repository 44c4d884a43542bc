import pytest

from edge.clock import Clock, better_mapping
from protocol.state import WallMapping

DAY_S = 86400.0


class World:
    """A monotonic clock and a wall clock that a test can set."""

    def __init__(self) -> None:
        self.monotonic_s = 100.0
        self.wall_s = 1_700_000_000.0
        self.synced = False
        self.clock = Clock(
            monotonic=lambda: self.monotonic_s,
            wall=lambda: self.wall_s,
            synced=lambda: self.synced,
            boot="0" * 32,
        )

    def pass_by(self, duration_s: float) -> None:
        self.monotonic_s += duration_s
        self.wall_s += duration_s


def test_wall_time_is_the_timeline_plus_an_offset() -> None:
    world = World()
    world.pass_by(5.0)
    assert world.clock.mapping().offset_s + world.clock.now_s() == pytest.approx(world.wall_s)


def test_time_that_passes_is_no_jump() -> None:
    world = World()
    world.pass_by(3600.0)
    assert world.clock.jump() is None


@pytest.mark.parametrize(("by_s", "words"), [(DAY_S, "forward by 1.0 days"), (-7200.0, "back by 2.0 hours")])
def test_a_jump_of_the_wall_clock_is_told_once_and_in_words(by_s: float, words: str) -> None:
    world = World()
    world.wall_s += by_s
    jump = world.clock.jump()
    assert jump is not None
    assert words in str(jump)
    assert world.clock.jump() is None


def test_a_jump_of_the_wall_clock_leaves_durations_alone() -> None:
    world = World()
    began_s = world.clock.now_s()
    world.pass_by(4.0)
    world.wall_s -= DAY_S
    assert world.clock.now_s() - began_s == 4.0


def test_wall_time_is_estimated_until_a_time_server_was_reached() -> None:
    world = World()
    assert world.clock.mapping().clock == "estimated"
    world.synced = True
    assert world.clock.mapping().clock == "synced"


def test_a_program_held_up_between_two_readings_reads_again() -> None:
    held_up = [0.0, 5.0, 5.0, 5.0]
    clock = Clock(
        monotonic=lambda: held_up.pop(0) if held_up else 5.0,
        wall=lambda: 1000.0,
        synced=lambda: False,
        boot="0" * 32,
    )
    assert clock.mapping().offset_s == 995.0


def test_an_estimate_never_replaces_a_synchronised_mapping_of_the_same_boot() -> None:
    synced = WallMapping(offset_s=1000.0, clock="synced")
    later = WallMapping(offset_s=1001.0, clock="synced")
    estimated = WallMapping(offset_s=90000.0, clock="estimated")
    assert better_mapping(None, estimated) == estimated
    assert better_mapping(estimated, synced) == synced
    assert better_mapping(synced, estimated) == synced
    assert better_mapping(synced, later) == later


def test_the_machine_names_its_boot_the_same_each_time() -> None:
    assert Clock().boot == Clock().boot
    assert len(Clock().boot) == 32
    assert Clock().mapping().clock in ("synced", "estimated")
