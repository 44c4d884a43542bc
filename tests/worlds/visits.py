"""A world in scripted seconds: people who walk along waypoints past an ideal scene, and a host who does as told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Any

from edge.encounter.encounter_now import EncounterNow
from edge.encounter.machine import EncounterMachine
from edge.host.host_meter import HostMeter
from edge.host.host_now import HostNow
from edge.observation import Box, Estimate, Place
from edge.scene.scene_now import SceneNow, Track
from protocol.measurements import Encounter
from protocol.standard import Near, Respond, Standard

STEP_S = 0.1
STANDARD = Standard(
    name="house",
    version=1,
    title="A house",
    near=Near(approach_m=3.0, leave_m=3.5, dwell_s=1.0),
    respond=Respond(within_s=5.0),
)


@dataclass(frozen=True)
class Walker:
    """A person with places in metres at times; between them they walk straight."""

    id: int
    waypoints: tuple[tuple[float, float, float], ...]
    """(t_s, x_m, y_m), in order of time; before the first and after the last the person is not in the picture."""
    hidden: tuple[tuple[float, float], ...] = ()
    """When nobody can see them."""
    floor_known: bool = True

    def at(self, t_s: float) -> tuple[float, float] | None:
        if not self.waypoints[0][0] <= t_s <= self.waypoints[-1][0]:
            return None
        if any(start <= t_s < end for start, end in self.hidden):
            return None
        for (t0, x0, y0), (t1, x1, y1) in zip(self.waypoints, self.waypoints[1:], strict=False):
            if t0 <= t_s <= t1:
                share = (t_s - t0) / (t1 - t0) if t1 > t0 else 1.0
                return x0 + share * (x1 - x0), y0 + share * (y1 - y0)
        raise AssertionError


def visitor(id_: int, comes: float, leaves: float, *, x: float = 0.0, stands_at: float = 1.0) -> Walker:
    """Crosses 3 m at ``comes``, walking 1 m/s, stands before the desk, crosses 3.5 m outwards at ``leaves``."""
    return Walker(
        id_,
        (
            (comes - 2.0, x, 5.0),
            (comes + 3.0 - stands_at, x, stands_at),
            (leaves - 3.5 + stands_at, x, stands_at),
            (leaves + 1.5, x, 5.0),
        ),
    )


class IdealScene:
    """The scene as it would be if tracking were perfect, except that a hidden person gets a new id when seen again."""

    def __init__(self, standard: Standard, walkers: Iterable[Walker]) -> None:
        self._standard = standard
        self._walkers = tuple(walkers)
        self._tracks: dict[int, Track] = {}
        self._ids: dict[int, int] = {}
        self._places: dict[int, tuple[float, float]] = {}
        self._last_id = 0

    def at(self, t_s: float, *, observed: bool = True) -> SceneNow:
        if not observed:
            self._tracks.clear()
            self._ids.clear()
            return SceneNow(t_s, observed=False, customers=(), ended=())
        ended = []
        for walker in self._walkers:
            place = walker.at(t_s)
            if place is not None:
                self._see(walker, place, t_s)
            elif walker.id in self._ids:
                ended.append(replace(self._tracks.pop(self._ids.pop(walker.id)), visible=False))
        return SceneNow(t_s, observed=True, customers=tuple(self._tracks.values()), ended=tuple(ended))

    def _see(self, walker: Walker, place: tuple[float, float], t_s: float) -> None:
        near = self._standard.near
        x, y = place
        distance = hypot(x, y)
        if walker.id not in self._ids:
            self._last_id += 1
            self._ids[walker.id] = self._last_id
        id_ = self._ids[walker.id]
        before = self._tracks.get(id_)
        speed = 0.0
        if before is not None:
            x0, y0 = self._places[id_]
            speed = hypot(x - x0, y - y0) / (t_s - before.last_seen_s)
        self._places[id_] = place
        stands = before is not None and speed < 0.2
        near_since = before.near_since_s if before is not None else None
        gone_since = before.gone_since_s if before is not None else None
        if near_since is None and distance <= near.approach_m:
            near_since, gone_since = t_s, None
        elif near_since is not None and distance > near.leave_m:
            near_since, gone_since = None, t_s
        stood_since = None
        if stands and before is not None:
            stood_since = before.stood_since_s if before.stood_since_s is not None else before.last_seen_s
        self._tracks[id_] = Track(
            id=id_,
            first_seen_s=t_s if before is None else before.first_seen_s,
            last_seen_s=t_s,
            box=Box(0.5 + x / 8 - 0.03, 0.3, 0.5 + x / 8 + 0.03, 0.9),
            place=Place(x, y, 0.05),
            distance_m=Estimate(distance, 0.05),
            speed_m_s=Estimate(speed, 0.05),
            near=near_since is not None,
            near_since_s=near_since,
            gone_since_s=gone_since,
            stands=stands,
            stood_since_s=stood_since,
            visible=True,
        )
        if not walker.floor_known:
            self._tracks[id_] = replace(self._tracks[id_], place=None, distance_m=None, speed_m_s=None)


@dataclass
class Host:
    """A host described by what changes when; everything else stays as it was."""

    changes: tuple[tuple[float, dict[str, Any]], ...] = ()
    unseen: tuple[tuple[float, float], ...] = ()
    _state: dict[str, Any] = field(
        default_factory=lambda: {
            "present": True,
            "turned": False,
            "smiling": False,
            "standing": False,
            "working": False,
        }
    )

    def at(self, t_s: float) -> HostNow:
        """The host as an ideal watch would tell it: every state with the time it began, where that was seen."""
        state = dict(self._state)
        since: dict[str, float | None] = {}
        for at_s, change in self.changes:
            if at_s > t_s:
                break
            for name, value in change.items():
                if state.get(name) != value:
                    since[name] = at_s
                state[name] = value
        if any(start <= t_s < end for start, end in self.unseen):
            return HostNow(t_s, observed=False)
        return HostNow(
            t_s,
            observed=True,
            present=state["present"],
            turned=state["turned"],
            turned_since_s=since.get("turned") if state["turned"] else None,
            smiling=state["smiling"],
            smiling_since_s=since.get("smiling") if state["smiling"] else None,
            standing=state["standing"],
            stood_up_s=since.get("standing") if state["standing"] else None,
            turned_to=state.get("turned_to"),
            working=state["working"],
            working_since_s=since.get("working") if state["working"] else None,
        )


def does(*changes: tuple[float, dict[str, Any]], unseen: tuple[tuple[float, float], ...] = ()) -> Host:
    """A host who is present, turned away, not smiling, sitting and not working, until the changes say otherwise."""
    return Host(changes, unseen)


NO_CAMERA = Host(unseen=((0.0, float("inf")),))


@dataclass
class Told:
    """What the machine told while the script ran."""

    encounters: list[Encounter]
    reported_s: list[float]
    """When each was reported."""
    views: list[tuple[float, tuple[EncounterNow, ...]]]

    @property
    def only(self) -> Encounter:
        assert len(self.encounters) == 1, self.encounters
        return self.encounters[0]

    def view(self, t_s: float) -> tuple[EncounterNow, ...]:
        return min(self.views, key=lambda each: abs(each[0] - t_s))[1]


def run(
    *walkers: Walker,
    host: Host | None = None,
    until: float = 60.0,
    on_phone: Callable[[float], bool | None] = lambda _: None,
    blind: tuple[tuple[float, float], ...] = (),
    standard: Standard = STANDARD,
    step_s: float = STEP_S,
    in_front: Callable[[float], bool] = lambda _: False,
) -> Told:
    """Run a script to its end, and tell what came out."""
    machine = EncounterMachine(standard, HostMeter(smile_measured=False))
    scene = IdealScene(standard, walkers)
    host = host or does()
    told = Told([], [], [])
    for index in range(round(until / step_s) + 1):
        t_s = round(index * step_s, 6)
        observed = not any(start <= t_s < end for start, end in blind)
        over = machine.step(
            scene.at(t_s, observed=observed), host.at(t_s), on_phone(t_s), in_front=in_front(t_s)
        )
        told.encounters += over
        told.reported_s += [t_s] * len(over)
        told.views.append((t_s, machine.current()))
    over = machine.finish(until)
    told.encounters += over
    told.reported_s += [until] * len(over)
    return told
