"""What every camera is to the rest of the desk: frames in order of time, until it ends or fails."""

from collections.abc import Callable, Iterator
from typing import Protocol

from edge.camera.frame import Frame
from protocol.errors import MendableError


class SourceError(MendableError):
    """A source cannot be opened, or stops delivering.

    The text gives the fault, its place and the remedy.
    """


class FrameSource(Protocol):
    """Delivers the frames of one camera.

    A live source delivers until it is closed or fails; footage also ends.
    """

    @property
    def live(self) -> bool:
        """Whether frames come as their light does, with times on the monotonic clock; footage has times of its own."""
        ...

    @property
    def dropped(self) -> int:
        """Frames that came but were not delivered, so far."""
        ...

    def __iter__(self) -> Iterator[Frame]:
        """The frames, in order of time; made once for each source.

        Raises:
            SourceError: No more good frames will come.
        """
        ...

    def close(self) -> None:
        """Let go of the device or file; twice does no harm."""
        ...


class EditedSource:
    """A source whose frames are edited on their way; whatever else is asked of it is the source's.

    Args:
        source: The camera, or footage.
        edit: Makes of each frame the one that is delivered.
    """

    def __init__(self, source: FrameSource, edit: Callable[[Frame], Frame]) -> None:
        self._source = source
        self._edit = edit

    @property
    def live(self) -> bool:
        """Whether the source is."""
        return self._source.live

    @property
    def dropped(self) -> int:
        """Frames that came but were not delivered, so far."""
        return self._source.dropped

    def __iter__(self) -> Iterator[Frame]:
        """The edited frames.

        Raises:
            SourceError: No more good frames will come.
        """
        return map(self._edit, self._source)

    def close(self) -> None:
        """Close the source."""
        self._source.close()
