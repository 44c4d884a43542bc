"""What must not stand anywhere in the project."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.not_tested import needs

PROJECT = Path(__file__).resolve().parents[1]
# Spelt in two parts, so that this list does not find itself.
FEELINGS = re.compile(
    r"\b("
    + "|".join(["hap" + "py", "friend" + "ly", "mo" + "od", "emo" + "tions?", "atti" + "tude"])
    + r")\b",
    re.IGNORECASE,
)
REGISTRIES = re.compile("pypi" + r"\.org|files\.python" + r"hosted|registry\.npm" + r"js|deb\.deb" + "ian")
TEXT = {".py", ".toml", ".json", ".html", ".md", ".yaml", ".lock", ".service", ".conf", ".j2", ""}


@pytest.fixture(scope="module")
def tracked() -> dict[str, str]:
    """Every text file that git tracks."""
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode:
        needs("a git checkout", "git clone, for git knows which files are the project's")
    paths = [Path(name) for name in listed.stdout.splitlines()]
    return {
        str(path): (PROJECT / path).read_text(encoding="utf-8")
        for path in paths
        if path.suffix in TEXT and (PROJECT / path).is_file()
    }


def test_no_word_of_a_feeling_stands_in_any_message_page_or_score(tracked: dict[str, str]) -> None:
    # Tests may name what they forbid.
    shown = {name: text for name, text in tracked.items() if not name.startswith("tests/")}
    assert not {name for name, text in shown.items() if FEELINGS.search(text)}


def test_no_file_names_a_package_registry(tracked: dict[str, str]) -> None:
    assert not {name for name, text in tracked.items() if REGISTRIES.search(text)}


def test_no_model_of_the_product_recognises_a_face() -> None:
    models = json.loads((PROJECT / "models" / "manifest.json").read_text())["models"]
    assert set(models) == {
        "face_detection_full_range",
        "face_detection_short_range",
        "face_landmarks_attention_eyes",
        "face_landmarks_attention_lips",
        "face_landmarks_attention_mesh",
        "movenet_multipose",
        "pose_landmark_full",
    }
