"""A camera calibrated from the command line, by footage of a real person put at known marks of a room of known geometry."""

import base64
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from edge.settings.desk_toml import Lens, Mount, Settings
from edge.space.mount import position_m
from edge.tools.calibrate import board
from edge.tools.calibrate.calibration import Spot, parse_spot
from edge.tools.calibrate.fit import CalibrationError
from edge.tools.calibrate.pinhole import Pinhole
from edge.tools.calibrate.technician import inline_picture
from protocol.toml_file import load
from tests.worlds.boards import SQUARE_M, pictured

DESKSIDE = Path(sys.executable).with_name("deskside")

FRAME = (1280, 720)
TRUE = Pinhole(Lens(horizontal_view_deg=66.0), Mount(height_m=1.5, pitch_deg=-12.0, yaw_deg=3.0))
MARKS = ((0.0, 2.6), (0.0, 3.5), (0.0, 5.0), (0.8, 3.5))
STATURE_M = 1.65
DESK = """\
# The desk by the door.
[[cameras]]
name = "customers"      # above the screen
watches = "customers"
source = "{source}"
rate_hz = 10
mount = {{ height_m = 1.2, pitch_deg = 0.0 }}  # guessed
"""

# The woman in frame 4 of approach_walking.gif: what of the frame shows her alone, and where her eyes and the point on the floor between
# her feet are, marked by eye (+-1 px). She walks; the shear of the billboard puts her eyes above her feet.
PERSON_LEFT, PERSON_TOP, PERSON_RIGHT, PERSON_BOTTOM = 234, 106, 291, 266
EYES, FEET = (263.7, 126.8), (254.5, 261.5)
EYES_SHARE = 0.92
"""Height of the eyes as a share of the stature."""


@pytest.fixture(scope="session")
def walker(clips: Path) -> Pixels:
    capture = cv2.VideoCapture(str(clips / "approach_walking.gif"))
    for _ in range(5):
        read, bgr = capture.read()
        assert read
    capture.release()
    person = bgr[PERSON_TOP:PERSON_BOTTOM, PERSON_LEFT:PERSON_RIGHT]
    return np.asarray(cv2.resize(person, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), np.uint8)


def standing(person: Pixels, x_m: float, y_m: float, camera: Pinhole = TRUE) -> Pixels:
    """The room with her upright at a mark, her front to the camera; BGR."""
    metres = STATURE_M * EYES_SHARE / (FEET[1] - EYES[1])
    towards = np.array([x_m, y_m, 0.0]) - position_m(camera.mount) * (1, 1, 0)
    right = np.array([towards[1], -towards[0], 0.0]) / np.linalg.norm(towards)
    lean = (EYES[0] - FEET[0]) / (EYES[1] - FEET[1])
    corners, there = [], []
    for x, y in (
        (PERSON_LEFT, PERSON_TOP),
        (PERSON_RIGHT, PERSON_TOP),
        (PERSON_RIGHT, PERSON_BOTTOM),
        (PERSON_LEFT, PERSON_BOTTOM),
    ):
        upright = x - FEET[0] - lean * (y - FEET[1])
        there.append(
            np.array([x_m, y_m, 0.0]) + metres * (upright * right + np.array([0.0, 0.0, FEET[1] - y]))
        )
        corners.append(((x - PERSON_LEFT) * 4, (y - PERSON_TOP) * 4))
    onto = cv2.getPerspectiveTransform(
        np.array(corners, np.float32), camera.pixels(np.array(there), FRAME).astype(np.float32)
    )
    room = np.empty((FRAME[1], FRAME[0], 3), np.uint8)
    room[:] = person[-20:].mean(axis=(0, 1))
    edge = np.zeros(person.shape[:2], np.float32)
    edge[24:-8, 24:-24] = 1.0
    share = cv2.warpPerspective(cv2.GaussianBlur(edge, (0, 0), 6), onto, FRAME, flags=cv2.INTER_AREA)[
        ..., None
    ]
    shown = cv2.warpPerspective(person, onto, FRAME, flags=cv2.INTER_AREA)
    return np.asarray(room * (1 - share) + shown * share, np.uint8)


def footage(folder: Path, picture: Pixels, pictures: int = 5) -> Path:
    """A picture with a sensor's noise, ten times a second."""
    random = np.random.default_rng(0)
    noisy = (picture + random.normal(0.0, 3.0, picture.shape) for _ in range(pictures))
    return folder_of(folder, [np.clip(each, 0, 255).astype(np.uint8) for each in noisy])


def folder_of(folder: Path, pictures: list[Pixels]) -> Path:
    folder.mkdir()
    for number, picture in enumerate(pictures):
        cv2.imwrite(str(folder / f"{number:03}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return folder


@pytest.fixture(scope="session")
def room(walker: Pixels, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options of a calibration from footage of her at every mark."""
    folder = tmp_path_factory.mktemp("marks")
    return [
        f"--mark={x_m},{y_m}={footage(folder / str(number), standing(walker, x_m, y_m))}"
        for number, (x_m, y_m) in enumerate(MARKS)
    ]


@pytest.fixture
def desk(tmp_path: Path) -> Callable[[str | Path], Path]:
    def write(source: str | Path = "picamera:0") -> Path:
        path = tmp_path / "desk.toml"
        path.write_text(DESK.format(source=source), encoding="utf-8")
        return path

    return write


def calibrate(*arguments: str | Path, keys: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(DESKSIDE), "calibrate", *map(str, arguments)],
        input=keys,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def stated(said: str, name: str) -> tuple[float, float]:
    """A value of the report and its standard error."""
    found = re.search(rf"^{name}: ([+\-\d.]+) ± ([\d.]+)", said, re.MULTILINE)
    assert found, said
    return float(found[1]), float(found[2])


def test_footage_of_a_person_at_known_marks_sets_the_camera_within_the_stated_error(
    desk: Callable[..., Path], room: list[str]
) -> None:
    path = desk()
    done = calibrate("customers", *room, "--stature", str(STATURE_M), "--desk", path)
    assert done.returncode == 0, done.stderr + done.stdout
    for name, true in (("height", 1.5), ("pitch", -12.0), ("yaw", 3.0), ("roll", 0.0), ("lens", 66.0)):
        value, se = stated(done.stdout, name)
        assert abs(value - true) <= 2 * se + 0.05, name
    assert "good enough" in done.stdout
    camera = load(path, Settings).cameras[0]
    assert camera.mount.height_m == pytest.approx(1.5, abs=0.1)
    assert camera.mount.pitch_deg == pytest.approx(-12.0, abs=1.5)
    text = path.read_text()
    assert all(comment in text for comment in ("# The desk by the door.", "# above the screen", "# guessed"))
    assert f"written into {path}, camera customers:" in done.stdout
    assert "mount.height_m = " in done.stdout


def test_a_dry_run_says_what_was_found_and_writes_nothing(desk: Callable[..., Path], room: list[str]) -> None:
    path = desk()
    before = path.read_bytes()
    done = calibrate("customers", *room, "--dry-run", "--show", "terminal", "--desk", path)
    assert done.returncode == 0, done.stderr
    assert "▀" in done.stdout
    assert "height: 1." in done.stdout
    assert path.read_bytes() == before


def test_a_calibration_that_is_not_good_enough_is_written_only_when_asked_to(
    desk: Callable[..., Path], room: list[str], walker: Pixels, tmp_path: Path
) -> None:
    path = desk()
    before = path.read_bytes()
    far = [
        f"--mark={x_m},{y_m}={footage(tmp_path / f'far-{y_m}', standing(walker, x_m, y_m))}"
        for x_m, y_m in ((0.0, 5.0), (0.0, 5.2), (0.0, 5.4))
    ]
    done = calibrate("customers", *far, "--desk", path)
    assert (done.returncode, path.read_bytes()) == (2, before), done.stdout
    assert "not good enough" in done.stdout
    assert "--accept-poor" in done.stderr
    done = calibrate("customers", *far, "--accept-poor", "--desk", path)
    assert done.returncode == 0
    assert path.read_bytes() != before


def test_the_technician_is_asked_to_stand_at_each_mark_before_the_camera_looks(
    desk: Callable[..., Path], walker: Pixels, tmp_path: Path
) -> None:
    one_place = footage(tmp_path / "live", standing(walker, 0.0, 3.0), pictures=18)
    path = desk(one_place)
    done = calibrate("customers", "--mark=0,2", "--mark=0,3", "--mark=0.8,4", "--desk", path, keys="\n\n\n")
    asked = [line for line in done.stdout.splitlines() if "then press Enter" in line]
    assert len(asked) == 3, done.stdout
    assert "Stand 4 m before the desk's front edge, 0.8 m to the host's right" in done.stdout
    # She never moved, whatever the marks say: no camera sees that.
    assert done.returncode == 2
    assert "Check the marks" in done.stderr


def test_a_live_mark_where_nobody_is_seen_is_asked_for_again(
    desk: Callable[..., Path], tmp_path: Path
) -> None:
    empty = footage(tmp_path / "empty", np.full((720, 1280, 3), 128, np.uint8), pictures=15)
    done = calibrate(
        "customers", "--mark=0,2", "--mark=0,3", "--mark=0,4", "--desk", desk(empty), keys="\n\n"
    )
    assert done.stdout.count("nobody was seen in 5 pictures") == 2
    assert done.stdout.count("then press Enter") == 3
    assert done.returncode == 2
    assert "Nobody pressed Enter" in done.stderr


def test_feet_below_the_picture_are_not_taken_for_feet(
    desk: Callable[..., Path], walker: Pixels, tmp_path: Path
) -> None:
    clip = footage(tmp_path / "cut", standing(walker, 0.0, 2.1))
    done = calibrate("customers", f"--mark=0,2.1={clip}", "--mark=0,3", "--mark=0,4", "--desk", desk())
    assert done.returncode == 2
    assert "lower edge cuts off the feet" in done.stderr


def test_two_people_in_the_picture_are_one_too_many(
    desk: Callable[..., Path], walker: Pixels, tmp_path: Path
) -> None:
    two = standing(walker, -0.8, 3.0)
    right = standing(walker, 0.8, 3.0)
    two[:, 640:] = right[:, 640:]
    clip = footage(tmp_path / "two", two)
    done = calibrate("customers", f"--mark=0,2={clip}", "--mark=0,3", "--mark=0,4", "--desk", desk())
    assert done.returncode == 2
    assert "more than one person was seen in 5 of 5" in done.stderr


def test_a_board_held_before_the_camera_sets_its_lens_and_one_on_the_floor_its_height(
    desk: Callable[..., Path], tmp_path: Path
) -> None:
    lens, random = Lens(horizontal_view_deg=72.0), np.random.default_rng(1)
    holding, pictures = Pinhole(lens, Mount(height_m=1.0)), []
    for turn in range(12):
        middle = np.array([(-0.45, 0.0, 0.45)[turn % 3], 1.0, 1.0 + (-0.2, 0.0, 0.2)[turn // 3 % 3]])
        tilts, _ = cv2.Rodrigues(random.uniform(-0.4, 0.4, 3))
        turned = np.asarray(tilts, np.float64)
        # Each held still for two pictures.
        pictures += 2 * [pictured(holding, middle, turned[:, 0], -turned[:, 2])]
    held = folder_of(tmp_path / "held", pictures)
    hung = Pinhole(lens, Mount(height_m=1.4, pitch_deg=-30.0, roll_deg=2.0))
    along, back = np.array([1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0])
    laid = folder_of(tmp_path / "laid", [pictured(hung, np.array([0.2, 1.6, 0.0]), along, back)])
    path = desk()
    square = ["--square-cm", str(100 * SQUARE_M)]
    done = calibrate("customers", f"--clip={held}", f"--board-at=0.2,1.6={laid}", *square, "--desk", path)
    assert done.returncode == 0, done.stderr + done.stdout
    camera = load(path, Settings).cameras[0]
    assert camera.lens.horizontal_view_deg == pytest.approx(72.0, abs=1.0)
    assert camera.mount.height_m == pytest.approx(1.4, abs=0.04)
    found = [camera.mount.pitch_deg, camera.mount.roll_deg, camera.mount.yaw_deg]
    assert found == pytest.approx([-30.0, 2.0, 0.0], abs=1.0)
    assert (camera.mount.x_m, camera.mount.y_m) == pytest.approx((0.0, 0.0), abs=0.05)


def test_a_picture_that_stands_on_its_head_is_told_with_the_mend(
    desk: Callable[..., Path], walker: Pixels, tmp_path: Path
) -> None:
    upside_down = np.ascontiguousarray(standing(walker, 0.0, 3.5)[::-1, ::-1])
    clip = footage(tmp_path / "turned", upside_down)
    path = desk()
    done = calibrate("customers", f"--mark=0,3.5={clip}", "--mark=0,3", "--mark=0,4", "--desk", path)
    assert done.returncode == 2
    assert "people stand on their heads in it" in done.stderr
    assert "hflip,vflip" in done.stderr


def test_a_board_seen_as_in_a_mirror_is_told_with_the_mend(desk: Callable[..., Path], tmp_path: Path) -> None:
    hung = Pinhole(Lens(horizontal_view_deg=66.0), Mount(height_m=1.4, pitch_deg=-30.0))
    seen = pictured(hung, np.array([0.2, 1.6, 0.0]), np.array([1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0]))
    clip = folder_of(tmp_path / "mirrored", [np.ascontiguousarray(seen[:, ::-1])] * 4)
    done = calibrate("customers", f"--board-at=0.2,1.6={clip}", "--desk", desk())
    assert done.returncode == 2
    assert "as in a mirror. Set hflip = true" in done.stderr


def test_a_board_that_is_not_there_is_missed(desk: Callable[..., Path], tmp_path: Path) -> None:
    empty = footage(tmp_path / "empty", np.full((720, 1280, 3), 128, np.uint8))
    done = calibrate("customers", f"--board-at=0,1.5={empty}", "--desk", desk())
    assert done.returncode == 2
    assert "was not seen" in done.stderr
    done = calibrate("customers", f"--clip={empty}", "--desk", desk())
    assert "0 views of the board are too few" in done.stderr


def test_the_board_to_print_is_the_one_that_is_looked_for(tmp_path: Path) -> None:
    file = tmp_path / "board.png"
    subprocess.run([str(DESKSIDE), "print-board", str(file)], check=True, timeout=60)
    rgb = cv2.imread(str(file), cv2.IMREAD_COLOR_RGB)
    assert rgb is not None
    assert board.find(np.asarray(cv2.resize(rgb, None, fx=0.2, fy=0.2), np.uint8)) is not None


def test_a_board_whose_name_ends_in_pdf_is_a_sheet_of_a4(tmp_path: Path) -> None:
    file = tmp_path / "my board.PDF"
    subprocess.run([str(DESKSIDE), "print-board", str(file)], check=True, timeout=60)
    content = file.read_bytes()
    assert content.startswith(b"%PDF")
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+)", content)
    assert box is not None
    assert (float(box[1]) / 72 * 2.54, float(box[2]) / 72 * 2.54) == pytest.approx((29.7, 21.0), abs=0.01)


def test_the_squares_of_a_board_on_a_sheet_are_as_large_as_they_are_taken_for(tmp_path: Path) -> None:
    file = tmp_path / "board.pdf"
    subprocess.run([str(DESKSIDE), "print-board", str(file)], check=True, timeout=60)
    content = file.read_bytes()
    placed = re.search(rb"q (\S+) 0 0 (\S+) (\S+) (\S+) cm", content)
    packed = re.search(rb"/Width (\d+) /Height (\d+) .*?/Length (\d+)>>\nstream\n", content)
    assert placed is not None
    assert packed is not None
    width, height, length = (int(each) for each in packed.groups())
    unpacked = zlib.decompress(content[packed.end() : packed.end() + length])
    grey = np.frombuffer(unpacked, np.uint8).reshape(height, width)
    assert (
        board.find(np.asarray(cv2.resize(np.dstack([grey] * 3), None, fx=0.2, fy=0.2), np.uint8)) is not None
    )
    across_m, down_m, left_m, low_m = (float(each) / 72 * 0.0254 for each in placed.groups())
    # A square of white stands around its 7 x 5.
    assert (across_m, down_m) == pytest.approx((8 * board.SQUARE_M, 6 * board.SQUARE_M), abs=1e-5)
    assert (width / 8, height / 6) == (400, 400)
    assert (2 * left_m + across_m, 2 * low_m + down_m) == pytest.approx((0.297, 0.210), abs=1e-5)
    # Each object begins where the table says.
    table = content[content.rindex(b"\nxref\n") :]
    for number, begin in enumerate(re.findall(rb"(\d{10}) 00000 n", table), 1):
        assert content[int(begin) :].startswith(b"%d 0 obj" % number)
    assert int(content.rsplit(b"startxref\n", 1)[1].split()[0]) == content.rindex(b"\nxref\n") + 1


@pytest.mark.parametrize("name", ["board.jpg", "board.doc", "thesis.pdf", "photo.png"])
def test_a_board_is_written_as_nothing_else_and_over_nothing_else(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    done = subprocess.run(
        [str(DESKSIDE), "print-board", str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert name in done.stderr
    assert (tmp_path / name).read_text() == "mine"


def test_what_is_seen_is_shown_with_the_metres_of_the_floor_and_nothing_is_stored(
    desk: Callable[..., Path], room: list[str]
) -> None:
    path = desk()
    done = calibrate("customers", *room, "--dry-run", "--show", "picture", "--desk", path)
    pictures = re.findall(r"\x1b\]1337;File=inline=1;[^:]*:([^\x07]+)\x07", done.stdout)
    assert len(pictures) == len(MARKS) + 1
    last = cv2.imdecode(np.frombuffer(base64.b64decode(pictures[-1]), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert last is not None
    assert (np.abs(last.astype(int) - (255, 200, 0)).sum(axis=2) < 30).any()
    assert list(path.parent.iterdir()) == [path]


def test_a_picture_survives_its_way_into_the_terminal() -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (20, 30, 3)).astype(np.uint8)
    encoded = inline_picture(rgb).split(":")[1].rstrip("\x07")
    back = cv2.imdecode(np.frombuffer(base64.b64decode(encoded), np.uint8), cv2.IMREAD_COLOR_RGB)
    np.testing.assert_array_equal(np.asarray(back), rgb)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["door", "--mark=0,2", "--mark=0,3", "--mark=0,4"], "no camera named 'door'; it has: customers"),
        (["customers"], "Nothing to calibrate with"),
        (["customers", "--mark=0,2", "--mark=0,3"], "2 marks are too few"),
        (["customers", "--mark=0,2", "--mark=1,2", "--mark=2,2"], "at different distances"),
        (["customers", "--mark=far"], "'far' is no place on the floor"),
        (["customers", "--mark=0,nan"], "no place on the floor"),
        (["customers", "--board-at=0,1", "--mark=0,2"], "not both"),
        (
            ["customers", "--mark=0,2=gone.mp4", "--mark=0,3", "--mark=0,4"],
            "gone.mp4: there is no such video file",
        ),
        (["customers", "--clip=gone.mp4"], "gone.mp4: there is no such video file"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(
    desk: Callable[..., Path], arguments: list[str], words: str
) -> None:
    path = desk()
    before = path.read_bytes()
    done = calibrate(*arguments, "--desk", path)
    assert (done.returncode, path.read_bytes()) == (2, before)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_spot_is_read_as_it_is_written() -> None:
    assert parse_spot("-0.8,3") == Spot(-0.8, 3.0)
    assert parse_spot("0,2=a=b.mp4") == Spot(0.0, 2.0, Path("a=b.mp4"))
    assert str(Spot(-0.8, 3.0)) == "3 m before the desk's front edge, 0.8 m to the host's left"
    assert str(Spot(0.0, -1.0)) == "1 m behind the desk's front edge, straight ahead"
    with pytest.raises(CalibrationError, match="no place"):
        parse_spot("1,2,3")
