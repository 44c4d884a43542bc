from edge.parts.reopening import Reopening


def test_a_lost_part_is_tried_soon_and_then_ever_more_seldom() -> None:
    reopening = Reopening(lost_s=50.0)
    attempts = []
    for second in range(50, 250):
        if reopening.due(float(second)):
            attempts.append(second - 50)
            reopening.failed(float(second))
    assert attempts == [1, 3, 8, 18, 48, 78, 108, 138, 168, 198]
