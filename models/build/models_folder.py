"""Writes a models folder: every ONNX file, the layout files, and the manifest that describes them."""

import hashlib
import json
from pathlib import Path
from typing import Any

from models.build.packages import Package, read_checked
from models.build.recipes import RECIPES, Recipe

MODELS = Path(__file__).resolve().parents[1]
"""The shipped models folder."""

MANIFEST = "manifest.json"
"""The file that describes all others of the folder."""


def build(folder: Path, downloads: Path) -> None:
    """Build every model into `folder`, saying what is done.

    Args:
        folder: Where to write; made if it does not exist.
        downloads: An empty folder for the packages.

    Raises:
        BuildError: A package cannot be had, or does not hold the expected weights.
        UnsupportedError: A model holds something the converters were not written for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archives: dict[Package, Path] = {}
    entries = {}
    for recipe in RECIPES:
        if recipe.package not in archives:
            print(f"downloading {recipe.package}", flush=True)
            place = downloads / str(len(archives))
            place.mkdir()
            archives[recipe.package] = recipe.package.download(place)
        network = make(recipe, archives[recipe.package])
        (folder / f"{recipe.name}.onnx").write_bytes(network)
        entries[recipe.name] = _entry(recipe, network)
        layout = MODELS / f"{recipe.name}.json"
        if layout.exists():
            (folder / layout.name).write_bytes(layout.read_bytes())
            entries[recipe.name]["layout"] = _file(layout.name, layout.read_bytes())
        print(f"{recipe.name}.onnx  {len(network) / 1e6:.1f} MB  sha256 {_sha256(network)}", flush=True)
    (folder / MANIFEST).write_text(json.dumps({"models": entries}, indent=2) + "\n", encoding="utf-8")


def make(recipe: Recipe, archive: Path) -> bytes:
    """The ONNX file of one recipe: the same bytes each time."""
    weights = [read_checked(archive, path, sha256) for path, sha256 in recipe.weights.items()]
    content: bytes = recipe.convert(recipe.name, weights).SerializeToString(deterministic=True)
    return content


def _entry(recipe: Recipe, network: bytes) -> dict[str, Any]:
    return {
        **_file(f"{recipe.name}.onnx", network),
        "source": {
            "registry": recipe.package.registry,
            "package": recipe.package.name,
            "version": recipe.package.version,
            "weights": recipe.weights,
        },
        "licence": recipe.licence,
    }


def _file(name: str, content: bytes) -> dict[str, str]:
    return {"file": name, "sha256": _sha256(content)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
