"""The verdicts where the thing that a clause asks about was not there to be judged."""

from central.scoring.verdict import MIN_COVERAGE, Verdict, indeterminate, not_applicable
from protocol.measurements import Encounter, Posture, Smile
from protocol.standard import Limits


def not_measured(clause: str, limits: Limits) -> Verdict:
    """The desk has no part that measures this, or did not run it."""
    return not_applicable(clause, limits, "not measured at this desk during this visit")


def no_smile(clause: str, limits: Limits, encounter: Encounter, smile: Smile) -> Verdict:
    """No smile misses a minimum; a maximum asks only that a smile, if there is one, be no larger."""
    if limits.min is None or limits.min <= 0.0:
        return not_applicable(clause, limits, "no smile was seen, and none is asked for by this clause")
    if smile.baseline == "learning":
        return indeterminate(clause, limits, "no smile was seen, but the resting face was not known yet")
    if encounter.coverage.host < MIN_COVERAGE:
        seen = f"the host was visible for only {encounter.coverage.host:.0%} of the visit"
        return indeterminate(clause, limits, f"no smile was seen, but {seen}")
    return Verdict(clause, "fail", "no smile was seen", limits, 0.0)


def work_not_resumed(clause: str, limits: Limits, posture: Posture) -> Verdict:
    """Work that was never put down cannot be resumed; work that was may have been, after the record closed."""
    if posture.stopped_work_s is None:
        return not_applicable(clause, limits, "no work was put down")
    return indeterminate(clause, limits, "work was not seen to be resumed before the visit's record closed")
