"""Shares of few cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.statistics.share import SMALL_SAMPLE, share_of


def test_wilsons_own_interval() -> None:
    # Newcombe 1998, table I: 81 of 263 has the Wilson interval 0.2553 to 0.3662.
    share = share_of(81, 263)
    assert share is not None
    assert [share.low, share.high] == pytest.approx([0.2553, 0.3662], abs=1e-4)


def test_no_cases_have_no_share() -> None:
    assert share_of(0, 0) is None


def test_all_of_few_is_far_from_certain() -> None:
    share = share_of(3, 3)
    assert share is not None
    assert share.small
    assert share.low < 0.5


@given(st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_interval_holds_the_share(case: tuple[int, int]) -> None:
    share = share_of(*case)
    assert share is not None
    assert 0.0 <= share.low <= share.share + 1e-12
    assert share.share <= share.high + 1e-12 <= 1.0 + 1e-9
    assert share.small == (case[1] < SMALL_SAMPLE)
