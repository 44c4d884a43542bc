"""``presence.staffed_share``: for what share of a day the desk is staffed."""

from central.scoring.clause import Clause
from central.scoring.staffing import Staffing
from central.scoring.verdict import K_SIGMA, Verdict, not_applicable, within
from protocol.standard import Standard

NAME = "presence.staffed_share"


def judge(time: Staffing, standard: Standard) -> Verdict:
    """Whether the desk was staffed for as much of the day as the standard asks.

    The unseen time may have been all staffed or all unstaffed: the true share lies between the two, and a limit between
    them leaves the verdict open. ``se`` is that range written as a standard error.
    """
    limits = standard.presence.staffed_share
    total_s = time.staffed_s + time.unstaffed_s + time.unseen_s
    if time.share is None:
        return not_applicable(NAME, limits, "attendance was not measured on this day")
    low, high = time.staffed_s / total_s, (time.staffed_s + time.unseen_s) / total_s
    outcome = within(low, high, limits)
    reason = {
        "pass": "within the standard",
        "fail": "outside the standard",
        "indeterminate": f"the unseen time decides it: between {low:.0%} and {high:.0%}",
    }[outcome]
    return Verdict(NAME, outcome, reason, limits, time.share, (high - low) / (2 * K_SIGMA))


CLAUSE = Clause(NAME, Staffing, judge)
