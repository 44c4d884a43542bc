"""Whoever sits down at the desk begins anew: nothing of the one before is said of them."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.footage import FaceReader
from tests.worlds.host_figures.leaning import leans
from tests.worlds.host_figures.views import REST, SMILE, Doing, Script

LEAN_CLIP, SMILE_CLIP = "lean_cap12.mp4", "smile_singleface.mp4"


def placed(rgb: Pixels, height: int, width: int) -> Pixels:
    """A picture in the middle of a black one of that size, so that two clips come from one camera."""
    canvas: Pixels = np.zeros((height, width, 3), np.uint8)
    top, left = (height - rgb.shape[0]) // 2, (width - rgb.shape[1]) // 2
    canvas[top : top + rgb.shape[0], left : left + rgb.shape[1]] = rgb
    return canvas


@pytest.mark.parametrize("break_s", [0.033, 3.0])
def test_two_people_one_after_the_other_are_two(clips: Path, break_s: float) -> None:
    first, second = footage.clip(clips / LEAN_CLIP)[-450:], footage.clip(clips / SMILE_CLIP)
    began_s = first[-1][0] + break_s
    frames = [(t_s, placed(rgb, 360, 640)) for t_s, rgb in first]
    frames += [(began_s + t_s, placed(rgb, 360, 640)) for t_s, rgb in second]
    meter, nows = footage.watched(footage.seen(FaceReader(), frames))
    conduct = meter.conduct(first[0][0], frames[-1][0], (), None)
    assert conduct.host_changed_s == pytest.approx(began_s, abs=0.05)
    assert conduct.smile is not None
    assert conduct.smile.onset_s == pytest.approx(began_s + 0.6, abs=0.1)
    assert conduct.smile.peak_lift_cm is not None
    assert conduct.smile.peak_lift_cm.value == pytest.approx(1.04, abs=0.25)
    assert all(lean.end_s < began_s or lean.start_s > began_s + 0.2 for lean in leans(nows))
    after = [now for now in nows if began_s <= now.t_s < began_s + 0.4]
    assert not any(now.smiling for now in after)
    assert all(abs(now.lean_deg.value) < 4.0 for now in after if now.lean_deg is not None)


def test_one_person_for_a_minute_is_one(clips: Path) -> None:
    seen = footage.seen(FaceReader(), footage.clip(clips / LEAN_CLIP)[::2])
    assert {frame.host.face_since_s for frame in seen if frame.host is not None} <= {None, seen[0].t_s}


def test_a_host_who_is_back_after_a_moment_is_the_same(clips: Path) -> None:
    frames = footage.clip(clips / LEAN_CLIP)[:900:2]
    away = [
        (t_s, np.zeros_like(rgb)) if 10.0 < t_s < 15.0 else (t_s, cv2.GaussianBlur(rgb, (3, 3), 0))
        for t_s, rgb in frames
    ]
    seen = footage.seen(FaceReader(), [(t_s, np.asarray(rgb, np.uint8)) for t_s, rgb in away])
    assert any(frame.host is None for frame in seen)
    assert {frame.host.face_since_s for frame in seen if frame.host is not None} <= {None, seen[0].t_s}


def test_what_was_learnt_of_one_is_not_said_of_the_next() -> None:
    script = Script().do(Doing(own_rest_cm=0.35, eyes_y_m=-0.7, face_since_s=0.0), 30.0)
    assert script.now.baseline_known
    changed_s = script.t_s
    script.do(Doing(own_rest_cm=-0.3, eyes_y_m=-0.4, eyes_z_m=1.5, face_since_s=changed_s), 2.0)
    for now in script.nows[450:]:
        assert not now.baseline_known
        assert now.smiling is False
        assert now.stood_up_s is None
        assert now.lean_deg is not None
        assert abs(now.lean_deg.value) < 2.0
    assert script.conduct().host_changed_s == changed_s


def test_a_smile_that_was_told_of_the_wrong_person_is_taken_back() -> None:
    """Whether a face that is back is the same one's shows only after a second of it."""
    script = Script().do(replace(REST, face_since_s=0.0), 30.0).do(None, 3.0)
    back_s = script.t_s
    upturned = replace(REST, own_rest_cm=0.9)
    script.do(replace(upturned, face_since_s=0.0), 1.0)
    assert script.now.smiling is True
    script.do(replace(upturned, face_since_s=back_s), 2.0)
    smile = script.conduct().smile
    assert smile is not None
    assert smile.held_s == 0.0


def test_a_smile_is_not_dated_into_a_time_in_which_nothing_was_seen() -> None:
    script = Script().do(REST, 30.0)
    script.t_s += 3.0
    script.do(SMILE, 1.0)
    smile = script.conduct().smile
    assert smile is not None
    assert smile.onset_s == pytest.approx(33.0, abs=0.1)
    assert smile.onset_se_s is None


def test_nothing_is_said_of_a_smile_while_it_is_not_known_whose_face_is_back() -> None:
    script = Script().do(replace(REST, face_since_s=0.0), 30.0).do(None, 3.0)
    back_s = script.t_s
    script.do(SMILE, 1.0)
    assert (script.now.smiling, script.now.lean_deg) == (None, None)
    script.do(replace(SMILE, face_since_s=0.0), 1.0)
    assert script.now.smiling_since_s == pytest.approx(back_s, abs=0.1)
