"""How sure the moments are between which a clause counts seconds: as sent with them, or as desks place them that sent nothing."""

from math import hypot

from central.scoring.verdict import DEPARTURE_SE_S, K_SIGMA, MOMENT_SE_S
from protocol.measurements import Encounter, Reaction, Smile


def delay_se_s(encounter: Encounter, reaction: Reaction) -> float:
    """Standard error of the seconds from coming near to a reaction.

    A delay is no surer than the coming near it counts from, whatever a desk says of it that counted only the time between its looks.
    Of a reaction before the coming near only the part counts that reaches beyond it: a wait is never shorter than none.
    """
    se_s = max(reaction.se_s, encounter.came_near_se_s or 0.0)
    return min(se_s, max(0.0, se_s + reaction.delay_s / K_SIGMA))


def stay_se_s(encounter: Encounter) -> float:
    """Standard error of the seconds from coming near to leaving, or to where the customer was last seen."""
    if encounter.came_near_se_s is None:
        return DEPARTURE_SE_S
    return hypot(encounter.came_near_se_s, departure_se_s(encounter))


def watch_se_s(encounter: Encounter) -> float:
    """Standard error of the seconds from coming near to where watching stopped, of which only the first moment is unsure."""
    return DEPARTURE_SE_S if encounter.came_near_se_s is None else encounter.came_near_se_s


def departure_se_s(encounter: Encounter) -> float:
    """Standard error of the moment at which the customer left, or was last seen."""
    return DEPARTURE_SE_S if encounter.left_se_s is None else encounter.left_se_s


def smile_se_s(smile: Smile) -> float:
    """Standard error of how long a smile was held."""
    return hypot(*(MOMENT_SE_S if each is None else each for each in (smile.onset_se_s, smile.offset_se_s)))
