"""The visits of a replay as pictures: what was measured over time."""

from pathlib import Path

from edge.desk import Desk
from edge.recording import RecordingError
from edge.tools.replay.plot import Sample, marks, plot_encounter, sample
from protocol.measurements import Encounter
from protocol.output_file import check_replaceable
from protocol.program import refusal
from protocol.standard import Standard

PNG = b"\x89PNG"
"""How a picture begins that this draws (PNG, 5.2)."""


class Drawing:
    """Collects a replay's moments and draws its visits.

    Args:
        path: The picture's file; of several visits, each has its number in the file's name.
        standard: Whose limits are drawn.

    Raises:
        NotReplacedError: The file is there, and is no picture or may not be looked at: said before anything is measured.
    """

    def __init__(self, path: Path, standard: Standard) -> None:
        check_replaceable(path, PNG, "picture")
        self._path = path
        self._standard = standard
        self._samples: list[Sample] = []

    def add(self, desk: Desk) -> None:
        """Keep what the desk knows at this moment."""
        self._samples.append(sample(desk.host, desk.scene))

    def write(self, visits: list[Encounter]) -> list[Path]:
        """Draw every visit; the files that were written, one a visit.

        Raises:
            RecordingError: The picture cannot be written.
            NotReplacedError: The file is there, and is no picture.
        """
        one = len(visits) == 1
        paths = [
            self._path if one else self._path.with_stem(f"{self._path.stem}-{visit.visit}")
            for visit in visits
        ]
        for path in paths:
            check_replaceable(path, PNG, "picture")
        for path, visit in zip(paths, visits, strict=True):
            try:
                path.write_bytes(plot_encounter(self._samples, self._standard, marks(visit)))
            except OSError as error:
                raise RecordingError(f"{path} cannot be written: {refusal(error)}") from None
        return paths
