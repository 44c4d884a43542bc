"""Who belongs together: how far apart two people stand, and whether a new track is somebody who had been lost."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot

from edge.encounter.policy import Policy
from edge.observation import Box, Estimate, Place
from edge.scene.scene_now import Track
from protocol.measurements import MayBeStaff


@dataclass(slots=True)
class Member:
    """One person of an encounter, as they were last seen."""

    track: Track
    came_near_s: float
    stood: bool = False
    """Whether they ever came to a stand, or stayed too long to be passing."""
    gone_s: float | None = None
    """When they crossed the leaving line."""
    ended: bool = False
    """Whether their track is over."""
    dwelt: bool = False
    """Whether they stayed too long to be passing."""
    stopped: Estimate | None = None
    """When they first came to a stand, with its error, as far as is known today."""
    stopping: bool = False
    """Whether that stand lasts, so that it may still be dated anew."""
    may_be_staff: MayBeStaff | None = None
    """Why it cannot be told whether they are a customer; once in doubt they stay so."""
    been: deque[Track] = field(default_factory=deque)
    """Where they were, once a second."""

    def take_stand(self, dwell_s: float) -> None:
        """Note whether they stand, or that what was taken for a stand was none."""
        track = self.track
        if track.stands and track.stood_since_s is not None:
            stood_s = max(track.stood_since_s, self.came_near_s)
            if track.last_seen_s - stood_s < dwell_s:
                return
            self.stood = True
            if self.stopped is None or self.stopping:
                self.stopped, self.stopping = Estimate(stood_s, track.stood_since_se_s or 0.0), True
        elif self.stopping:
            self.stopping = False
            if (
                self.stopped is not None
                and track.stood_until_s is not None
                and track.stood_until_s - self.stopped.value < dwell_s / 2
            ):
                self.stopped, self.stood = None, self.dwelt

    def take_dwelling(self, dwelling_s: float, policy: Policy) -> None:
        """Note whether they have stayed for so long without getting on as even a slow walker would."""
        now_s = self.track.last_seen_s
        if not self.been or now_s - self.been[-1].last_seen_s >= policy.been_every_s:
            self.been.append(self.track)
        while len(self.been) > 1 and now_s - self.been[1].last_seen_s >= dwelling_s:
            self.been.popleft()
        if now_s - max(self.came_near_s, self.track.first_seen_s) < dwelling_s:
            return
        got_on_m = apart_m(self.been[0], self.track, policy)
        if got_on_m < policy.passing_m_s * (now_s - self.been[0].last_seen_s):
            self.stood = self.dwelt = True

    @property
    def missing(self) -> bool:
        """Neither seen now nor seen leaving."""
        return self.gone_s is None and (self.ended or not self.track.visible)

    def lost_for_good(self, t_s: float, policy: Policy) -> bool:
        """Whether it is too late for them to appear again as the same customer."""
        return self.ended and t_s - self.track.last_seen_s > refound_limit_s(self.track, policy)


def party_stopped(stops: Iterable[Estimate], policy: Policy) -> Estimate | None:
    """When a party came to a stand: when the last of those did who came to one together, each soon after another.

    Whoever of them wanders about and stops much later does not count.
    """
    last: Estimate | None = None
    for stop in sorted(stops, key=lambda each: each.value):
        if last is not None and stop.value - last.value > policy.party_s:
            break
        last = stop
    return last


def refound_limit_s(lost: Track, policy: Policy) -> float:
    """How long a lost person may stay lost."""
    return policy.standing_refound_s if lost.stands else policy.walking_refound_s


def is_refound(new: Track, member: Member, t_s: float, policy: Policy) -> bool:
    """Whether a track that appeared near is the member who had gone missing there."""
    lost = member.track
    if not member.missing or new.near_since_s is None:
        return False
    away_s = t_s - lost.last_seen_s
    appeared = new.near_since_s - new.first_seen_s <= policy.appeared_s
    if not appeared or new.first_seen_s < lost.last_seen_s or away_s > refound_limit_s(lost, policy):
        return False
    reach_m = policy.refound_m + (0.0 if lost.stands else policy.walking_m_s * away_s)
    return apart_m(new, lost, policy) <= reach_m


def apart_m(one: Track, other: Track, policy: Policy) -> float:
    """Metres between two people: on the floor where their places are known, else by the breadth of their boxes."""
    if one.place is not None and other.place is not None:
        return _on_the_floor_m(one.place, other.place)
    return _in_the_picture_m(one.box, other.box, policy.body_width_m)


def _on_the_floor_m(one: Place, other: Place) -> float:
    return hypot(one.x_m - other.x_m, one.y_m - other.y_m)


def _in_the_picture_m(one: Box, other: Box, body_width_m: float) -> float:
    """Sideways by the breadth of the boxes; in depth, a step for each time one box is as broad again as the other."""
    widths = sorted((max(one.right - one.left, 1e-6), max(other.right - other.left, 1e-6)))
    sideways = abs(one.left + one.right - other.left - other.right) / (widths[0] + widths[1])
    depth_m = widths[1] / widths[0] - 1.0
    return hypot(sideways * body_width_m, depth_m)
