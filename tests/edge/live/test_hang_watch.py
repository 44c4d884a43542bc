"""A driver that hangs is a lost camera; one that does not come back costs a new start, and not again and again."""

from edge.live.hang_watch import HANGS_S, LEAST_RUN_S, RESTART_AFTER_S, HangWatch


def test_a_look_or_an_opening_that_takes_some_seconds_is_no_hang() -> None:
    watch = HangWatch(0.0)
    watch.alive(100.0)
    assert not watch.hangs(100.0 + HANGS_S - 1.0)
    watch.alive(100.0 + HANGS_S - 1.0)
    assert not watch.hangs(100.0 + HANGS_S)


def test_a_desk_that_has_run_for_long_starts_anew_for_a_driver_that_stays_away() -> None:
    watch = HangWatch(0.0)
    watch.alive(5000.0)
    assert watch.hangs(5000.0 + HANGS_S)
    assert not watch.needs_restart(5000.0 + RESTART_AFTER_S - 1.0)
    assert watch.needs_restart(5000.0 + RESTART_AFTER_S)


def test_a_camera_that_hangs_from_the_beginning_leaves_the_telephone_its_time() -> None:
    watch = HangWatch(0.0)
    assert not watch.needs_restart(LEAST_RUN_S - 1.0)
    assert watch.needs_restart(LEAST_RUN_S)
