"""Runs one ONNX network, its outputs by name."""

from collections.abc import Mapping

import numpy as np
import onnxruntime

from edge.arrays import AnyArray, AnyFloatArray, Float32Array


class Network:
    """A loaded model."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        self.outputs = tuple(output.name for output in session.get_outputs())

    def run(self, tensor: AnyArray) -> dict[str, Float32Array]:
        """All outputs of a model with one input."""
        return self.run_all({self._input: tensor})

    def run_all(self, tensors: Mapping[str, AnyArray]) -> dict[str, Float32Array]:
        """All outputs for all inputs by name."""
        return dict(zip(self.outputs, self._session.run(None, tensors), strict=True))


def sigmoid(logits: AnyFloatArray) -> Float32Array:
    """Logistic function; MediaPipe clips detector scores to +-100 first."""
    return (1.0 / (1.0 + np.exp(-np.clip(logits.astype(np.float64), -100.0, 100.0)))).astype(np.float32)
