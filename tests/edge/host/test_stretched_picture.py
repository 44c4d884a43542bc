"""What is said of a camera whose picture is stretched: in its health, with the mend, as long as it is so."""

from dataclasses import replace

import pytest

from edge.desk import Desk
from edge.observation import Estimate, FrameSeen, HostView
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from protocol.standards_folder import find_standard
from tests.worlds.host_figures.views import REST, view

LONGEST_NOTE = 200
"""Characters of a note that a health measurement carries."""


@pytest.fixture
def desk() -> Desk:
    camera = Camera(name="host", watches="staff")
    return Desk(Configuration(Settings(cameras=(camera,)), find_standard("eight-teeth")))


def seen(t_s: float, host: HostView | None) -> FrameSeen:
    return FrameSeen(t_s, "host", host=host, host_sought=True)


def test_a_stretched_picture_is_in_the_notes_until_it_is_mended(desk: Desk) -> None:
    true = view(REST)
    stretched = replace(true, picture_stretch=Estimate(1.22, 0.07))
    said = []
    for t_s, host in enumerate((true, stretched, None, true)):
        desk.observe(seen(float(t_s), host))
        said.append(desk.picture_notes)
    (note,) = said[1]
    assert said == [(), (note,), (note,), ()]
    assert note.startswith("camera host: it is stretched: 1.22 \u00b1 0.07 times too wide")
    assert "width and height" in note
    assert "true_shape" in note[:LONGEST_NOTE]
