"""What companies write down can be written as a standard, in each of the ways it can be read: "after three rings", eight teeth, four teeth."""

import pytest

from central.reports.standard_difference import standard_lines
from central.standards.standard_versions import read_standard_text
from protocol.measurements import Call
from protocol.shipped import STANDARDS
from protocol.standard import Standard
from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import NO_SMILE, call, q, smile, visit
from tests.worlds.standard_texts import house_standard

BY_THE_THIRD = read_standard_text(house_standard(1, "by-the-third", "[phone]", "rings = { max = 3 }"))
NOT_BEFORE = read_standard_text(
    house_standard(1, "not-before", "[phone]", "rings = { min = 3 }", 'counting = "completed"')
)
AT_THREE = read_standard_text(
    house_standard(1, "at-three", "[phone]", "rings = { min = 3, max = 3 }", 'counting = "completed"')
)

IN_THE_SECOND, IN_THE_THIRD, IN_THE_FOURTH = (call(ring, "answered") for ring in (2, 3, 4))
IN_THE_PAUSE_AFTER_THE_THIRD = call(3, "answered", completed=3)


@pytest.mark.parametrize(
    ("rang", "by_the_third", "not_before", "at_three"),
    [
        (IN_THE_SECOND, "pass", "fail", "fail"),
        (IN_THE_THIRD, "pass", "fail", "fail"),
        (IN_THE_PAUSE_AFTER_THE_THIRD, "pass", "pass", "pass"),
        (IN_THE_FOURTH, "fail", "pass", "pass"),
        (call(9, "answered"), "fail", "pass", "fail"),
        # Left ringing: too long for the first reading; the second asks nobody to be quick.
        (call(9, "abandoned"), "fail", "indeterminate", "fail"),
        (call(2, "abandoned"), "indeterminate", "indeterminate", "indeterminate"),
        (call(9, "unknown"), "fail", "indeterminate", "fail"),
    ],
)
def test_after_three_rings_can_be_written_in_both_readings(
    rang: Call, by_the_third: str, not_before: str, at_three: str
) -> None:
    assert outcome(rang, "phone.rings", BY_THE_THIRD) == by_the_third
    assert outcome(rang, "phone.rings", NOT_BEFORE) == not_before
    assert outcome(rang, "phone.rings", AT_THREE) == at_three


def test_the_two_readings_are_told_apart_in_words() -> None:
    told = {line.what: (line.before, line.after) for line in standard_lines(BY_THE_THIRD, NOT_BEFORE)}
    assert told["Telephone answered"] == ("at most 3 rings", "at least 3 rings")
    assert told["Which rings count"] == (
        "the one in progress at the pick-up too",
        "only rings that have ended",
    )


def shipped(name: str) -> Standard:
    return read_standard_text((STANDARDS / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("teeth", "eight", "four"),
    [(10.0, "pass", "fail"), (8.0, "pass", "fail"), (6.0, "fail", "fail"), (3.0, "fail", "pass")],
)
def test_a_smile_of_eight_teeth_and_one_of_four_are_two_standards(
    teeth: float, eight: str, four: str
) -> None:
    seen = visit(PROMPT, smile=smile(teeth=q(teeth, 0.1)))
    assert outcome(seen, "smile.teeth", shipped("eight-teeth")) == eight
    assert outcome(seen, "smile.teeth", shipped("four-teeth")) == four


def test_no_more_than_four_teeth_asks_for_no_smile_and_at_least_eight_does() -> None:
    unmoved = visit(PROMPT, smile=NO_SMILE)
    assert outcome(unmoved, "smile.teeth", shipped("four-teeth")) == "not_applicable"
    assert outcome(unmoved, "smile.teeth", shipped("eight-teeth")) == "fail"
