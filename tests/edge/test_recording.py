"""A recording gives back exactly the observations it was made from."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.observation import (
    BadObservationError,
    Box,
    CameraBack,
    CameraLost,
    Edge,
    EdgesLost,
    End,
    Estimate,
    FrameSeen,
    HostView,
    LineBack,
    LineLost,
    Observation,
    Person,
    Place,
    SignedIn,
    Tick,
    from_json,
    to_json,
)
from edge.recording import Recorder, RecordingError, read

numbers = st.floats(allow_nan=False, allow_infinity=False, width=64)
estimates = st.none() | st.builds(Estimate, numbers, numbers)
boxes = st.builds(Box, numbers, numbers, numbers, numbers)
people = st.builds(
    Person,
    boxes,
    numbers,
    st.none() | st.tuples(numbers, numbers),
    st.none() | st.builds(Place, numbers, numbers, numbers),
    st.lists(st.sampled_from(["face", "iris", "body", "floor"])).map(tuple),
)
hosts = st.builds(HostView, boxes, lift_left_cm=estimates, teeth=estimates, gaze_yaw_deg=estimates)
observations: st.SearchStrategy[Observation] = st.one_of(
    st.builds(
        FrameSeen,
        numbers,
        st.text(),
        st.none() | st.lists(people).map(tuple),
        st.none() | hosts,
        st.booleans(),
    ),
    st.builds(CameraLost, numbers, st.text(), st.text()),
    st.builds(CameraBack, numbers, st.text()),
    st.builds(Edge, numbers, st.text(), st.sampled_from(["ring", "hook"]), st.booleans()),
    st.builds(SignedIn, numbers, st.none() | st.text(), st.none() | st.booleans()),
    st.builds(EdgesLost, numbers, st.text(), st.integers(min_value=0, max_value=2**40)),
    st.builds(LineLost, numbers, st.text(), st.text()),
    st.builds(LineBack, numbers, st.text()),
    st.builds(Tick, numbers),
    st.builds(End, numbers),
)


@given(observations)
def test_an_observation_comes_back_to_the_last_bit(observation: Observation) -> None:
    assert from_json(to_json(observation)) == observation


@given(st.binary(max_size=200))
def test_a_line_of_junk_is_refused_in_words(junk: bytes) -> None:
    with pytest.raises(BadObservationError):
        from_json(junk)


def test_a_recording_on_disk_comes_back_in_order(tmp_path: Path) -> None:
    made: list[Observation] = [
        CameraBack(0.1, "a"),
        Edge(0.2, "1", "ring", level=True),
        End(0.30000000000000004),
    ]
    with Recorder(tmp_path / "r.jsonl") as recorder:
        for observation in made:
            recorder.write(observation)
    assert list(read(tmp_path / "r.jsonl")) == made


def test_a_camera_whose_picture_had_stood_still_for_a_while_is_lost_in_a_recording_too(
    tmp_path: Path,
) -> None:
    """That it was frozen is known ten seconds later, and said of the time at which it froze."""
    made: list[Observation] = [
        FrameSeen(1.0, "a"),
        FrameSeen(11.0, "a"),
        CameraLost(1.0, "a", "frozen"),
        CameraBack(20.0, "a"),
    ]
    with Recorder(tmp_path / "r.jsonl") as recorder:
        for observation in made:
            recorder.write(observation)
    assert list(read(tmp_path / "r.jsonl")) == made


def test_a_spoilt_recording_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(to_json(End(1.0)) + '\n{"kind": "frame"}\n')
    with pytest.raises(RecordingError, match=r"line 2, is no observation"):
        list(read(path))
    path.write_text(to_json(End(1.0)) + "\n" + to_json(End(0.5)) + "\n")
    with pytest.raises(RecordingError, match="time of end runs backwards"):
        list(read(path))
