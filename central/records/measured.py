"""A measurement with the id it is found again by, and its place in wall time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from protocol.measurements import Measurement

M = TypeVar("M", bound=Measurement)
M_co = TypeVar("M_co", bound=Measurement, covariant=True)


@dataclass(frozen=True, slots=True)
class Measured(Generic[M_co]):
    """One measurement as the database holds it."""

    id: str
    """``<device>/<bootid>/<sequence>``."""
    wall_s: float
    """Unix time of ``data.start_s``."""
    synced: bool
    """Whether that time comes from a clock that had been set."""
    data: M_co

    def wall_at(self, timeline_s: float) -> float:
        """Unix time of a moment on the desk's timeline."""
        return self.wall_s + (timeline_s - self.data.start_s)

    @property
    def end_wall_s(self) -> float:
        """Unix time of ``data.end_s``."""
        return self.wall_at(self.data.end_s)


def only(kind: type[M], measured: Iterable[Measured[Measurement]]) -> tuple[Measured[M], ...]:
    """The measurements of one kind, in the order given."""
    return tuple(cast("Measured[M]", item) for item in measured if isinstance(item.data, kind))
