"""Command line of the build: downloads the weights, converts them, and writes a complete models folder."""

import argparse
import sys
import tempfile
from pathlib import Path

from models.build.graph import UnsupportedError
from models.build.models_folder import MODELS, build
from models.build.packages import BuildError


def main() -> int:
    """Build into the folder named on the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.build", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, default=MODELS, help="where to write (default: %(default)s)"
    )
    folder: Path = parser.parse_args().folder
    try:
        with tempfile.TemporaryDirectory() as downloads:
            build(folder, Path(downloads))
    except (BuildError, UnsupportedError) as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
