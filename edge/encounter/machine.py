"""The encounter's state machine: moments of scene and host in, finished visits out."""

from functools import partial

from edge.encounter.host_record import HostRecord
from edge.encounter.manner import Manner
from edge.encounter.policy import Policy
from edge.encounter.visit import EndedBy, Visit
from edge.encounter.visit_now import VisitNow
from edge.encounter.visitors import Visitors
from edge.host.now import HostNow
from edge.scene.snapshot import SceneNow
from protocol.measurements import Encounter, Quantity
from protocol.standard import Standard


class EncounterMachine:
    """Tells visits from passing, and measures each once.

    A person who crosses the approach distance is a candidate. One who comes to a stand (or stays longer than anybody takes
    to walk past) is confirmed; one who leaves first is dismissed. A visit ends when the last of its party has left
    or was lost, and is reported when work was resumed or has had its time to be. docs/encounter.md draws the states.

    Example:
        >>> machine = EncounterMachine(standard, manner)  # doctest: +SKIP
        >>> for encounter in machine.step(scene.now, host.now, on_phone=None):  # doctest: +SKIP
        ...     spool.put(encounter)
    """

    def __init__(self, standard: Standard, manner: Manner, policy: Policy | None = None) -> None:
        self._standard = standard
        self._manner = manner
        self._policy = policy or Policy()
        self._record = HostRecord(standard.respond.counts, self._policy)
        self._visitors = Visitors(standard, self._policy, self._record)
        self._t_s: float | None = None
        within_s = standard.work.resume_within_s.max
        self._resume_watch_s = max(self._policy.resume_watch_s, (within_s or 0.0) + self._policy.blind_s)

    def step(
        self,
        scene: SceneNow,
        host: HostNow,
        on_phone: bool | None,  # noqa: FBT001 - a state of the world
        t_s: float | None = None,
    ) -> list[Encounter]:
        """Take in one moment; the visits that are over with it.

        Moments come in order of time. Either side may be the newer one: with two cameras, a frame of one is told together with
        what the other showed last.

        Args:
            scene: The customers' side as last seen.
            host: The host as last seen.
            on_phone: Whether a receiver is lifted; None where that cannot be told.
            t_s: The moment; None for that of the newer of the two sides.
        """
        before_s = self._t_s
        t_s = self._advance(max(scene.t_s, host.t_s) if t_s is None else t_s)
        self._record.look(host, on_phone=on_phone, t_s=t_s)
        if scene.observed:
            self._visitors.take_scene(scene, t_s)
        else:
            self._visitors.lose_sight()
        dt_s = min(t_s - before_s, self._policy.blind_s) if before_s is not None else 0.0
        for visit in self._visitors.visits:
            visit.pass_time(dt_s, self._record, visible=scene.observed and visit.visible(t_s, self._policy))
        self._attend(t_s)
        over = [visit for visit in self._visitors.visits if self._is_over(visit, t_s)]
        return self._report(over, t_s)

    def gap(self, t_s: float) -> None:
        """The customers' camera failed; ``t_s`` is the time of its last good frame.

        Visits in progress are kept as long as the same people may be found again in the same spots, then they end with
        ``gap``. Who is near when the camera is back was not seen coming: their wait is ``not_observed``.
        """
        self._advance(t_s)
        self._visitors.lose_sight()

    def finish(self, t_s: float) -> list[Encounter]:
        """The timeline ends: visits in progress end with it, and who was not confirmed is dismissed."""
        return self._report(list(self._visitors.visits), self._advance(t_s), at_end=True)

    def current(self) -> tuple[VisitNow, ...]:
        """Everybody near at this moment, and the visits that have just ended, in order of coming."""
        t_s = self._t_s or 0.0
        return tuple(
            visit.now(self._standard, t_s, self._record, self._policy)
            for visit in sorted(self._visitors.visits, key=lambda each: each.came_near_s)
        )

    def _advance(self, t_s: float) -> float:
        self._t_s = t_s if self._t_s is None else max(t_s, self._t_s)
        return self._t_s

    def _attend(self, t_s: float) -> None:
        counts = self._standard.respond.counts
        for visit in sorted(self._visitors.visits, key=lambda each: each.came_near_s):
            if visit.open:
                attended = visit.attention.attended(counts)
                others_s = () if attended else self._visitors.others_attended_s(visit.came_near_s, t_s)
                visit.attention.look(
                    self._record,
                    counts,
                    track_ids=visit.members,
                    in_sight_s=visit.in_sight_s,
                    came_near_s=visit.came_near_s,
                    others_attended_s=others_s,
                )
                if others_s:
                    visit.attention.elsewhere_until_s = t_s
            visit.work.look(
                self._record,
                partial(self._distance_at, visit),
                in_sight_s=visit.in_sight_s,
                came_near_s=visit.came_near_s,
                left_s=visit.left_s,
            )

    def _distance_at(self, visit: Visit, t_s: float) -> Quantity | None:
        seen = self._visitors.distances.at(visit.members, t_s)
        return seen or visit.out_of_sight_m(self._standard.near.leave_m)

    def _is_over(self, visit: Visit, t_s: float) -> bool:
        members = visit.members.values()
        if visit.left_s is None:
            return all(
                member.gone_s is not None or member.lost_for_good(t_s, self._policy) for member in members
            )
        if visit.number is None or t_s - visit.left_s > self._resume_watch_s:
            return True
        settled = visit.work.resumed_s is not None or not visit.work.told
        return settled and all(member.ended for member in members)

    def _report(self, over: list[Visit], t_s: float, *, at_end: bool = False) -> list[Encounter]:
        """Forget some visits, and measure those of them that were confirmed."""
        self._visitors.visits = [visit for visit in self._visitors.visits if visit not in over]
        return [
            visit.measured(self._standard, self._ending(visit, t_s, at_end=at_end), self._manner)
            for visit in over
            if visit.number is not None
        ]

    def _ending(self, visit: Visit, t_s: float, *, at_end: bool) -> EndedBy:
        if visit.left_s is not None:
            return "left"
        if visit.in_gap:
            return "gap"
        return "end" if at_end and visit.visible(t_s, self._policy) else "lost"
