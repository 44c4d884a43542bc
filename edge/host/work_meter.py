"""Desk work: whether the host is occupied with something other than the customer, and when they stopped and resumed.

docs/host.md explains it to managers: the host works while their eyes are not on the customer but down on the desk, or aside while
their hands move. Work has stopped with the first look at the customer that lasts, and is resumed with eyes and hands back at it.
"""

from edge.host.bearing import DOWN_DEG, ON_DEG, line_of_sight
from edge.host.latch import Latch
from edge.host.latest_look import LatestLook
from edge.observation import Estimate, HostView

HANDS_MOVE = 0.25
"""Shoulder widths per second from which a hand types, writes or handles something; resting hands read under 0.1."""
_HANDS_HOLD_S = 1.2
"""A look at the hands speaks for so long: the body is looked at less often than the face."""
STOPPED_AFTER_S = 0.6
"""Work has stopped when nothing of it is seen for so long; then from when it stopped."""
RESUMED_AFTER_S = 2.0
"""Work is resumed when it is seen for so long: a glance at the screen is none."""


class WorkMeter:
    """Whether the host works at the desk."""

    def __init__(self) -> None:
        self.latch = Latch(on_after_s=RESUMED_AFTER_S, off_after_s=STOPPED_AFTER_S)
        self.stopped_s: float | None = None
        """When work was last put down."""
        self._hands_move = LatestLook[bool](_HANDS_HOLD_S)

    def observe(self, t_s: float, view: HostView, gaze_off: Estimate | None) -> bool | None:
        """Take a frame into account; None while it is not known.

        Args:
            t_s: When the light arrived.
            view: The host.
            gaze_off: Angle between their gaze and the customer.
        """
        self.note_hands(t_s, view)
        before = self.latch.state
        working = self.latch.observe(t_s, seen=self._seen(t_s, view, gaze_off))
        if before and not working:
            self.stopped_s = self.latch.since_s
        return working

    def note_hands(self, t_s: float, view: HostView) -> None:
        """Take a look at the body alone into account."""
        if view.hands_active is not None:
            self._hands_move.note(t_s, view.hands_active.value >= HANDS_MOVE + view.hands_active.se)

    def _seen(self, t_s: float, view: HostView, gaze_off: Estimate | None) -> bool | None:
        look = line_of_sight(view)
        if gaze_off is None or look is None:
            return None
        if gaze_off.value <= ON_DEG:
            return False
        hands_move = self._hands_move.at(t_s)
        on_the_desk = look.pitch_deg.value < -DOWN_DEG
        # Eyes aside may be on a screen or on a colleague: the hands show which, and where they are not seen, the screen is likelier.
        return on_the_desk or hands_move is not False
