from edge.uplink.send_pace import GROW_EVERY_S, LEAST, WINDOW, SendPace


def test_each_loss_halves_it_down_to_two() -> None:
    pace = SendPace()
    sizes = []
    for _ in range(10):
        pace.lost(0.0)
        sizes.append(pace.size)
    assert sizes[:3] == [WINDOW // 2, WINDOW // 4, WINDOW // 8]
    assert sizes[-1] == LEAST


def test_it_grows_again_slowly_and_to_no_more_than_before() -> None:
    pace = SendPace()
    for _ in range(10):
        pace.lost(0.0)
    pace.arrived(GROW_EVERY_S - 1.0)
    assert pace.size == LEAST
    for number in range(1, 100):
        before = pace.size
        pace.arrived(number * GROW_EVERY_S)
        assert before <= pace.size <= WINDOW
    assert pace.size == WINDOW
