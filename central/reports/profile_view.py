"""What a profile lets a page show of one visit, and of a day's figures: pure."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import cast

from central.records.measured import Measured
from central.showrooms.profiles import TEAM_OF, Level, ShowroomProfile
from central.statistics.desk_day import DeskDay
from protocol.manner import MANNER, Manner, left_out, may_tell
from protocol.measurements import Encounter, Measurement
from protocol.standard import area_of

PART_OF_AREA: dict[str, Manner] = {
    "smile": "smile",
    "gaze": "gaze",
    "posture": "posture",
    "work": "posture",
}
"""Of each area of a standard that is held against the host's manner, the part that it is held against."""


def level_of_clause(profile: ShowroomProfile, clause: str) -> Level:
    """What a profile does with what a clause is held against."""
    return profile.level(PART_OF_AREA.get(area_of(clause), ""))


def hidden_parts(profile: ShowroomProfile) -> tuple[Manner, ...]:
    """The parts of a visit that are shown of a team only, or not at all."""
    return tuple(part for part in MANNER if profile.level(part) != "person")


def surely_shown_whole(raw: str, profile: ShowroomProfile) -> bool:
    """Whether the JSON of a visit surely says nothing that its profile hides; found without reading it."""
    hidden = hidden_parts(profile)
    # What is told of work put down and taken up goes with the posture, and has no word of its own to be found by.
    return not hidden or ("posture" not in hidden and not set(may_tell(raw)).intersection(hidden))


def shown_visit(found: Measured[Encounter], profile: ShowroomProfile) -> Measured[Encounter]:
    """A visit as it is shown by itself: without the parts that are shown of a team only, or not at all."""
    hidden = hidden_parts(profile)
    return replace(found, data=left_out(found.data, hidden)) if hidden else found


def day_as_shown(
    score: Callable[[Sequence[Measured[Measurement]]], DeskDay],
    measured: Sequence[Measured[Measurement]],
    profile: ShowroomProfile,
    on_duty: Collection[str],
) -> DeskDay:
    """A day as it is shown: its visits each as it is shown by itself, and figures of a team only where enough people make it.

    Args:
        score: Scores measurements of the day.
        measured: All of them.
        profile: By which the desk measured.
        on_duty: Who was on duty on that day.
    """
    day = score(measured)
    if all(profile.level(part) == "person" for part in MANNER):
        return day
    single = score([_single(item, profile) for item in measured])
    enough = len(set(on_duty)) >= TEAM_OF
    levels = {"person", "team"} if enough else {"person"}
    return replace(
        day,
        encounters=single.encounters,
        tallies=tuple(each for each in day.tallies if level_of_clause(profile, each.clause) in levels),
    )


def _single(item: Measured[Measurement], profile: ShowroomProfile) -> Measured[Measurement]:
    if not isinstance(item.data, Encounter):
        return item
    return cast("Measured[Measurement]", shown_visit(cast("Measured[Encounter]", item), profile))
