"""The teeth of a visit are those at its smile's peak, and what could not be read never counts against the host."""

from dataclasses import replace
from pathlib import Path

import pytest

from protocol.measurements import Quantity
from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import visit
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.degraded import LIGHTS
from tests.worlds.host_figures.footage import FaceReader
from tests.worlds.host_figures.views import REST, SMILE, Doing, Script

CLOSED = replace(SMILE, open_cm=0.0, teeth=0.0)
UNREADABLE = replace(SMILE, teeth=None)


def teeth(script: Script) -> Quantity | None:
    measured = script.conduct().smile
    assert measured is not None
    return measured.teeth


def verdict(script: Script) -> str:
    """Of a standard that asks for eight."""
    return outcome(visit(PROMPT, smile=script.conduct().smile), "smile.teeth")


def now_and_then(one: Doing, every: int, other: Doing) -> Script:
    """A smile of four seconds, on one frame of so many another one."""
    script = Script().do(REST, 25.0)
    begun_s = script.t_s
    return script.do(lambda t_s: one if round((t_s - begun_s) * 15) % every == 0 else other, 4.0).do(
        REST, 1.0
    )


def test_a_smile_that_grows_shows_as_many_teeth_as_at_its_peak() -> None:
    gentle = replace(SMILE, lift_cm=0.5, open_cm=0.0, teeth=0.0)
    counted = teeth(Script().do(REST, 25.0).do(gentle, 5.0).do(SMILE, 2.0).do(gentle, 5.0).do(REST, 1.0))
    assert counted is not None
    assert counted.value == pytest.approx(9.0, abs=0.5)


@pytest.mark.parametrize("every", [2, 3, 4, 5, 8, 12])
def test_nobody_fails_whose_teeth_could_not_be_read_whenever_the_lips_were_open(every: int) -> None:
    assert verdict(now_and_then(CLOSED, every, UNREADABLE)) == "indeterminate"


@pytest.mark.parametrize("every", [2, 3, 4])
def test_frames_that_could_not_be_read_leave_the_rest_as_unsure_as_they_are_many(every: int) -> None:
    counted = teeth(now_and_then(UNREADABLE, every, CLOSED))
    assert counted is None or counted.value + 2 * counted.se >= 8.0


def test_a_few_of_them_widen_the_error() -> None:
    all_read, some_not = teeth(now_and_then(SMILE, 2, SMILE)), teeth(now_and_then(UNREADABLE, 8, SMILE))
    assert all_read is not None
    assert some_not is not None
    assert some_not.se > 2 * all_read.se
    assert some_not.coverage < all_read.coverage


def test_a_smile_with_closed_lips_fails_a_standard_that_asks_for_eight() -> None:
    assert verdict(now_and_then(CLOSED, 2, CLOSED)) == "fail"


@pytest.mark.parametrize("light", LIGHTS)
def test_a_toothy_smile_fails_in_no_light(clips: Path, light: str) -> None:
    frames = [(t_s, LIGHTS[light](rgb)) for t_s, rgb in footage.clip(clips / "smile_singleface.mp4")[::2]]
    meter, _ = footage.watched(footage.seen(FaceReader(), frames))
    smile = meter.conduct(0.0, frames[-1][0], (), work=None).smile
    assert smile is not None
    assert outcome(visit(PROMPT, smile=smile), "smile.teeth") in {"pass", "indeterminate"}
