"""The jurisdiction profiles: what of the host's manner is measured, how long it is kept, and who may read one visit. They are data (profiles.toml)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from protocol.errors import MendableError
from protocol.manner import MANNER, Manner
from protocol.measurements import Message

Level = Literal["person", "team", "off"]
"""``person``: kept and shown with each visit. ``team``: kept, and shown in figures of `TEAM_OF` people or more. ``off``: neither measured nor
kept."""
TEAM_OF = 3
"""Of two people each knows the other's figure from the sum and their own; of three nobody does."""
STRICTEST = "eu"
"""What holds where nobody has decided: the profile that allows least."""


class UnknownProfileError(MendableError):
    """There is no such profile."""


class ShowroomProfile(Message):
    """One profile."""

    name: Annotated[str, Field(max_length=20)]
    smile: Level
    gaze: Level
    posture: Level
    manner_days: Annotated[int, Field(ge=1)] | None = None
    """Longest that the host's manner in a visit is kept, in days; None: as the settings of the service say."""
    names_days: Annotated[int, Field(ge=1)] | None = None
    """Longest that it is kept who was on duty, in days; None: as the settings of the service say."""
    visit_readers: tuple[str, ...]
    """Roles that may read one visit with its verdicts, of those that see visits at all."""

    def level(self, part: str) -> Level:
        """What is done with a part of the host's manner; everything else is kept and shown.

        >>> profile_named("eu").level("smile"), profile_named("eu").level("respond")
        ('off', 'person')
        """
        found: Level = getattr(self, part) if part in MANNER else "person"
        return found

    @property
    def off(self) -> tuple[Manner, ...]:
        """The parts that are neither measured nor kept."""
        return tuple(part for part in MANNER if self.level(part) == "off")


@cache
def profiles() -> dict[str, ShowroomProfile]:
    """Every profile by its name, the strictest first."""
    text = (files("central.showrooms") / "profiles.toml").read_text(encoding="utf-8")
    return {each["name"]: ShowroomProfile.model_validate(each) for each in tomllib.loads(text)["profile"]}


def profile_named(name: str) -> ShowroomProfile:
    """The profile of a name.

    Raises:
        UnknownProfileError: There is none.
    """
    try:
        return profiles()[name]
    except KeyError:
        known = ", ".join(profiles())
        raise UnknownProfileError(f"there is no profile {name!r}; there are: {known}") from None
