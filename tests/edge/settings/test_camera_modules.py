"""The lens of a camera module is known by the module's name, in pictures of any shape."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.settings.camera_modules import MODULES
from edge.settings.desk_toml import Camera, Lens
from edge.space.lens import rays


def lens(size: tuple[int, int], **given_lens: object) -> Lens:
    camera = {
        "name": "front",
        "watches": "customers",
        "width": size[0],
        "height": size[1],
        "lens": given_lens,
    }
    return Camera.model_validate(camera).lens


@pytest.mark.parametrize(
    ("module", "size", "view_deg"),
    [
        ("imx708", (1280, 720), 66.0),
        ("imx708", (640, 480), 51.9),  # cut at its sides: 2 atan(3/4 tan 33)
        (
            "imx708",
            (720, 1280),
            40.1,
        ),  # as high as the sensor, which sees 2 atan(9/16 tan 33) from top to bottom
        ("imx708_wide", (2304, 1296), 102.0),
        ("imx219", (1280, 720), 62.2),  # of 4:3: cut above and below
        ("imx219", (1640, 1232), 62.2),
        ("ov5647", (1296, 972), 53.5),
    ],
)
def test_a_picture_of_another_shape_is_cut_out_of_the_modules_view(
    module: str, size: tuple[int, int], view_deg: float
) -> None:
    assert lens(size, module=module).horizontal_view_deg == pytest.approx(view_deg, abs=0.1)


@given(
    module=st.sampled_from(
        [name for name, each in MODULES.items() if each.full_view_size and each.horizontal_view_deg]
    ),
    width=st.integers(160, 4096),
    height=st.integers(120, 3072),
)
def test_every_pixel_looks_where_it_looks_in_the_whole_view(module: str, width: int, height: int) -> None:
    """The same direction, whether the camera cuts the picture out or gives the whole sensor's."""
    whole = MODULES[module].full_view_size
    assert whole is not None
    scale = min(whole[0] / width, whole[1] / height)
    cut = rays(lens((width, height), module=module), (width, height), (0.0, 0.0))
    on_sensor = ((whole[0] - scale * width) / 2, (whole[1] - scale * height) / 2)
    assert cut == pytest.approx(rays(lens(whole, module=module), whole, on_sensor), abs=1e-4)


def test_what_was_measured_stands_above_the_module() -> None:
    assert lens((640, 480), module="imx708_wide", horizontal_view_deg=80.0) == Lens(
        module="imx708_wide", horizontal_view_deg=80.0, k1=-0.033
    )


def test_the_wide_module_sees_its_102_degrees_with_distortion() -> None:
    wide = lens((1280, 720), module="imx708_wide")
    left, right = rays(wide, (1280, 720), [[0.0, 360.0], [1280.0, 360.0]])
    assert math.degrees(math.atan(right[0]) - math.atan(left[0])) == pytest.approx(102.0, abs=0.01)
    assert wide.k1 < 0.0
