"""Whether a mouth smiles is a probability, and its numbers are those that the labelled faces give."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.smile_shape import faces, fitted, judged
from edge.face.followed_face import FollowedFace
from edge.face.mouth import NOSE_LIFT_PER_PITCH_DEG
from edge.host.host_meter import HostMeter
from edge.host.smile_shape import (
    INTERCEPT,
    PER_LOG_OPENING,
    PER_NOSE_CM,
    PER_WIDTH_CM,
    SURE,
    log_odds,
    probability,
)
from edge.observation import FrameSeen
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.footage import FaceReader
from tests.worlds.host_figures.views import REST, SMILE, Doing, Script, view


def shape(doing: Doing) -> float:
    odds = log_odds(view(doing))
    assert odds is not None
    return probability(odds)


@pytest.fixture(scope="module")
def table(clips: Path) -> Path:
    return clips.parent / "facts" / "mouth_shapes.tsv"


def test_the_weights_are_those_that_the_labelled_faces_give(table: Path) -> None:
    known = faces(table)
    intercept, (nose, width, opening, pitch) = fitted(known.shape(pooled=0.5), known.smile)
    assert intercept == pytest.approx(INTERCEPT, abs=0.01)
    assert (nose, width, opening) == pytest.approx((PER_NOSE_CM, PER_WIDTH_CM, PER_LOG_OPENING), abs=0.01)
    assert -pitch / nose == pytest.approx(NOSE_LIFT_PER_PITCH_DEG, abs=0.0005)


def test_faces_that_no_weight_was_fitted_to_are_told_right(table: Path) -> None:
    known = faces(table)
    result = judged(known.shape(pooled=0.5), known.smile)
    assert result.right >= 0.935
    assert result.right_when_told >= 0.96
    assert result.untold <= 0.15


def test_a_smile_has_the_shape_of_one_and_a_resting_or_speaking_mouth_has_not() -> None:
    assert shape(SMILE) > 0.95
    assert shape(REST) < 1 - SURE
    assert shape(Doing(lift_cm=-0.1, wider_cm=-0.6, open_cm=0.9)) < 0.5


def test_a_mouth_of_doubtful_shape_neither_smiles_nor_does_not() -> None:
    doubtful = replace(REST, lift_cm=0.15, wider_cm=0.75)
    assert 1 - SURE < shape(doubtful) < SURE
    script = Script().do(doubtful, 0.5)
    assert script.now.smiling is None


def test_somebody_who_rests_with_a_mouth_a_little_like_a_smile_is_known_after_20_seconds() -> None:
    upturned = replace(REST, lift_cm=0.15, wider_cm=0.9)
    assert 0.6 < shape(upturned) < 0.9
    script = Script().do(upturned, 21.0)
    assert script.now.baseline_known
    assert script.now.smiling is False
    script.do(replace(SMILE, lift_cm=0.9), 2.0)
    assert script.now.smiling is True


def test_whether_a_man_smiles_is_told_within_20_seconds_of_his_face(clips: Path) -> None:
    frames = footage.clip(clips / "lean_cap12.mp4")[::3]
    _, nows = footage.watched(footage.seen(FaceReader(), [frame for frame in frames if frame[0] < 60.0]))
    later = [now for now in nows if now.t_s >= 20.0 and now.lift_cm is not None]
    assert all(now.smiling is False for now in later)


@pytest.mark.parametrize(
    "clip", ["smile_singleface.mp4", "approach_walking.gif", "approach_walkpause.gif", "lean_cap12.mp4"]
)
def test_whoever_it_is_their_resting_face_is_known_after_20_seconds_of_it(clips: Path, clip: str) -> None:
    """Also of a man who smiles most of the time, and of people who are far away; clips are shown to and fro."""
    reader, followed, meter = FaceReader(), FollowedFace(), HostMeter(smile_measured=True)
    pictures = [rgb for t_s, rgb in footage.clip(clips / clip) if t_s < 6.0][::2]
    reader.first(pictures[0])
    meshes = [reader.next(rgb, at / 15) for at, rgb in enumerate(pictures)]
    to_and_fro = [*range(len(pictures)), *range(len(pictures) - 2, 0, -1)]
    faces, later = 0, []
    for index in range(45 * 15):
        at = to_and_fro[index % len(to_and_fro)]
        seen = footage.view(meshes[at], pictures[at], followed, index / 15)
        now = meter.observe(FrameSeen(index / 15, "staff", host=seen, host_sought=True), ())
        faces += seen is not None
        if faces > 20.5 * 15:
            later.append(now.baseline_known)
    assert len(later) > 15
    assert all(later)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_smile_of_one_side_is_as_high_as_the_side_that_moves(side: str) -> None:
    script = Script().do(REST, 30.0)
    one_sided = replace(REST, one_sided_cm=1.17 if side == "left" else -1.17, wider_cm=1.0)
    begun_s = script.t_s
    script.do(one_sided, 3.0)
    smile = script.do(REST, 1.0).conduct().smile
    assert smile is not None
    assert smile.onset_s == pytest.approx(begun_s, abs=0.1)
    assert smile.peak_lift_cm is not None
    assert smile.peak_lift_cm.value == pytest.approx(1.17, abs=0.1)


def test_a_smile_is_as_unsure_as_the_resting_face_it_was_measured_against() -> None:
    """What is learnt after the smile says nothing of how well it was measured."""
    early = Script().do(REST, 0.2).do(SMILE, 2.0).do(REST, 60.0).conduct().smile
    late = Script().do(REST, 60.0).do(SMILE, 2.0).conduct().smile
    assert early is not None
    assert late is not None
    assert (early.baseline, late.baseline) == ("learning", "known")
    assert early.peak_lift_cm is not None
    assert late.peak_lift_cm is not None
    assert early.peak_lift_cm.se > late.peak_lift_cm.se


def test_a_smile_that_comes_slowly_is_dated_less_surely() -> None:
    fast = Script().do(REST, 30.0).do(SMILE, 2.0).conduct().smile
    slow_script = Script().do(REST, 30.0)
    begun_s = slow_script.t_s
    slow = slow_script.do(lambda t_s: Doing(lift_cm=min((t_s - begun_s) * 0.15, 0.9)), 8.0).conduct().smile
    assert fast is not None
    assert slow is not None
    assert fast.onset_se_s is not None
    assert slow.onset_se_s is not None
    assert slow.onset_se_s > 2 * fast.onset_se_s
