"""Recordings on disk: observations as JSON lines, written as they happen and read back as they were.

The first line says with which settings and under which standard they were made; a trace of telephone edges alone has none.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from edge.observation import (
    BadObservationError,
    CameraBack,
    CameraLost,
    Edge,
    EdgesLost,
    FrameSeen,
    LineBack,
    LineLost,
    Observation,
    from_json,
    to_json,
)
from edge.settings.desk_toml import Settings
from protocol.errors import MendableError
from protocol.output_file import check_replaceable
from protocol.program import refusal
from protocol.standard import Standard

_BEGINNING = 64
"""Bytes that tell a recording from footage: no container of video begins with a brace."""


class Header(BaseModel):
    """What a recording was made with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["header"] = "header"
    settings: Settings
    standard: Standard


class RecordingError(MendableError):
    """A recording cannot be read; the message names the file, the line and what is wrong."""


class Recorder:
    """Writes observations to a file, a line each; the file is whole up to the last of them at any moment.

    Example:
        >>> import tempfile
        >>> from edge.observation import Tick
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "visit.jsonl")
        ...     with Recorder(path) as recorder:
        ...         recorder.write(Tick(0.5))
        ...     list(read(path))
        [Tick(t_s=0.5, kind='tick')]

    Raises:
        RecordingError: The file cannot be written.
        NotReplacedError: The file is there, and is no recording.
    """

    def __init__(self, path: Path, header: Header | None = None) -> None:
        check_replaceable(path, b'"kind":"', "recording")
        try:
            self._file = path.open("w", encoding="utf-8", buffering=1)
            if header is not None:
                self._file.write(header.model_dump_json(exclude_none=True) + "\n")
        except OSError as error:
            raise RecordingError(f"{path} cannot be written: {refusal(error)}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, observation: Observation) -> None:
        """Add an observation."""
        self._file.write(to_json(observation) + "\n")


def looks_recorded(path: Path) -> bool:
    """Whether a file begins as recordings do: with an object of JSON, or with nothing at all.

    Raises:
        RecordingError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(_BEGINNING).lstrip()[:1] in {b"{", b""}
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {refusal(error)}") from None


def read_header(path: Path) -> Header | None:
    """What a recording was made with; None when it has no header.

    Raises:
        RecordingError: The file cannot be read, or its header is of another version.
    """
    try:
        with path.open("rb") as file:
            line = file.readline()
        return Header.model_validate_json(line) if b'"kind":"header"' in line else None
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {refusal(error)}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RecordingError(
            f"{path}, line 1, is no header of this version: {where}: {first['msg']}"
        ) from None


def read(path: Path) -> Iterator[Observation]:
    """The observations of a recording, in the order they were made.

    Raises:
        RecordingError: The file cannot be read, a line is no observation, or a source's time runs backwards.
    """
    latest_s: dict[str, float] = {}
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.strip() or (number == 1 and b'"kind":"header"' in line):
                    continue
                try:
                    observation = from_json(line)
                except BadObservationError as error:
                    raise RecordingError(f"{path}, line {number}, is no observation: {error}") from None
                source = _source(observation)
                before_s = latest_s.get(source, observation.t_s)
                # A camera's loss is known only later, and told with the time of its last good frame.
                if observation.t_s < before_s and not isinstance(observation, CameraLost):
                    raise RecordingError(f"{path}, line {number}: the time of {source} runs backwards")
                latest_s[source] = max(observation.t_s, before_s)
                yield observation
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {refusal(error)}") from None


def _source(observation: Observation) -> str:
    """Whose clock orders an observation: parts of a desk report side by side, each in its own order."""
    match observation:
        case FrameSeen() | CameraLost() | CameraBack():
            return f"camera {observation.camera}"
        case Edge():
            return f"line {observation.line} {observation.pin}"
        case EdgesLost():
            return f"line {observation.line}"
        case LineLost() | LineBack():
            return f"the pins of line {observation.line}"
        case _:
            return observation.kind
