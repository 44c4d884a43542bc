"""How the host attended to one encounter: the first reaction of each kind, and for how long it is certain that none came."""

from collections.abc import Collection
from dataclasses import dataclass, field
from math import hypot
from typing import Literal

from edge.encounter.host_record import HostRecord
from protocol.measurements import Reaction, ReactionKind

RUN_KINDS: tuple[ReactionKind, ...] = ("turned", "smiled")


@dataclass(frozen=True, slots=True)
class EncounterWait:
    """How long a customer waited, and what ended it."""

    seconds: float
    ended_by: Literal["reaction", "customer_left", "not_observed"]
    kind: ReactionKind | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """When a reaction began, with the standard error of that."""

    at_s: float
    se_s: float


@dataclass(slots=True)
class Attention:
    """What the host did about one encounter.

    A host who was seen turned to the customers, or smiling, when the customer came near has reacted with a delay of zero or
    less, unless they were on the phone or with another customer. From the phone a reaction has to begin anew; from another
    customer the host has to turn to this one; or else what holds counts from the moment they are free. What began unseen has
    no time and is no reaction.
    """

    watched_until_s: float
    """Until when the host has been watched without a stretch in which a reaction could have begun unnoticed."""
    blind_s: float
    """The longest stretch that is none; Policy.blind_s."""
    on_phone_at_arrival: bool = False
    elsewhere_until_s: float | None = None
    """Until when the host was with a customer who had been there before."""
    blind: bool = False
    first: dict[ReactionKind, Beginning] = field(default_factory=dict)
    undated: set[ReactionKind] = field(default_factory=set)

    def look(
        self,
        record: HostRecord,
        counts: tuple[ReactionKind, ...],
        *,
        track_ids: Collection[int],
        in_sight_s: float,
        came_near_s: float,
        others_attended_s: tuple[float, ...],
    ) -> None:
        """Take in the host at one moment.

        ``track_ids`` are the encounter's own; ``others_attended_s`` are the times at which earlier customers, who are still there,
        were attended to.
        """
        facing = record.facing()
        if facing is not None and facing.track_id not in track_ids:
            facing = None
        for kind in RUN_KINDS:
            run = record.run(kind)
            if run is None or kind in self.first or kind in self.undated:
                continue
            if run.begun_s is None and run.seen_from_s > came_near_s:
                self.undated.add(kind)
                continue
            start_s = came_near_s if run.begun_s is None else run.begun_s
            if not _busy(others_attended_s, max(start_s, came_near_s)):
                self._take_run(kind, Beginning(start_s, run.se_s), record, came_near_s)
            elif facing is not None:
                self.first[kind] = Beginning(max(start_s, facing.since_s), max(run.se_s, facing.se_s))
        rose_s = record.rose_s
        if (
            rose_s is not None
            and "stood_up" not in self.first
            and rose_s >= in_sight_s
            and not _busy(others_attended_s, max(rose_s, came_near_s))
        ):
            self.first["stood_up"] = Beginning(rose_s, record.rose_se_s)
        if self.undated & set(counts):
            self.blind = True
        self._watch(record)

    def take_earlier(self, other: "Attention") -> None:
        """Take over what began earlier for somebody who turned out to be of the same party."""
        for kind, began in other.first.items():
            if kind not in self.first or began.at_s < self.first[kind].at_s:
                self.first[kind] = began

    def end(self, end_s: float) -> None:
        """The customer was there until ``end_s``: whatever began later was no reaction to them."""
        self.first = {kind: began for kind, began in self.first.items() if began.at_s <= end_s}

    def reactions(self, came_near_s: float, came_near_se_s: float) -> tuple[Reaction, ...]:
        """The first reaction of each kind, in order of time; a delay is as unsure as both of its ends together."""
        return tuple(
            Reaction(
                kind=kind,
                at_s=began.at_s,
                delay_s=began.at_s - came_near_s,
                se_s=hypot(began.se_s, came_near_se_s),
            )
            for kind, began in sorted(self.first.items(), key=lambda item: (item[1].at_s, item[0]))
        )

    def attended(self, counts: tuple[ReactionKind, ...]) -> tuple[ReactionKind, float] | None:
        """The first reaction that counts, and its time."""
        counted = [(kind, self.first[kind].at_s) for kind in counts if kind in self.first]
        return min(counted, key=lambda each: each[1], default=None)

    def unknown_at(self, t_s: float) -> bool:
        """Whether a reaction may have come unnoticed until ``t_s``."""
        return self.blind or t_s - self.watched_until_s > self.blind_s

    def wait(
        self, counts: tuple[ReactionKind, ...], *, came_near_s: float, end_s: float, customer_left: bool
    ) -> EncounterWait:
        """The wait of an encounter that is over: seconds to the reaction, or for how long it is certain that none came."""
        attended = self.attended(counts)
        if attended is not None:
            kind, at_s = attended
            return EncounterWait(max(0.0, at_s - came_near_s), "reaction", kind)
        if not customer_left or self.unknown_at(end_s):
            return EncounterWait(max(0.0, min(self.watched_until_s, end_s) - came_near_s), "not_observed")
        return EncounterWait(max(0.0, end_s - came_near_s), "customer_left")

    def _take_run(self, kind: ReactionKind, began: Beginning, record: HostRecord, came_near_s: float) -> None:
        """Date what the host did while no other customer kept them, but perhaps the telephone."""
        start_s = began.at_s
        if self.on_phone_at_arrival and start_s <= came_near_s:
            if record.on_phone:
                return
            start_s = max(start_s, record.hung_up_s or start_s)
        self.first[kind] = Beginning(max(start_s, self.elsewhere_until_s or start_s), began.se_s)

    def _watch(self, record: HostRecord) -> None:
        if self.blind or not record.conclusive or record.conclusive_s is None:
            return
        if record.conclusive_s - self.watched_until_s > self.blind_s:
            self.blind = True
        else:
            self.watched_until_s = max(self.watched_until_s, record.conclusive_s)


def _busy(others_attended_s: tuple[float, ...], t_s: float) -> bool:
    """Whether the host was already with somebody else; what attends to several at once is for all of them."""
    return any(attended_s < t_s for attended_s in others_attended_s)
