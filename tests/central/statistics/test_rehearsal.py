"""A draft held against what was measured: the share that it would have come to, and which desks move most."""

import math
from collections.abc import Collection

from central.records.measured import Measured
from central.statistics.rehearsal import PastWork, rehearse
from protocol.measurements import Call, Encounter
from protocol.standard import Limits, Phone, Respond, Standard
from tests.worlds.desk_facts import call, reaction, visit

STRICT = Standard(name="house", version=1, title="House", respond=Respond(within_s=3.0))
MILD = Standard(name="house", version=2, title="House", respond=Respond(within_s=6.0))


def work(device: str, *data: Encounter | Call, exempt: Collection[str] = ()) -> PastWork:
    measured = tuple(
        Measured(f"{device}/b/{number}", float(number), True, each) for number, each in enumerate(data)
    )
    return PastWork(device, device, measured, lambda _: exempt)


def after_s(delay_s: float) -> Encounter:
    return visit(reaction("turned", delay_s))


def test_the_share_under_the_draft_stands_beside_the_share_of_today_with_its_interval() -> None:
    past = [work("a", *[after_s(1.0)] * 6, *[after_s(4.5)] * 3, after_s(9.0))]
    found = rehearse(past, STRICT, MILD)
    assert found.judged == 10
    assert found.whole.before is not None
    assert found.whole.after is not None
    assert (found.whole.before.part, found.whole.before.whole) == (6, 10)
    assert (found.whole.after.part, found.whole.after.whole) == (9, 10)
    assert math.isclose(found.whole.moved or 0.0, 0.3)
    # Wilson, 9 of 10: 59.6 % to 98.2 %.
    assert math.isclose(found.whole.after.low, 0.596, abs_tol=0.001)
    assert math.isclose(found.whole.after.high, 0.982, abs_tol=0.001)
    assert [clause for clause, _ in found.clauses] == ["respond.within_s"]


def test_the_desks_that_move_most_come_first_and_one_that_measured_nothing_not_at_all() -> None:
    past = [
        work("still", *[after_s(1.0)] * 5),
        work("moves", *[after_s(4.5)] * 5),
        work("a little", *[after_s(1.0)] * 4, after_s(4.5)),
        work("empty"),
    ]
    desks = rehearse(past, STRICT, MILD).desks
    assert [(each.device, round((both.moved or 0.0) * 100)) for each, both in desks] == [
        ("moves", 100),
        ("a little", 20),
        ("still", 0),
    ]


def test_a_clause_that_only_the_draft_has_stands_without_a_share_of_today() -> None:
    stricter = MILD.model_copy(update={"phone": Phone(rings=Limits(max=2))})
    found = rehearse([work("a", call(2, "answered"), call(3, "answered"))], MILD, stricter)
    (clause, both) = found.clauses[0]
    assert clause == "phone.rings"
    assert both.before is None
    assert both.moved is None
    assert both.after is not None
    assert (both.after.part, both.after.whole) == (1, 2)
    assert found.whole.before is None


def test_whoever_is_exempt_from_a_clause_is_not_rehearsed_by_it() -> None:
    found = rehearse([work("a", after_s(9.0), exempt=["respond.within_s"])], STRICT, MILD)
    assert found.whole.before is None
    assert found.whole.after is None


def test_a_standard_rehearsed_against_itself_moves_nothing() -> None:
    found = rehearse([work("a", after_s(1.0), after_s(4.0), after_s(9.0), call(5, "answered"))], MILD, MILD)
    assert found.whole.moved == 0.0
