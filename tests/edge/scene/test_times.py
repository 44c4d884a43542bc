"""The times of coming, standing and leaving have standard errors, and these hold what the labels say."""

import json
from pathlib import Path

import pytest

from benchmarks.approach_accuracy import account, observed
from edge.observation import Box, FrameSeen, Person
from edge.scene.scene import Scene
from edge.settings.desk_toml import Camera
from protocol.standard import Near
from tests.worlds.walkers import Sight, Walk, film

SIGMA_90 = 1.645
WHOLE_PICTURE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
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


@pytest.mark.parametrize("found_s", [1.2, 1.6, 2.0])
def test_who_comes_in_slowly_and_is_found_late_may_have_been_in_view_for_long(found_s: float) -> None:
    """As a head from behind at the picture's lower edge, of which a detector makes nobody for a second and more."""
    came_s, pace = 1.0, 0.12
    scene = Scene((Camera(name="front", watches="customers", near_zone=WHOLE_PICTURE),), Near())
    track = None
    for look in range(40):
        t_s = look * 0.13
        top = max(0.4, 1.0 - pace * 2.2 * (t_s - came_s))
        box = Box(0.6 + 0.001 * (look % 2), top, 0.8 + 0.001 * (look % 2), 1.0)
        people = (Person(box, 0.5, None, None, ()),) if t_s >= found_s else ()
        now = scene.observe(FrameSeen(t_s, "front", people))
        track = next(iter(now.customers), track)
    assert track is not None
    assert track.near_since_s is not None
    assert track.near_since_se_s is not None
    assert abs(track.near_since_s - came_s) < SIGMA_90 * track.near_since_se_s
    assert track.near_since_se_s < 0.7


def test_who_is_found_amid_the_picture_came_between_the_looks() -> None:
    scene = Scene((Camera(name="front", watches="customers", near_zone=WHOLE_PICTURE),), Near())
    track = None
    for t_s in (0.0, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5):
        box = Box(0.4, 0.3, 0.5 + 0.01 * t_s, 0.8)
        people = (Person(box, 0.5, None, None, ()),) if t_s >= 1.0 else ()
        now = scene.observe(FrameSeen(t_s, "front", people))
        track = next(iter(now.customers), track)
    assert track is not None
    assert track.near_since_s == pytest.approx(0.5)
    assert track.near_since_se_s == pytest.approx(0.3, abs=0.05)


def test_when_somebody_came_who_was_there_before_anybody_looked_is_not_known() -> None:
    track = film([Walk([(-5.0, 0.0, 2.0), (20.0, 0.0, 2.0)])], 4.0).last()
    assert track.near_since_se_s is None
