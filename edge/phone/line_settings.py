"""What a technician says about one telephone line: how it is wired and how it rings."""

from dataclasses import dataclass
from typing import Literal

from edge.cadence.cadence import find_profile

InputKind = Literal["pulses", "envelope", "contact"]


@dataclass(frozen=True, slots=True)
class PhoneLineSettings:
    """One line of the desk's telephone.

    Raises:
        ValueError: A value is not possible; the message names the field and what is allowed.
    """

    line: str = "1"
    """Name of the line, in every event and call."""

    input: InputKind = "pulses"
    """What the ring pin carries: ``pulses`` (an optocoupler, one or two pulses a cycle of the ringing current), ``envelope``
    (one level a burst, from a rectifier and a capacitor, which stretches its end) or ``contact`` (a relay or an IP
    phone's dry contact, one level a burst, which bounces)."""

    pulses_per_cycle: Literal[1, 2] | None = None
    """Only for ``pulses``: 2 for an AC-input optocoupler (PC814), 1 for a single-LED one (4N35), None to accept either."""

    ring_active_high: bool = False
    """Level of the ring pin while there is ringing current: False for an optocoupler that pulls the pin down."""

    has_hook_switch: bool = False
    """Whether a pin sees the hook switch. Without it the outcome of a call is ``unknown``, never guessed."""

    hook_active_high: bool = False
    """Level of the hook pin while the receiver is lifted."""

    cadence: str = "auto"
    """How the line rings: a name of cadences.toml (a country code, a system), a cadence of its own such as ``1.2/3.8``, or
    ``auto`` to learn it from the first calls."""

    message_waiting_splash_s: float = 0.5
    """Length of the short ring with which the exchange says that a message waits; such a ring alone is no call.
    0 where there is none: then every ring is a call."""

    def __post_init__(self) -> None:
        if not self.line:
            raise ValueError("line: a line needs a name, such as 1")
        if self.input not in ("pulses", "envelope", "contact"):
            raise ValueError(f"input: {self.input!r} is not possible; pulses, envelope or contact are")
        if self.pulses_per_cycle not in (1, 2, None):
            raise ValueError(
                f"pulses_per_cycle: {self.pulses_per_cycle!r} is not possible; 1, 2 or nothing are"
            )
        if not 0.0 <= self.message_waiting_splash_s <= 1.0:
            raise ValueError(
                f"message_waiting_splash_s: {self.message_waiting_splash_s!r} is not between 0 (none) and 1 second"
            )
        find_profile(self.cadence)
