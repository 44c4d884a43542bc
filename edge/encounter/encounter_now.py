"""One encounter in progress, as the lights need it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EncounterNow:
    """A customer or a party who is near at this moment, or has just been."""

    number: int | None
    """Number of the encounter; None until it is confirmed."""
    seconds_left: float
    """Of the standard's time to respond; negative when it is over. What was left when they were attended to."""
    attended_s: float | None
    """When the first reaction that counts came; None while they wait."""
    attended_unseen: bool
    """Whether a reaction that counts was there which nobody saw begin: the customer is attended to, since when is not known."""
    smiled: bool
    """Whether the host has smiled in this encounter."""
    visible: bool
    """Whether any of them was seen within the last moment."""
    left_s: float | None
    """When they left; the encounter is then kept for a while to see work resumed."""
    unturned_since_s: float | None
    """Since when the host is turned away from the customers; None while turned to them, or when that is not known."""
    wait_unknown: bool = False
    """Whether it cannot be told any more how long they wait, as nobody saw them come, or the host was out of sight for too long: their wait
    will be reported as not observed, and nothing may say that it was too long."""

    @property
    def confirmed(self) -> bool:
        """Whether it is certain that this is an encounter, not somebody passing."""
        return self.number is not None

    @property
    def in_time(self) -> bool | None:
        """Whether they were attended to in the standard's time; None while they wait."""
        return None if self.attended_s is None else self.seconds_left >= 0.0
