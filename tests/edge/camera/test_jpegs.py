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


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 not really"])
def test_a_broken_picture_is_named_after_the_good_ones(content: bytes, tmp_path: Path) -> None:
    _write(tmp_path, "1.jpg")
    (tmp_path / "2.jpg").write_bytes(content)
    frames = iter(JpegFolder(tmp_path, "front", 10.0))
    next(frames)
    with pytest.raises(SourceError, match=r"2\.jpg: is no JPEG that can be decoded"):
        next(frames)


def test_a_closed_folder_reads_no_further(tmp_path: Path) -> None:
    _write(tmp_path, "1.jpg")
    _write(tmp_path, "2.jpg")
    source = JpegFolder(tmp_path, "front", 10.0)
    frames = iter(source)
    next(frames)
    source.close()
    assert list(frames) == []
