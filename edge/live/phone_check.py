"""Checks the telephone's pins by watching them as the live desk does."""

from edge.finding import Finding
from edge.live.phone_pins import PhonePinError, PhonePins
from edge.settings.desk_toml import PhoneLine


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
