"""Models are opened only when they are the ones that were shipped, and nothing is told or kept about it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from edge.vision.networks.model_store import FOLDER_VARIABLE, SHIPPED_FOLDER, ModelRefusedError, ModelStore

SMALLEST, WITH_LAYOUT = "face_detection_short_range", "face_landmarks_attention_mesh"
RUN_A_MODEL = """
import numpy as np
from edge.vision.networks.model_store import ModelStore
session = ModelStore().session("face_detection_short_range")
session.run(None, {session.get_inputs()[0].name: np.ones((1, 128, 128, 3), np.float32)})
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A models folder of our own with the smallest model, and a layout."""
    for name in ("manifest.json", f"{SMALLEST}.onnx", f"{WITH_LAYOUT}.json"):
        shutil.copy(SHIPPED_FOLDER / name, tmp_path)
    return tmp_path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_shipped_model_runs() -> None:
    session = ModelStore().session(SMALLEST, threads=2)
    picture = np.random.default_rng(1).uniform(-1, 1, (1, 128, 128, 3)).astype(np.float32)
    boxes, scores = session.run(None, {session.get_inputs()[0].name: picture})
    assert np.asarray(boxes).shape == (1, 896, 16)
    assert np.asarray(scores).shape == (1, 896, 1)


def test_a_tampered_model_is_refused_with_its_name_and_both_hashes(folder: Path) -> None:
    path = folder / f"{SMALLEST}.onnx"
    shipped = sha256(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelRefusedError) as refusal:
        ModelStore(folder).session(SMALLEST)
    assert str(path) in str(refusal.value)
    assert shipped in str(refusal.value)
    assert sha256(path) in str(refusal.value)
    assert "Reinstall" in str(refusal.value)


def test_a_tampered_layout_is_refused(folder: Path) -> None:
    path = folder / f"{WITH_LAYOUT}.json"
    path.write_text(path.read_text(encoding="utf-8").replace("478", "477"), encoding="utf-8")
    with pytest.raises(ModelRefusedError, match=r"face_landmarks_attention_mesh\.json"):
        ModelStore(folder).layout(WITH_LAYOUT)


def test_a_missing_model_is_refused_with_its_name_and_hash(folder: Path) -> None:
    path = folder / f"{SMALLEST}.onnx"
    expected = sha256(path)
    path.unlink()
    with pytest.raises(ModelRefusedError, match=expected) as refusal:
        ModelStore(folder).session(SMALLEST)
    assert str(path) in str(refusal.value)


def test_an_unknown_model_is_refused_with_the_names_of_the_known_ones() -> None:
    with pytest.raises(ModelRefusedError, match=SMALLEST):
        ModelStore().session("face_detection_short")


def test_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match=r"manifest\.json"):
        ModelStore(tmp_path)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"models": {"a": {"file": "a.onnx"}}}', '{"models": 3}']
)
def test_a_broken_manifest_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelRefusedError, match="no manifest of models"):
        ModelStore(tmp_path)


def test_the_environment_names_another_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    assert ModelStore().folder == folder
    assert ModelStore(SHIPPED_FOLDER).folder == SHIPPED_FOLDER


def test_every_model_and_layout_of_the_store_is_as_shipped() -> None:
    store = ModelStore()
    for name in store.names:
        assert store.network(name)
    assert store.layout("face_landmarks_attention_mesh")["landmarks"] == 478


def test_running_a_model_writes_nothing_to_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    subprocess.run(
        [sys.executable, "-B", "-c", RUN_A_MODEL],
        env={**environment, "HOME": str(home), "PYTHONPATH": str(SHIPPED_FOLDER.parent)},
        check=True,
        cwd=tmp_path,
    )
    assert list(home.rglob("*")) == []
    assert list(tmp_path.iterdir()) == [home]


def test_telemetry_is_off_before_any_room_of_vision_can_import_onnxruntime() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import edge.vision, os, sys; print(os.environ['ORT_DISABLE_TELEMETRY'], 'onnxruntime' in sys.modules)",
        ],
        env={**environment, "PYTHONPATH": str(SHIPPED_FOLDER.parent)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert seen.stdout.split() == ["1", "False"]


def test_the_manifest_is_stored_with_lower_case_hashes() -> None:
    models = json.loads((SHIPPED_FOLDER / "manifest.json").read_bytes())["models"]
    assert all(model["sha256"] == model["sha256"].lower() for model in models.values())
