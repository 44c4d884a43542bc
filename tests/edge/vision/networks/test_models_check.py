"""The models are checked by loading them."""

import shutil
from pathlib import Path

import pytest

from edge.vision.networks.model_store import FOLDER_VARIABLE, SHIPPED_FOLDER
from edge.vision.networks.models_check import check_models


def test_the_shipped_models_are_good() -> None:
    assert check_models().verdict == "good"


def test_a_model_whose_bytes_changed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "models"
    shutil.copytree(SHIPPED_FOLDER, folder)
    model = next(folder.glob("*.onnx"))
    model.write_bytes(model.read_bytes()[:-1] + b"\0")
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    found = check_models()
    assert found.verdict == "bad"
    assert model.name in found.found
