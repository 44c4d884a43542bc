"""How long a customer waited to be attended to, decided again under any standard from what the desk saw."""

from dataclasses import dataclass
from typing import Literal

from central.scoring.moments import delay_se_s, stay_se_s, watch_se_s
from protocol.measurements import Encounter, ReactionKind
from protocol.standard import Respond


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait and how it ended."""

    seconds: float
    """Until the reaction, or for as long as the wait is known to have lasted without one."""
    se_s: float
    end: Literal["reaction", "left", "cut", "unseen"]
    """``reaction``: attended to. ``left``: the customer went first. ``cut``: watching stopped while they waited.
    ``unseen``: the host could not be seen for long enough to tell."""
    kind: ReactionKind | None = None

    @property
    def censored(self) -> bool:
        """Whether the wait is only known to have lasted at least so long."""
        return self.end in {"left", "cut"}


def wait_under(encounter: Encounter, respond: Respond) -> Wait:
    """The wait of an encounter, counting the kinds of reaction that this standard counts.

    A reaction that came before the customer came near is a wait of nothing. The desk may have measured under a standard
    that counted other kinds: its own end of the wait is used only where it still holds.
    """
    counting = [reaction for reaction in encounter.reactions if reaction.kind in respond.counts]
    if counting:
        # By the delay and not by `at_s`: added to a monotonic time, delays that differ by less than its last digit are one.
        first = min(counting, key=lambda reaction: reaction.delay_s)
        return Wait(max(0.0, first.delay_s), delay_se_s(encounter, first), "reaction", first.kind)
    if encounter.wait_ended_by == "not_observed":
        # Where the desk itself stopped watching, `wait_s` is how long it is certain that nobody reacted.
        stopped = encounter.ended_by in {"end", "gap"}
        return Wait(encounter.wait_s, watch_se_s(encounter), "cut" if stopped else "unseen")
    if encounter.wait_ended_by == "customer_left":
        return Wait(encounter.wait_s, stay_se_s(encounter), "left")
    until_s = encounter.last_seen_s if encounter.left_s is None else encounter.left_s
    stayed_s = max(0.0, until_s - encounter.came_near_s)
    return Wait(stayed_s, stay_se_s(encounter), "left" if encounter.ended_by in {"left", "lost"} else "cut")
