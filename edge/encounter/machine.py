"""The encounter's state machine: moments of scene and host in, finished visits out."""

from collections.abc import Iterable
from dataclasses import replace

from edge.encounter.attention import Attention, Beginning
from edge.encounter.host_record import HostRecord
from edge.encounter.manner import Manner
from edge.encounter.party import Member, apart_m, is_refound
from edge.encounter.policy import Policy
from edge.encounter.visit import EndedBy, HostAtArrival, Visit, quantity
from edge.encounter.visit_now import VisitNow
from edge.encounter.work import WorkSeen
from edge.manner.now import HostNow
from edge.scene.snapshot import SceneNow, Track
from protocol.measurements import Encounter, Quantity, ReactionKind
from protocol.standard import Standard

TRACKS_KEPT = 16
"""Track ids remembered of a visit whose tracks keep breaking."""


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
        self._visits: list[Visit] = []
        self._count = 0
        self._t_s: float | None = None
        self._scene_s: float | None = None
        self._seeing_since_s: float | None = None
        """Since when the customers' side has been seen without a failure; None while it is not seen."""
        self._distances_at_stop: dict[int, Quantity] = {}
        """How far everybody in sight was when the host last stopped working."""
        within_s = standard.work.resume_within_s.max
        self._resume_watch_s = max(self._policy.resume_watch_s, (within_s or 0.0) + self._policy.blind_s)

    def step(self, scene: SceneNow, host: HostNow, on_phone: bool | None) -> list[Encounter]:  # noqa: FBT001
        """Take in one moment; the visits that are over with it.

        Moments come in order of time. Either side may be the newer one: with two cameras, a frame of one is told together with
        what the other showed last.
        """
        t_s = max(scene.t_s, host.t_s if host.observed else scene.t_s, self._t_s or scene.t_s)
        dt_s = min(t_s - self._t_s, self._policy.blind_s) if self._t_s is not None else 0.0
        look_s = max(0.0, scene.t_s - self._scene_s) if self._scene_s is not None else 0.0
        stopped_s = self._record.stopped_work_s
        self._record.look(host, on_phone=on_phone, t_s=t_s)
        if self._record.stopped_work_s != stopped_s:
            self._note_distances(scene.customers)
        self._t_s, self._scene_s = t_s, scene.t_s
        if scene.observed:
            self._take_scene(scene, t_s, look_s)
        else:
            self.gap(scene.t_s)
        for visit in self._visits:
            visit.pass_time(dt_s, self._record, visible=scene.observed and visit.visible(t_s, self._policy))
        self._attend()
        return self._close(t_s)

    def gap(self, t_s: float) -> None:
        """The customers' camera failed; ``t_s`` is the time of its last good frame.

        Visits in progress are kept as long as the same people may be found again in the same spots, then they end with
        ``gap``. Who is near when the camera is back was not seen coming: their wait is ``not_observed``.
        """
        self._t_s = max(t_s, self._t_s or t_s)
        self._seeing_since_s = None
        for visit in self._visits:
            visit.in_gap = True
            for member in visit.members.values():
                member.track = replace(member.track, visible=False)
                member.ended = True

    def finish(self, t_s: float) -> list[Encounter]:
        """The timeline ends: visits in progress end with it, and who was not confirmed is dismissed."""
        self._t_s = max(t_s, self._t_s or t_s)
        over = [
            self._measured(visit, self._ending(visit, at_end=visit.visible(self._t_s, self._policy)))
            for visit in self._visits
            if visit.number is not None
        ]
        self._visits.clear()
        return over

    def current(self) -> tuple[VisitNow, ...]:
        """Everybody near at this moment, and the visits that have just ended, in order of coming."""
        t_s = self._t_s or 0.0
        return tuple(
            visit.now(self._standard, t_s, self._record, self._policy)
            for visit in sorted(self._visits, key=lambda each: each.came_near_s)
        )

    def _note_distances(self, customers: Iterable[Track]) -> None:
        distances = {track.id: quantity(track) for track in customers if track.visible}
        self._distances_at_stop = {id_: each for id_, each in distances.items() if each is not None}

    def _take_scene(self, scene: SceneNow, t_s: float, look_s: float) -> None:
        if self._seeing_since_s is None:
            self._seeing_since_s = scene.t_s
        followed = {track.id: track for track in scene.customers}
        ended = {track.id: track for track in scene.ended}
        for visit in self._visits:
            visit.take_members(followed, ended)
        for track in scene.customers:
            if track.near and track.near_since_s is not None:
                self._take_near(track, track.near_since_s, t_s, look_s)
        for visit in tuple(self._visits):
            self._take_stand(visit, t_s)
        for visit in self._visits:
            self._take_leaving(visit, t_s)
            visit.forget(t_s, self._policy)
        self._count_simultaneous()

    def _count_simultaneous(self) -> None:
        going_on = [visit for visit in self._visits if visit.open]
        confirmed = sum(visit.number is not None for visit in going_on)
        for visit in going_on:
            others = confirmed - (visit.number is not None)
            visit.simultaneous_max = max(visit.simultaneous_max, 1 + others)

    def _take_near(self, track: Track, near_since_s: float, t_s: float, look_s: float) -> None:
        """Find the visit of somebody who is near, or begin one."""
        for visit in self._visits:
            if track.id in visit.members:
                if visit.open:
                    return
                if near_since_s - (visit.left_s or near_since_s) <= self._policy.returned_s:
                    visit.left_s = None
                    return
                del visit.members[track.id]
        for visit in self._visits:
            for lost_id, member in visit.members.items():
                if visit.open and is_refound(track, member, t_s, self._policy):
                    self._replace(visit, lost_id, track)
                    return
        self._visits.append(self._begin(track, near_since_s, look_s))

    def _replace(self, visit: Visit, lost_id: int, track: Track) -> None:
        lost = visit.members.pop(lost_id)
        visit.members[track.id] = Member(track, lost.came_near_s, lost.stood)
        visit.tracks = (*visit.tracks, track.id)[-TRACKS_KEPT:]
        visit.take_member(track, ended=False)

    def _begin(self, track: Track, near_since_s: float, look_s: float) -> Visit:
        seeing_since_s = self._seeing_since_s or 0.0
        stopped_s = self._record.stopped_work_s
        stopped_for_them = (
            stopped_s is not None and stopped_s >= track.first_seen_s and track.id in self._distances_at_stop
        )
        visit = Visit(
            came_near_s=near_since_s,
            came_near_m=quantity(track),
            near_look_s=look_s,
            in_sight_s=track.first_seen_s,
            began_unseen=near_since_s - seeing_since_s <= self._policy.appeared_s,
            host_at_arrival=self._host_now(near_since_s),
            attention=Attention(
                watched_until_s=near_since_s,
                blind_s=self._policy.blind_s,
                on_phone_at_arrival=bool(self._record.on_phone),
            ),
            work=WorkSeen(
                at_arrival=self._record.working,
                stopped_s=stopped_s if stopped_for_them else None,
                stopped_m=self._distances_at_stop.get(track.id) if stopped_for_them else None,
            ),
            members={track.id: Member(track, near_since_s)},
            last_seen_s=max(track.last_seen_s, near_since_s),
            tracks=(track.id,),
        )
        visit.take_member(track, ended=False)
        return visit

    def _host_now(self, came_near_s: float) -> HostAtArrival:
        if self._record.on_phone:
            return "on_phone"
        if not self._record.observed or self._record.present is None:
            return "unknown"
        if not self._record.present:
            return "absent"
        return "with_customer" if self._others_attended_s(came_near_s) else "present"

    def _others_attended_s(self, came_near_s: float) -> tuple[float, ...]:
        """When customers who came before, and are still in sight, were attended to."""
        times = (
            visit.attention.attended(self._standard.respond.counts)
            for visit in self._visits
            if visit.open
            and visit.number is not None
            and visit.came_near_s < came_near_s
            and visit.visible(self._t_s or came_near_s, self._policy)
        )
        return tuple(attended[1] for attended in times if attended is not None)

    def _take_stand(self, visit: Visit, t_s: float) -> None:
        stays = visit.take_stand(self._standard, self._policy)
        if not stays or visit.number is not None or not visit.open:
            return
        party = next((other for other in self._visits if self._is_one_party(visit, other)), None)
        if party is not None:
            self._join(visit, party)
            return
        self._count += 1
        visit.number, visit.confirmed_s = self._count, t_s
        for other in self._visits:
            overlapped = other.left_s is None or other.left_s > visit.came_near_s
            if other is not visit and other.number is not None and overlapped:
                visit.simultaneous_max = max(visit.simultaneous_max, 2)
                other.simultaneous_max = max(other.simultaneous_max, visit.simultaneous_max)

    def _is_one_party(self, candidate: Visit, other: Visit) -> bool:
        if other is candidate or other.number is None or not other.open:
            return False
        policy = self._policy
        together = abs(candidate.came_near_s - other.came_near_s) <= policy.party_s
        reach_m = policy.party_m if together else policy.joining_m
        return any(
            apart_m(mine.track, theirs.track, policy) <= reach_m
            for mine in candidate.members.values()
            for theirs in other.members.values()
            if mine.stood and theirs.gone_s is None and theirs.track.visible
        )

    def _join(self, candidate: Visit, party: Visit) -> None:
        self._visits.remove(candidate)
        party.members.update(candidate.members)
        party.tracks = (*party.tracks, *candidate.tracks)[-TRACKS_KEPT:]
        party.last_seen_s = max(party.last_seen_s, candidate.last_seen_s)
        if (
            candidate.came_near_s < party.came_near_s
            and party.came_near_s - candidate.came_near_s <= self._policy.party_s
        ):
            party.came_near_s, party.came_near_m = candidate.came_near_s, candidate.came_near_m
            party.in_sight_s = min(party.in_sight_s, candidate.in_sight_s)
            _take_earlier(party.attention.first, candidate.attention.first)
        party.take_stand(self._standard, self._policy)

    def _take_leaving(self, visit: Visit, t_s: float) -> None:
        if not visit.open or visit.last_gone_s is None:
            return
        there = [
            member
            for member in visit.members.values()
            if member.gone_s is None and not member.lost_for_good(t_s, self._policy)
        ]
        lost_s = [member.track.last_seen_s for member in visit.members.values() if member.gone_s is None]
        if not there and visit.last_gone_s >= max(lost_s, default=visit.last_gone_s):
            visit.left_s = max(visit.last_gone_s, visit.stopped_s or visit.came_near_s)

    def _attend(self) -> None:
        t_s = self._t_s or 0.0
        counts = self._standard.respond.counts
        for visit in sorted(self._visits, key=lambda each: each.came_near_s):
            if visit.open:
                attention = visit.attention
                others = () if attention.attended(counts) else self._others_attended_s(visit.came_near_s)
                attention.look(
                    self._record,
                    counts,
                    in_sight_s=visit.in_sight_s,
                    came_near_s=visit.came_near_s,
                    others_attended_s=others,
                )
                if others:
                    attention.elsewhere_until_s = t_s
            visit.work.look(
                self._record,
                visit.nearest_m() or self._out_of_sight_m(visit),
                in_sight_s=visit.in_sight_s,
                came_near_s=visit.came_near_s,
                left_s=visit.left_s,
            )

    def _out_of_sight_m(self, visit: Visit) -> Quantity | None:
        """For somebody who left and is no longer seen: the leaving distance at least, and covered by no look."""
        known = [
            each
            for each in map(quantity, (member.track for member in visit.members.values()))
            if each is not None
        ]
        if visit.open or not known:
            return None
        last = max(known, key=lambda each: each.value)
        return Quantity(value=max(last.value, self._standard.near.leave_m), se=last.se, coverage=0.0)

    def _close(self, t_s: float) -> list[Encounter]:
        """Report the visits that are over, and dismiss the candidates who left or were lost."""
        over = [visit for visit in self._visits if self._is_over(visit, t_s)]
        self._visits = [visit for visit in self._visits if visit not in over]
        return [
            self._measured(visit, self._ending(visit, at_end=False))
            for visit in over
            if visit.number is not None
        ]

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

    @staticmethod
    def _ending(visit: Visit, *, at_end: bool) -> EndedBy:
        if visit.left_s is not None:
            return "left"
        if visit.in_gap:
            return "gap"
        return "end" if at_end else "lost"

    def _measured(self, visit: Visit, ended_by: EndedBy) -> Encounter:
        return visit.measured(self._standard, ended_by, self._manner)


def _take_earlier(party: dict[ReactionKind, Beginning], joining: dict[ReactionKind, Beginning]) -> None:
    for kind, began in joining.items():
        if kind not in party or began.at_s < party[kind].at_s:
            party[kind] = began
