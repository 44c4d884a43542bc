"""A model cut in parts gives what it gave whole."""

import copy
from typing import Any

import numpy as np
import onnxruntime
import pytest

from models.build.graph import Array, UnsupportedError
from models.build.parallel_branches import merge
from models.build.parts import part
from models.build.tflite_file import TfliteFile
from models.build.tflite_to_onnx import convert_tflite
from tests.models.build.test_parallel_branches import (
    CHANNELS,
    SIDE,
    Branches,
    results,
    three_branches_of_which_the_last_two_fork,
)


def run(file: TfliteFile, feeds: dict[str, Array], channels_second: tuple[str, ...] = ()) -> dict[str, Array]:
    model = convert_tflite(merge(file), "part", channels_second=channels_second)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [put.name for put in session.get_outputs()]
    found: list[Any] = list(session.run(None, {put.name: feeds[put.name] for put in session.get_inputs()}))
    return {name: np.asarray(each) for name, each in zip(names, found, strict=True)}


def feeds(file: TfliteFile) -> dict[str, Array]:
    """The same as `results` feeds."""
    random = np.random.default_rng(8)
    picture, *regions = (file.names[tensor] for tensor in file.inputs)
    given: dict[str, Array] = {picture: random.random((1, 16, 16, CHANNELS), np.float32)}
    for number, region in enumerate(regions):
        matrix = np.eye(4, dtype=np.float32)
        matrix[:2, 3] = number, 2.5 * number
        given[region] = matrix[np.newaxis]
    return given


def test_branches_that_run_apart_give_what_they_give_together() -> None:
    file = three_branches_of_which_the_last_two_fork()
    given = feeds(file)
    picture, *regions = given
    together, _ = results(copy.deepcopy(file))
    names = [file.names[tensor] for tensor in file.outputs]
    for branch, own in ((regions[:1], names[:1]), (regions[1:], names[1:])):
        cut = part(file, {each: each for each in (picture, *branch)}, {each: each for each in own})
        apart = run(cut, given)
        assert list(apart) == own
        for name, values in apart.items():
            np.testing.assert_allclose(values, together[names.index(name)], rtol=1e-5, atol=1e-5)


def test_a_picture_goes_from_part_to_part_with_its_channels_second() -> None:
    branches = Branches()
    picture = branches.tensor([1, SIDE, SIDE, CHANNELS])
    middle = branches.prelu(branches.depthwise(picture))
    end = branches.depthwise(middle)
    file = branches.file
    file.inputs, file.outputs = [picture], [end]
    given = {file.names[picture]: np.random.default_rng(3).random((1, SIDE, SIDE, CHANNELS), np.float32)}
    whole = run(copy.deepcopy(file), given)
    first = run(
        part(file, {file.names[picture]: file.names[picture]}, {"features": file.names[middle]}),
        given,
        ("features",),
    )
    assert first["features"].shape == (1, CHANNELS, SIDE, SIDE)
    second = run(part(file, {"features": file.names[middle]}, {"end": file.names[end]}), first, ("features",))
    np.testing.assert_allclose(second["end"], whole[file.names[end]], rtol=1e-5, atol=1e-5)


def test_a_part_that_lacks_an_input_is_refused_with_its_name() -> None:
    file = three_branches_of_which_the_last_two_fork()
    picture, *_ = (file.names[tensor] for tensor in file.inputs)
    with pytest.raises(UnsupportedError, match="not given"):
        part(file, {picture: picture}, {"heads": file.names[file.outputs[0]]})
    with pytest.raises(UnsupportedError, match="no tensor nowhere"):
        part(file, {picture: "nowhere"}, {"heads": file.names[file.outputs[0]]})
