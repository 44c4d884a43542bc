"""The scene at one moment: who is where, since when near, standing, or gone."""

from dataclasses import dataclass

from edge.observation import Box, Estimate, Place
from protocol.measurements import MayBeStaff


@dataclass(frozen=True, slots=True)
class Track:
    """One person followed over time; ids live only as long as an encounter and mean nothing outside it."""

    id: int
    first_seen_s: float
    last_seen_s: float
    """When the person was last really seen."""
    box: Box
    place: Place | None
    """Filtered place on the floor; None where the camera's geometry is unknown."""
    distance_m: Estimate | None
    """From the desk."""
    speed_m_s: Estimate | None
    near: bool
    near_since_s: float | None
    """When the person came near (interpolated between frames); kept while near. Of somebody who was near as soon as they came into
    view it may lie a little before `first_seen_s`: a detector needs to see enough of them."""
    gone_since_s: float | None
    """When a person who had been near crossed the leaving line or walked out of the picture; None while not gone."""
    stands: bool
    stood_since_s: float | None
    """When the person came to a stand, while standing."""
    visible: bool
    """Seen in the latest frame that was searched; False while hidden or out of the picture."""
    near_since_se_s: float | None = None
    """Standard error of `near_since_s`; None for somebody who was there before anybody looked."""
    gone_since_se_s: float | None = None
    """Standard error of `gone_since_s`."""
    stood_since_se_s: float | None = None
    """Standard error of `stood_since_s`."""
    stood_until_s: float | None = None
    """When the last stand ended, of somebody who walks again: hardly after it began where it turned out to have been walking. None while
    a stand lasts, and before the first."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """What looks like somebody and does not move as the living do: a poster, a bust, a cardboard figure."""

    id: int
    """Of its track."""
    camera: str
    box: Box
    """Where it is, in shares of the picture."""

    @property
    def advice(self) -> str:
        """What it is and the mask that hides it, in words for whoever keeps desk.toml."""
        return f"camera {self.camera}: a figure that never moves, a poster perhaps, is no customer; to hide it: {self.box.as_mask}"


@dataclass(frozen=True, slots=True)
class PerhapsStaff:
    """Somebody of whom it cannot be told whether they are a customer."""

    id: int
    """Of their track."""
    why: MayBeStaff


@dataclass(frozen=True, slots=True)
class SceneNow:
    """The customers at one moment."""

    t_s: float
    observed: bool
    """Whether the customer side is being seen at all: False while its camera fails."""
    customers: tuple[Track, ...]
    """Everyone followed, also those hidden for the moment."""
    ended: tuple[Track, ...]
    """Tracks that ended with this moment: seen leaving the picture, or not seen any more."""
    furniture: tuple[Furniture, ...] = ()
    """What is followed and is nobody."""
    staff: tuple[int, ...] = ()
    """Tracks of who is staff, wherever they stand: whoever of them was taken for a customer is none."""
    aside: tuple[int, ...] = ()
    """Tracks of who has just stepped onto the staff's side: no customers there, and not gone either."""
    perhaps_staff: tuple[PerhapsStaff, ...] = ()
    """Who may be staff."""
