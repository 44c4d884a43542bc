"""Compares every model with the runtime it was published for and prints how far apart they are."""

import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from models.build.packages import BuildError
from models.check import litert, movenet
from models.check.comparison import Comparison, Sources


def main() -> int:
    """Print each comparison; the exit status is 0 if all hold."""
    with tempfile.TemporaryDirectory() as downloads, tempfile.TemporaryDirectory() as scratch:
        try:
            comparisons = list(_comparisons(Sources(Path(downloads)), Path(scratch)))
        except BuildError as error:
            print(f"models: {error}", file=sys.stderr)
            return 1
    return 0 if all(comparison.holds for comparison in comparisons) and _mediapipe_agrees() else 1


def _comparisons(sources: Sources, scratch: Path) -> Iterator[Comparison]:
    for comparison in (*litert.compare(sources), *movenet.compare(sources, scratch)):
        print(comparison, flush=True)
        yield comparison


def _mediapipe_agrees() -> bool:
    if importlib.util.find_spec("mediapipe") is None:
        print(
            "MediaPipe 0.10.21 has no wheel for this Python: the mesh and the layouts were not compared with it"
        )
        return True
    from models.check import attention_mesh, layouts  # noqa: PLC0415  # Not there on every Python.

    comparisons = list(attention_mesh.compare())
    print(*comparisons, sep="\n")
    missing = layouts.missing_lists()
    print(f"index lists that MediaPipe does not have: {', '.join(missing) or 'none'}")
    return not missing and all(comparison.holds for comparison in comparisons)


if __name__ == "__main__":
    sys.exit(main())
