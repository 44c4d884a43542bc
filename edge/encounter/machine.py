"""The encounter's state machine: moments of scene and host in, finished encounters out."""

from functools import partial

from edge.encounter.encounter_now import EncounterNow
from edge.encounter.encounters import Encounters
from edge.encounter.host_record import HostRecord
from edge.encounter.in_progress import EncounterInProgress, EndedBy
from edge.encounter.policy import Policy
from edge.host.host_meter import HostMeter
from edge.host.host_now import HostNow
from edge.scene.scene_now import SceneNow
from protocol.measurements import Encounter, Quantity
from protocol.standard import Standard


class EncounterMachine:
    """Separates encounters from people who pass, and measures each once.

    A person who crosses the approach distance is a candidate. One who comes to a stand (or stays longer than anybody takes
    to walk past) is confirmed; one who leaves first is dismissed. An encounter ends when the last of its party has left
    or was lost, and is reported when work was resumed or has had its time to be. docs/encounter.md draws the states.

    Example:
        >>> standard = Standard(name="house", version=1, title="House")
        >>> machine = EncounterMachine(standard, HostMeter(smile_measured=True))
        >>> nobody = SceneNow(0.0, observed=True, customers=(), ended=())
        >>> machine.step(nobody, HostNow(0.0, observed=False), on_phone=None)
        []
    """

    def __init__(self, standard: Standard, host: HostMeter, policy: Policy | None = None) -> None:
        self._standard = standard
        self._host = host
        self._policy = policy or Policy()
        self._record = HostRecord(standard.respond.counts, self._policy)
        self._encounters = Encounters(standard, self._policy, self._record)
        self._t_s: float | None = None
        self._reported = 0
        within_s = standard.work.resume_within_s.max
        self._resume_watch_s = max(self._policy.resume_watch_s, (within_s or 0.0) + self._policy.blind_s)

    def step(
        self,
        scene: SceneNow,
        host: HostNow,
        on_phone: bool | None,  # noqa: FBT001 - a state of the world
        t_s: float | None = None,
        *,
        in_front: bool = False,
    ) -> list[Encounter]:
        """Take in one moment; the encounters that are over with it.

        Moments come in order of time. Either side may be the newer one: with two cameras, a frame of one comes together with
        what the other showed last.

        Args:
            scene: The customers' side as last seen.
            host: The host as last seen.
            on_phone: Whether a receiver is lifted; None where that is not known.
            t_s: The moment; None for that of the newer of the two sides.
            in_front: Whether whoever is on duty says that they are in front of the desk.
        """
        before_s = self._t_s
        t_s = self._advance(max(scene.t_s, host.t_s) if t_s is None else t_s)
        self._record.look(host, on_phone=on_phone, t_s=t_s)
        if scene.observed:
            self._encounters.take_scene(scene, t_s)
        else:
            self._encounters.lose_sight()
        dt_s = min(t_s - before_s, self._policy.blind_s) if before_s is not None else 0.0
        for encounter in self._encounters.in_progress:
            visible = scene.observed and encounter.visible(t_s, self._policy)
            encounter.pass_time(dt_s, self._record, visible=visible)
            encounter.host_in_front.look(
                t_s,
                behind=self._record.present if self._record.observed else None,
                visible=visible,
                left_s=encounter.left_s,
                said_in_front=in_front and not scene.staff,
            )
        self._attend(t_s)
        over = [encounter for encounter in self._encounters.in_progress if self._is_over(encounter, t_s)]
        return self._report(over, t_s)

    def gap(self, t_s: float) -> None:
        """The customers' camera failed; ``t_s`` is the time of its last good frame.

        Encounters in progress are kept as long as the same people may be found again in the same spots, then they end with
        ``gap``. Who is near when the camera is back was not seen coming: their wait is ``not_observed``.
        """
        self._advance(t_s)
        self._encounters.lose_sight()

    def finish(self, t_s: float) -> list[Encounter]:
        """The timeline ends: encounters in progress end with it, and who was not confirmed is dismissed."""
        return self._report(list(self._encounters.in_progress), self._advance(t_s), at_end=True)

    def current(self) -> tuple[EncounterNow, ...]:
        """Everybody near at this moment, and the encounters that have just ended, in order of coming."""
        t_s = self._t_s or 0.0
        return tuple(
            encounter.now(self._standard, t_s, self._record, self._policy)
            for encounter in sorted(self._encounters.in_progress, key=lambda each: each.came_near_s)
        )

    def _advance(self, t_s: float) -> float:
        self._t_s = t_s if self._t_s is None else max(t_s, self._t_s)
        return self._t_s

    def _attend(self, t_s: float) -> None:
        counts = self._standard.respond.counts
        for encounter in sorted(self._encounters.in_progress, key=lambda each: each.came_near_s):
            if encounter.open:
                attended = encounter.attention.attended(counts)
                others_s = () if attended else self._encounters.others_attended_s(encounter.came_near_s, t_s)
                encounter.attention.look(
                    self._record,
                    counts,
                    track_ids=encounter.members,
                    in_sight_s=encounter.in_sight_s,
                    came_near_s=encounter.came_near_s,
                    others_attended_s=others_s,
                )
                if others_s:
                    encounter.attention.elsewhere_until_s = t_s
            encounter.work.look(
                self._record,
                partial(self._distance_at, encounter),
                in_sight_s=encounter.in_sight_s,
                came_near_s=encounter.came_near_s,
                left_s=encounter.left_s,
            )

    def _distance_at(self, encounter: EncounterInProgress, t_s: float) -> Quantity | None:
        seen = self._encounters.distances.at(encounter.members, t_s)
        return seen or encounter.out_of_sight_m(self._standard.near.leave_m)

    def _is_over(self, encounter: EncounterInProgress, t_s: float) -> bool:
        members = encounter.members.values()
        if encounter.left_s is None:
            return all(
                member.gone_s is not None or member.lost_for_good(t_s, self._policy) for member in members
            )
        if encounter.number is None or t_s - encounter.left_s > self._resume_watch_s:
            return True
        settled = encounter.work.resumed_s is not None or not encounter.work.known
        settled = settled and encounter.host_in_front.settled(t_s)
        return settled and all(member.ended for member in members)

    def _report(
        self, over: list[EncounterInProgress], t_s: float, *, at_end: bool = False
    ) -> list[Encounter]:
        """Forget some encounters, and measure those of them that were confirmed."""
        self._encounters.in_progress = [
            encounter for encounter in self._encounters.in_progress if encounter not in over
        ]
        reported = [each for each in over if each.number is not None and each.stayed]
        # Visits are numbered as they are reported, so that one taken back leaves no hole that looks like a lost one.
        first, self._reported = self._reported + 1, self._reported + len(reported)
        return [
            encounter.measured(
                visit,
                self._standard,
                self._ending(encounter, t_s, at_end=at_end),
                self._host,
                self._policy,
            )
            for visit, encounter in enumerate(reported, first)
        ]

    def _ending(self, encounter: EncounterInProgress, t_s: float, *, at_end: bool) -> EndedBy:
        if encounter.left_s is not None:
            return "left"
        if encounter.in_gap:
            return "gap"
        return "end" if at_end and encounter.visible(t_s, self._policy) else "lost"
