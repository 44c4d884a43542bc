"""What a birth says of numbers that nobody here has seen: believed only when nothing contradicts it for a while. Pure."""

from dataclasses import dataclass

CONFIRM_S = 30.0
"""How long a claim stands before it is believed. A desk that is asked for a birth answers within 5 s (edge/uplink/conversation.py): what
somebody else said in its name is contradicted by then."""


@dataclass(slots=True)
class Claim:
    """What is claimed of one boot: that its desk no longer holds what lies below ``first``."""

    first: int
    since_wall_s: float
    """When it was first said; arrival, Unix seconds."""


def after_birth(claim: Claim | None, settled: int, first: int, wall_s: float) -> tuple[Claim | None, int]:
    """A birth says that the desk holds a boot's numbers from ``first`` on.

    Of what births say, the lowest number counts: whoever speaks in a desk's name can keep numbers waiting, and make none vanish.

    Returns:
        What is claimed from now on, and up to which number the boot is settled.
    """
    if first - 1 <= settled:
        return None, settled
    if claim is None or first < claim.first:
        return Claim(first, wall_s), settled
    if wall_s - claim.since_wall_s >= CONFIRM_S:
        return None, claim.first - 1
    return claim, settled


def after_arrival(claim: Claim | None, settled: int, number: int) -> Claim | None:
    """A measurement arrives: one that is said to be no longer held shows that the claim was false."""
    if claim is not None and settled < number < claim.first:
        return None
    return claim
