"""The ways in which a picture may be shown to whoever calibrates a camera."""

from enum import Enum


class Shows(Enum):
    """How a picture is shown. It is drawn into the terminal from memory, and stored nowhere."""

    NOT = "not"
    TERMINAL = "terminal"
    """As coloured characters, in any terminal with 24-bit colour."""
    PICTURE = "picture"
    """As a picture, in terminals that draw them (iTerm2's inline images: WezTerm, Konsole, mintty, VS Code), over SSH too."""
