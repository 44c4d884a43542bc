"""Compares the models that came as .tflite files with LiteRT, the runtime they were published for."""

from collections.abc import Iterable, Iterator

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from models.check.comparison import Comparison, Sources, Tensor, letterboxed, run

RUNTIME = "LiteRT"
"""What the models are compared with."""

BLACK = {
    "face_detection_full_range": -1.0,
    "face_detection_short_range": -1.0,
    "pose_landmark_full": 0.0,
}
"""The models on pictures and the number they expect for black; white is 1."""

ALLOWED = {
    "face_detection_full_range": 7e-4,
    "face_detection_short_range": 7e-4,
    "pose_landmark_full": 5e-3,
}
"""In the units of the outputs, which for detectors and the pose's points in the picture are pixels up to about 900."""

POSE_WORLD = "Identity_4"
"""The output of the pose in metres; the others are in pixels."""
POSE_WORLD_ALLOWED = 1.1e-5
"""In metres."""


def compare(sources: Sources) -> Iterator[Comparison]:
    """Compare each model on the portrait."""
    for model, black in BLACK.items():
        (content,) = sources.weights(model)
        published = _published(content)
        tensor = _picture(published, black)
        expected = _outputs(published, tensor)
        found = run(model, tensor)
        worlds = found.keys() & {POSE_WORLD}
        yield _comparison(model, found, expected, found.keys() - worlds, ALLOWED[model])
        if worlds:
            yield _comparison(f"{model}, world", found, expected, worlds, POSE_WORLD_ALLOWED)


def _published(content: bytes) -> Interpreter:
    """LiteRT's own kernels: those it uses for speed differ from them by as much as ours do."""
    return Interpreter(model_content=content, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)


def _comparison(
    model: str, found: dict[str, Tensor], expected: dict[str, Tensor], names: Iterable[str], allowed: float
) -> Comparison:
    difference = max(float(np.abs(found[name] - expected[name]).max()) for name in names)
    return Comparison(model, RUNTIME, difference, allowed, "at most")


def _picture(published: Interpreter, black: float) -> Tensor:
    _, height, width, _ = published.get_input_details()[0]["shape"].tolist()
    tensor: Tensor = (letterboxed(height, width) * ((1 - black) / 255) + black).astype(np.float32)
    return tensor


def _outputs(published: Interpreter, tensor: Tensor) -> dict[str, Tensor]:
    published.allocate_tensors()
    published.set_tensor(published.get_input_details()[0]["index"], tensor)
    published.invoke()
    return {
        detail["name"].split(":", maxsplit=1)[0]: published.get_tensor(detail["index"])
        for detail in published.get_output_details()
    }
