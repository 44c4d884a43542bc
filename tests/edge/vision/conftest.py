"""The networks, and the prototype that they are compared with."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network


@pytest.fixture(scope="session")
def models() -> ModelStore:
    return ModelStore()


@pytest.fixture(scope="session")
def network(models: ModelStore) -> Callable[[str], Network]:
    return lambda name: Network(models.session(name))


@pytest.fixture(scope="session")
def prototype(reference: Path) -> ModuleType:
    """The reference decoding, on the reference's own models."""
    spec = importlib.util.spec_from_file_location("prototype", reference / "pipe.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["prototype"] = module
    spec.loader.exec_module(module)
    module.HERE = str(reference / "models")  # type: ignore[attr-defined]
    return module


@pytest.fixture(scope="session")
def still(stills: Path) -> Callable[[str], Pixels]:
    def read(name: str) -> Pixels:
        rgb = cv2.imread(str(stills / name), cv2.IMREAD_COLOR_RGB)
        assert rgb is not None
        return rgb.astype(np.uint8, copy=False)

    return read
