"""The models folder is complete, and says of every file what it is and where it comes from."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from edge.vision.networks.model_store import SHIPPED_FOLDER as MODELS
from models.build.recipes import RECIPES

MANIFEST: dict[str, dict[str, Any]] = json.loads((MODELS / "manifest.json").read_bytes())["models"]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_network_in_the_folder_is_in_the_manifest() -> None:
    assert {path.name for path in MODELS.glob("*.onnx")} == {entry["file"] for entry in MANIFEST.values()}


def test_every_recipe_is_in_the_manifest_with_its_weights() -> None:
    weights = {recipe.name: recipe.weights for recipe in RECIPES}
    assert {name: entry["source"]["weights"] for name, entry in MANIFEST.items()} == weights


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_a_file_has_the_hash_of_the_manifest(name: str) -> None:
    entry = MANIFEST[name]
    assert sha256(MODELS / entry["file"]) == entry["sha256"]
    if "layout" in entry:
        assert sha256(MODELS / entry["layout"]["file"]) == entry["layout"]["sha256"]


def test_the_notice_names_every_model_and_every_weight() -> None:
    notice = (MODELS / "NOTICE").read_text(encoding="utf-8")
    for name, entry in MANIFEST.items():
        assert name in notice
        assert entry["source"]["package"] in notice
        for weight in entry["source"]["weights"]:
            assert weight.rsplit("/", 1)[-1] in notice


def test_the_mesh_layout_gives_every_refined_point_one_place() -> None:
    layout = json.loads((MODELS / "face_landmarks_attention_mesh.json").read_bytes())
    sizes = {name: len(places) for name, places in layout["refined"].items()}
    assert sizes == {
        "output_lips": 80,
        "output_left_eye": 71,
        "output_right_eye": 71,
        "output_left_iris": 5,
        "output_right_iris": 5,
    }
    places = [place for group in layout["refined"].values() for place in group]
    assert len(set(places)) == len(places)
    assert max(places) == layout["landmarks"] - 1


def test_layouts_agree_with_the_reference(reference: Path) -> None:
    mesh = json.loads((MODELS / "face_landmarks_attention_mesh.json").read_bytes())
    assert list(mesh["refined"].values()) == json.loads((reference / "attn_maps.json").read_bytes())[1:]
