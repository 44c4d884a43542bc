"""What the host has been doing, as far as it matters to customers: which reactions began when, and whether that was seen."""

from dataclasses import dataclass
from math import sqrt

from edge.encounter.policy import Policy
from edge.host.host_now import HostNow
from protocol.measurements import ReactionKind

UNIFORM = 1.0 / sqrt(12.0)
"""Standard deviation of something that happened at any time between two looks, per second between them."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of time in which the host was turned to the customers, or smiled."""

    seen_from_s: float
    """From when it was seen to hold."""
    begun_s: float | None
    """When it began; None when that was not seen."""
    se_s: float
    """Standard error of the time at which it began."""


@dataclass(frozen=True, slots=True)
class Facing:
    """A stretch of time in which the host's head was turned to one customer rather than to any other."""

    track_id: int
    since_s: float
    se_s: float


class HostRecord:
    """The host's latest runs of turning and smiling, their rising, their work, and how long they were out of sight.

    Keeps the present state only, so that an encounter of an hour takes no more memory than one of a second.
    """

    def __init__(self, counts: tuple[ReactionKind, ...], policy: Policy) -> None:
        self._counts = counts
        self._policy = policy
        self._look_at_s: float | None = None
        self._watching_since_s = 0.0
        """Since when the host has been looked at without a stretch in which a reaction could have begun unnoticed."""
        self._runs: dict[ReactionKind, Run] = {}
        self._facing: Facing | None = None
        self.observed = False
        self.present: bool | None = None
        self.present_s: float | None = None
        """When the host was last there."""
        self.conclusive = False
        """Whether the latest look shows a reaction or its absence."""
        self.conclusive_s: float | None = None
        """When that was last so."""
        self.rose_s: float | None = None
        self.rose_se_s = 0.0
        self.working: bool | None = None
        """At the latest look that showed it, unless the host has been out of sight since."""
        self.stopped_work_s: float | None = None
        self.resumed_work_s: float | None = None
        self.on_phone: bool | None = None
        self.hung_up_s: float | None = None
        self.unturned_since_s: float | None = None
        """Since when the host is turned away; None while they are turned to the customers, or when that is not known."""

    def run(self, kind: ReactionKind) -> Run | None:
        """The run of a kind that is going on; None while the host is out of sight."""
        return self._runs.get(kind) if self.observed else None

    def facing(self) -> Facing | None:
        """Whom the host is turned to, if that has lasted and was seen to begin."""
        facing = self._facing
        if facing is None or not self.observed or self._look_at_s is None:
            return None
        lasted = self._look_at_s - facing.since_s >= self._policy.faced_s
        return facing if lasted and facing.since_s > self._watching_since_s else None

    def look(self, host: HostNow, *, on_phone: bool | None, t_s: float) -> None:
        """Take in the host at one moment; a look that has grown old counts as none."""
        self._take_phone(on_phone, t_s)
        self.observed = host.observed and t_s - host.t_s <= self._policy.blind_s
        self.conclusive = self.observed and self._is_conclusive(host)
        if not self.observed:
            self.unturned_since_s = None
            return
        before_s, self._look_at_s = self._look_at_s, host.t_s
        look_s = 0.0 if before_s is None else max(0.0, host.t_s - before_s)
        if before_s is None or look_s > self._policy.blind_s:
            self._watching_since_s = host.t_s
            self._runs.clear()
            self.working = None
        self._take_presence(host)
        se_s = UNIFORM * look_s
        self._take_state("turned", host.turned, host.turned_since_s, host.t_s, se_s)
        self._take_state(
            "smiled", host.smiling, host.smiling_since_s, host.t_s, max(se_s, host.smiling_since_se_s or 0.0)
        )
        if host.turned_to is None:
            self._facing = None
        elif self._facing is None or self._facing.track_id != host.turned_to:
            self._facing = Facing(host.turned_to, host.t_s, se_s)
        if host.stood_up_s is not None and host.stood_up_s != self.rose_s:
            self.rose_s, self.rose_se_s = host.stood_up_s, se_s
        if host.turned is not False:
            self.unturned_since_s = None
        elif self.unturned_since_s is None:
            self.unturned_since_s = host.t_s
        self._take_work(host)
        if self.conclusive:
            self.conclusive_s = host.t_s

    def _take_presence(self, host: HostNow) -> None:
        self.present = host.present
        if host.present:
            self.present_s = host.t_s
        elif host.present is False:
            self._runs.clear()

    def _is_conclusive(self, host: HostNow) -> bool:
        states = {"turned": host.turned, "smiled": host.smiling, "stood_up": host.standing}
        return host.present is False or any(states[kind] is not None for kind in self._counts)

    def _take_phone(self, on_phone: bool | None, t_s: float) -> None:  # noqa: FBT001 - a state of the world
        if self.on_phone and on_phone is False:
            self.hung_up_s = t_s
        self.on_phone = on_phone

    def _take_state(
        self,
        kind: ReactionKind,
        state: bool | None,  # noqa: FBT001 - a state of the world
        since_s: float | None,
        t_s: float,
        se_s: float,
    ) -> None:
        if state is None:
            return
        if not state:
            self._runs.pop(kind, None)
            return
        running = self._runs.get(kind)
        if running is not None and (since_s is None or since_s <= running.seen_from_s):
            return
        if since_s is None or since_s <= self._watching_since_s:
            # It held already when the host came into sight: when it began, nobody saw.
            self._runs[kind] = Run(max(since_s or t_s, self._watching_since_s), None, se_s)
        else:
            self._runs[kind] = Run(since_s, since_s, se_s)

    def _take_work(self, host: HostNow) -> None:
        if host.working is None:
            return
        if self.working and not host.working:
            self.stopped_work_s = host.t_s if host.work_stopped_s is None else host.work_stopped_s
        elif self.working is False and host.working:
            since_s = host.working_since_s
            self.resumed_work_s = host.t_s if since_s is None else since_s
        self.working = host.working
