"""Whether the person of an encounter may be the host, who has come round the desk: by where the host was seen, and by what they said."""

from dataclasses import dataclass

from protocol.measurements import MayBeStaff

LATE_S = 3.0
"""For so long a host who has gone may still be taken to be there: the desk waits for two seconds before it believes a face that is not found."""
ROUND_S = 10.0
"""Within this time the host has walked round the desk: some ten metres at a stroll."""
BACK_BEHIND_S = 30.0
"""Whoever said that they are in front, and is seen behind the desk for so long at a stretch, forgot to say that they are back."""


class SaidInFront:
    """Whether whoever is on duty says that they are in front of the desk.

    Example:
        >>> said = SaidInFront()
        >>> said.sign(in_front=True)
        >>> said.now(5.0, behind=False), said.now(6.0, behind=True), said.now(36.0, behind=True)
        (True, True, False)
    """

    def __init__(self) -> None:
        self._said = False
        self._behind_since_s: float | None = None

    def sign(self, *, in_front: bool) -> None:
        """Take in a sign-in, which says where they are, or a sign-out."""
        self._said, self._behind_since_s = in_front, None

    def now(self, t_s: float, *, behind: bool | None) -> bool:
        """Whether it holds at this moment, at which the host is seen behind the desk, or not, or nothing is known of it."""
        if not behind:
            self._behind_since_s = None
        elif self._behind_since_s is None:
            self._behind_since_s = t_s
        elif t_s - self._behind_since_s >= BACK_BEHIND_S:
            self._said = False
        return self._said


@dataclass(slots=True)
class HostInFront:
    """What speaks for the one person of an encounter being the host.

    Nobody is at two places: whoever is seen before the desk while the host is seen behind it is not the host.
    """

    in_sight_s: float
    """When the person was first seen."""
    gone_s: float | None
    """When the host was last seen behind the desk before; None where that was never."""
    not_the_host: bool = False
    said: bool = False
    """Whether whoever is on duty said, while the person was there, that they are in front."""
    left_s: float | None = None
    back_s: float | None = None
    """When the host was first seen behind the desk again, after the person had left."""

    def look(
        self,
        t_s: float,
        *,
        behind: bool | None,
        visible: bool,
        left_s: float | None,
        said_in_front: bool,
    ) -> None:
        """Take in one moment.

        Args:
            t_s: The moment.
            behind: Whether the host is seen behind the desk; None where nobody looks, or that is not known.
            visible: Whether the person is seen before it.
            left_s: When they left, if so.
            said_in_front: Whether whoever is on duty says that they are in front.
        """
        self.left_s = left_s
        if left_s is None:
            if behind and visible and t_s - self.in_sight_s < LATE_S:
                self.gone_s = t_s
            elif behind and visible:
                self.not_the_host = True
            self.said = self.said or said_in_front
            self.back_s = None
        elif behind and self.back_s is None and t_s >= left_s:
            self.back_s = t_s

    @property
    def stepped_round(self) -> bool:
        """Whether the host left just before the person came."""
        return (
            not self.not_the_host
            and self.gone_s is not None
            and -LATE_S <= self.in_sight_s - self.gone_s <= ROUND_S
        )

    def settled(self, t_s: float) -> bool:
        """Whether waiting for the host's return can tell no more."""
        waits = self.stepped_round and self.left_s is not None and self.back_s is None
        return not waits or t_s - (self.left_s or t_s) > ROUND_S

    @property
    def may_be(self) -> MayBeStaff | None:
        """Why the person may be the host; None where nothing speaks for it."""
        if self.not_the_host:
            return None
        if self.said:
            return "in_front"
        back = self.left_s is not None and self.back_s is not None and self.back_s - self.left_s <= ROUND_S
        return "stepped_round" if back and self.stepped_round else None
