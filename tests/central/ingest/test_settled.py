"""Up to where nothing is missing."""

from hypothesis import given
from hypothesis import strategies as st

from central.ingest.settled import settled_after


def naive(settled: int, numbers: set[int]) -> int:
    while settled + 1 in numbers:
        settled += 1
    return settled


def test_a_hole_holds_up_what_comes_after_it() -> None:
    assert settled_after(0, [1, 2, 4, 5]) == 2


def test_a_filled_hole_lets_everything_through() -> None:
    assert settled_after(2, [3, 4, 5]) == 5


def test_nothing_settles_nothing() -> None:
    assert settled_after(7, []) == 7


@given(st.integers(0, 20), st.lists(st.integers(1, 40)))
def test_it_is_the_end_of_the_unbroken_run(settled: int, numbers: list[int]) -> None:
    assert settled_after(settled, sorted(numbers)) == naive(settled, set(numbers))


def test_no_more_is_read_than_up_to_the_first_hole() -> None:
    asked = iter([1, 2, 9, 10, 11])
    assert settled_after(0, asked) == 2
    assert list(asked) == [10, 11]
