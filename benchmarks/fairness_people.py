"""How well customers are measured by their stature, seat, pace and light: drawn bodies of known geometry, and the labelled clips."""

import itertools
import json
import math

import numpy as np

from benchmarks.fairness_faces import LIGHTS
from benchmarks.fairness_rows import Counted, FairnessRow
from benchmarks.vision_footage import clip
from edge.camera.video import VideoFile
from edge.space.place import locate
from edge.vision.body_detector import MODEL, BodyDetector
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from tests.worlds.people import ON_THE_DESK, SIZE, face_of, sight
from tests.worlds.statures import STATURES_M, group
from tests.worlds.walkers import Sight, Walk, film

SIGMA_90 = 1.645
SEATS = {"standing": None, "on a chair": 0.0, "in a wheelchair": 0.15}
SPEEDS_M_S = (0.15, 0.25, 0.35, 0.45, 0.8, 1.2)
WAYS = (((0.2, 3.0), (0.2, 1.5)), ((-0.8, 2.9), (0.2, 1.5)), ((-1.1, 1.9), (0.4, 1.9)))
"""Straight on, slanting, and across."""
PASSES = (((-0.8, 2.4), (0.8, 2.5)), ((0.2, 1.4), (0.2, 3.0)), ((-0.9, 3.0), (0.5, 2.2)))
SEEDS = (1, 2, 3)
CLOSE = 0.1
"""A distance is close within this share of it."""
DATED_S = 0.6
"""A stand is dated rightly within this time."""
CLIP, PEOPLE_IN_IT, EVERY = "approach_walkpause.gif", 3, 4
"""A labelled clip with three people in view from its first frame to its last, of which every fourth frame is looked at."""


def distances() -> list[FairnessRow]:
    """Whether the true distance lies in the stated 90 % interval, and whether it is close at all."""
    pairs = [distance_rows(stature_m, seat) for seat, stature_m in itertools.product(SEATS, STATURES_M)]
    return [row for same_kind in zip(*pairs, strict=True) for row in same_kind]


def distance_rows(stature_m: tuple[float, float], seat: str) -> tuple[FairnessRow, FairnessRow]:
    """The rows of one group of statures, standing or seated."""
    of_whom = f"{stature_m[0]:.2f} to {stature_m[1]:.2f} m, {seat}"
    held = Counted("distance inside its 90 % interval", of_whom)
    close = Counted(f"distance within {CLOSE:.0%}".replace("%", " %"), of_whom)
    for number, who in enumerate(group(stature_m, SEATS[seat], 2.6)):
        body = sight(who, ON_THE_DESK, jitter_px=2.0, seed=number)
        face = face_of(who, ON_THE_DESK, jitter_px=0.7, seed=number)
        place = locate(body, face, SIZE, ON_THE_DESK).place
        if place is None:
            held.add(None)
            close.add(None)
            continue
        off_m = math.hypot(place.x_m, place.y_m) - math.hypot(who.x_m, who.y_m)
        held.add(abs(off_m) <= SIGMA_90 * place.se_m)
        close.add(abs(off_m) <= CLOSE * math.hypot(who.x_m, who.y_m))
    return held.row, close.row


def paces() -> list[FairnessRow]:
    """Whether a stand is told when it was come to, and none of who only passes."""
    rows = []
    for speed_m_s in SPEEDS_M_S:
        stands = Counted(f"stand dated within {DATED_S:g} s", f"walks at {speed_m_s:g} m/s")
        passes = Counted("no stand of who passes by", f"walks at {speed_m_s:g} m/s")
        for seed in SEEDS:
            for ends in WAYS:
                stands.add(_dates_the_stand(ends, speed_m_s, seed))
            for ends in PASSES:
                passes.add(_only_passes(ends, speed_m_s, seed))
        rows += [stands.row, passes.row]
    return rows


def bodies() -> list[FairnessRow]:
    """Whether the people of a labelled clip are found, in every light."""
    labels = json.loads((clip(CLIP).parent / "labels.json").read_text())
    (label,) = (each for each in labels["counts"] if each["clip"] == CLIP)
    if label["max_simultaneous"] != PEOPLE_IN_IT:
        raise ValueError(f"{CLIP} is labelled otherwise than it was")
    find = BodyDetector(Network(ModelStore().session(MODEL))).find
    frames = [frame.rgb for frame in VideoFile(clip(CLIP), "customers")][::EVERY]
    rows = []
    for name, lit in LIGHTS.items():
        counted = Counted("people found", name)
        for rgb in frames:
            found = min(len(find(lit(rgb))), PEOPLE_IN_IT)
            for number in range(PEOPLE_IN_IT):
                counted.add(number < found)
        rows.append(counted.row)
    return rows


def _dates_the_stand(
    ends: tuple[tuple[float, float], tuple[float, float]], speed_m_s: float, seed: int
) -> bool | None:
    arrives_s = 0.5 + math.dist(*ends) / speed_m_s
    walk = Walk([(0.5, *ends[0]), (arrives_s, *ends[1]), (arrives_s + 4.0, *ends[1])])
    said = film([walk], arrives_s + 4.0, Sight(seed=seed)).customers()
    if len(said) != 1:
        return False
    ((*_, (_, last)),) = said.values()
    if last.stood_since_s is None:
        return None
    return bool(np.abs(last.stood_since_s - arrives_s) <= DATED_S)


def _only_passes(ends: tuple[tuple[float, float], tuple[float, float]], speed_m_s: float, seed: int) -> bool:
    over_s = math.dist(*ends) / speed_m_s
    said = film([Walk([(0.0, *ends[0]), (over_s, *ends[1])])], over_s, Sight(seed=seed)).customers()
    return not any(track.stands for each in said.values() for _, track in each)
