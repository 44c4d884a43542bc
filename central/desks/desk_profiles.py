"""By which jurisdiction profile a desk measured at a moment: that of the showroom in which it stood then."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.database.given import TEXT, given
from central.desks.places import DeskPlaceRow
from central.showrooms.profile_decisions import ProfileDecision, ProfileDecisionRow, ProfilesInForce, decided
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
    """The profiles of desks, read in one statement however many they are; None: of all."""
    chosen = select(
        DeskPlaceRow.device,
        DeskPlaceRow.showroom_id,
        DeskPlaceRow.from_wall_s,
        DeskPlaceRow.until_wall_s,
        ProfileDecisionRow,
    ).outerjoin(
        ProfileDecisionRow,
        (ProfileDecisionRow.showroom_id == DeskPlaceRow.showroom_id)
        & ProfileDecisionRow.signed_wall_s.is_not(None),
    )
    if devices is not None:
        asked = given(session, {"device": TEXT}, [(device,) for device in devices])
        chosen = chosen.join(asked, asked.c.device == DeskPlaceRow.device)
    stays: dict[str, dict[Stay, None]] = defaultdict(dict)
    held: dict[int, ProfileDecision] = {}
    for device, showroom_id, from_s, until_s, decision in session.execute(chosen):
        # A stay comes once with each decision of its showroom, and a decision once with each stay in it.
        stays[device][showroom_id, from_s, until_s] = None
        if decision is not None and decision.id not in held:
            held[decision.id] = decided(decision)
    return DeskProfiles(
        {device: [*of_desk] for device, of_desk in stays.items()}, ProfilesInForce(held.values())
    )
