"""People who walk through scripted seconds before a camera of known geometry, seen as badly as a test wants."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from edge.observation import FrameSeen, Person
from edge.scene.scene import Scene
from edge.scene.scene_now import SceneNow, Track
from edge.settings.desk_toml import Camera
from edge.space.place import locate
from protocol.standard import Near
from tests.worlds.people import ON_THE_DESK, SIZE, Somebody, sight

NEAR = Near(approach_m=3.0, leave_m=3.5)
STEP_HZ = 1.8
SWAY_M = 0.02


@dataclass(frozen=True)
class Walk:
    """Somebody's way: at each time a place; between them they walk straight, before and after they are not there.

    Attributes:
        way: Rows of seconds, x and y in metres.
        hidden: From when to when they are behind something.
    """

    way: Sequence[tuple[float, float, float]]
    hidden: Sequence[tuple[float, float]] = ()
    stature_m: float = 1.69
    score: float = 0.5

    def at(self, t_s: float) -> Somebody | None:
        """Where they are, with the sway of their step."""
        times = [row[0] for row in self.way]
        if not times[0] <= t_s <= times[-1] or any(a <= t_s <= b for a, b in self.hidden):
            return None
        x_m, y_m = (float(np.interp(t_s, times, [row[axis] for row in self.way])) for axis in (1, 2))
        sway_m = SWAY_M * math.sin(2 * math.pi * STEP_HZ / 2 * t_s)
        facing_deg = 0.0 if y_m < self.way[0][2] else 180.0
        return Somebody(x_m=x_m + sway_m, y_m=y_m, stature_m=self.stature_m, turned_deg=facing_deg)


@dataclass(frozen=True)
class Sight:
    """How well the camera sees."""

    rate_hz: float = 7.5
    jitter_px: float = 2.0
    dropped: float = 0.0
    """Share of detections that fail."""
    irregular: float = 0.0
    """Share of a period by which searches come early or late."""
    seed: int = 1


@dataclass
class Film:
    """What the scene said, moment by moment."""

    moments: list[SceneNow] = field(default_factory=list)

    def customers(self) -> dict[int, list[tuple[float, Track]]]:
        """What was said of each customer, in order of time."""
        said: dict[int, list[tuple[float, Track]]] = {}
        for moment in self.moments:
            for track in (*moment.customers, *moment.ended):
                said.setdefault(track.id, []).append((moment.t_s, track))
        return said

    def only(self) -> list[tuple[float, Track]]:
        """What was said of the one customer there was."""
        (said,) = self.customers().values()
        return said

    def last(self) -> Track:
        """The last that was said of the one customer there was."""
        return self.only()[-1][1]


def people_at(
    t_s: float, walks: Iterable[Walk], camera: Camera, declared: Camera, seed: int, jitter_px: float
) -> list[Person]:
    """Everyone whom the camera shows at a time."""
    found = []
    for number, walk in enumerate(walks):
        who = walk.at(t_s)
        if who is None or who.y_m < 0.3:
            continue
        body = sight(who, camera, jitter_px=jitter_px, seed=seed * 31 + number, score=walk.score)
        left, top, right, bottom = body.box_px
        if right - left > 5 and bottom - top > 20:
            found.append(locate(body, None, SIZE, declared))
    return found


def film(
    walks: Sequence[Walk],
    until_s: float,
    seen: Sight = Sight(),
    camera: Camera = ON_THE_DESK,
    declared: Camera | None = None,
    near: Near = NEAR,
) -> Film:
    """The scene's account of people who walk before `camera`, of which desk.toml says what `declared` says."""
    declared = declared or camera
    scene, shown, rng = Scene((declared,), near), Film(), np.random.default_rng(seen.seed)
    for number in range(int(until_s * seen.rate_hz)):
        t_s = (number + seen.irregular * float(rng.uniform(-0.5, 0.5))) / seen.rate_hz
        t_s = max(t_s, 0.0)
        everyone = people_at(t_s, walks, camera, declared, seen.seed * 1000 + number, seen.jitter_px)
        people = tuple(person for person in everyone if rng.uniform() >= seen.dropped)
        shown.moments.append(scene.observe(FrameSeen(t_s, declared.name, people)))
        shown.moments.append(scene.observe(FrameSeen(t_s + 0.4 / seen.rate_hz, declared.name)))
    return shown
