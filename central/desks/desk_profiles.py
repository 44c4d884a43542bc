"""By which jurisdiction profile a desk measured at a moment: that of the showroom in which it stood then."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.database.given import TEXT, given
from central.desks.places import DeskPlaceRow
from central.showrooms.profile_decisions import ProfilesInForce, decisions
from central.showrooms.profiles import ShowroomProfile

Stay = tuple[int | None, float | None, float | None]
"""Showroom, and from when to when a desk stood there; None: nobody knows, since ever, and still."""


class DeskProfiles:
    """Answers for desks at moments: pure.

    Example:
        >>> there = DeskProfiles({"desk-1": [(7, None, 50.0)]}, ProfilesInForce([]))
        >>> there.showroom("desk-1", 49.0), there.showroom("desk-1", 50.0), there.at("desk-2", 0.0).name
        (7, None, 'eu')
    """

    def __init__(self, stays: dict[str, list[Stay]], held: ProfilesInForce) -> None:
        self._stays = stays
        self._held = held

    def showroom(self, device: str, wall_s: float) -> int | None:
        """The showroom in which a desk stood at a Unix time; None where nobody knows."""
        for showroom_id, from_s, until_s in self._stays.get(device, ()):
            if (from_s is None or from_s <= wall_s) and (until_s is None or wall_s < until_s):
                return showroom_id
        return None

    def at(self, device: str, wall_s: float) -> ShowroomProfile:
        """The profile by which a desk measured at a Unix time."""
        return self._held.at(self.showroom(device, wall_s), wall_s)


def profiles_of_desks(session: Session, devices: Collection[str] | None = None) -> DeskProfiles:
    """The profiles of desks, read in two statements however many they are; None: of all."""
    chosen = select(
        DeskPlaceRow.device, DeskPlaceRow.showroom_id, DeskPlaceRow.from_wall_s, DeskPlaceRow.until_wall_s
    )
    if devices is not None:
        asked = given(session, {"device": TEXT}, [(device,) for device in devices])
        chosen = chosen.join(asked, asked.c.device == DeskPlaceRow.device)
    return DeskProfiles(_by_desk(session.execute(chosen)), ProfilesInForce(decisions(session)))


def _by_desk(rows: Iterable[Any]) -> dict[str, list[Stay]]:
    stays: dict[str, list[Stay]] = defaultdict(list)
    for device, showroom_id, from_s, until_s in rows:
        stays[device].append((showroom_id, from_s, until_s))
    return stays
