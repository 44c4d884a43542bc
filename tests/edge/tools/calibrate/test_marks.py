import numpy as np
import pytest

from edge.observation import Estimate
from edge.settings.desk_toml import Camera, Lens, Mount
from edge.tools.calibrate.fit import CalibrationError, MountFit
from edge.tools.calibrate.marks import Standing, mount_from_marks, standing
from edge.tools.calibrate.pinhole import Pinhole
from edge.vision.sightings import BodySighting

FRAME = (1280, 720)
MARKS = ((0.0, 1.5), (0.0, 2.5), (0.0, 4.0), (0.8, 3.0))
EYES_M = 1.58
MEASURED_STATURE = Estimate(EYES_M / 0.93, 0.01)
ASSUMED = Camera(name="customers", watches="customers", lens=Lens(horizontal_view_deg=66))


def stood(
    mount: Mount,
    lens: Lens,
    noise_px: float = 0.0,
    seed: int = 0,
    marks: tuple[tuple[float, float], ...] = MARKS,
) -> list[Standing]:
    """Somebody of known height at the marks, as a camera sees them."""
    camera, random = Pinhole(lens, mount), np.random.default_rng(seed)
    seen = []
    for x_m, y_m in marks:
        points = camera.pixels(np.array([[x_m, y_m, 0.0], [x_m, y_m, EYES_M]]), FRAME)
        points += random.normal(0.0, noise_px, points.shape)
        (foot, eyes) = points.tolist()
        seen.append(Standing(x_m, y_m, (foot[0], foot[1]), (eyes[0], eyes[1])))
    return seen


@pytest.mark.parametrize("height_m", [0.9, 1.4, 2.2, 3.0])
@pytest.mark.parametrize("pitch_deg", [-25.0, -10.0, 0.0])
@pytest.mark.parametrize("view_deg", [62.0, 66.0])
def test_height_tilt_and_lens_are_found_from_a_person_at_known_marks(
    height_m: float, pitch_deg: float, view_deg: float
) -> None:
    mount = Mount(height_m=height_m, pitch_deg=pitch_deg, yaw_deg=4.0, roll_deg=1.5)
    fit = mount_from_marks(
        stood(mount, Lens(horizontal_view_deg=view_deg), noise_px=1.0), ASSUMED, FRAME, MEASURED_STATURE
    )
    assert fit.mount.height_m == pytest.approx(height_m, abs=0.08)
    assert fit.mount.pitch_deg == pytest.approx(pitch_deg, abs=1.5)
    assert fit.mount.yaw_deg == pytest.approx(4.0, abs=1.5)
    assert fit.mount.roll_deg == pytest.approx(1.5, abs=1.5)
    assert fit.lens.horizontal_view_deg == pytest.approx(view_deg, abs=2.5)


def test_the_stated_errors_hold_the_true_ones() -> None:
    mount, lens = Mount(height_m=1.5, pitch_deg=-12.0), Lens(horizontal_view_deg=66)
    inside = []
    for seed in range(20):
        fit = mount_from_marks(stood(mount, lens, noise_px=3.0, seed=seed), ASSUMED, FRAME, MEASURED_STATURE)
        assert fit.mount.height_m is not None
        inside.append(abs(fit.mount.height_m - 1.5) <= 1.645 * fit.height_se_m)
        inside.append(abs(fit.mount.pitch_deg + 12.0) <= 1.645 * fit.pitch_se_deg)
    assert np.mean(inside) >= 0.9


def test_a_customer_is_placed_as_well_as_the_calibration_says() -> None:
    mount, lens = Mount(height_m=1.5, pitch_deg=-12.0), Lens(horizontal_view_deg=66)
    truth = Pinhole(lens, mount)
    pixel = truth.pixels(np.array([[0.0, 3.0, 0.0]]), FRAME)[0]
    inside = []
    for seed in range(20):
        fit = mount_from_marks(stood(mount, lens, noise_px=3.0, seed=seed), ASSUMED, FRAME, MEASURED_STATURE)
        place = Pinhole(fit.lens, fit.mount).floor_m(pixel, FRAME)
        assert place is not None
        inside.append(np.hypot(place[0], place[1] - 3.0) <= 2 * dict(fit.distance_se_m)[3.0])
    assert np.mean(inside) >= 0.9


def test_a_person_of_unknown_height_leaves_more_error() -> None:
    seen = stood(Mount(height_m=1.5, pitch_deg=-12.0), Lens())
    known, unknown = (
        mount_from_marks(seen, ASSUMED, FRAME, MEASURED_STATURE),
        mount_from_marks(seen, ASSUMED, FRAME),
    )
    assert unknown.height_se_m > known.height_se_m


def test_feet_alone_calibrate_too() -> None:
    mount = Mount(height_m=1.5, pitch_deg=-15.0)
    seen = [Standing(s.x_m, s.y_m, s.foot_px, None) for s in stood(mount, Lens())]
    fit = mount_from_marks(seen, ASSUMED, FRAME)
    assert fit.mount.height_m == pytest.approx(1.5, abs=0.1)


def test_two_marks_are_too_few() -> None:
    with pytest.raises(CalibrationError, match="too few"):
        mount_from_marks(stood(Mount(height_m=1.5), Lens())[:2], ASSUMED, FRAME)


def test_a_mark_measured_wrongly_is_noticed() -> None:
    seen = stood(Mount(height_m=1.5, pitch_deg=-12.0), Lens())
    seen[1] = Standing(0.0, 5.0, seen[1].foot_px, seen[1].eyes_px)
    with pytest.raises(CalibrationError, match="Check the marks"):
        mount_from_marks(seen, ASSUMED, FRAME, MEASURED_STATURE)


@pytest.mark.parametrize("aside_m", [0.8, -0.6])
@pytest.mark.parametrize("yaw_deg", [0.0, 8.0])
def test_a_mirrored_picture_is_noticed_by_who_stands_aside(aside_m: float, yaw_deg: float) -> None:
    marks = (*MARKS[:3], (aside_m, 3.0))
    mount, lens = Mount(height_m=1.4, pitch_deg=-10.0, yaw_deg=yaw_deg), Lens(horizontal_view_deg=66)
    seen = stood(mount, lens, noise_px=2.0, marks=marks)
    mirrored = [Standing(who.x_m, who.y_m, (FRAME[0] - who.foot_px[0], who.foot_px[1]), None) for who in seen]
    mount_from_marks(seen, ASSUMED, FRAME, MEASURED_STATURE)
    with pytest.raises(CalibrationError, match=r"mirrored\. Set hflip = true"):
        mount_from_marks(mirrored, ASSUMED, FRAME, MEASURED_STATURE)


def test_the_report_says_how_good_it_got_and_what_to_do_when_it_is_not() -> None:
    seen = stood(Mount(height_m=1.5, pitch_deg=-12.0), Lens())
    fit = mount_from_marks(seen, ASSUMED, FRAME, MEASURED_STATURE)
    assert any(line.startswith("height: 1.") for line in fit.report())
    assert "good enough" in fit.report()[-1]
    assert "3 m ±" in " ".join(fit.report())
    poor = MountFit(fit.mount, fit.lens, 0.3, 5.0, 1.0, 1.0, 2.0, 9.0, ((3.0, 0.8),))
    assert "not good enough" in poor.report()[-1]


def body(ankles_px: float, score: float = 0.9) -> BodySighting:
    keypoints = np.full((17, 3), 0.1, np.float32)
    keypoints[[1, 2]] = [(640, 200, 0.9), (600, 200, 0.9)]
    keypoints[[15, 16]] = [(640, ankles_px, score), (600, ankles_px, score)]
    return BodySighting((560, 150, 680, ankles_px + 10), 0.9, keypoints)


def test_many_looks_at_a_mark_are_one_and_a_wrong_one_does_no_harm() -> None:
    looks = [body(600 + jitter) for jitter in (-1, 0, 0, 1, 1)] + [body(300)]
    seen = standing(0.0, 2.0, looks, FRAME)
    assert seen.foot_px[1] == pytest.approx(600 + 0.045 * 460, abs=3)
    assert seen.eyes_px == pytest.approx((620, 200))


def test_hidden_feet_are_asked_for() -> None:
    with pytest.raises(CalibrationError, match="feet were seen in 0 of 6"):
        standing(0.0, 2.0, [body(600, score=0.1)] * 6, FRAME)
