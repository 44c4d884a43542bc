"""Decisions on the profiles of showrooms, proposed by one and signed by another."""

from sqlalchemy.orm import Session

from central.accounts.account_book import account_named, make_account
from central.showrooms.premises import entered_showroom, showrooms
from central.showrooms.profile_decisions import propose_profile, sign_profile


def decide(
    session: Session,
    profile: str,
    company: str = "North",
    showroom: str = "Harbour",
    at_wall_s: float = 0.0,
) -> None:
    """Have a showroom, which is entered if need be, work by a profile from a Unix time on."""
    numbers = [_account(session, name) for name in ("proposer", "signer")]
    key = entered_showroom(session, company, showroom, "Europe/Berlin")
    (place,) = [each for each in showrooms(session) if each.id == key]
    made = propose_profile(session, place, profile, "agreed with those who work there", numbers[0], at_wall_s)
    sign_profile(session, made, numbers[1], at_wall_s)


def _account(session: Session, name: str) -> int:
    found = account_named(session, name)
    return (make_account(session, name, 0.0) if found is None else found).id
