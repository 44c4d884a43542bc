"""The profiles of showrooms for a command: who may decide, what holds where, and what a profile allows in words."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from central.accounts.account_book import Account, account_named
from central.accounts.roles import may, may_at
from central.reports import wording
from central.showrooms.premises import Showroom, showrooms
from central.showrooms.profile_decisions import (
    ProfileDecision,
    ProfilesInForce,
    ProfileStepError,
    decisions,
)
from central.showrooms.profiles import profile_named
from protocol.manner import MANNER


def deciding_account(session: Session, name: str) -> Account:
    """The open account of a name, which may decide on profiles somewhere.

    Raises:
        ProfileStepError: There is none, or it may not.
    """
    account = account_named(session, name)
    if account is None or not account.open:
        raise ProfileStepError("there is no open account named {name!r}", name=name)
    if not may(account.grants, "decide_profiles"):
        raise ProfileStepError("{name} has no role that decides on profiles, such as area manager", name=name)
    return account


def place_within_reach(session: Session, account: Account, name: str) -> Showroom:
    """The showroom that is written ``COMPANY / SHOWROOM``, where the account may decide.

    Raises:
        ProfileStepError: There is none, or the account's roles do not reach it.
    """
    for place in showrooms(session):
        if _written(place) == name.strip() and _reaches(account, place):
            return place
    raise ProfileStepError(
        "there is no showroom {name!r} that {account_name} may decide on; `profiles list` has them all",
        name=name,
        account_name=account.name,
    )


def proposal_within_reach(
    session: Session, account: Account, number: int
) -> tuple[ProfileDecision, Showroom]:
    """An open proposal and its showroom, where the account may decide.

    Raises:
        ProfileStepError: There is none, or the account's roles do not reach it.
    """
    places = {place.id: place for place in showrooms(session)}
    for each in decisions(session):
        if each.id == number and each.is_open and _reaches(account, places[each.showroom_id]):
            return each, places[each.showroom_id]
    raise ProfileStepError(
        "there is no open proposal {number} that {account_name} may decide on",
        number=number,
        account_name=account.name,
    )


def listed_profiles(session: Session, now_wall_s: float) -> Iterator[tuple[str, str, str, str]]:
    """Each showroom, the profile that holds there, since when in UTC, and what is proposed with its number."""
    found = decisions(session)
    held = ProfilesInForce(found)
    for place in showrooms(session):
        decision = held.decision(place.id, now_wall_s)
        since = "" if decision is None else wording.moment(decision.signed_wall_s or 0.0, "UTC")
        proposed = [
            f"{each.profile.name}: profiles sign {each.id}"
            for each in found
            if each.is_open and each.showroom_id == place.id
        ]
        yield _written(place), held.at(place.id, now_wall_s).name, since, ", ".join(proposed)


def words_of_profile(name: str) -> Iterator[str]:
    """What a profile allows, a line each.

    Raises:
        UnknownProfileError: There is no such profile.
    """
    profile = profile_named(name)
    for part in MANNER:
        yield f"{part}: {getattr(profile, part)}"
    for what, days in (("manner", profile.manner_days), ("names of who was on duty", profile.names_days)):
        yield f"{what}: kept " + ("without a limit of its own" if days is None else f"{days} days at most")
    yield "one visit is read by: " + ", ".join(profile.visit_readers)


def _written(place: Showroom) -> str:
    return f"{place.company} / {place.name}"


def _reaches(account: Account, place: Showroom) -> bool:
    return may_at(account.grants, "decide_profiles", place.company, place.name)
