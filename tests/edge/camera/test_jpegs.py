from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.camera.jpegs import JpegFolder
from edge.camera.source import SourceError


def _write(folder: Path, name: str, red: int = 100) -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[..., 2] = red
    assert cv2.imwrite(str(folder / name), picture)


def test_pictures_come_by_number_not_by_name(tmp_path: Path) -> None:
    for number in (9, 10, 100):
        _write(tmp_path, f"frame-{number}.jpg", number)
    frames = list(JpegFolder(tmp_path, "front", rate_hz=10.0, offset_s=2.0))
    assert [frame.t_s for frame in frames] == pytest.approx([2.0, 2.1, 11.1])
    assert [frame.index for frame in frames] == [0, 1, 2]
    assert [int(frame.rgb[0, 0, 0]) for frame in frames] == pytest.approx([9, 10, 100], abs=3)


def test_other_files_do_not_matter(tmp_path: Path) -> None:
    _write(tmp_path, "0001.JPEG")
    (tmp_path / "notes.txt").write_text("2")
    (tmp_path / "cover.jpg").write_text("no number")
    assert len(list(JpegFolder(tmp_path, "front", 10.0))) == 1


def test_a_missing_folder_and_an_empty_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such folder"):
        JpegFolder(tmp_path / "nowhere", "front", 10.0)
    with pytest.raises(SourceError, match="holds no numbered JPEGs"):
        JpegFolder(tmp_path, "front", 10.0)


def test_two_files_of_one_number_are_named(tmp_path: Path) -> None:
    _write(tmp_path, "1.jpg")
    _write(tmp_path, "01.jpg")
    with pytest.raises(SourceError, match=r"01\.jpg and 1\.jpg have the same number"):
        JpegFolder(tmp_path, "front", 10.0)


TORN = cv2.imencode(".jpg", np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8))[1].tobytes()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8\xff\xe0 not really", TORN[: len(TORN) // 2], TORN[:700] + bytes(200) + TORN[900:]],
    ids=["empty", "no JPEG", "torn", "overwritten"],
)
def test_a_broken_picture_is_left_out_and_named_with_the_next_good_one(
    content: bytes, tmp_path: Path
) -> None:
    for number in (1, 2, 4):
        _write(tmp_path, f"{number}.jpg")
    (tmp_path / "3.jpg").write_bytes(content)
    source = JpegFolder(tmp_path, "front", 10.0)
    frames = list(source)
    assert [frame.t_s for frame in frames] == pytest.approx([0.0, 0.1, 0.3])
    assert [frame.damage for frame in frames] == [None, None, f"{tmp_path / '3.jpg'}: is no whole JPEG"]
    assert source.dropped == 1


def test_broken_pictures_at_the_end_are_named_after_the_good_ones(tmp_path: Path) -> None:
    _write(tmp_path, "1.jpg")
    for name in ("2.jpg", "3.jpg"):
        (tmp_path / name).write_bytes(b"")
    frames = iter(JpegFolder(tmp_path, "front", 10.0))
    next(frames)
    with pytest.raises(SourceError, match=r"2\.jpg: is no whole JPEG, and 1 after it\. Remove"):
        next(frames)


def test_a_folder_without_a_rate_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, "1.jpg")
    with pytest.raises(SourceError, match=r"state no times\..* --rate 10 "):
        JpegFolder(tmp_path, "front", None)


def test_a_closed_folder_reads_no_further(tmp_path: Path) -> None:
    _write(tmp_path, "1.jpg")
    _write(tmp_path, "2.jpg")
    source = JpegFolder(tmp_path, "front", 10.0)
    frames = iter(source)
    next(frames)
    source.close()
    assert list(frames) == []
