"""A mouth is told as covered once several looks agree, and bare again once several do."""

from edge.face.cover_looks import CoverLooks


def looks(*odds: float, every_s: float = 0.25) -> list[CoverLooks]:
    """A mouth after each of some looks."""
    states = []
    for count in range(1, len(odds) + 1):
        cover = CoverLooks()
        for number, each in enumerate(odds[:count]):
            cover.take(number * every_s, each)
        states.append(cover)
    return states


def test_one_look_decides_nothing() -> None:
    assert [state.covered for state in looks(-4.0, -4.0, 4.0, -4.0, -4.0)] == [False] * 5


def test_what_is_seen_while_a_look_doubts_is_not_believed() -> None:
    assert [state.bare for state in looks(-4.0, 2.0, -4.0)] == [True, False, True]


def test_a_mask_is_told_after_three_looks_and_its_mouth_never_measured() -> None:
    states = looks(6.0, 6.0, 6.0, 6.0)
    assert [state.covered for state in states] == [False, False, True, True]
    assert not any(state.bare for state in states)


def test_a_mask_that_one_look_takes_for_a_mouth_is_on_nevertheless() -> None:
    assert looks(6.0, 6.0, 6.0, -1.0)[-1].covered
    assert not looks(6.0, 6.0, 6.0, -1.0)[-1].bare


def test_a_mask_taken_off_is_off_within_a_second() -> None:
    states = looks(6.0, 6.0, 6.0, 6.0, -4.0, -4.0, -4.0, -4.0)
    assert states[-1].bare


def test_a_mouth_that_nobody_looked_at_is_bare() -> None:
    assert CoverLooks().bare


def test_a_hand_that_would_pass_for_a_strangers_mouth_is_doubted_where_the_own_one_is_known() -> None:
    stranger, known = CoverLooks(), CoverLooks()
    for number in range(20):
        known.take(number * 0.25, -6.0)
    for number in range(20, 24):
        known.take(number * 0.25, -0.5)
        stranger.take(number * 0.25, -0.5)
    assert stranger.bare
    assert not known.bare


def test_light_that_fails_covers_no_mouth() -> None:
    cover = CoverLooks()
    for number in range(40):
        cover.take(number * 0.25, -6.0 if number < 20 else -2.0)
        assert cover.bare
