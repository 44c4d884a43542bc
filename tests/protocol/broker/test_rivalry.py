from protocol.broker.rivalry import LEFT_ALONE_S, REST_S, SILENT_ENDS, WITHIN_S, Rivalry


def after(*ends: tuple[float, float, str]) -> Rivalry:
    """The state after connections, each accepted and ended at a second, in the way that is named."""
    rivalry = Rivalry(draw=lambda: 1.0)
    for began_s, ended_s, way in ends:
        rivalry.began(began_s)
        rivalry.ended(ended_s, taken_over=way == "taken over", unexplained=way == "silent")
    return rivalry


def test_one_take_over_is_a_doctor_at_work() -> None:
    assert after((0, 60, "taken over")).rest_s() is None


def test_two_take_overs_within_minutes_are_another_one_of_our_name() -> None:
    rivalry = after((0, 60, "taken over"), (61, 62, "taken over"))
    assert rivalry.certainty == "told"
    assert rivalry.rest_s() == REST_S[1]


def test_take_overs_hours_apart_are_two_doctors() -> None:
    assert after((0, 60, "taken over"), (61, 61 + WITHIN_S, "taken over")).certainty is None


def test_connections_broken_off_again_and_again_without_a_word_look_like_another_one_of_our_name() -> None:
    ends = [(10.0 * number, 10.0 * number + 1.0, "silent") for number in range(SILENT_ENDS)]
    assert after(*ends[:-1]).certainty is None
    assert after(*ends).certainty == "likely"


def test_a_broker_that_tells_why_it_ends_connections_does_not_look_like_another_one_of_our_name() -> None:
    ends = [(10.0 * number, 10.0 * number + 1.0, "told otherwise") for number in range(9)]
    assert after(*ends).certainty is None


def test_a_broker_that_was_away_in_between_broke_off_because_it_restarted() -> None:
    rivalry = after((0, 1, "silent"), (10, 11, "silent"))
    rivalry.ended(12, taken_over=False, unexplained=False)  # nobody listened
    rivalry.began(20)
    rivalry.ended(21, taken_over=False, unexplained=True)
    assert rivalry.certainty is None


def test_a_connection_that_is_left_alone_says_that_the_other_one_is_gone() -> None:
    rivalry = after((0, 60, "taken over"), (61, 62, "taken over"))
    rivalry.began(100)
    rivalry.stands(100 + LEFT_ALONE_S - 1)
    assert rivalry.certainty == "told"
    rivalry.stands(100 + LEFT_ALONE_S)
    assert rivalry.certainty is None
    assert rivalry.rest_s() is None


def test_a_fight_at_the_pace_of_two_rests_stays_a_fight() -> None:
    rivalry = after((0, 60, "taken over"), (61, 62, "taken over"))
    now_s = 100.0
    for _ in range(20):
        rivalry.began(now_s)
        rivalry.stands(now_s + REST_S[1])
        rivalry.ended(now_s + REST_S[1], taken_over=False, unexplained=True)
        assert rivalry.certainty == "told"
        now_s += 2 * REST_S[1]


def test_one_who_was_heard_under_our_name_is_there() -> None:
    rivalry = after((0, 60, "silent"))
    rivalry.met()
    assert rivalry.certainty == "told"
