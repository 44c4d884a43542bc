import pytest

from edge.vision.zone import inside

SQUARE = ((0.2, 0.2), (0.8, 0.2), (0.8, 1.0), (0.2, 1.0))


@pytest.mark.parametrize(
    ("point", "expected"),
    [((0.5, 0.5), True), ((0.1, 0.5), False), ((0.2, 0.5), True), ((0.5, 1.02), True), ((0.9, 1.02), False)],
)
def test_a_point_is_inside_a_zone_or_not(point: tuple[float, float], *, expected: bool) -> None:
    assert inside(SQUARE, point) is expected
