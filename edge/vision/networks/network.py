"""Runs one ONNX network, its outputs by name."""

from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray


class Network:
    """A loaded model with one input."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        self.outputs = tuple(output.name for output in session.get_outputs())

    def run(self, tensor: NDArray[Any]) -> dict[str, NDArray[np.float32]]:
        """All outputs for one input."""
        return dict(zip(self.outputs, self._session.run(None, {self._input: tensor}), strict=True))


def sigmoid(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """Logistic function; MediaPipe clips detector scores to +-100 first."""
    return (1.0 / (1.0 + np.exp(-np.clip(logits.astype(np.float64), -100.0, 100.0)))).astype(np.float32)
