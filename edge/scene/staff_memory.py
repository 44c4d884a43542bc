"""Where people of the staff, and others, were when they were lost, so that whoever appears there again is known for who they are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from edge.scene.border import EDGE
from edge.scene.followed import Followed
from protocol.measurements import MayBeStaff

REFOUND_S = 20.0
"""Whoever appears where somebody was lost within this time is that person: others stood before them."""
BACK_S = 30.0
"""Whoever walks in where somebody of the staff walked out within this time may be that person: so long it takes to fetch something."""
STRAY = 0.6
"""They appear within this many body heights of where they were lost: a metre."""
SIZE_RATIO = 1.5
"""And are no more than this much taller or smaller in the picture: legs get hidden."""
MOST_KEPT = 16
"""People who are remembered: more are never lost at one desk in that time."""


@dataclass(frozen=True, slots=True)
class _Gone:
    last_seen_s: float
    head: tuple[float, float]
    """In picture widths."""
    height: float
    staff: bool
    walked_out: bool


class StaffMemory:
    """Remembers who was lost where, for half a minute."""

    def __init__(self) -> None:
        self._gone: list[_Gone] = []

    def keep(self, known: Followed, *, staff: bool) -> None:
        """Remember somebody who is followed no more."""
        self._gone = [*self._gone, _gone(known, staff=staff)][-MOST_KEPT:]

    def who_is(self, new: Followed, hidden: Sequence[tuple[Followed, bool]]) -> bool | MayBeStaff | None:
        """Who somebody is that appears: True for staff found again, why they may be staff, or None.

        Args:
            new: Just found.
            hidden: Who is followed and not seen now, and whether they are staff.
        """
        # Who stays hidden is not used up: they may come to light elsewhere.
        now_s = new.first_seen_s
        self._gone = [each for each in self._gone if now_s - each.last_seen_s <= BACK_S]
        lost = [*self._gone, *(_gone(each, staff=staff) for each, staff in hidden)]
        walks_in = _at_edge(new)
        fit = [
            each
            for each in lost
            if now_s - each.last_seen_s <= (BACK_S if each.walked_out else REFOUND_S)
            and each.walked_out == walks_in
            and _is_there(each, new)
        ]
        self._gone = [each for each in self._gone if each not in fit[:1]]
        if not any(each.staff for each in fit):
            return None
        if walks_in or not all(each.staff for each in fit):
            return "came_back"
        return True


def _gone(known: Followed, *, staff: bool) -> _Gone:
    x, top, _, height = (float(each) for each in known.box_motion.at)
    return _Gone(known.last_seen_s, (x, top), height, staff, known.walked_out())


def _is_there(gone: _Gone, new: Followed) -> bool:
    x, top, _, height = (float(each) for each in new.box_motion.at)
    ratio = height / max(gone.height, 0.01)
    return 1 / SIZE_RATIO <= ratio <= SIZE_RATIO and math.dist((x, top), gone.head) <= STRAY * gone.height


def _at_edge(new: Followed) -> bool:
    box = new.person.box
    return box.left < EDGE or box.right > 1.0 - EDGE
