"""Follows several people through the frames of one camera, also while they hide one another for a few seconds."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge.arrays import FloatArray
from edge.observation import Person
from edge.scene.followed import BOX_SE, COAST_S, Followed, View, box_state

JUST_SEEN_S = 0.6
"""Somebody unseen for longer has to wait for what those just seen leave over."""
GATE = 16.0
"""Largest cost of taking a sighting for a followed person: four standard errors in all."""
SIZE_SE = 0.35
"""Standard error of the logarithm of a box's height between two looks: legs get hidden, heads turn."""
WIDTH_SE = 0.6
"""The same of its width: arms stretch. Both by judgement."""
LONGEST_LOOK_S = 2.0
"""Looks further apart are a failure of the camera, and no measure of how often it looks."""
STRAY = 0.8
"""A hidden person comes to light within this many body heights of where they must have got to."""


class Tracker:
    """Everyone in the picture of one camera.

    Args:
        view: The camera's.
        new_number: Gives every new person their number.
    """

    def __init__(self, view: View, new_number: Callable[[], int]) -> None:
        self._view = view
        self._new_number = new_number
        self.people: list[Followed] = []
        self._looked_s: float | None = None

    def see(self, t_s: float, people: Sequence[Person]) -> None:
        """Take in everyone found in one searched frame."""
        just_seen = [known for known in self.people if t_s - known.last_seen_s <= JUST_SEEN_S]
        hidden = [known for known in self.people if t_s - known.last_seen_s > JUST_SEEN_S]
        for known in self.people:
            known.visible = False
        left_over = self._match(t_s, just_seen, list(people), _cost)
        left_over = self._match(t_s, hidden, left_over, _cost_of_return)
        for person in left_over:
            unseen_s = 0.0 if self._looked_s is None else min(max(0.0, t_s - self._looked_s), LONGEST_LOOK_S)
            self.people.append(Followed(self._new_number(), t_s, person, self._view, unseen_s))
        self._looked_s = t_s

    def forget(self, t_s: float) -> list[Followed]:
        """Give up everyone not seen for too long; returns those of them who had been confirmed."""
        over = [known for known in self.people if known.over_at(t_s)]
        self.people = [known for known in self.people if known not in over]
        return [known for known in over if known.confirmed]

    def _match(
        self,
        t_s: float,
        known: Sequence[Followed],
        people: list[Person],
        cost: Callable[[Followed, float, FloatArray], float],
    ) -> list[Person]:
        if not known or not people:
            return people
        states = [box_state(person.box, self._view.aspect) for person in people]
        costs = np.array([[cost(each, t_s, state) for state in states] for each in known])
        # A forbidden pair must cost more than any way round it, but not infinitely: the solver takes finite sums.
        rows, columns = linear_sum_assignment(np.where(costs > GATE, 1e6, costs))
        taken = set()
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if costs[row, column] <= GATE:
                known[row].see(t_s, people[column])
                taken.add(column)
        return [person for index, person in enumerate(people) if index not in taken]


def _cost(known: Followed, t_s: float, state: FloatArray) -> float:
    at, se = known.box_motion.ahead(t_s - known.last_seen_s, COAST_S)
    spread = np.hypot(se[:2], BOX_SE * known.height)
    off = (state[:2] - at[:2]) / spread
    return float(off @ off) + _size_cost(known, state)


def _cost_of_return(known: Followed, t_s: float, state: FloatArray) -> float:
    """The cost of taking a sighting for somebody who was hidden: it must be near, and not smaller than a hidden part."""
    at, _ = known.box_motion.ahead(t_s - known.last_seen_s, COAST_S)
    off = (state[:2] - at[:2]) / (STRAY * known.height / 3.0)
    return float(off @ off) + _size_cost(known, state)


def _size_cost(known: Followed, state: FloatArray) -> float:
    taller = np.log(state[3] / known.height) / SIZE_SE
    wider = np.log(state[2] / max(float(known.box_motion.at[2]), 0.005)) / WIDTH_SE
    return float(taller**2 + wider**2)
