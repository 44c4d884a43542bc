"""How often charts signal for nothing, and how soon for something."""

import numpy as np
import pytest

from central.statistics.run_length import (
    FALSE_SIGNALS,
    LAMBDA,
    WATCHED_POINTS,
    inflation_of,
    limit_sigma,
    signal_chance,
    spread,
)


def test_the_published_average_run_length_comes_out() -> None:
    # Lucas and Saccucci 1990, table 3: weight 0.20 and limit 2.962 have the average run length 500; its tail is geometric.
    late = (1.0 - signal_chance(2.962, 400)) / (1.0 - signal_chance(2.962, 399))
    assert 1.0 / (1.0 - late) == pytest.approx(500, rel=0.02)


def test_the_limit_keeps_the_chance_it_was_made_for() -> None:
    assert signal_chance(limit_sigma(), WATCHED_POINTS) == pytest.approx(FALSE_SIGNALS, rel=0.01)
    assert 3.3 < limit_sigma() < 3.4


def test_chance_agrees_with_drawn_scores() -> None:
    scores = np.random.default_rng(7).standard_normal((20_000, 12)) + 1.5
    mean = np.zeros(len(scores))
    crossed = np.zeros(len(scores), dtype=bool)
    for each in scores.T:
        mean = (1.0 - LAMBDA) * mean + LAMBDA * each
        crossed |= np.abs(mean) > 3.0 * spread()
    assert signal_chance(3.0, 12, 1.5) == pytest.approx(crossed.mean(), abs=0.01)


def test_scores_that_hang_together_spread_their_mean_as_far_as_is_said() -> None:
    generator = np.random.default_rng(3)
    score, mean, seen = 0.0, 0.0, []
    for _ in range(60_000):
        score = 0.5 * score + 0.75**0.5 * generator.standard_normal()
        mean = (1.0 - LAMBDA) * mean + LAMBDA * score
        seen.append(mean)
    assert float(np.std(seen)) == pytest.approx(spread(inflation_of(0.5)), rel=0.05)
