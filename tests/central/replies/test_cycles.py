"""What begins, ends and pauses the clock of a case."""

from itertools import permutations
from typing import Any

from central.replies.case_history import (
    CaseHistory,
    CaseMerge,
    CaseMessage,
    CaseMove,
    CaseState,
    StateChange,
    with_what_replied_elsewhere,
)
from central.replies.cycles import Pause, ReplyCycle, cycles

MINUTE = 60.0
HOUR = 3600.0


def question(at_s: float, name: str = "") -> CaseMessage:
    return CaseMessage(name or f"q{at_s}", at_s, "in", "requestor")


def reply(at_s: float, name: str = "") -> CaseMessage:
    return CaseMessage(name or f"r{at_s}", at_s, "out", "person")


def case(
    *messages: CaseMessage, states: tuple[tuple[float, CaseState], ...] = (), **more: Any
) -> CaseHistory:
    return CaseHistory("1", messages, tuple(StateChange(*each) for each in states), **more)


def told(history: CaseHistory) -> list[tuple[float, float | None, str | None]]:
    return [(each.asked_s, each.ended_s, each.ending) for each in cycles(history)]


def test_neither_an_automatic_answer_nor_a_note_nor_the_requestor_is_a_reply() -> None:
    nobody = (
        CaseMessage("auto", 1.0, "out", "machine"),
        CaseMessage("note", 2.0, "internal", "person"),
        CaseMessage("own", 3.0, "out", "requestor"),
    )
    assert told(case(question(0.0), *nobody)) == [(0.0, None, None)]
    assert told(case(question(0.0), *nobody, reply(HOUR))) == [(0.0, HOUR, "replied")]


def test_an_automatic_answer_of_the_customers_side_asks_nothing() -> None:
    away = CaseMessage("away", 2 * HOUR, "in", "machine")
    assert told(case(question(0.0), reply(HOUR), away)) == [(0.0, HOUR, "replied")]


def test_what_is_written_before_the_reply_belongs_to_the_first_question() -> None:
    assert told(case(question(0.0), question(HOUR), reply(2 * HOUR))) == [(0.0, 2 * HOUR, "replied")]


def test_a_question_after_the_reply_is_a_cycle_of_its_own() -> None:
    assert told(case(question(0.0), reply(HOUR), question(5 * HOUR))) == [
        (0.0, HOUR, "replied"),
        (5 * HOUR, None, None),
    ]


def test_a_case_that_the_customer_reopens_is_one_new_cycle_whichever_second_its_state_follows_in() -> None:
    for later in (0.0, 1.0, 30.0):
        states: tuple[tuple[float, CaseState], ...] = ((HOUR, "closed"), (9 * HOUR + later, "open"))
        assert told(case(question(0.0), reply(HOUR), question(9 * HOUR), states=states)) == [
            (0.0, HOUR, "replied"),
            (9 * HOUR, None, None),
        ]


def test_a_case_that_is_reopened_without_a_word_waits_for_a_reply_again() -> None:
    history = case(question(0.0), reply(HOUR), states=((HOUR, "closed"), (9 * HOUR, "open")))
    assert told(history) == [(0.0, HOUR, "replied"), (9 * HOUR, None, None)]


def test_a_case_that_our_own_message_reopens_asks_nothing() -> None:
    history = case(
        question(0.0), reply(HOUR), reply(9 * HOUR), states=((HOUR, "closed"), (9 * HOUR + 1, "open"))
    )
    assert told(history) == [(0.0, HOUR, "replied")]


def test_closing_is_no_reply_and_reopening_begins_anew() -> None:
    history = case(question(0.0), reply(5 * HOUR), states=((HOUR, "closed"), (3 * HOUR, "open")))
    assert told(history) == [(0.0, HOUR, "closed"), (3 * HOUR, 5 * HOUR, "replied")]


def test_a_case_closed_and_opened_in_the_same_second_was_not_closed() -> None:
    history = case(question(0.0), states=((HOUR, "closed"), (HOUR, "open")))
    assert told(history) == [(0.0, None, None)]


def test_a_case_entered_as_closed_asks_for_no_reply() -> None:
    assert told(case(question(0.0), states=((0.0, "closed"),))) == [(0.0, 0.0, "closed")]


def test_a_reply_of_the_same_second_does_not_answer_the_question_after_it() -> None:
    assert told(case(question(0.0), reply(HOUR), question(HOUR))) == [
        (0.0, HOUR, "replied"),
        (HOUR, None, None),
    ]


def test_the_order_of_messages_with_one_time_stamp_does_not_matter() -> None:
    messages = (question(0.0), question(0.0, "again"), reply(HOUR), question(HOUR, "more"), reply(HOUR, "r2"))
    assert len({tuple(told(case(*each))) for each in permutations(messages)}) == 1


def test_pending_pauses_until_the_customer_writes_or_the_state_changes() -> None:
    waited = case(question(0.0), states=((HOUR, "pending"), (3 * HOUR, "open")))
    assert cycles(waited)[0].pauses == (Pause(HOUR, 3 * HOUR),)
    written = case(question(0.0), question(2 * HOUR), states=((HOUR, "pending"),))
    assert cycles(written)[0].pauses == (Pause(HOUR, 2 * HOUR),)
    assert cycles(case(question(0.0), states=((HOUR, "pending"),)))[0].pauses == (Pause(HOUR, None),)


def test_a_pause_that_began_before_the_question_is_over_with_it() -> None:
    history = case(question(0.0), reply(HOUR), question(5 * HOUR), states=((HOUR, "pending"),))
    assert cycles(history)[1] == ReplyCycle(2, 5 * HOUR, None, None, ())


def test_a_merged_case_is_replied_to_in_the_case_that_it_became_part_of() -> None:
    other = CaseHistory("2", (question(-HOUR), reply(HOUR), reply(6 * HOUR)))
    merged = case(
        question(0.0),
        question(5 * HOUR),
        states=((4 * HOUR, "closed"),),
        merge=CaseMerge(4 * HOUR, "2"),
    )
    assert told(with_what_replied_elsewhere(merged, {"2": other})) == [(0.0, 6 * HOUR, "replied")]


def test_a_reply_before_the_merge_counts_where_both_cases_are_one_customers() -> None:
    other = CaseHistory("2", (question(-HOUR), reply(HOUR)), customer="anna")
    merged = case(question(0.0), merge=CaseMerge(4 * HOUR, "2"), customer="anna")
    assert told(with_what_replied_elsewhere(merged, {"2": other})) == [(0.0, HOUR, "replied")]
    stranger = case(question(0.0), merge=CaseMerge(4 * HOUR, "2"), customer="berta")
    assert told(with_what_replied_elsewhere(stranger, {"2": other})) == [(0.0, None, None)]


def test_a_merge_into_a_closed_case_closes_and_moves() -> None:
    other = CaseHistory("2", (), (StateChange(HOUR, "closed"),), (CaseMove(0.0, 8),))
    merged = case(question(0.0), moves=(CaseMove(0.0, 7),), merge=CaseMerge(4 * HOUR, "2"))
    joined = with_what_replied_elsewhere(merged, {"2": other})
    assert told(joined) == [(0.0, 4 * HOUR, "closed")]
    assert joined.moves == (CaseMove(0.0, 7), CaseMove(4 * HOUR, 8))


def test_cases_that_are_said_to_be_merged_into_each_other_end_somewhere() -> None:
    first = case(question(0.0), merge=CaseMerge(HOUR, "2"))
    second = CaseHistory("2", (reply(2 * HOUR),), merge=CaseMerge(HOUR, "1"))
    both = {"1": first, "2": second}
    assert told(with_what_replied_elsewhere(first, both)) == [(0.0, 2 * HOUR, "replied")]
    itself = case(question(0.0), merge=CaseMerge(HOUR, "1"))
    assert told(with_what_replied_elsewhere(itself, {"1": itself})) == [(0.0, None, None)]
    assert told(with_what_replied_elsewhere(first, {})) == [(0.0, None, None)]
