"""The calls of a day, counted."""

from central.statistics.service_level import service_level
from protocol.standard import Limits, Phone
from tests.worlds.desk_facts import call

BY_THE_THIRD = Phone(rings=Limits(max=3))


def test_both_service_level_formulas_from_the_same_counts() -> None:
    calls = [
        *[call(2, "answered")] * 6,
        *[call(5, "answered")] * 2,
        *[call(1, "abandoned")] * 1,
        *[call(6, "abandoned")] * 1,
        call(3, "unknown"),
    ]
    level = service_level(calls, BY_THE_THIRD)
    assert level.of_answered == 6 / 8
    assert level.of_offered == 7 / 10
    assert level.unknown == 1


def test_no_calls_have_no_service_level() -> None:
    level = service_level([], BY_THE_THIRD)
    assert (level.of_answered, level.of_offered) == (None, None)
