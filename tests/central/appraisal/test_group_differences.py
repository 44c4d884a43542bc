"""What parts groups of desks is told with its interval, and what of it their circumstances explain; never a figure of one person."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from central.appraisal.appraised_work import JudgedWork
from central.appraisal.group_differences import GroupedWork, fairness_report

RESPOND = "respond.within_s"


def done(desk: str, met: bool, person: str, number: int, *, busy: bool = False) -> GroupedWork:  # noqa: FBT001
    work = JudgedWork(
        measurement=f"{desk}/boot/{number}",
        kind="visit",
        wall_s=float(number),
        outcomes={RESPOND: "p" if met else "f"},
        why={},
        party=False,
        several=busy,
        on_phone=False,
        alone=False,
    )
    return GroupedWork(work, {"desk": desk}, person)


def at_desk(desk: str, met: int, whole: int, *, busy: bool = False, people: int = 3) -> list[GroupedWork]:
    return [
        done(desk, number < met, f"{desk}-{number % people}", number, busy=busy) for number in range(whole)
    ]


def test_a_desk_at_which_less_is_met_under_like_circumstances_stays_told() -> None:
    report = fairness_report([*at_desk("door", 40, 100), *at_desk("hall", 80, 100)])
    (one,) = report.differences
    assert (one.group, one.finding) == ("door", "stays")
    assert one.crude.high < 0
    assert one.within is not None
    assert one.within.high < 0
    assert report.by_chance == 0.05


def test_a_desk_that_is_busier_is_explained_by_what_goes_on_there_meanwhile() -> None:
    """At leisure 9 of 10 are met at both, else 3 of 10; the desk at the door has the crowd."""
    door = [*at_desk("door", 9, 10), *at_desk("door", 30, 100, busy=True)]
    hall = [*at_desk("hall", 90, 100), *at_desk("hall", 3, 10, busy=True)]
    (one,) = fairness_report([*door, *hall]).differences
    assert (one.finding, one.explained_by) == ("explained", "several")
    assert one.crude.sign == -1
    assert one.within is not None
    assert abs(one.within.value) < 1e-9


def test_a_group_that_fewer_than_three_people_make_is_not_shown() -> None:
    report = fairness_report([*at_desk("door", 40, 100, people=2), *at_desk("hall", 80, 100)])
    assert report.differences == ()
    assert report.of_persons == (("desk", "door"),)


def test_few_cases_give_no_comparison_and_one_group_none_at_all() -> None:
    report = fairness_report([*at_desk("door", 4, 9), *at_desk("hall", 80, 100)])
    assert (report.differences, report.too_few) == ((), 1)
    assert fairness_report(at_desk("hall", 80, 100)).differences == ()
    assert fairness_report([]).compared == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans()), min_size=40), st.randoms())
def test_neither_order_nor_names_change_the_report(facts: list[tuple[str, bool, bool]], random: Any) -> None:
    work = [
        done(desk, met, f"person-{number % 7}", number, busy=busy)
        for number, (desk, met, busy) in enumerate(facts)
    ]
    renamed = [GroupedWork(each.work, each.groups, f"other-{each.person}") for each in work]
    random.shuffle(renamed)
    assert fairness_report(renamed) == fairness_report(work)
