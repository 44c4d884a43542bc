"""While everybody stands and nothing changes beside them, only where they stand is searched."""

from dataclasses import astuple
from functools import cache
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.video import VideoFile
from edge.desk import Desk
from edge.face.perception import Perception
from edge.observation import End, FrameSeen
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from edge.vision.body_detector import BodyDetector, Detail
from edge.vision.known_part import (
    MOVED_FOR_S,
    SPARED_S,
    WHOLE_EVERY_S,
    KnownPart,
)
from edge.vision.networks.crops import PicturePart
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.overlap import BoxPx
from edge.vision.schedule import Schedule
from edge.vision.sightings import BodySighting
from protocol.measurements import Encounter
from protocol.standards_folder import find_standard
from tests.worlds.worse_copies import COPIES, Copy

SIZE = (1280, 720)
STANDS: BoxPx = (600.0, 40.0, 800.0, 650.0)
FAR: BoxPx = (600.0, 300.0, 660.0, 480.0)
LOOK_S = 2 / 15


@cache
def room(seed: int = 0, light: float = 1.0) -> Pixels:
    """Daylight and a sensor's noise."""
    picture = 120.0 * light + np.random.default_rng(seed).normal(0, 2, (720, 1280, 3))
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def with_somebody(picture: Pixels, box: BoxPx) -> Pixels:
    left, top, right, bottom = map(int, box)
    shown = picture.copy()
    shown[top:bottom, left:right] = shown[top:bottom, left:right] // 3
    return shown


def body(box: BoxPx, score: float = 0.5) -> BodySighting:
    return BodySighting(box, score, np.zeros((17, 3), np.float32))


def come(known: KnownPart, to: list[BoxPx]) -> None:
    """People walk in from the right, each by their own width, before the time 0."""
    for look in range(12, 0, -1):
        step = look / 4
        boxes = [
            (left + step * (right - left), top, right + step * (right - left), bottom)
            for left, top, right, bottom in to
        ]
        known.looked_whole(room(), boxes, -look * LOOK_S)


def standing(
    box: BoxPx = STANDS, light: float = 1.0, seconds: float = MOVED_FOR_S + 0.3
) -> tuple[KnownPart, float]:
    """Somebody who came and has stood for a while, seen in whole pictures, and when that was."""
    known, t_s = KnownPart(), 0.0
    come(known, [box])
    for look in range(round(seconds / LOOK_S)):
        t_s = look * LOOK_S
        known.looked_whole(with_somebody(room(look % 5, light), box), [box], t_s)
    return known, t_s


@pytest.mark.parametrize("light", [1.0, 0.5, 0.12])
def test_who_stands_is_looked_for_where_they_stand(light: float) -> None:
    known, t_s = standing(light=light)
    part = known.part(with_somebody(room(9, light), STANDS), t_s + LOOK_S)
    assert part is not None
    assert (part.left, part.right) == (508, 891)
    assert known.holds([body(STANDS)], part, SIZE)


@pytest.mark.parametrize("light", [1.0, 0.5, 0.12])
def test_who_comes_in_beside_them_is_looked_for_at_once_and_for_a_while(light: float) -> None:
    known, t_s = standing(light=light)
    picture = with_somebody(with_somebody(room(9, light), STANDS), (100.0, 300.0, 180.0, 540.0))
    assert known.part(picture, t_s + LOOK_S) is None
    empty_again = with_somebody(room(3, light), STANDS)
    assert known.part(empty_again, t_s + MOVED_FOR_S / 2) is None


def test_nobody_goes_unseen_for_longer_than_two_seconds() -> None:
    known, t_s = standing()
    assert known.part(with_somebody(room(1), STANDS), t_s + WHOLE_EVERY_S - 0.1) is not None
    assert known.part(with_somebody(room(1), STANDS), t_s + WHOLE_EVERY_S + 0.01) is None


def test_who_walks_is_looked_for_in_the_whole_picture() -> None:
    known = KnownPart()
    for look in range(40):
        box = (100.0 + 20 * look, 300.0, 190.0 + 20 * look, 560.0)
        picture = with_somebody(room(look % 5), box)
        assert known.part(picture, look * LOOK_S) is None
        known.looked_whole(picture, [box], look * LOOK_S)


def test_what_a_part_shows_counts_only_if_it_is_everybody_as_they_stood() -> None:
    known, t_s = standing()
    part = known.part(with_somebody(room(1), STANDS), t_s + LOOK_S)
    assert part is not None
    behind: BoxPx = (650.0, 100.0, 780.0, 500.0)
    stepped: BoxPx = (680.0, 40.0, 880.0, 650.0)
    assert not known.holds([], part, SIZE), "who is lost is sought everywhere"
    assert not known.holds([body(STANDS), body(behind, 0.4)], part, SIZE), "so is who came"
    assert not known.holds([body(stepped)], part, SIZE), "and who steps aside"
    assert not known.holds([body(STANDS)] * 6, part, SIZE), "and a crowd"
    assert known.holds([body(STANDS), body(behind, 0.15)], part, SIZE), "a weak detection is nobody"


def test_who_is_lost_in_the_whole_picture_is_sought_in_it() -> None:
    known, t_s = standing()
    known.looked_whole(room(1), [], t_s + LOOK_S)
    assert known.part(room(2), t_s + 2 * LOOK_S) is None


def test_only_who_is_tall_in_the_picture_is_looked_at_coarsely() -> None:
    assert standing(STANDS)[0].detail(SIZE) is Detail.COARSE
    assert standing(FAR)[0].detail(SIZE) is Detail.FINE


def test_what_was_never_seen_to_come_is_looked_at_in_the_whole_picture() -> None:
    """A poster must not seem to sway since a part shows it a little elsewhere than the whole."""
    known, t_s = standing()
    poster = (900.0, 100.0, 1000.0, 300.0)
    for look in range(40):
        t_s += LOOK_S
        known.looked_whole(with_somebody(room(look % 5), STANDS), [STANDS, poster], t_s)
    assert known.part(with_somebody(room(1), STANDS), t_s + LOOK_S) is None


def test_people_who_stand_far_apart_fill_the_picture() -> None:
    known, t_s = KnownPart(), 0.0
    apart = [(20.0, 40.0, 220.0, 650.0), (1000.0, 40.0, 1200.0, 650.0)]
    come(known, apart)
    for look in range(40):
        t_s = look * LOOK_S
        known.looked_whole(with_somebody(with_somebody(room(look % 5), apart[0]), apart[1]), apart, t_s)
    assert known.part(with_somebody(with_somebody(room(9), apart[0]), apart[1]), t_s + LOOK_S) is None


def test_while_everybody_stands_and_nothing_moves_looks_are_spared_for_a_moment() -> None:
    known, t_s = standing()
    assert known.spares(with_somebody(room(4), STANDS), t_s + LOOK_S)
    assert not known.spares(with_somebody(room(1), STANDS), t_s + SPARED_S)


@pytest.mark.parametrize("light", [1.0, 0.5, 0.12])
def test_who_moves_is_looked_at_in_the_same_frame(light: float) -> None:
    known, t_s = standing(light=light)
    left, top, right, bottom = STANDS
    assert not known.spares(with_somebody(room(3, light), (left - 12, top, right - 12, bottom)), t_s + LOOK_S)


def test_who_has_just_come_is_looked_at_each_time() -> None:
    known, t_s = standing(seconds=MOVED_FOR_S / 2)
    assert not known.spares(with_somebody(room(3), STANDS), t_s + LOOK_S)


def a_poster(seconds: float) -> tuple[KnownPart, float]:
    """A figure that was there from the first look on, and when it was looked at last."""
    known, t_s = KnownPart(), 0.0
    for look in range(round(seconds / LOOK_S)):
        t_s = look * LOOK_S
        known.looked_whole(with_somebody(room(look % 5), STANDS), [STANDS], t_s)
    return known, t_s


def test_looks_at_a_poster_in_a_still_room_are_spared_too() -> None:
    known, t_s = a_poster(MOVED_FOR_S + 0.3)
    assert known.spares(with_somebody(room(9), STANDS), t_s + LOOK_S)
    assert not known.spares(with_somebody(room(9), STANDS), t_s + SPARED_S)


def test_who_comes_in_beside_a_poster_is_looked_for_in_the_same_frame_and_for_a_while() -> None:
    known, t_s = a_poster(MOVED_FOR_S + 0.3)
    picture = with_somebody(with_somebody(room(9), STANDS), (100.0, 300.0, 180.0, 540.0))
    assert not known.spares(picture, t_s + LOOK_S)
    assert not known.spares(with_somebody(room(9), STANDS), t_s + MOVED_FOR_S / 2)


def test_every_second_whole_look_at_who_stands_tall_is_a_coarse_one_and_none_where_anything_changes() -> None:
    known, t_s = standing()
    picture = with_somebody(room(9), STANDS)
    details = [known.whole_detail(picture, t_s + WHOLE_EVERY_S * look) for look in range(4)]
    assert details == [Detail.COARSE, Detail.FINE] * 2
    beside = with_somebody(picture, (100.0, 300.0, 180.0, 540.0))
    assert {known.whole_detail(beside, t_s + look) for look in range(2)} == {Detail.FINE}


LEAVES_S = 18.6
"""When the first woman of approach_onebyone walks away from the table, where she has stood for ten seconds (label: 18.0 +- 0.2)."""


@pytest.fixture(scope="module")
def leaving(clips: Path) -> list[Frame]:
    """She comes, stands, walks away, and the room is empty."""
    frames = takewhile(lambda each: each.t_s <= 20.5, VideoFile(clips / "approach_onebyone.mp4", "c"))
    return [each for each in frames if each.t_s >= 5.5]


WHOLE_PICTURE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
IN_SIGHT = Camera(name="c", watches="customers", near_zone=WHOLE_PICTURE)


def seen_in(frames: list[Frame], copy: Copy, models: ModelStore) -> list[FrameSeen]:
    eye = Perception(IN_SIGHT, models, Schedule(budget_cores=0.8, measured=False))
    return [
        eye.observe(Frame(each.t_s, each.camera, each.index, copy(each.rgb, each.index))) for each in frames
    ]


def visit(seen: list[FrameSeen]) -> Encounter:
    desk = Desk(Configuration(Settings(cameras=(IN_SIGHT,)), find_standard("eight-teeth")))
    told = [each for frame in seen for each in desk.observe(frame)]
    (only,) = [each for each in [*told, *desk.observe(End(seen[-1].t_s))] if isinstance(each, Encounter)]
    return only


@pytest.mark.parametrize("name", ["as it is", "an eighth of the light", "flickering"])
def test_who_comes_stands_and_walks_away_is_dated_as_if_all_were_looked_at_each_time(
    name: str, leaving: list[Frame], models: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[float] = []
    find_in = BodyDetector.find_in

    def noted(self: BodyDetector, rgb: Pixels, part: PicturePart, detail: Detail) -> list[BodySighting]:
        parts.append((part.right - part.left) * (part.bottom - part.top) / (rgb.shape[0] * rgb.shape[1]))
        return find_in(self, rgb, part, detail)

    monkeypatch.setattr(BodyDetector, "find_in", noted)
    limited = seen_in(leaving, COPIES[name], models)
    assert name == "flickering" or len(parts) > 10
    assert all(share < 0.6 for share in parts)
    monkeypatch.setattr(KnownPart, "part", lambda *_: None)
    monkeypatch.setattr(KnownPart, "spares", lambda *_: False)
    monkeypatch.setattr(KnownPart, "whole_detail", lambda *_: Detail.FINE)
    whole = seen_in(leaving, COPIES[name], models)
    spared = 0
    for one, other in zip(limited, whole, strict=True):
        if one.t_s > LEAVES_S:
            assert one.people == other.people
        if one.people is None or other.people is None:
            assert one.people is None, "a look that is due comes in the same frame"
            spared += other.people is not None
            continue
        assert len(one.people) == len(other.people)
        for in_part, in_all in zip(one.people, other.people, strict=True):
            off = np.abs(np.subtract(astuple(in_part.box), astuple(in_all.box)))
            assert off.max() < 0.06 * (in_all.box.bottom - in_all.box.top)
    assert name == "flickering" or spared > 10
    one_visit, other_visit = visit(limited), visit(whole)
    for name_of in ("came_near_s", "stopped_s", "left_s"):
        assert getattr(one_visit, name_of) == pytest.approx(getattr(other_visit, name_of), abs=0.1)
    assert one_visit.party_size == other_visit.party_size == 1
