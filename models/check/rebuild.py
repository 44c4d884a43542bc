"""Builds all models twice and compares both results with the committed files, byte for byte."""

import contextlib
import io
import sys
import tempfile
from pathlib import Path

from models.build.models_folder import MODELS, build


def main() -> int:
    """Print what differs; the exit status is 0 if nothing does."""
    with tempfile.TemporaryDirectory() as scratch:
        folders = [_built(Path(scratch, attempt)) for attempt in ("first", "second")]
        names = sorted(path.name for path in folders[0].iterdir())
        differing = [
            name for name in names if len({_content(folder / name) for folder in (MODELS, *folders)}) > 1
        ]
    for name in differing:
        print(f"{name}: the committed file and two builds are not all the same", file=sys.stderr)
    print(f"{len(names) - len(differing)} of {len(names)} files are the same in two builds and as committed")
    return 1 if differing else 0


def _built(place: Path) -> Path:
    downloads = place / "downloads"
    downloads.mkdir(parents=True)
    print(f"building all models, {place.name} time", flush=True)
    with contextlib.redirect_stdout(io.StringIO()):
        build(place / "models", downloads)
    return place / "models"


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


if __name__ == "__main__":
    sys.exit(main())
