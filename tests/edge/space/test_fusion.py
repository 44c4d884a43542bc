"""Estimates are weighed by their errors; the one that disagrees is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.observation import Estimate
from edge.space.fusion import fuse


def test_one_cue_is_what_it_is() -> None:
    fused = fuse({"face": Estimate(2.0, 0.1)})
    assert (fused.estimate, fused.used) == (Estimate(2.0, 0.1), ("face",))


def test_two_cues_that_agree_are_surer_than_each() -> None:
    fused = fuse({"face": Estimate(2.0, 0.2), "floor": Estimate(2.1, 0.1)})
    assert fused.estimate.value == pytest.approx(2.08)
    assert fused.estimate.se < 0.1
    assert fused.used == ("face", "floor")


def test_the_cue_that_disagrees_with_two_others_is_left_out() -> None:
    fused = fuse({"face": Estimate(2.0, 0.1), "body": Estimate(2.05, 0.15), "floor": Estimate(4.0, 0.2)})
    assert fused.used == ("face", "body")
    assert fused.estimate.value == pytest.approx(2.015, abs=0.01)


def test_of_two_that_disagree_the_surer_one_stays_but_is_not_so_sure_any_more() -> None:
    fused = fuse({"body": Estimate(3.0, 0.3), "floor": Estimate(2.0, 0.1)})
    assert fused.used == ("floor",)
    assert fused.estimate.value == 2.0
    assert fused.estimate.se >= 0.5


@given(
    st.dictionaries(
        st.sampled_from(["face", "iris", "body", "floor"]),
        st.tuples(st.floats(0.5, 9.0), st.floats(0.01, 2.0)),
        min_size=1,
    )
)
def test_a_fused_value_lies_among_its_cues_and_is_never_surer_than_they_allow(
    cues: dict[str, tuple[float, float]],
) -> None:
    estimates = {name: Estimate(value, se) for name, (value, se) in cues.items()}
    fused = fuse(estimates)
    used = [estimates[name] for name in fused.used]
    assert (
        min(cue.value for cue in used) - 1e-9 <= fused.estimate.value <= max(cue.value for cue in used) + 1e-9
    )
    assert fused.estimate.se >= sum(1 / cue.se**2 for cue in used) ** -0.5 - 1e-12
