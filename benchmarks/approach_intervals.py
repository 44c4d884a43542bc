"""How often the stated 90 % intervals of coming, stopping and leaving hold, and who is counted, on the labelled clips of customers.

Each clip is watched as it is, in ever worse light, noisy and flickering, and with every second and third of its pictures. In a
zone that is the whole picture somebody comes near when they come into view, and has left when they are out of it.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks.approach_accuracy import CLIPS, account
from benchmarks.interval_rows import Intervals, exactly, timed
from benchmarks.vision_footage import clip
from edge.camera.frame import Frame
from edge.camera.opening import open_source
from edge.desk import Desk
from edge.face.perception import Perception
from edge.observation import End, FrameSeen
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import Schedule
from protocol.measurements import Encounter
from protocol.standards_folder import find_standard
from tests.worlds.worse_copies import COPIES, Copy

ONE_BY_ONE, WALKING, AISLE, WALK_AND_PAUSE = CLIPS
WHOLE_PICTURE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
CUSTOMERS = Camera(name="customers", watches="customers", near_zone=WHOLE_PICTURE)
SKIPPED = (2, 3)
"""Of the clip as it is every so many pictures are taken, too: 3 to 7 a second."""
SAME_VISIT_S = 1.5
"""A visit that began further from a label is another's."""


def approach_clips(intervals: Intervals) -> None:
    """Add every value of the customers' clips."""
    labels = json.loads((clip(CLIPS[0]).parent / "labels.json").read_text())
    models = ModelStore()
    for name in CLIPS:
        visits = [each for each in labels["approach"] if each["clip"] == name]
        counts = next(each for each in labels["counts"] if each["clip"] == name)
        for seen in copies(name, models):
            _times(intervals, name, visits, encounters(seen))
            said = account(seen, CUSTOMERS)
            # Where noise and darkness hide everybody, nobody is counted.
            distinct, at_once = (exactly(n) if n else None for n in (len(said.people), said.most_at_once))
            intervals.add("people, clips", distinct, counts["distinct"], counts["unc"])
            intervals.add("people at once, clips", at_once, counts["max_simultaneous"])


def copies(name: str, models: ModelStore) -> Iterator[list[FrameSeen]]:
    """What is seen in each copy of a clip."""
    for copy in COPIES.values():
        yield observed(name, copy, 1, models)
    for skipped in SKIPPED:
        yield observed(name, COPIES["as it is"], skipped, models)


def observed(name: str, copy: Copy, skipped: int, models: ModelStore) -> list[FrameSeen]:
    """What the networks see in a copy of a clip at the default schedule."""
    camera = CUSTOMERS.model_copy(update={"source": str(clip(name))})
    eye = Perception(camera, models, Schedule(Settings().vision.cpu_budget, measured=False))
    frames = list(open_source(camera))[::skipped]
    return [
        eye.observe(_copied(frame, copy))
        for frame in track(frames, name, console=Console(stderr=True), transient=True)
    ]


def encounters(seen: list[FrameSeen]) -> list[Encounter]:
    """The visits that a desk measures, in order of coming."""
    desk = Desk(Configuration(Settings(cameras=(CUSTOMERS,)), find_standard("eight-teeth")))
    told = [each for frame in seen for each in desk.observe(frame)]
    told += desk.observe(End(seen[-1].t_s))
    return sorted((each for each in told if isinstance(each, Encounter)), key=lambda each: each.start_s)


def _copied(frame: Frame, copy: Copy) -> Frame:
    return replace(frame, rgb=np.ascontiguousarray(copy(frame.rgb, frame.index)))


def _times(intervals: Intervals, name: str, labels: list[dict[str, Any]], told: list[Encounter]) -> None:
    if name == WALKING:
        intervals.add("visits, clips", exactly(len(told)), 0.0)
        return
    if name == ONE_BY_ONE:
        intervals.add("visits, clips", exactly(len(told)), len(labels))
    for label in labels:
        visit = _visit_of(name, label, told)
        for row, field, of_label in (
            ("came near, clips", "came_near", "first_visible"),
            ("stopped, clips", "stopped", "pause_start"),
            ("left, clips", "left", "last_visible"),
        ):
            if label[of_label] is not None:
                at = (
                    None
                    if visit is None
                    else timed(*(getattr(visit, field + end) for end in ("_s", "_se_s")))
                )
                intervals.add(row, at, label[of_label], label["uncertainty"][of_label])


def _visit_of(name: str, label: dict[str, Any], told: list[Encounter]) -> Encounter | None:
    """The visit that a label is about: of a party its own, else the one that began when its customer came into view."""
    if name == WALK_AND_PAUSE:
        return max(told, key=lambda visit: visit.party_size, default=None)
    came_s = label["first_visible"]
    near = [
        visit for visit in told if abs(visit.came_near_s - came_s) < SAME_VISIT_S and visit.came_near_s > 0.3
    ]
    return min(near, key=lambda visit: abs(visit.came_near_s - came_s), default=None)
