"""Who is signed in: a pure state machine from badges, PINs, buttons, presence and the time of day to sign-ins and sign-outs."""

from dataclasses import dataclass
from datetime import time, tzinfo

from edge.duty.shift_end import shift_end_within
from edge.observation import SignedIn

AGAIN_S = 3.0
"""A badge that is read twice within this time was shown once: readers repeat what lies on them, and a button bounces."""
EARLY_S = 1800.0
"""Whoever signs in so shortly before a shift's end begins the next one, and stays signed in past that end."""


@dataclass(frozen=True, slots=True)
class DutyRules:
    """What ends a duty by itself."""

    away_s: float
    """Absence after which nobody is signed in any more."""
    shift_ends: tuple[time, ...] = ()
    """Times of the day at which whoever is signed in no longer is."""
    zone: tzinfo | None = None
    """The time zone of the desk; None for the machine's own."""


class DutyMachine:
    """Knows who is signed in, and says what changes that.

    Times are seconds on the desk's timeline. What it says is a `SignedIn` at the moment of saying; where the duty had ended before, as when
    somebody went home, ``since_s`` is that moment.

    Example:
        >>> machine = DutyMachine(DutyRules(away_s=1800.0))
        >>> machine.show(1.0, "lin")
        SignedIn(t_s=1.0, person='lin', in_front=None, since_s=None, kind='signed_in')
        >>> machine.show(9.0, "wu").person, machine.show(20.0, "wu").person
        ('wu', None)
    """

    def __init__(self, rules: DutyRules) -> None:
        self._rules = rules
        self._on_duty: SignedIn | None = None
        self._shown: tuple[str, float] | None = None
        self._there_s = 0.0
        """When they were last seen, or may have been there."""

    @property
    def person(self) -> str | None:
        """Who is signed in."""
        return self._on_duty.person if self._on_duty else None

    def show(self, t_s: float, person: str) -> SignedIn | None:
        """A badge was shown, a PIN was right or a button was pressed: signs its person in, or out where it is they who are signed in."""
        before, self._shown = self._shown, (person, t_s)
        if before is not None and before[0] == person and t_s - before[1] < AGAIN_S:
            return None
        return self._say(SignedIn(t_s, None if person == self.person else person))

    def leave(self, t_s: float) -> SignedIn | None:
        """Whoever is signed in signs out."""
        return None if self._on_duty is None else self._say(SignedIn(t_s))

    def note(self, change: SignedIn) -> None:
        """Somebody signed in or out in whatever way."""
        same = self._on_duty is not None and change.person == self._on_duty.person
        self._there_s = change.t_s
        if change.person is None:
            self._on_duty = None
        elif same and self._on_duty is not None:
            # They say where they are now; their duty goes on.
            self._on_duty = SignedIn(self._on_duty.t_s, change.person, change.in_front)
        else:
            self._on_duty = change

    def step(self, t_s: float, *, there: bool | None, wall_offset_s: float | None) -> SignedIn | None:
        """Time passed: the sign-out that it brings.

        Args:
            t_s: The present.
            there: Whether somebody is seen behind the desk; None where nobody looks.
            wall_offset_s: Unix time minus the timeline; None where the time of day is not known for sure.
        """
        duty = self._on_duty
        if duty is None:
            return None
        if wall_offset_s is not None:
            from_s = duty.t_s + wall_offset_s + EARLY_S
            end_s = shift_end_within(from_s, t_s + wall_offset_s, self._rules.shift_ends, self._rules.zone)
            if end_s is not None:
                return self._say(SignedIn(t_s, since_s=max(duty.t_s, end_s - wall_offset_s)))
        if there is None or there or duty.in_front:
            self._there_s = t_s
        elif t_s - self._there_s >= self._rules.away_s:
            return self._say(SignedIn(t_s, since_s=self._there_s))
        return None

    def _say(self, change: SignedIn) -> SignedIn:
        self.note(change)
        return change
