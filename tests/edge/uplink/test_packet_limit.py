from hypothesis import given
from hypothesis import strategies as st

from edge.uplink.packet_limit import HANG_UPS, HANGS_UP_WITHIN_S, LOSSES, PacketLimit, Unconfirmed


def test_what_the_broker_says_holds_for_its_connection_only() -> None:
    limit = PacketLimit()
    limit.accepted(2000)
    assert limit.most_bytes == 2000
    limit.accepted(None)
    assert limit.most_bytes is None


def test_of_several_messages_under_way_none_is_blamed_and_the_next_time_they_go_one_by_one() -> None:
    limit = PacketLimit()
    assert limit.hung_up({4: Unconfirmed(100, 0.0), 5: Unconfirmed(9000, 0.0)}, 0.1)
    assert limit.most_bytes is None
    assert limit.one_at_a_time(3)
    assert limit.one_at_a_time(5)
    assert not limit.one_at_a_time(6)


def test_a_message_on_which_the_broker_hangs_up_each_time_is_too_long() -> None:
    limit = PacketLimit()
    for count in range(1, HANG_UPS + 1):
        assert limit.most_bytes is None
        assert limit.hung_up({5: Unconfirmed(9000, float(count))}, count + 0.1)
    assert limit.most_bytes == 8999
    assert not limit.one_at_a_time(3)


def test_a_broker_that_says_that_a_packet_was_too_long_is_believed_at_once() -> None:
    limit = PacketLimit()
    assert limit.hung_up({5: Unconfirmed(9000, 0.0)}, 0.1, too_long=True)
    assert limit.most_bytes == 8999


def test_a_message_no_longer_than_one_that_was_taken_is_never_to_blame() -> None:
    limit = PacketLimit()
    limit.confirmed(4, 9000)
    for _ in range(9):
        assert not limit.hung_up({5: Unconfirmed(9000, 0.0)}, 0.1)
    assert limit.most_bytes is None


def test_a_network_that_is_gone_is_noticed_too_late_to_blame_a_message() -> None:
    limit = PacketLimit()
    for _ in range(9):
        assert not limit.hung_up({5: Unconfirmed(9000, 0.0)}, HANGS_UP_WITHIN_S + 1.0)
    assert limit.most_bytes is None


def test_a_message_that_gets_through_in_the_end_was_not_too_long() -> None:
    limit = PacketLimit()
    for _ in range(9):
        limit.hung_up({5: Unconfirmed(9000, 0.0)}, 0.1)
        limit.confirmed(5, 1)
    assert limit.most_bytes is None


def test_a_message_that_is_lost_each_time_while_others_arrive_is_too_long() -> None:
    limit = PacketLimit()
    limit.arrived(800)
    assert not any(limit.lost(4, 800) for _ in range(99)), "others as long arrived"
    assert [limit.lost(5, 9000) for _ in range(LOSSES)] == [*[False] * (LOSSES - 1), True]
    assert limit.most_bytes == 8999


@given(
    st.lists(st.tuples(st.sampled_from(["hang", "lose", "take"]), st.integers(1, 9), st.integers(90, 9000)))
)
def test_nothing_as_short_as_what_was_taken_is_ever_held_for_too_long(
    course: list[tuple[str, int, int]],
) -> None:
    limit = PacketLimit()
    taken = 0
    for what, row, size in course:
        match what:
            case "hang":
                limit.hung_up({row: Unconfirmed(size, 0.0)}, 0.0)
            case "lose":
                limit.lost(row, size)
            case _ if limit.most_bytes is None or size <= limit.most_bytes:
                taken = max(taken, size)
                limit.confirmed(row, size)
                limit.arrived(size)
    assert limit.most_bytes is None or limit.most_bytes >= taken
