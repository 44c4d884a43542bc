"""What the eyes see on real footage, at the default schedule."""

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.video import VideoFile
from edge.settings.desk_toml import Camera
from edge.vision.eye import Eye
from edge.vision.known_part import SPARED_S
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import Schedule
from edge.vision.sightings import Look


def _looks(camera: Camera, models: ModelStore, frames: Iterable[Frame]) -> list[Look]:
    eye = Eye(camera, models, Schedule(budget_cores=0.8, measured=False))
    return [eye.look(frame) for frame in frames]


def _stills(pictures: Iterable[Pixels], rate_hz: float = 15.0) -> list[Frame]:
    return [Frame(index / rate_hz, "desk", index, picture) for index, picture in enumerate(pictures)]


def _people(looks: list[Look]) -> list[tuple[float, int]]:
    """How many people each searched frame shows."""
    return [(look.t_s, len(look.bodies)) for look in looks if look.bodies is not None]


CUSTOMERS = Camera(name="customers", watches="customers")
STAFF = Camera(name="desk", watches="staff")


def test_one_after_another_come_three_and_nobody_in_between(models: ModelStore, clips: Path) -> None:
    """First and last visible to within 0.7 s: at the edges of the picture only a head or a foot shows.

    Most of the time they just stand there; those stretches are left out.
    """
    standing = ((9.0, 17.0), (26.0, 42.0), (54.0, 66.0))
    footage = VideoFile(clips / "approach_onebyone.mp4", "customers")
    looks = _looks(
        CUSTOMERS, models, (each for each in footage if not any(b < each.t_s < e for b, e in standing))
    )
    visits = ((6.0, 19.7), (22.7, 44.9), (50.2, 69.9))
    people = _people(looks)
    assert {count for _, count in people} <= {0, 1}
    for begin_s, end_s in visits:
        seen = [t_s for t_s, count in people if count and begin_s - 0.1 <= t_s <= end_s + 0.1]
        assert seen[0] == pytest.approx(begin_s, abs=0.7)
        assert seen[-1] == pytest.approx(end_s, abs=0.7)
        # Who stands still is not looked at each time; a look comes with the next frame after that.
        assert sorted(np.diff(seen))[-2] < SPARED_S + 0.15
    outside = [
        t_s for t_s, count in people if count and not any(b - 0.1 <= t_s <= e + 0.1 for b, e in visits)
    ]
    assert outside == []


def test_two_who_walk_up_side_by_side_are_two_in_every_frame(models: ModelStore, clips: Path) -> None:
    looks = _looks(CUSTOMERS, models, VideoFile(clips / "approach_walking.gif", "customers"))
    assert {count for _, count in _people(looks)} == {2}
    faces = [face for look in looks if look.bodies for face in look.faces]
    assert sum(face is not None for face in faces) >= 8


def test_three_who_hide_one_another_stay_in_sight(models: ModelStore, clips: Path) -> None:
    """The third comes in from below, cut off at the chest and seen from behind."""
    people = _people(_looks(CUSTOMERS, models, VideoFile(clips / "approach_storeaisle.gif", "customers")))
    assert max(count for _, count in people) == 3
    assert min(count for _, count in people) >= 2
    late = [count for t_s, count in people if t_s > 2.5]
    assert sum(late) >= 0.9 * 3 * len(late)


def test_the_hosts_face_is_followed_through_a_whole_clip(models: ModelStore, clips: Path) -> None:
    looks = _looks(STAFF, models, VideoFile(clips / "smile_singleface.mp4", "desk"))
    sought = [look for look in looks if look.host_sought]
    assert len(sought) == pytest.approx(len(looks) * 15 / 30, abs=2)
    assert all(look.host_mesh is not None for look in sought)
    assert any(look.host_pose is not None for look in looks)
    assert all(look.bodies is None for look in looks)


def test_a_host_who_leans_in_and_out_is_never_lost(models: ModelStore, clips: Path) -> None:
    footage = (frame for frame in VideoFile(clips / "lean_cap12.mp4", "desk") if 30.0 < frame.t_s < 42.0)
    looks = _looks(STAFF.model_copy(update={"rate_hz": 25.0}), models, footage)
    widths = [np.ptp(look.host_mesh.points[:, 0]) for look in looks if look.host_mesh is not None]
    assert len(widths) == len(looks)
    assert max(widths) > 1.6 * min(widths)


@pytest.mark.parametrize(("customers", "pose_hz"), [(1, 3.0), (0, 1.5)])
def test_a_hosts_pose_is_looked_at_half_as_often_while_no_customer_is_in_sight(
    customers: int, pose_hz: float, models: ModelStore, still: Callable[[str], Pixels]
) -> None:
    schedule = Schedule(budget_cores=0.8, measured=False)
    schedule.note_customers("front", anybody=customers > 0)
    eye = Eye(STAFF, models, schedule)
    frames = list(_stills([still("f6.jpg")] * 80))
    looks = [eye.look(frame) for frame in frames]
    poses_s = [look.t_s for look in looks if look.host_pose is not None]
    assert np.mean(np.diff(poses_s)) == pytest.approx(1 / pose_hz, rel=0.15)


def test_a_host_who_leaves_is_sought_and_not_found_and_found_again(
    models: ModelStore, still: Callable[[str], Pixels]
) -> None:
    portrait = still("f6.jpg")
    empty = np.full_like(portrait, 120)
    looks = _looks(STAFF, models, _stills([portrait] * 10 + [empty] * 20 + [portrait] * 10))
    assert all(look.host_mesh is not None for look in looks[:10] if look.host_sought)
    away = [look for look in looks[11:30] if look.host_sought]
    assert len(away) >= 5
    assert all(look.host_mesh is None for look in away)
    assert any(look.host_mesh is not None for look in looks[30:35])


def test_somebody_who_sits_down_nearer_becomes_the_host(
    models: ModelStore, still: Callable[[str], Pixels]
) -> None:
    far, near = still("f24.jpg"), still("f2.jpg")
    behind = np.zeros((720, 1280, 3), np.uint8)
    behind[100 : 100 + far.shape[0], 50 : 50 + far.shape[1]] = far
    both = behind.copy()
    both[: near.shape[0], 500 : 500 + near.shape[1]] = near[:720, :780]
    looks = _looks(STAFF, models, _stills([behind] * 10 + [both] * 40))
    noses = [look.host_mesh.points[1, 0] for look in looks if look.host_mesh is not None]
    assert noses[0] < 400
    assert noses[-1] > 500


def test_a_zone_tells_the_host_among_the_people(models: ModelStore, clips: Path) -> None:
    """The man, who is farther to the right, stands where staff stand."""
    zone = ((0.52, 0.3), (1.0, 0.3), (1.0, 1.0), (0.52, 1.0))
    camera = Camera(name="hall", watches="both", staff_zone=zone)
    footage = (frame for frame in VideoFile(clips / "approach_walking.gif", "hall") if frame.t_s < 1.6)
    looks = _looks(camera, models, footage)
    with_host = [look for look in looks if look.host_body is not None and look.host_mesh is not None]
    assert len(with_host) >= 3
    for look in with_host:
        assert look.bodies is not None
        assert look.host_mesh is not None
        man = max(look.bodies, key=lambda body: body.box_px[0])
        assert look.host_body is man
        assert man.box_px[0] < look.host_mesh.points[1, 0] < man.box_px[2]


def test_nobody_in_the_zone_means_no_host(models: ModelStore, clips: Path) -> None:
    zone = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.5), (0.0, 0.5))
    camera = Camera(name="hall", watches="both", staff_zone=zone)
    looks = _looks(camera, models, VideoFile(clips / "approach_walking.gif", "hall"))
    assert all(look.host_mesh is None and look.host_body is None for look in looks)
    assert any(look.host_sought for look in looks)


def test_without_a_zone_the_largest_face_is_the_host(models: ModelStore, clips: Path) -> None:
    looks = _looks(
        Camera(name="hall", watches="both"), models, VideoFile(clips / "smile_singleface.mp4", "hall")
    )
    assert sum(look.host_mesh is not None for look in looks) > 0.4 * len(looks)
    assert any(look.host_body is not None for look in looks)
    assert any(look.host_pose is not None for look in looks)


def test_two_replays_see_the_same_to_the_last_bit(models: ModelStore, clips: Path) -> None:
    def replay() -> list[Look]:
        return _looks(
            Camera(name="hall", watches="both"), models, VideoFile(clips / "approach_walking.gif", "hall")
        )

    assert repr([_exact(look) for look in replay()]) == repr([_exact(look) for look in replay()])


def _exact(look: Look) -> tuple[object, ...]:
    bodies = [(body.box_px, body.score, body.keypoints.tobytes()) for body in look.bodies or ()]
    faces = [face and (face.box_px, face.score, face.keypoints.tobytes()) for face in look.faces]
    mesh = look.host_mesh and look.host_mesh.points.tobytes()
    pose = look.host_pose and (look.host_pose.points.tobytes(), look.host_pose.world.tobytes())
    return look.t_s, bodies, faces, mesh, look.host_sought, pose


@pytest.mark.parametrize("watches", ["customers", "staff", "both"])
@pytest.mark.parametrize("size", [(320, 240), (1280, 720), (720, 1280), (161, 121)])
def test_an_empty_picture_of_any_shape_shows_nobody(
    watches: str, size: tuple[int, int], models: ModelStore
) -> None:
    camera = Camera.model_validate({"name": "desk", "watches": watches})
    picture = np.full((size[1], size[0], 3), 90, np.uint8)
    for look in _looks(camera, models, _stills([picture] * 4)):
        assert not look.bodies
        assert look.host_mesh is None
        assert look.host_body is None
        assert (look.width, look.height) == size


def test_a_host_is_looked_at_finely_as_soon_as_a_customer_is_in_sight(
    models: ModelStore, clips: Path
) -> None:
    schedule = Schedule(budget_cores=0.8, measured=False)
    front, desk = (Eye(camera, models, schedule) for camera in (CUSTOMERS, STAFF))
    host = [frame.rgb for frame in VideoFile(clips / "smile_singleface.mp4", "desk")][:30:2]
    arrival = [frame for frame in VideoFile(clips / "approach_onebyone.mp4", "customers") if frame.t_s < 8.0]
    first_s: float | None = None
    meshes: list[float] = []
    for index in range(round(8.0 * 15)):
        t_s = index / 15
        room = next(frame.rgb for frame in reversed(arrival) if frame.t_s <= t_s)
        look = front.look(Frame(t_s, "customers", index, room))
        if look.bodies and first_s is None:
            first_s = t_s
        if desk.look(Frame(t_s, "desk", index, host[index % len(host)])).host_mesh is not None:
            meshes.append(t_s)
    assert first_s is not None
    alone = [t_s for t_s in meshes if 1.0 <= t_s < first_s]
    assert len(alone) == pytest.approx(5.0 * (first_s - 1.0), abs=2)
    attended = [t_s for t_s in meshes if t_s >= first_s]
    assert attended[0] <= first_s + 1 / 15
    assert np.diff(attended).max() == pytest.approx(1 / 15)


def test_a_host_is_looked_at_finely_where_no_camera_shows_customers(models: ModelStore, clips: Path) -> None:
    looks = _looks(STAFF, models, itertools.islice(VideoFile(clips / "lean_cap12.mp4", "desk"), 90))
    assert sum(look.host_mesh is not None for look in looks) >= 40
