"""Whatever anybody says in a desk's name, no number vanishes that its desk still holds."""

from hypothesis import given
from hypothesis import strategies as st

from central.ingest.claims import CONFIRM_S, Claim, after_arrival, after_birth


@given(
    st.integers(1, 500),
    st.lists(st.tuples(st.integers(1, 1000), st.floats(0.0, 60.0)), max_size=30),
    st.floats(0.0, 60.0),
)
def test_no_false_birth_settles_what_a_desk_still_holds_that_answers_within_half_a_minute(
    truly_first: int, false: list[tuple[int, float]], phase_s: float
) -> None:
    said = [(wall_s, first) for first, wall_s in false]
    said += [(phase_s + 25.0 * turn, truly_first) for turn in range(-3, 4)]
    claim, settled = None, 0
    for wall_s, first in sorted(said):
        claim, settled = after_birth(claim, settled, first, wall_s)
    assert settled <= truly_first - 1


def test_a_true_birth_is_believed_when_it_comes_again() -> None:
    claim, settled = after_birth(None, 0, 40, 100.0)
    assert (claim, settled) == (Claim(40, 100.0), 0)
    assert after_birth(claim, 0, 41, 100.0 + CONFIRM_S - 1.0) == (claim, 0)
    assert after_birth(claim, 0, 41, 100.0 + CONFIRM_S) == (None, 39)


def test_only_what_is_said_to_be_gone_shows_a_claim_false() -> None:
    claim = Claim(40, 100.0)
    assert after_arrival(claim, 10, 40) == claim
    assert after_arrival(claim, 10, 10) == claim
    assert after_arrival(claim, 10, 39) is None
