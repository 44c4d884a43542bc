"""Checks the telephone's pins by watching them as the live desk does, and what takes calls before the host can."""

from collections.abc import Iterable, Iterator

from edge.cadence.cadence import find_profile
from edge.finding import Finding
from edge.live.phone_pins import PhonePinError, PhonePins
from edge.settings.desk_toml import PhoneLine
from protocol.standard import Phone


def check_phone(wirings: tuple[PhoneLine, ...]) -> Finding:
    """What is found of the pins of all lines."""
    if not wirings:
        return Finding("phone", "good", "none in desk.toml")
    try:
        with PhonePins(wirings) as pins:
            trouble = pins.problem()
    except PhonePinError as error:
        trouble = str(error)
    if trouble is None:
        names = ", ".join(wiring.name for wiring in wirings)
        return Finding("phone", "good", f"the pins of line {names} can be watched")
    to_do = "stop the desk first if it runs (systemctl stop deskside): it holds its pins; the message says the rest"
    return Finding("phone", "bad", trouble, to_do)


def check_answered_elsewhere(wirings: Iterable[PhoneLine], phone: Phone) -> Iterator[Finding]:
    """What is found of lines whose calls somebody or something else may answer.

    Args:
        wirings: The lines of desk.toml.
        phone: What the standard asks of the telephone.
    """
    for wiring in wirings:
        after_s, last = wiring.answered_elsewhere_after_s, phone.rings.max
        if after_s is None or last is None:
            continue
        cadences = find_profile(wiring.cadence).cadences
        ring_s = sum(cadences[0].cycle_s) if len(cadences) == 1 else phone.seconds_per_ring
        allowed_s = last * ring_s
        if after_s < allowed_s:
            yield Finding(
                "phone",
                "warning",
                f"line {wiring.name} is answered elsewhere after {after_s:g} s, and the standard allows {last:g} rings, about "
                f"{allowed_s:g} s: a call that is left to it is never judged",
                "let what answers wait longer, or correct answered_elsewhere_after_s",
            )
