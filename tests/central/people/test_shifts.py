"""Who was on duty: by signing in, until signing out or until the next signs in, and as corrected."""

from hypothesis import given
from hypothesis import strategies as st

from central.people.shifts import UNKNOWN, DutyCorrection, SignedDuty, on_duty_at, shifts_of


def signed(number: int, person: str, from_s: float, until_s: float | None = None) -> SignedDuty:
    return SignedDuty(f"desk-1/boot/{number}", person, from_s, from_s + 1000.0, until_s)


def corrected(
    number: int, person: str, from_s: float, until_s: float, of: int | None = None
) -> DutyCorrection:
    measurement = None if of is None else f"desk-1/boot/{of}"
    return DutyCorrection(number, measurement, person, from_s, until_s, "forgot to sign out", "manager")


def at(moment_s: float, duties: list[SignedDuty], *corrections: DutyCorrection) -> str:
    return on_duty_at(shifts_of(duties, corrections), moment_s)


def test_whoever_signed_in_is_on_duty_at_once_and_until_the_sign_out() -> None:
    sign_in = signed(1, "wren", 0.0)
    assert at(999.0, [sign_in]) == UNKNOWN
    assert at(1000.0, [sign_in]) == "wren"
    both = [sign_in, signed(2, "wren", 0.0, 1500.0)]
    assert [at(moment_s, both) for moment_s in (1499.0, 1500.0)] == ["wren", UNKNOWN]
    (shift,) = shifts_of(both, [])
    assert shift.measurements == ("desk-1/boot/1", "desk-1/boot/2")


def test_an_old_desk_that_tells_only_at_the_sign_out_goes_on() -> None:
    assert at(1200.0, [signed(2, "wren", 0.0, 1500.0)]) == "wren"


def test_the_next_to_sign_in_ends_a_duty_that_nobody_signed_out_of() -> None:
    duties = [signed(1, "wren", 0.0), signed(2, "lark", 500.0)]
    assert [at(moment_s, duties) for moment_s in (1499.0, 1500.0, 9999.0)] == ["wren", "lark", "lark"]


def test_a_forgotten_sign_out_is_corrected_and_what_was_measured_stays_beside_it() -> None:
    duties = [signed(1, "wren", 0.0), signed(2, "wren", 0.0, 9000.0)]
    fix = corrected(1, "wren", 1000.0, 1200.0, of=1)
    assert [at(moment_s, duties, fix) for moment_s in (1199.0, 1200.0, 8000.0)] == ["wren", UNKNOWN, UNKNOWN]
    (shift,) = shifts_of(duties, [fix])
    assert shift.correction == fix
    assert len(shift.measurements) == 2
    again = corrected(2, "wren", 1000.0, 1300.0, of=2)
    assert at(1250.0, duties, fix, again) == "wren"


def test_where_nobody_had_signed_in_a_correction_says_who_it_was() -> None:
    duties = [signed(1, "wren", 0.0, 2000.0)]
    fix = corrected(1, "lark", 1500.0, 2500.0)
    told = [at(moment_s, duties, fix) for moment_s in (1400.0, 1600.0, 2400.0, 2600.0)]
    assert told == ["wren", "lark", "lark", UNKNOWN]


DUTIES = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 50), st.integers(1, 30) | st.none()), max_size=6
)


@given(DUTIES, st.lists(st.tuples(st.sampled_from("cd"), st.integers(0, 50), st.integers(1, 30)), max_size=3))
def test_one_person_at_a_time_whatever_was_measured_and_the_corrections_hold(
    given_duties: list[tuple[str, int, int | None]], given_corrections: list[tuple[str, int, int]]
) -> None:
    duties = [
        signed(number, person, float(from_s), None if lasted is None else 1000.0 + from_s + lasted)
        for number, (person, from_s, lasted) in enumerate(given_duties)
    ]
    fixes = [
        corrected(number, person, 1000.0 + from_s, 1000.0 + from_s + lasted)
        for number, (person, from_s, lasted) in enumerate(given_corrections, 1)
    ]
    shifts = shifts_of(duties, fixes)
    for moment in range(1000, 1090):
        holding = [shift for shift in shifts if shift.holds_at(moment + 0.5)]
        assert sum(shift.correction is None for shift in holding) <= 1
        last = max(
            (fix for fix in fixes if fix.from_s <= moment + 0.5 < (fix.until_s or 0.0)),
            key=lambda fix: fix.number,
            default=None,
        )
        if last is not None:
            assert on_duty_at(shifts, moment + 0.5) == last.person
