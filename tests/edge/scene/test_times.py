"""The times of coming, standing and leaving have standard errors, and these hold what the labels say."""

import json
from pathlib import Path

import pytest

from benchmarks.approach_accuracy import account, observed
from edge.settings.desk_toml import Camera
from tests.worlds.walkers import Sight, Walk, film

SIGMA_90 = 1.645
VISIT = Walk([(1.0, 0.2, 5.5), (4.08, 0.2, 1.8), (10.0, 0.2, 1.8), (13.5, 0.2, 6.0)])


def outside(told_s: float | None, se_s: float | None, true_s: float, label_s: float) -> bool:
    """Whether a time lies outside its 90 % interval, widened by what the label is not sure of."""
    assert told_s is not None
    assert se_s is not None
    assert 0.02 < se_s < 0.8
    return abs(told_s - true_s) > SIGMA_90 * se_s + label_s


def test_the_intervals_of_times_hold_the_labels(clips: Path) -> None:
    labels = json.loads((clips / "labels.json").read_text())["approach"]
    visits = [each for each in labels if each["clip"] == "approach_onebyone.mp4"]
    said = account(observed("approach_onebyone.mp4"), Camera(name="customers", watches="customers"))
    people = sorted(said.people, key=lambda person: person.first_seen_s)
    missed = 0
    for person, label in zip(people, visits, strict=True):
        unsure = label["uncertainty"]
        missed += outside(
            said.first_near_s[person.id],
            person.near_since_se_s,
            label["first_visible"],
            unsure["first_visible"],
        )
        missed += outside(
            said.first_stands_s[person.id],
            person.stood_since_se_s,
            label["pause_start"],
            unsure["pause_start"],
        )
        missed += outside(
            person.gone_since_s, person.gone_since_se_s, label["last_visible"], unsure["last_visible"]
        )
    assert missed <= 1


@pytest.mark.parametrize("rate_hz", [3.0, 7.5])
def test_the_intervals_of_crossings_hold_them(rate_hz: float) -> None:
    missed = 0
    for seed in range(5):
        said = film([VISIT], 14.0, Sight(rate_hz=rate_hz, seed=seed)).only()
        near = next(track for _, track in said if track.near)
        gone = next(track for _, track in said if track.gone_since_s is not None)
        missed += outside(near.near_since_s, near.near_since_se_s, 1.0 + 2.5 / 1.2, 0.0)
        missed += outside(gone.gone_since_s, gone.gone_since_se_s, 10.0 + 1.7 / 1.2, 0.0)
    assert missed <= 1


def test_when_somebody_came_who_was_there_before_anybody_looked_is_not_known() -> None:
    track = film([Walk([(-5.0, 0.0, 2.0), (20.0, 0.0, 2.0)])], 4.0).last()
    assert track.near_since_se_s is None
