from edge.uplink.packet_limit import LOSSES
from edge.uplink.send_pace import WINDOW
from edge.uplink.window import HOLE_S, Again, SendWindow
from protocol.broker.backoff import Backoff
from protocol.envelope import Identity

BOOT = "a" * 32
OTHER = "b" * 32


def window_with(*rows: int, now_s: float = 0.0) -> SendWindow:
    window = SendWindow(patience=Backoff(10.0, 40.0, draw=lambda: 1.0))
    for row in rows:
        window.sent(row, Identity("desk-3", BOOT, row), now_s, 100)
    return window


def test_no_more_is_under_way_than_the_window_holds() -> None:
    window = window_with(*range(1, WINDOW + 1))
    assert window.room == 0
    window.acknowledged({BOOT: 30}, 1.0)
    assert window.room == 30
    assert window.place == WINDOW


def test_an_acknowledgement_counts_for_its_own_boot_only() -> None:
    window = window_with(1, 2)
    window.acknowledged({OTHER: 2}, 1.0)
    assert window.room == WINDOW - 2


def test_what_stays_unacknowledged_is_sent_again_and_ever_less_often() -> None:
    window = window_with(1, 2)
    assert not window.resend_due(9.9)
    assert window.resend_due(10.0)
    assert window.place == 0
    window.sent(1, Identity("desk-3", BOOT, 1), 10.0)
    assert not window.resend_due(29.9)
    assert window.resend_due(30.0)


def test_progress_makes_patience_short_again() -> None:
    window = window_with(1, 2)
    window.resend_due(10.0)
    window.sent(1, Identity("desk-3", BOOT, 1), 10.0)
    window.sent(2, Identity("desk-3", BOOT, 2), 10.0)
    window.acknowledged({BOOT: 1}, 25.0)
    assert not window.resend_due(34.9)
    assert window.resend_due(35.0)


def test_with_nothing_under_way_there_is_nothing_to_lose_patience_over() -> None:
    window = window_with(1)
    window.acknowledged({BOOT: 1}, 1.0)
    assert not window.resend_due(1e6)
    assert window.unanswered_s(1e6) == 0.0


def test_sending_again_does_not_count_as_an_answer() -> None:
    window = window_with(1)
    window.resend_due(10.0)
    window.sent(1, Identity("desk-3", BOOT, 1), 10.0)
    assert window.unanswered_s(31.0) == 31.0


def test_delays_double_up_to_their_limit_and_start_over_after_success() -> None:
    longest = Backoff(1.0, 5.0, draw=lambda: 1.0)
    assert [longest.next_s() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    longest.reset()
    assert longest.next_s() == 1.0


def test_two_desks_do_not_come_back_at_the_same_moment() -> None:
    shortest, longest = Backoff(1.0, 60.0, draw=lambda: 0.0), Backoff(1.0, 60.0, draw=lambda: 1.0)
    for _ in range(100):
        assert shortest.next_s() * 2 == longest.next_s()


def test_an_answer_that_moves_no_number_shows_after_a_moment_that_the_first_one_was_lost() -> None:
    window = window_with(1, 2, 3)
    window.acknowledged({BOOT: 0}, 0.2)
    assert window.resend_due(0.2 + HOLE_S - 0.1) is None
    assert window.resend_due(0.2 + HOLE_S) == Again("lost", 1, 100)
    assert window.pace.size == WINDOW // 2
    assert window.place == 0


def test_the_answer_to_a_birth_shows_nothing() -> None:
    window = window_with(1, 2, 3)
    window.acknowledged({BOOT: 0}, 0.2, asked=True)
    assert window.resend_due(9.9) is None


def test_a_central_service_that_is_away_makes_no_window_small() -> None:
    window = window_with(1, 2, 3)
    again = window.resend_due(10.0)
    assert again is not None
    assert again.why == "unanswered"
    assert window.pace.size == WINDOW


def test_what_stays_away_when_others_were_acknowledged_is_lost() -> None:
    window = window_with(1, 2, 3)
    window.acknowledged({BOOT: 1}, 0.2)
    again = window.resend_due(10.3)
    assert again == Again("lost", 2, 100)
    assert window.pace.size == WINDOW // 2


def test_answers_that_never_move_a_number_are_believed_ever_less() -> None:
    window = window_with(1, 2, 3)
    again_s = []
    for tenth in range(600):
        now_s = tenth / 10
        window.acknowledged({BOOT: 0}, now_s)
        if window.resend_due(now_s) is not None:
            again_s.append(now_s)
            for row in (1, 2, 3):
                window.sent(row, Identity("desk-3", BOOT, row), now_s, 100)
    waits = [after - before for before, after in zip([0.0, *again_s], again_s, strict=False)]
    assert len(again_s) <= LOSSES + 4
    assert waits[-1] > 2 * waits[0]
