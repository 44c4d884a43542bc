"""Which tracks of the scene belong to which encounter, and when encounters begin, are confirmed, and are left."""

from dataclasses import replace

from edge.encounter.attention import Attention
from edge.encounter.distances import ByTrack, Distances
from edge.encounter.host_in_front import HostInFront
from edge.encounter.host_record import HostRecord
from edge.encounter.in_progress import EncounterInProgress, HostAtArrival, distance_at
from edge.encounter.party import Member, apart_m, is_refound
from edge.encounter.policy import Policy
from edge.encounter.work_seen import WorkSeen
from edge.scene.scene_now import SceneNow, Track
from protocol.standard import Standard

TRACKS_KEPT = 16
"""Track ids remembered of an encounter whose tracks keep breaking."""


class Encounters:
    """The encounters in progress, the candidates for one, and those just left, as the scene shows them."""

    def __init__(self, standard: Standard, policy: Policy, record: HostRecord) -> None:
        self._standard = standard
        self._policy = policy
        self._record = record
        self.in_progress: list[EncounterInProgress] = []
        self._count = 0
        self._scene_s: float | None = None
        self._seeing_since_s: float | None = None
        """Since when the customers' side has been seen without a failure; None while it is not seen."""
        self._stopped_work_s: float | None = None
        self._distances_at_stop: ByTrack = {}
        """How far everybody in sight was when the host last stopped working."""
        self.distances = Distances()

    def take_scene(self, scene: SceneNow, t_s: float) -> None:
        """Take in the customers at one moment."""
        look_s = max(0.0, scene.t_s - self._scene_s) if self._scene_s is not None else 0.0
        self._scene_s = scene.t_s
        if self._seeing_since_s is None:
            self._seeing_since_s = scene.t_s
        self._note_distances(scene)
        self._drop({*(each.id for each in scene.furniture), *scene.staff})
        followed = {track.id: track for track in scene.customers}
        ended = {track.id: track for track in scene.ended}
        for encounter in self.in_progress:
            encounter.take_members(followed, ended, scene.aside)
        doubts = {each.id: each.why for each in scene.perhaps_staff}
        for track in scene.customers:
            if track.near and track.near_since_s is not None:
                self._take_near(track, track.near_since_s, t_s, look_s)
        for encounter in tuple(self.in_progress):
            self._take_stand(encounter, t_s)
        for encounter in self.in_progress:
            encounter.take_doubts(doubts)
            encounter.take_leaving(t_s, self._policy)
            encounter.forget(t_s, self._policy)
        self._count_simultaneous()

    def _drop(self, no_customers: set[int]) -> None:
        """Forget who turned out to be nobody, or staff, and the encounters that were with nobody else."""
        for encounter in tuple(self.in_progress):
            found_out = no_customers & encounter.members.keys()
            for track_id in found_out:
                encounter.drop(track_id)
            if found_out and not encounter.members:
                self.in_progress.remove(encounter)

    def lose_sight(self) -> None:
        """The customers' camera failed."""
        self._seeing_since_s = None
        for encounter in self.in_progress:
            encounter.in_gap = True
            for member in encounter.members.values():
                member.track = replace(member.track, visible=False)
                member.ended = True

    def others_attended_s(self, came_near_s: float, t_s: float) -> tuple[float, ...]:
        """When customers who came before ``came_near_s``, and are still in sight, were attended to."""
        attended = (
            encounter.attention.attended(self._standard.respond.counts)
            for encounter in self.in_progress
            if encounter.open
            and encounter.number is not None
            and encounter.came_near_s < came_near_s
            and encounter.visible(t_s, self._policy)
        )
        return tuple(each[1] for each in attended if each is not None)

    def _note_distances(self, scene: SceneNow) -> None:
        self.distances.take(scene.t_s, scene.customers)
        stopped_s = self._record.stopped_work_s
        if stopped_s is not None and stopped_s != self._stopped_work_s:
            self._stopped_work_s = stopped_s
            self._distances_at_stop = self.distances.everybody_at(stopped_s)

    def _take_near(self, track: Track, near_since_s: float, t_s: float, look_s: float) -> None:
        """Find the encounter of somebody who is near, or begin one."""
        for encounter in self.in_progress:
            if track.id in encounter.members:
                if encounter.open:
                    return
                if near_since_s - (encounter.left_s or near_since_s) <= self._policy.returned_s:
                    encounter.left_s = None
                    return
                del encounter.members[track.id]
        for encounter in self.in_progress:
            for lost_id, member in encounter.members.items():
                if encounter.open and is_refound(track, member, t_s, self._policy):
                    self._follow_on(encounter, lost_id, track)
                    return
        self.in_progress.append(self._begin(track, near_since_s, t_s, look_s))

    def _follow_on(self, encounter: EncounterInProgress, lost_id: int, track: Track) -> None:
        """A lost member goes by a new track; the old one is kept while the scene still follows it, should it return."""
        lost = encounter.members[lost_id]
        encounter.members[track.id] = Member(
            track,
            lost.came_near_s,
            lost.stood,
            dwelt=lost.dwelt,
            stopped=lost.stopped,
            may_be_staff=lost.may_be_staff,
        )
        if lost.ended:
            del encounter.members[lost_id]
        encounter.tracks = (*encounter.tracks, track.id)[-TRACKS_KEPT:]
        encounter.take_member(track, ended=False)

    def _begin(self, track: Track, near_since_s: float, t_s: float, look_s: float) -> EncounterInProgress:
        record = self._record
        stopped_s = record.stopped_work_s
        stopped_for_them = (
            stopped_s is not None and stopped_s >= track.first_seen_s and track.id in self._distances_at_stop
        )
        seeing_since_s = near_since_s if self._seeing_since_s is None else self._seeing_since_s
        encounter = EncounterInProgress(
            came_near_s=near_since_s,
            came_near_se_s=track.near_since_se_s,
            came_near_m=distance_at(track, near_since_s),
            near_look_s=look_s,
            in_sight_s=track.first_seen_s,
            began_unseen=near_since_s - seeing_since_s <= self._policy.appeared_s,
            host_at_arrival=self._host_at_arrival(near_since_s, t_s),
            attention=Attention(
                watched_until_s=near_since_s,
                blind_s=self._policy.blind_s,
                on_phone_at_arrival=bool(record.on_phone),
            ),
            work=WorkSeen(
                at_arrival=record.working if record.observed else None,
                stopped_s=stopped_s if stopped_for_them else None,
                stopped_m=self._distances_at_stop.get(track.id) if stopped_for_them else None,
            ),
            host_in_front=HostInFront(track.first_seen_s, record.present_s),
            members={track.id: Member(track, near_since_s)},
            last_seen_s=max(track.last_seen_s, near_since_s),
            tracks=(track.id,),
        )
        encounter.take_member(track, ended=False)
        return encounter

    def _host_at_arrival(self, came_near_s: float, t_s: float) -> HostAtArrival:
        if self._record.on_phone:
            return "on_phone"
        if not self._record.observed or self._record.present is None:
            return "unknown"
        if not self._record.present:
            return "absent"
        return "with_customer" if self.others_attended_s(came_near_s, t_s) else "present"

    def _take_stand(self, encounter: EncounterInProgress, t_s: float) -> None:
        stays = encounter.take_stand(self._standard, self._policy)
        if not stays or encounter.number is not None or not encounter.open:
            return
        party = next((other for other in self.in_progress if self._is_one_party(encounter, other)), None)
        if party is not None:
            self.in_progress.remove(encounter)
            party.join(encounter)
            party.tracks = (*party.tracks, *encounter.tracks)[-TRACKS_KEPT:]
            party.take_stand(self._standard, self._policy)
            return
        self._count += 1
        encounter.number, encounter.confirmed_s = self._count, t_s
        for other in self.in_progress:
            overlapped = other.left_s is None or other.left_s > encounter.came_near_s
            if other is not encounter and other.number is not None and overlapped:
                encounter.simultaneous_max = max(encounter.simultaneous_max, 2)
                other.simultaneous_max = max(other.simultaneous_max, encounter.simultaneous_max)

    def _is_one_party(self, candidate: EncounterInProgress, other: EncounterInProgress) -> bool:
        if other is candidate or other.number is None or not other.open:
            return False
        policy = self._policy
        if abs(candidate.came_near_s - other.came_near_s) > policy.party_s:
            return False
        if candidate.began_unseen is not other.began_unseen:
            # Of one the arrival was not seen: when they came is not known, so not that they came together.
            return False
        return any(
            apart_m(mine.track, theirs.track, policy) <= policy.party_m
            for mine in candidate.members.values()
            for theirs in other.members.values()
            if mine.stood and theirs.gone_s is None and theirs.track.visible
        )

    def _count_simultaneous(self) -> None:
        going_on = [encounter for encounter in self.in_progress if encounter.open]
        confirmed = sum(encounter.number is not None for encounter in going_on)
        for encounter in going_on:
            others = confirmed - (encounter.number is not None)
            encounter.simultaneous_max = max(encounter.simultaneous_max, 1 + others)
