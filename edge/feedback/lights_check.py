"""Checks the lights by taking their pins as the live desk does, and letting them go."""

from edge.feedback.lights import DeskLights
from edge.finding import Finding
from edge.settings import desk_toml


def check_lights(wiring: desk_toml.Lights) -> Finding:
    """What is found of the lights."""
    if wiring.host is None and wiring.measuring is None and wiring.signed_in is None:
        return Finding("lights", "good", "none in desk.toml")
    with DeskLights(wiring) as lights:
        trouble = lights.trouble
    if trouble is None:
        return Finding("lights", "good", "their pins are free and take orders")
    to_do = "stop the desk first if it runs (systemctl stop deskside): it holds its pins; the message says the rest"
    return Finding("lights", "bad", trouble, to_do)
