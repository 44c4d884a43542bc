"""One person followed through the frames of one camera."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray
from edge.observation import Box, Estimate, Person, Place
from edge.scene.border import BORDER_SE_S, EDGE, UNIFORM, in_for, out_in_s
from edge.scene.motion import Motion
from edge.scene.stature import Stature

HISTORY_S = 6.0
"""How much of the past is kept to find when something began."""
CONFIRM_HITS = 3
"""One find may be a chair, two a chair and its shadow; a third rarely comes at the same place."""
CONFIRM_S = 0.25
"""A person is one who was found this often over at least this long ..."""
CONFIRM_SCORE = 0.265
"""... with this score, as the mean of the best three: MoveNet gives people at 6 m .26 to .41, a table's foot .25 at most."""
UNCONFIRMED_S = 0.75
"""How long somebody not confirmed yet may be unseen."""
HIDDEN_S = 4.0
"""How long somebody confirmed may be hidden before they are given up."""
WALKED_OUT_S = 0.9
"""How long after somebody walked out across the picture's edge they are given up."""
ENTERING_S = 0.5
"""Over which the pace of somebody coming into view is taken ..."""
ENTERING_LOOKS = 3
"""... and over so many looks at least."""

BOX_SE = 0.05
"""Standard error of a box's sides as a share of the body's height."""
STRIDE = 0.9
"""How fast people walk before their speed is known, one sigma, in body heights per second."""
HASTE = 1.2
"""How hard people change their speed, one sigma, in body heights per second squared."""
COAST_S = 1.0
"""How long somebody hidden is taken to walk on."""
PLACE_JITTER = 0.35
"""Share of a place's standard error that differs from frame to frame; the rest is the person's own size and stays."""
SLOWEST_CROSSING_M_S = 0.3
"""Pace that is taken of whoever hangs about on a line, in metres or body heights per second: an error of time then says nothing more."""
WALK_M_S, PUSH_M_S2 = 1.3, 1.0
"""How fast people walk and how hard they change it, in metres."""


@dataclass(frozen=True, slots=True)
class TrackSample:
    """One sighting of a followed person, in picture widths with y from the top, and metres."""

    t_s: float
    head: tuple[float, float]
    """Middle of the box's top: seen best, and the last to be hidden."""
    foot: tuple[float, float] | None
    """None when not inside the picture."""
    box: Box
    """In shares of the picture."""
    range_m: float | None
    """From the camera, over the floor; None where the place is not known."""
    ranges_m: dict[str, float]
    """The same by the size of each part alone, or by the cues of the place where the parts are not told."""


@dataclass(frozen=True, slots=True)
class View:
    """What following needs to know of a camera."""

    aspect: float
    """Height of the picture in widths."""
    camera_at_m: tuple[float, float]
    """Where the camera stands over the floor, in the desk's frame."""
    metres_per_width_at_1_m: float
    """How many metres the picture is wide, one metre before the camera."""


class Followed:
    """A person as long as they are followed."""

    def __init__(self, number: int, t_s: float, person: Person, view: View, unseen_s: float = 0.0) -> None:
        """`unseen_s` seconds before their first sighting, `t_s`, a look did not find them."""
        self.number = number
        self.unseen_s = unseen_s
        self._entered = Estimate(t_s - unseen_s / 2, math.hypot(UNIFORM * unseen_s, BORDER_SE_S))
        self.view = view
        self.first_seen_s = t_s
        self.last_seen_s = t_s
        self.person = person
        self.samples: deque[TrackSample] = deque()
        self.confirmed = False
        self.visible = True
        self._scores: list[float] = []
        self._hits = 0
        self._filtered_s = t_s
        state = box_state(person.box, view.aspect)
        self.box_motion = Motion(state, BOX_SE * state[3], STRIDE * state[3], HASTE * state[3])
        self.place_motion: Motion | None = None
        self._place_se_m = 0.0
        self._stature = Stature()
        self.see(t_s, person)

    def see(self, t_s: float, person: Person) -> None:
        """Take in that this person was found in a frame."""
        state = box_state(person.box, self.view.aspect)
        self.advance(t_s)
        self.box_motion.correct(state, BOX_SE * max(state[3], self.box_motion.at[3]))
        self._stature.learn(person)
        place = self._own_place(person)
        if place is not None:
            self._stand_at(place, self._jitter_m(person, place))
        self.person = person
        self.last_seen_s = t_s
        self.visible = True
        self._hits += 1
        self._scores = sorted([*self._scores, person.score], reverse=True)[:CONFIRM_HITS]
        self.confirmed = self.confirmed or (
            self._hits >= CONFIRM_HITS
            and t_s - self.first_seen_s >= CONFIRM_S
            and sum(self._scores) / CONFIRM_HITS >= CONFIRM_SCORE
        )
        self._remember(t_s, person, state)

    def advance(self, t_s: float) -> None:
        """Let the filters move on to a time."""
        dt_s = t_s - self._filtered_s
        if dt_s <= 0.0:
            return
        self._filtered_s = t_s
        self.box_motion.advance(dt_s, COAST_S)
        if self.place_motion is not None:
            self.place_motion.advance(dt_s, COAST_S)

    @property
    def place(self) -> Place | None:
        """The filtered place on the floor."""
        if self.place_motion is None:
            return None
        x_m, y_m = self.place_motion.at
        jitter = float(self.place_motion.se.max())
        return Place(float(x_m), float(y_m), math.hypot(jitter, self._place_se_m))

    @property
    def height(self) -> float:
        """Of the body in the picture, in picture widths."""
        return max(float(self.box_motion.at[3]), 0.01)

    def walked_out(self) -> bool:
        """Whether the last that was seen is a person leaving the picture across its edge."""
        return out_in_s(self.person.box, self.box_motion.velocity, self.height, self.view.aspect) is not None

    def out_of_picture_s(self) -> float:
        """When somebody who walked out had left the picture wholly, going on as they were last seen."""
        left_in_s = out_in_s(self.person.box, self.box_motion.velocity, self.height, self.view.aspect)
        return self.last_seen_s + (left_in_s or 0.0)

    def entered(self) -> Estimate:
        """When the person came into view, which is before a detector found enough of somebody at the picture's edge."""
        early = [sample for sample in self.samples if sample.t_s <= self.first_seen_s + ENTERING_S]
        early = early if len(early) >= ENTERING_LOOKS else list(self.samples)[:ENTERING_LOOKS]
        first, last = early[0], early[-1]
        if first.t_s == self.first_seen_s < last.t_s:
            dt_s = last.t_s - first.t_s
            before = in_for(first.box, last.box, dt_s, self.height, self.view.aspect, self.unseen_s)
            self._entered = Estimate(self.first_seen_s - before.value, before.se)
        return self._entered

    def crossing_se_s(self) -> float:
        """Standard error of the moment at which this person crosses a line: that of where they are, over how fast they move."""
        if self.place_motion is not None:
            at_se_m = math.hypot(float(self.place_motion.se.max()), self._place_se_m)
            return at_se_m / max(math.hypot(*self.place_motion.velocity), SLOWEST_CROSSING_M_S)
        pace = math.hypot(*self.box_motion.velocity[:2]) / self.height
        return BOX_SE / max(pace, SLOWEST_CROSSING_M_S)

    def over_at(self, t_s: float) -> bool:
        """Whether this person has not been seen for too long to be followed on."""
        unseen_s = t_s - self.last_seen_s
        if not self.confirmed:
            return unseen_s > UNCONFIRMED_S
        return unseen_s > (WALKED_OUT_S if self.walked_out() else HIDDEN_S)

    def _own_place(self, person: Person) -> Place | None:
        """Where a sighting puts the person, by their own size where that was learnt."""
        place, range_m = person.place, self._stature.range_m(person)
        if place is None or range_m is None:
            return place
        at_x, at_y = self.view.camera_at_m
        by_all_m = max(math.dist((place.x_m, place.y_m), (at_x, at_y)), 0.05)
        farther = range_m.value / by_all_m
        x_m, y_m = at_x + farther * (place.x_m - at_x), at_y + farther * (place.y_m - at_y)
        return Place(x_m, y_m, range_m.se)

    def _jitter_m(self, person: Person, place: Place) -> float:
        """What differs between sightings in the place: the person's size does not."""
        own_m = place.se_m if person.size_m is None else min(place.se_m, person.size_m.se)
        return max(0.04, PLACE_JITTER * own_m)

    def _stand_at(self, place: Place, jitter: float) -> None:
        if self.place_motion is None:
            self.place_motion = Motion((place.x_m, place.y_m), jitter, WALK_M_S, PUSH_M_S2)
            self._place_se_m = place.se_m
        else:
            self.place_motion.correct((place.x_m, place.y_m), jitter)
            self._place_se_m += 0.2 * (place.se_m - self._place_se_m)

    def _remember(self, t_s: float, person: Person, state: FloatArray) -> None:
        foot = person.foot
        inside = foot is not None and 0.0 <= foot[0] <= 1.0 and foot[1] <= 1.0 - EDGE
        place = person.place
        range_m = None if place is None else math.dist((place.x_m, place.y_m), self.view.camera_at_m)
        standing_at = (foot[0], foot[1] * self.view.aspect) if foot is not None and inside else None
        parts_m = person.ranges_m
        if parts_m is None:
            parts_m = {} if range_m is None else {"+".join(person.cues): range_m}
        self.samples.append(
            TrackSample(t_s, (float(state[0]), float(state[1])), standing_at, person.box, range_m, parts_m)
        )
        while t_s - self.samples[0].t_s > HISTORY_S:
            self.samples.popleft()


def box_state(box: Box, aspect: float) -> FloatArray:
    """Middle, top, width and height ``[4]`` of a box, in picture widths."""
    return np.array(
        [
            (box.left + box.right) / 2,
            box.top * aspect,
            max(box.right - box.left, 0.005),
            max((box.bottom - box.top) * aspect, 0.01),
        ]
    )
