"""What calibration writes into desk.toml, and what it leaves alone."""

import os
from pathlib import Path

import pytest

from edge.settings.desk_toml import Camera, Lens, Mount, Settings
from edge.tools.calibrate.settings_writer import SettingsNotWrittenError, write_camera
from protocol.shipped import EXAMPLE_DESK
from protocol.toml_file import BadFileError, load

FLASHED = EXAMPLE_DESK
FOUND = Camera(
    name="customers",
    watches="customers",
    lens=Lens(horizontal_view_deg=64.27),
    mount=Mount(height_m=1.4149, pitch_deg=-11.82, roll_deg=0.61, yaw_deg=3.0),
)


def desk(tmp_path: Path, text: str | None = None) -> Path:
    path = tmp_path / "desk.toml"
    path.write_bytes(FLASHED.read_bytes() if text is None else text.encode())
    return path


def test_only_the_values_of_that_camera_change_and_every_comment_stays(tmp_path: Path) -> None:
    path = desk(tmp_path)
    write_camera(path, FOUND)
    before, after = FLASHED.read_text().splitlines(), path.read_text().splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [
        (
            'lens = { module = "imx708", horizontal_view_deg = 64.3 }'
            "  # as `deskside doctor` names it: imx708_wide, imx219, ov5647, ..."
        ),
        "mount = { x_m = 0.0, y_m = 0.0, height_m = 1.41, yaw_deg = 3.0, pitch_deg = -11.8, roll_deg = 0.6 }",
    ]


def test_what_was_changed_is_said(tmp_path: Path) -> None:
    said = [str(change) for change in write_camera(desk(tmp_path), FOUND)]
    assert "mount.height_m = 1.41 (was 1.3)" in said
    assert not any("x_m" in line for line in said)


def test_writing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    path = desk(tmp_path)
    write_camera(path, FOUND)
    written = path.read_bytes()
    assert write_camera(path, FOUND) == ()
    assert path.read_bytes() == written


def test_a_modules_own_distortion_stays_when_its_angle_is_measured(tmp_path: Path) -> None:
    path = desk(
        tmp_path,
        '[[cameras]]\nname = "customers"\nwatches = "customers"\nlens = { module = "imx708_wide" }\n',
    )
    (camera,) = load(path, Settings).cameras
    write_camera(
        path,
        camera.model_copy(update={"lens": camera.lens.model_copy(update={"horizontal_view_deg": 101.2})}),
    )
    (written,) = load(path, Settings).cameras
    assert written.lens == Lens(module="imx708_wide", horizontal_view_deg=101.2, k1=-0.033, k2=0.0)


@pytest.mark.parametrize("before", ["", "white_balance = [2.0, 1.0] # by eye\n"])
def test_the_white_balance_is_a_key_of_the_camera(tmp_path: Path, before: str) -> None:
    path = desk(tmp_path, f'[[cameras]]\nname = "customers"\nwatches = "customers"\n{before}')
    (change,) = write_camera(path, Camera(name="customers", watches="customers", white_balance=(1.912, 1.4)))
    assert str(change).startswith("white_balance = [1.912, 1.4] (was ")
    (camera,) = load(path, Settings).cameras
    assert camera.white_balance == (1.912, 1.4)
    assert ("# by eye" in path.read_text()) == bool(before)


LAYOUTS = {
    "nothing said of mount and lens": '[[cameras]] # front\nname = "customers"\nwatches = "customers"\n',
    "tables of their own": '[[cameras]]\nname = "customers"\nwatches = "customers"\n[cameras.mount] # here\nheight_m = 1.2 # tape\n'
    "[cameras.lens]\nk1 = -0.1\n[uplink]\n",
    "one table of its own, the other missing": '[[cameras]]\nname = "customers"\nwatches = "customers"\n[cameras.mount]\nheight_m = 1.2\n'
    '# next\n[[cameras]]\nname = "staff"\nwatches = "staff"\n',
    "dotted keys": '[[cameras]]\nname = "customers"\nmount.height_m = 1.2 # tape\nwatches = "customers"\n',
    "a lens by its module": '[[cameras]]\nname = "customers"\nwatches = "customers"\nlens = { module = "imx708_wide" } # wide\n',
    "a list of inline tables": 'cameras = [{ name = "customers", watches = "customers" }] # one\n',
    "lines that end as on Windows": '[[cameras]]\r\nname = "customers"\r\nwatches = "customers"\r\n# end\r\n',
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_layout_of_the_file_keeps_its_comments_and_gets_the_values(tmp_path: Path, layout: str) -> None:
    path = desk(tmp_path, LAYOUTS[layout])
    write_camera(path, FOUND)
    written = path.read_bytes().decode()
    assert all(
        comment in written
        for comment in ("# front", "# wide", "# here", "# tape", "# next", "# one", "# end\r\n")
        if comment in LAYOUTS[layout]
    )
    camera = load(path, Settings).cameras[0]
    assert camera.mount == Mount(height_m=1.41, pitch_deg=-11.8, roll_deg=0.6, yaw_deg=3.0)
    assert camera.lens.horizontal_view_deg == 64.3


def test_values_that_no_desk_file_may_hold_leave_it_as_it_was(tmp_path: Path) -> None:
    path = desk(tmp_path)
    high = FOUND.model_copy(update={"mount": Mount().model_copy(update={"height_m": 7.0})})
    with pytest.raises(BadFileError, match="height_m"):
        write_camera(path, high)
    assert path.read_bytes() == FLASHED.read_bytes()


def test_a_lens_of_which_the_angle_was_measured_keeps_its_module_and_what_else_is_known_of_it(
    tmp_path: Path,
) -> None:
    path = desk(
        tmp_path,
        '[[cameras]]\nname = "customers"\nwatches = "customers"\nlens = { module = "imx708_wide" }\n',
    )
    lens = load(path, Settings).cameras[0].lens
    assert lens.k1
    write_camera(
        path, FOUND.model_copy(update={"lens": lens.model_copy(update={"horizontal_view_deg": 99.8})})
    )
    assert load(path, Settings).cameras[0].lens == lens.model_copy(update={"horizontal_view_deg": 99.8})


def test_a_camera_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsNotWrittenError, match="no camera named 'door'"):
        write_camera(desk(tmp_path), FOUND.model_copy(update={"name": "door"}))


@pytest.mark.parametrize("mode", [0o640, 0o664])
def test_who_may_read_the_file_stays_the_same_and_nothing_is_left_beside_it(
    tmp_path: Path, mode: int
) -> None:
    path = desk(tmp_path)
    path.chmod(mode)
    write_camera(path, FOUND)
    assert path.stat().st_mode & 0o777 == mode
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    path, link = desk(tmp_path), tmp_path / "link.toml"
    link.symlink_to(path)
    write_camera(link, FOUND)
    assert link.is_symlink()
    assert "height_m = 1.41" in path.read_text()


@pytest.mark.skipif(os.geteuid() == 0, reason="needs a user who is not root: root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told_in_words(tmp_path: Path) -> None:
    path = desk(tmp_path)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(SettingsNotWrittenError, match="cannot be written"):
            write_camera(path, FOUND)
    finally:
        tmp_path.chmod(0o700)


def test_a_file_that_cannot_be_written_stays_whole(tmp_path: Path) -> None:
    # Nothing whose name is longer than this one's can be made beside it.
    path = desk(tmp_path).rename(tmp_path / f"{'d' * 250}.toml")
    with pytest.raises(SettingsNotWrittenError, match="cannot be written"):
        write_camera(path, FOUND)
    assert path.read_bytes() == FLASHED.read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_what_lies_beside_desk_toml_is_left_alone(tmp_path: Path) -> None:
    path = desk(tmp_path)
    (tmp_path / "desk.toml.new").write_text("mine")
    write_camera(path, FOUND)
    assert (tmp_path / "desk.toml.new").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_keeps_its_byte_order_mark_and_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FLASHED.read_bytes().replace(b"\n", b"\r\n"))
    write_camera(path, FOUND)
    written = path.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf#")
    assert written.count(b"\r\n") == written.count(b"\n")
    assert load(path, Settings).cameras[0].mount.height_m == 1.41
