"""One encounter in progress, as the lights and the encounter page need it."""

from dataclasses import dataclass

from protocol.measurements import ReactionKind


@dataclass(frozen=True, slots=True)
class EncounterNow:
    """A customer or a party who is near at this moment, or has just been."""

    number: int | None
    """Number of the encounter; None until it is confirmed."""
    came_near_s: float
    waited_s: float
    """Since coming near: until now, or until the reaction that counts."""
    seconds_left: float
    """Of the standard's time to respond; negative when it is over. What was left when they were attended to."""
    attended_s: float | None
    """When the first reaction that counts came; None while they wait."""
    attended_by: ReactionKind | None
    attended_unseen: bool
    """Whether a reaction that counts was there which nobody saw begin: the customer is attended to, since when is not known."""
    smiled: bool
    """Whether the host has smiled in this encounter."""
    party_size: int
    distance_m: float | None
    """Of the nearest of them whose distance is known."""
    visible: bool
    """Whether any of them was seen within the last moment."""
    stopped_s: float | None
    """When they came to a stand."""
    left_s: float | None
    """When they left; the encounter is then kept for a while to see work resumed."""
    unturned_since_s: float | None
    """Since when the host is turned away from the customers; None while turned to them, or when it cannot be told."""

    @property
    def confirmed(self) -> bool:
        """Whether it is certain that this is an encounter, not somebody passing."""
        return self.number is not None

    @property
    def in_time(self) -> bool | None:
        """Whether they were attended to in the standard's time; None while they wait."""
        return None if self.attended_s is None else self.seconds_left >= 0.0
