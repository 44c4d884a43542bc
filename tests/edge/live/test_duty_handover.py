"""Who is on duty stays so over a new start of the desk's program, and not over a night."""

from pathlib import Path

from edge.live.duty_handover import NAME, WITHIN_S, hand_over, taken_over
from edge.observation import SignedIn

ANNA = SignedIn(10.0, "anna", in_front=True)


def test_whoever_was_on_duty_is_so_after_a_new_start(tmp_path: Path) -> None:
    hand_over(tmp_path, ANNA, 100.0, "boot")
    assert taken_over(tmp_path, lambda: 120.0, "boot") == SignedIn(120.0, "anna", in_front=True)
    assert taken_over(tmp_path, lambda: 121.0, "boot") is None


def test_nobody_is_on_duty_after_a_long_time_or_another_boot(tmp_path: Path) -> None:
    for boot, at_s in (("boot", 100.0 + WITHIN_S + 1.0), ("another", 120.0), ("boot", 99.0)):
        hand_over(tmp_path, ANNA, 100.0, "boot")
        assert taken_over(tmp_path, lambda at_s=at_s: at_s, boot) is None  # type: ignore[misc]
        assert not (tmp_path / NAME).exists()


def test_where_nobody_is_on_duty_nothing_is_left_behind(tmp_path: Path) -> None:
    hand_over(tmp_path, None, 100.0, "boot")
    hand_over(tmp_path, SignedIn(10.0, None), 100.0, "boot")
    assert list(tmp_path.iterdir()) == []


def test_a_word_that_cannot_be_read_signs_nobody_in(tmp_path: Path) -> None:
    for words in ("", "[]", "{}", '{"boot": "boot", "at_s": "x", "person": "anna", "in_front": null}'):
        (tmp_path / NAME).write_text(words)
        assert taken_over(tmp_path, lambda: 120.0, "boot") is None
