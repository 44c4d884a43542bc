"""Dark glasses that are put on or taken off move neither the mouth of a real face nor its size, and make no smile and no lean."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from edge.arrays import Pixels
from edge.face.followed_face import FollowedFace
from edge.host.host_meter import HostMeter
from edge.host.host_now import HostNow
from edge.observation import Estimate, FrameSeen, HostView
from edge.vision.sightings import MeshSighting
from tests.worlds.host_figures import covered, footage
from tests.worlds.host_figures.covered import DARK_GLASSES, Draw
from tests.worlds.host_figures.footage import FaceReader

RATE_HZ, RESTING_HZ = 10.0, 2.5
MOUTH = ("lift_left_cm", "lift_right_cm", "lift_above_nose_cm", "mouth_width_cm")
Picture = tuple[MeshSighting, Pixels]


@dataclass(frozen=True, slots=True)
class Visit:
    """A face as photographed, then behind something, then as photographed."""

    name: str
    before: list[tuple[HostView, HostNow]]
    behind: list[tuple[HostView, HostNow]]
    after: list[tuple[HostView, HostNow]]


def visits(shared: Path, draws: dict[str, Draw]) -> Iterator[Visit]:
    """Every fourth still behind each thing, each from another still on."""
    reader = FaceReader()
    stills = list(footage.stills(shared))
    for number, (name, draw) in enumerate(draws.items()):
        for still in stills[number % 4 :: 4]:
            bare = settled(reader, still.rgb)
            hidden = settled(reader, draw(still.rgb, bare[0].points))
            followed, meter = FollowedFace(), HostMeter(smile_measured=True)
            yield Visit(
                f"{still.name} behind {name}",
                watched(followed, meter, bare, 0.0, 21.0, RESTING_HZ)
                + watched(followed, meter, bare, 21.0, 1.0),
                watched(followed, meter, hidden, 22.0, 3.0),
                watched(followed, meter, bare, 25.0, 2.0),
            )


def settled(reader: FaceReader, rgb: Pixels) -> Picture:
    """A picture and its face, as a mesh draws it that has followed it for a while."""
    mesh = reader.first(rgb)
    for number in range(2):
        mesh = reader.next(rgb, number / RATE_HZ)
    assert mesh is not None
    return mesh, rgb


def watched(
    followed: FollowedFace,
    meter: HostMeter,
    picture: Picture,
    start_s: float,
    seconds: float,
    rate_hz: float = RATE_HZ,
) -> list[tuple[HostView, HostNow]]:
    """Some seconds of one picture."""
    mesh, rgb = picture
    seen = []
    for number in range(round(seconds * rate_hz)):
        t_s = start_s + number / rate_hz
        view = footage.view(mesh, rgb, followed, t_s)
        assert view is not None
        seen.append((view, meter.observe(FrameSeen(t_s, "staff", host=view, host_sought=True), ())))
    return seen


@pytest.fixture(scope="module")
def glasses(stills: Path) -> list[Visit]:
    return list(visits(stills.parent, dict(DARK_GLASSES)))


def estimate(view: HostView, name: str) -> Estimate | None:
    found: Estimate | None = getattr(view, name)
    return found


def moved(visit: Visit, name: str) -> list[tuple[float, float]]:
    """By how much each frame behind glasses and after them differs from the last one before, with its standard error."""
    first = estimate(visit.before[-1][0], name)
    later = [estimate(view, name) for view, _ in visit.behind + visit.after]
    return [(each.value - first.value, each.se) for each in later if each is not None and first is not None]


@pytest.mark.parametrize("name", MOUTH)
def test_no_mouth_is_moved_by_glasses(glasses: list[Visit], name: str) -> None:
    steps = [moved(visit, name) for visit in glasses]
    assert all(steps)
    assert abs(np.mean([off for each in steps for off, _ in each])) <= 0.06
    inside = [abs(off) <= se for each in steps for off, se in each]
    assert np.mean(inside) >= 0.95
    assert all(abs(off) <= 1.645 * se for each in steps for off, se in each)


def test_no_face_grows_or_shrinks_by_glasses(glasses: list[Visit]) -> None:
    shares = []
    for visit in glasses:
        before = visit.before[-1][0]
        assert before.px_per_cm is not None
        assert before.distance_m is not None
        for view, _ in visit.behind + visit.after:
            assert view.px_per_cm is not None
            shares.append(view.px_per_cm / before.px_per_cm - 1)
            assert abs(shares[-1]) <= 1.645 * before.distance_m.se / before.distance_m.value, visit.name
    assert abs(np.mean(shares)) <= 0.02


def test_no_smile_and_no_lean_begins_or_ends_by_glasses(glasses: list[Visit]) -> None:
    assert sum(visit.before[-1][1].baseline_known for visit in glasses) >= 5
    for visit in glasses:
        smiled = visit.before[-1][1].smiling
        told = {now.smiling for _, now in visit.behind + visit.after} - {None}
        assert told <= {smiled}, visit.name
        leans = [now.lean_deg.value for _, now in visit.behind + visit.after if now.lean_deg is not None]
        assert all(abs(lean) < 5.0 for lean in leans), visit.name


def test_no_mouth_is_moved_by_a_patch(stills: Path) -> None:
    for visit in visits(stills.parent, {"a patch": covered.eye_patch}):
        assert all(abs(off) <= 1.645 * se for off, se in moved(visit, "lift_left_cm")), visit.name


@pytest.mark.parametrize(("on_s", "off_s"), [(0.3, 9.0), (1.2, 1.7)])
def test_a_smile_is_the_same_with_glasses_that_go_on_before_it_or_amid_it(
    clips: Path, on_s: float, off_s: float
) -> None:
    frames = footage.clip(clips / "smile_singleface.mp4")
    reader = FaceReader()
    reader.first(frames[0][1])
    worn = []
    for t_s, rgb in frames:
        mesh = reader.next(rgb, t_s)
        assert mesh is not None
        worn.append((t_s, covered.dark_glasses(rgb, mesh.points) if on_s <= t_s < off_s else rgb))
    meter, _ = footage.watched(footage.seen(reader, worn))
    smile = meter.conduct(frames[0][0], frames[-1][0], (), work=None).smile
    assert smile is not None
    label = footage.labels(clips.parent)["smile"][0]["intervals"][0]
    assert smile.onset_s == pytest.approx(label[0], abs=0.1)
    assert smile.offset_s == pytest.approx(label[1], abs=0.1)
    rise = footage.labels(clips.parent)["mouth_corner_rise"][0]
    assert smile.peak_lift_cm is not None
    assert smile.peak_lift_cm.value == pytest.approx(rise["cm_if_IPD_6.3"], abs=0.25)


WIDE_FRAMES: dict[str, Draw] = {
    **DARK_GLASSES,
    "square with a thick bridge": covered.lenses(
        0.36, 0.24, corners=6.0, tint=(20, 20, 24), rim=(30, 26, 24)
    ),
    "very large": covered.lenses(0.40, 0.32, corners=3.0, tint=(40, 34, 30)),
}


def test_frames_over_the_nose_root_cover_no_mouth(stills: Path) -> None:
    reader = FaceReader()
    faces = list(footage.stills(stills.parent))
    covered_behind = []
    for number, (name, draw) in enumerate(WIDE_FRAMES.items()):
        for still in faces[number % 3 :: 3]:
            bare = reader.first(still.rgb)
            assert bare is not None
            followed, meter = FollowedFace(), HostMeter(smile_measured=True)
            seen = watched(
                followed, meter, settled(reader, draw(still.rgb, bare.points)), 0.0, 2.0, RESTING_HZ
            )
            if any(view.mouth_covered for view, _ in seen):
                covered_behind.append(f"{still.name} behind {name}")
    assert len(covered_behind) <= 1, covered_behind
