"""The verdicts where the thing that a clause asks about was not there to be judged."""

from central.scoring.verdict import MIN_COVERAGE, Verdict, indeterminate, not_applicable
from protocol.measurements import Encounter, Posture, Smile
from protocol.standard import Limits


def not_measured(clause: str, limits: Limits) -> Verdict:
    """The desk has no part that measures this, or did not run it; or it is not judged, which is nobody's business.

    Both have one reason, so that nobody reads from it who is exempt from a clause.
    """
    return not_applicable(clause, limits, "not measured, or not judged here")


def smile_not_measured(clause: str, limits: Limits, encounter: Encounter) -> Verdict:
    """Nothing is known of the mouth: it was covered, or this desk does not measure it."""
    covered = mouth_covered(encounter)
    return not_measured(clause, limits) if covered is None else indeterminate(clause, limits, covered)


def mouth_covered(encounter: Encounter) -> str | None:
    """For how much of a visit the host's mouth was covered, in words; None when it was not."""
    share = encounter.mouth_covered_share
    return None if share is None else f"the host's mouth was covered for {share:.0%} of the visit"


def no_smile(clause: str, limits: Limits, encounter: Encounter, smile: Smile) -> Verdict:
    """No smile misses a minimum; a maximum asks only that a smile, if there is one, be no larger."""
    if limits.min is None or limits.min <= 0.0:
        return not_applicable(clause, limits, "no smile was seen, and none is asked for by this clause")
    covered = mouth_covered(encounter)
    if covered and encounter.coverage.host - (encounter.mouth_covered_share or 0.0) < MIN_COVERAGE:
        return indeterminate(clause, limits, f"no smile was seen, but {covered}")
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
