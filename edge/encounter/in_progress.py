"""One encounter while it lasts: its people, what has been seen of it, and the measurement it ends in."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Literal

from edge.encounter.attention import Attention, EncounterWait
from edge.encounter.distances import quantity
from edge.encounter.encounter_now import EncounterNow
from edge.encounter.host_in_front import HostInFront
from edge.encounter.host_record import UNIFORM, HostRecord
from edge.encounter.party import Member, party_stopped
from edge.encounter.policy import Policy
from edge.encounter.work_seen import WorkSeen
from edge.host.host_meter import HostMeter
from edge.observation import Estimate
from edge.scene.scene_now import Track
from protocol.measurements import Encounter, EncounterCoverage, MayBeStaff, Quantity, Reaction
from protocol.standard import Standard

HostAtArrival = Literal["present", "absent", "on_phone", "with_customer", "unknown"]
EndedBy = Literal["left", "lost", "gap", "end"]
STOPS_KEPT = 8
"""A party is rarely larger; who stops after so many others does not date it."""


@dataclass(frozen=True, slots=True)
class SecondsSeen:
    """Seconds of an encounter in which its parts were seen."""

    customer_s: float = 0.0
    host_s: float = 0.0
    phone_known_s: float = 0.0
    on_phone_s: float = 0.0


@dataclass(slots=True, eq=False)
class EncounterInProgress:
    """An encounter from coming near on; a candidate until it is confirmed.

    Its memory does not grow with its length: people who are gone are forgotten, times are summed as they pass.
    """

    came_near_s: float
    came_near_se_s: float | None
    came_near_m: Quantity | None
    near_look_s: float
    """Time between the looks between which the customer came near."""
    in_sight_s: float
    """When the customer was first seen, near or not."""
    began_unseen: bool
    """Whether they were already there when the desk began, or began again, to see."""
    host_at_arrival: HostAtArrival
    attention: Attention
    work: WorkSeen
    host_in_front: HostInFront
    members: dict[int, Member]
    last_seen_s: float
    number: int | None = None
    confirmed_s: float | None = None
    stops: tuple[Estimate, ...] = ()
    """When those came to a stand who have left the party since, the first few of them."""
    closest_m: Quantity | None = None
    left_s: float | None = None
    last_gone_s: float | None = None
    """When somebody of the party last crossed the leaving line."""
    last_gone_se_s: float | None = None
    party_size: int = 1
    simultaneous_max: int = 1
    surely_customers: bool = False
    """Whether somebody left the party who stayed and of whom nothing says that they are staff."""
    dwelt: bool = False
    """Whether anybody of it stayed too long to be passing."""
    in_gap: bool = False
    """Whether the camera failed since the customer was last seen."""
    tracks: tuple[int, ...] = ()
    """Every track the encounter was made of, the latest few if many broke."""
    seen: SecondsSeen = field(default_factory=SecondsSeen)
    seen_when_last_visible: SecondsSeen = field(default_factory=SecondsSeen)

    @property
    def open(self) -> bool:
        """Whether the customer is, as far as is known, still there."""
        return self.left_s is None

    def visible(self, t_s: float, policy: Policy) -> bool:
        """Whether any of the party was seen within the last moment."""
        return t_s - self.last_seen_s <= policy.visible_s

    def take_members(
        self, followed: dict[int, Track], ended: dict[int, Track], aside: Collection[int]
    ) -> None:
        """Take in the party as the scene shows it: whom it follows, whose tracks ended, and who stepped aside for a moment."""
        for track_id, member in self.members.items():
            if track_id in followed:
                self.take_member(followed[track_id], ended=False)
            elif track_id in ended:
                self.take_member(ended[track_id], ended=True)
            else:
                member.ended = track_id not in aside
                member.track = replace(member.track, visible=False)

    def take_member(self, track: Track, *, ended: bool) -> None:
        """Take in one of the party as the scene shows them."""
        member = self.members[track.id]
        member.track, member.ended = track, ended
        if track.visible and track.last_seen_s >= self.last_seen_s:
            self.last_seen_s = max(self.last_seen_s, track.last_seen_s)
            self.in_gap = False
            distance = quantity(track)
            if (
                distance is not None
                and track.gone_since_s is None
                and (self.closest_m is None or distance.value < self.closest_m.value)
            ):
                self.closest_m = distance
        if track.gone_since_s is not None and not track.near:
            member.gone_s = max(track.gone_since_s, member.came_near_s)
            if self.last_gone_s is None or member.gone_s >= self.last_gone_s:
                self.last_gone_s, self.last_gone_se_s = member.gone_s, track.gone_since_se_s
        elif track.near:
            member.gone_s = None

    def drop(self, track_id: int) -> None:
        """Forget a member who turned out to be no customer."""
        member = self.members.pop(track_id)
        if member.stood:
            self.party_size = max(1, self.party_size - 1)

    def take_doubts(self, doubts: Mapping[int, MayBeStaff]) -> None:
        """Note who of the party may be staff, by their tracks."""
        for track_id, why in doubts.items():
            if track_id in self.members:
                self.members[track_id].may_be_staff = why

    @property
    def may_be_staff(self) -> MayBeStaff | None:
        """Why there may have been no customer in it; None while one of the party is not in doubt."""
        stayed = [member for member in self.members.values() if member.stood] or [*self.members.values()]
        doubts = [member.may_be_staff for member in stayed]
        if self.surely_customers or None in doubts:
            return self.host_in_front.may_be if self.party_size == 1 else None
        return next(iter(doubts), None)

    def take_stand(self, standard: Standard, policy: Policy) -> bool:
        """Note who has come to a stand; whether that makes this an encounter."""
        dwelling_s = max(standard.near.dwell_s, 2.0 * standard.near.approach_m / policy.slowest_walk_m_s)
        stays = False
        for member in self.members.values():
            if not member.track.visible or member.gone_s is not None:
                continue
            member.take_stand(standard.near.dwell_s)
            member.take_dwelling(dwelling_s, policy)
            stays = stays or member.stood
            self.dwelt = self.dwelt or member.dwelt
        together = sum(
            member.stood and not member.missing and member.gone_s is None for member in self.members.values()
        )
        self.party_size = max(self.party_size, together)
        return stays

    def stopped(self, policy: Policy) -> Estimate | None:
        """When the party came to a stand; None when nobody of it has."""
        there = (member.stopped for member in self.members.values() if member.stopped is not None)
        return party_stopped((*self.stops, *there), policy)

    def take_leaving(self, t_s: float, policy: Policy) -> None:
        """Note that the last of the party crossed the leaving line, if so."""
        if not self.open or self.last_gone_s is None:
            return
        not_gone = [member for member in self.members.values() if member.gone_s is None]
        if all(
            member.lost_for_good(t_s, policy) and member.track.last_seen_s <= self.last_gone_s
            for member in not_gone
        ):
            stopped = self.stopped(policy)
            self.left_s = max(self.last_gone_s, self.came_near_s if stopped is None else stopped.value)

    def join(self, candidate: "EncounterInProgress") -> None:
        """Take in somebody who turned out to be of this party."""
        self.members.update(candidate.members)
        self.surely_customers = self.surely_customers or candidate.surely_customers
        self.keep_stops(candidate.stops)
        self.dwelt = self.dwelt or candidate.dwelt
        self.last_seen_s = max(self.last_seen_s, candidate.last_seen_s)
        if candidate.came_near_s >= self.came_near_s:
            return
        self.came_near_s, self.came_near_m = candidate.came_near_s, candidate.came_near_m
        self.came_near_se_s = candidate.came_near_se_s
        self.in_sight_s = min(self.in_sight_s, candidate.in_sight_s)
        self.attention.take_earlier(candidate.attention)

    def out_of_sight_m(self, leave_m: float) -> Quantity | None:
        """For a party that left and is no longer seen: the leaving distance at least, and covered by no look."""
        known = [quantity(member.track) for member in self.members.values()]
        last = max((each for each in known if each is not None), key=lambda each: each.value, default=None)
        if self.open or last is None:
            return None
        return Quantity(value=max(last.value, leave_m), se=last.se, coverage=0.0)

    def pass_time(self, dt_s: float, record: HostRecord, *, visible: bool) -> None:
        """Add the time since the last moment to what was seen in it."""
        if not self.open:
            return
        self.seen = replace(
            self.seen,
            customer_s=self.seen.customer_s + dt_s * visible,
            host_s=self.seen.host_s + dt_s * record.conclusive,
            phone_known_s=self.seen.phone_known_s + dt_s * (record.on_phone is not None),
            on_phone_s=self.seen.on_phone_s + dt_s * bool(record.on_phone),
        )
        if visible:
            self.seen_when_last_visible = self.seen

    def forget(self, t_s: float, policy: Policy) -> None:
        """Drop the people who left or were lost, as long as somebody of the party is still there."""
        over = [
            track_id
            for track_id, member in self.members.items()
            if member.ended and (member.gone_s is not None or member.lost_for_good(t_s, policy))
        ]
        if len(over) < len(self.members):
            for track_id in over:
                member = self.members.pop(track_id)
                stopped = member.stopped
                self.surely_customers = self.surely_customers or (
                    member.stood and member.may_be_staff is None
                )
                self.keep_stops(() if stopped is None else (stopped,))

    @property
    def stayed(self) -> bool:
        """Whether, as far as is known today, anybody of it stood or dwelt: what was taken for a stand may have been a slow walk."""
        return self.dwelt or bool(self.stops) or any(member.stood for member in self.members.values())

    def keep_stops(self, stops: Iterable[Estimate]) -> None:
        """Remember when people came to a stand who are members no more; the first few settle when the party did."""
        self.stops = tuple(sorted((*self.stops, *stops), key=lambda each: each.value)[:STOPS_KEPT])

    def now(self, standard: Standard, t_s: float, record: HostRecord, policy: Policy) -> EncounterNow:
        """The encounter as the lights need it."""
        attended = self.attention.attended(standard.respond.counts)
        until_s = t_s if attended is None else attended[1]
        waited_s = max(0.0, until_s - self.came_near_s)
        return EncounterNow(
            number=self.number,
            seconds_left=standard.respond.within_s - waited_s,
            attended_s=None if attended is None else attended[1],
            attended_unseen=bool(self.attention.undated & set(standard.respond.counts)),
            smiled="smiled" in self.attention.first,
            visible=self.visible(t_s, policy),
            left_s=self.left_s,
            unturned_since_s=record.unturned_since_s,
            wait_unknown=self.began_unseen
            or self.may_be_staff is not None
            or (attended is None and self.attention.unknown_at(t_s)),
        )

    def measured(
        self, visit: int, standard: Standard, ended_by: EndedBy, host: HostMeter, policy: Policy
    ) -> Encounter:
        """The measurement of a confirmed encounter that is over, which is the boot's `visit`-th."""
        if self.number is None or self.confirmed_s is None:
            raise ValueError("an encounter that was never confirmed is no encounter")
        end_s = self.last_seen_s if self.left_s is None else self.left_s
        stopped = self.stopped(policy)
        self.attention.end(end_s)
        if self.began_unseen:
            # Nobody knows when they came near, so no delay after it is known.
            wait = EncounterWait(0.0, "not_observed")
            reactions: tuple[Reaction, ...] = ()
        else:
            near_se_s = UNIFORM * self.near_look_s if self.came_near_se_s is None else self.came_near_se_s
            reactions = self.attention.reactions(self.came_near_s, near_se_s)
            wait = self.attention.wait(
                standard.respond.counts,
                came_near_s=self.came_near_s,
                end_s=end_s,
                customer_left=ended_by in ("left", "lost"),
            )
        seen = self.seen if self.left_s is not None else self.seen_when_last_visible
        conduct = host.conduct(self.came_near_s, end_s, self.tracks, self.work.facts)
        return Encounter(
            start_s=self.came_near_s,
            end_s=end_s,
            visit=visit,
            standard=standard.label,
            party_size=self.party_size,
            came_near_s=self.came_near_s,
            came_near_m=self.came_near_m,
            closest_m=self.closest_m,
            stopped_s=None if stopped is None else min(stopped.value, end_s),
            confirmed_s=self.confirmed_s,
            left_s=self.left_s,
            came_near_se_s=None if self.began_unseen else self.came_near_se_s,
            stopped_se_s=None if stopped is None or stopped.se <= 0.0 else stopped.se,
            left_se_s=None if self.left_s is None else self.last_gone_se_s,
            last_seen_s=self.last_seen_s,
            ended_by=ended_by,
            host_at_arrival=self.host_at_arrival,
            reactions=reactions,
            wait_s=wait.seconds,
            wait_ended_by=wait.ended_by,
            reaction_kind=wait.kind,
            resumed_work_s=self.work.resumed_s,
            simultaneous_max=self.simultaneous_max,
            on_phone_share=_share(seen.on_phone_s, seen.phone_known_s) if seen.phone_known_s else None,
            **conduct.by_name(),
            may_be_staff=self.may_be_staff,
            coverage=EncounterCoverage(
                customer=_share(seen.customer_s, end_s - self.came_near_s),
                host=_share(seen.host_s, end_s - self.came_near_s),
            ),
        )


def distance_at(track: Track, near_since_s: float) -> Quantity | None:
    """The distance when a person came near, which is known only a moment later: they walked on meanwhile."""
    distance, speed = quantity(track), track.speed_m_s
    if distance is None or speed is None or track.first_seen_s >= near_since_s:
        return distance
    since_s = max(0.0, track.last_seen_s - near_since_s)
    return Quantity(value=distance.value + speed.value * since_s, se=hypot(distance.se, speed.se * since_s))


def _share(part_s: float, whole_s: float) -> float:
    return min(1.0, part_s / whole_s) if whole_s > 0.0 else 0.0
