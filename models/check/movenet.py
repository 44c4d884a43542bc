"""Compares MoveNet with TensorFlow.js, the runtime it was published for."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.check.comparison import Comparison, Sources, letterboxed, run

MODEL = "movenet_multipose"
"""The model that is compared."""

PACKAGES = [f"@tensorflow/tfjs-{part}@4.22.0" for part in ("core", "converter", "backend-cpu")]
"""What runs the published model: TensorFlow.js, by its parts."""

SCRIPT = Path(__file__).with_name("movenet.cjs")
"""Runs it, in Node."""

SIZES = [(192, 256), (256, 192)]
"""Heights and widths to try; the published runtime takes about 10 s for each."""

ALLOWED = 2e-6
"""All outputs are scores or parts of the picture's side, 0 to 1."""


def compare(sources: Sources, scratch: Path) -> Iterator[Comparison]:
    """Compare on the portrait at each of SIZES; `scratch` is a folder for the exchange of files."""
    modules = _published_runtime()
    model, weights, pixels = (scratch / name for name in ("movenet.json", "movenet.bin", "pixels"))
    for path, content in zip((model, weights), sources.weights(MODEL), strict=True):
        path.write_bytes(content)
    for height, width in SIZES:
        tensor = letterboxed(height, width).astype(np.int32)
        pixels.write_bytes(tensor.tobytes())
        command = ["node", *map(str, (SCRIPT, model, weights, pixels, height, width))]
        printed = subprocess.run(
            command, env={**os.environ, "NODE_PATH": str(modules)}, check=True, capture_output=True, text=True
        ).stdout
        expected = np.array(json.loads(printed.splitlines()[-1])).reshape(1, 6, 56)
        difference = float(np.abs(run(MODEL, tensor)["output_0"] - expected).max())
        yield Comparison(f"{MODEL} {height}x{width}", "TensorFlow.js", difference, ALLOWED, "at most")


def _published_runtime() -> Path:
    """Install TensorFlow.js into this environment, if need be, and return the folder of its modules."""
    place = Path(sys.prefix, "tensorflow-js")
    place.mkdir(exist_ok=True)
    subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", place, *PACKAGES], check=True)
    return place / "node_modules"
