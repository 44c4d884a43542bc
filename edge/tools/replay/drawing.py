"""The visits of a replay as pictures: what was measured over time."""

from pathlib import Path

from edge.desk import Desk
from edge.recording import RecordingError
from edge.tools.replay.plot import Sample, marks, plot_encounter, sample
from protocol.measurements import Encounter
from protocol.output_file import check_replaceable
from protocol.standard import Standard


class Drawing:
    """Collects a replay's moments and draws its visits.

    Args:
        path: The picture's file; of several visits, each has its number in the file's name.
        standard: Whose limits are drawn.
    """

    def __init__(self, path: Path, standard: Standard) -> None:
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
        written = []
        for visit in visits:
            path = self._path
            if len(visits) > 1:
                path = path.with_stem(f"{path.stem}-{visit.visit}")
            check_replaceable(path, b"\x89PNG", "picture")
            try:
                path.write_bytes(plot_encounter(self._samples, self._standard, marks(visit)))
            except OSError as error:
                raise RecordingError(f"{path} cannot be written: {error.strerror}") from None
            written.append(path)
        return written
