"""A customer who stands is told from one who walks, and the stand began when they came to it."""

import pytest

from tests.worlds.people import AT_EYE_HEIGHT, UNKNOWN
from tests.worlds.walkers import Sight, Walk, film

SEEDS = range(6)
BAD_SIGHT = [
    pytest.param(Sight(), id="as usual"),
    pytest.param(Sight(rate_hz=3.0), id="3 Hz"),
    pytest.param(Sight(rate_hz=15.0), id="15 Hz"),
    pytest.param(Sight(dropped=0.3, seed=3), id="three in ten detections missing"),
    pytest.param(Sight(jitter_px=5.0), id="trembling keypoints"),
    pytest.param(Sight(irregular=0.9, dropped=0.15), id="irregular"),
]


def walk_up(to_m: float, speed_m_s: float = 1.2) -> tuple[Walk, float]:
    """Somebody who walks up to the desk and stays, and when they arrive."""
    arrives_s = 1.0 + (5.5 - to_m) / speed_m_s
    return Walk([(1.0, 0.3, 5.5), (arrives_s, 0.2, to_m), (arrives_s + 8.0, 0.2, to_m)]), arrives_s


@pytest.mark.parametrize("seen", BAD_SIGHT)
@pytest.mark.parametrize("to_m", [1.2, 2.5])
def test_a_stand_began_when_the_customer_came_to_it(seen: Sight, to_m: float) -> None:
    walk, arrives_s = walk_up(to_m)
    track = film([walk], arrives_s + 6.0, seen).last()
    assert track.stands
    assert track.stood_since_s == pytest.approx(arrives_s, abs=0.5)


@pytest.mark.parametrize("seen", BAD_SIGHT)
def test_somebody_who_stands_keeps_standing(seen: Sight) -> None:
    walk, arrives_s = walk_up(1.8)
    said = film([walk], arrives_s + 8.0, seen).only()
    assert all(track.stands for t_s, track in said if t_s > arrives_s + 4.0)
    assert len({track.stood_since_s for _, track in said if track.stands}) == 1


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("speed_m_s", [0.6, 0.9, 1.4])
@pytest.mark.parametrize("dropped", [0.0, 0.3])
def test_a_customer_who_walks_past_never_stands(seed: int, speed_m_s: float, dropped: float) -> None:
    past = Walk([(0.0, -1.4, 2.6), (2.8 / speed_m_s, 1.4, 2.8)])
    said = film([past], 2.8 / speed_m_s, Sight(dropped=dropped, seed=seed)).only()
    assert not any(track.stands for _, track in said)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("speed_m_s", [0.7, 1.2])
def test_a_customer_who_walks_straight_at_the_camera_does_not_stand_though_they_hardly_move_in_the_picture(
    seed: int, speed_m_s: float
) -> None:
    towards = Walk([(0.0, 0.0, 5.5), (4.5 / speed_m_s, 0.0, 1.0)])
    for declared in (AT_EYE_HEIGHT, UNKNOWN):
        said = film(
            [towards], 4.5 / speed_m_s, Sight(seed=seed), camera=AT_EYE_HEIGHT, declared=declared
        ).only()
        assert not any(track.stands for _, track in said)


def test_a_sidestep_is_no_walk() -> None:
    walk = Walk([(0.0, 0.0, 5.0), (2.5, 0.0, 2.0), (8.0, 0.0, 2.0), (8.8, 0.4, 2.0), (15.0, 0.4, 2.0)])
    said = film([walk], 15.0).only()
    assert all(track.stands for t_s, track in said if t_s > 5.0)
    assert said[-1][1].stood_since_s == pytest.approx(2.5, abs=0.5)


def test_somebody_who_walks_on_stands_no_more_and_their_next_stand_is_a_new_one() -> None:
    walk = Walk([(0.0, -0.8, 4.0), (1.5, -0.8, 2.6), (6.0, -0.8, 2.6), (8.5, 0.9, 2.6), (14.0, 0.9, 2.6)])
    said = film([walk], 14.0).only()
    first, last = said[0][1], said[-1][1]
    assert first.stood_since_s is None
    assert last.stood_since_s == pytest.approx(8.5, abs=0.5)


SLOW_M_S = [0.15, 0.25, 0.35, 0.45]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("speed_m_s", SLOW_M_S)
@pytest.mark.parametrize(
    ("from_at", "to_at"),
    [((0.2, 3.0), (0.2, 1.5)), ((-0.8, 2.9), (0.2, 1.5)), ((-1.1, 1.9), (0.4, 1.9))],
    ids=["straight on", "slanting", "across"],
)
def test_a_slow_walker_does_not_stand_before_they_do(
    seed: int, speed_m_s: float, from_at: tuple[float, float], to_at: tuple[float, float]
) -> None:
    arrives_s = 0.5 + ((from_at[0] - to_at[0]) ** 2 + (from_at[1] - to_at[1]) ** 2) ** 0.5 / speed_m_s
    walk = Walk([(0.5, *from_at), (arrives_s, *to_at), (arrives_s + 4.0, *to_at)])
    said = film([walk], arrives_s + 4.0, Sight(seed=seed)).only()
    assert not any(track.stands for t_s, track in said if t_s < arrives_s)
    assert said[-1][1].stood_since_s == pytest.approx(arrives_s, abs=0.6)
    assert min(t_s for t_s, track in said if track.stands) - arrives_s < 1.6


@pytest.mark.parametrize("speed_m_s", SLOW_M_S)
@pytest.mark.parametrize("pause_s", [0.6, 2.0])
def test_a_slow_walker_who_pauses_walks_again_and_stands_where_they_arrive(
    speed_m_s: float, pause_s: float
) -> None:
    way, t_s, y_m = [(0.5, 0.2, 3.0)], 0.5, 3.0
    walking = []
    for _ in range(3):
        walking.append((t_s, t_s + 0.5 / speed_m_s))
        t_s, y_m = t_s + 0.5 / speed_m_s, y_m - 0.5
        way += [(t_s, 0.2, y_m), (t_s + pause_s, 0.2, y_m)]
        t_s += pause_s
    arrives_s = t_s - pause_s
    said = film([Walk([*way, (arrives_s + 4.0, 0.2, y_m)])], arrives_s + 4.0).only()
    assert said[-1][1].stood_since_s == pytest.approx(arrives_s, abs=0.6)
    # Two steps on their way again, nobody is told to stand any more.
    late = [begin_s + 0.4 / speed_m_s + 0.4 for begin_s, _ in walking]
    ends = [end_s for _, end_s in walking]
    assert not any(
        track.stands
        for at_s, track in said
        for begin, end in zip(late, ends, strict=True)
        if begin < at_s < end
    )


@pytest.mark.parametrize("speed_m_s", SLOW_M_S)
@pytest.mark.parametrize(
    "ends",
    [((-0.8, 2.4), (0.8, 2.5)), ((0.2, 1.4), (0.2, 3.0)), ((-0.9, 3.0), (0.5, 2.2))],
    ids=["past", "away", "slanting"],
)
def test_a_slow_passer_by_never_stands(
    speed_m_s: float, ends: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    way = [(0.0, *ends[0]), (1.6 / speed_m_s, *ends[1])]
    said = film([Walk(way)], 1.6 / speed_m_s).only()
    assert not any(track.stands for _, track in said)


def test_a_stand_has_a_standard_error_that_covers_it() -> None:
    off = []
    for seed in range(4):
        walk, arrives_s = walk_up(1.8)
        track = film([walk], arrives_s + 4.0, Sight(seed=seed, jitter_px=3.0)).last()
        assert track.stood_since_s is not None
        assert track.stood_since_se_s is not None
        assert 0.05 < track.stood_since_se_s < 0.5
        off.append((track.stood_since_s - arrives_s) / track.stood_since_se_s)
    assert sum(abs(each) < 1.645 for each in off) >= 3


def test_when_somebody_who_walks_on_left_their_stand_is_told() -> None:
    walk = Walk([(0.0, -0.8, 4.0), (1.5, -0.8, 2.6), (5.0, -0.8, 2.6), (12.0, 0.9, 2.6)])
    said = film([walk], 12.0).only()
    left = [track.stood_until_s for _, track in said if track.stood_until_s is not None]
    assert left[-1] == pytest.approx(5.0, abs=0.8)
