"""By which profile a showroom works is decided by two people, and never rewritten."""

import pytest
from sqlalchemy import Engine, Executable, delete, insert, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.audit.audit_log import latest_entries
from central.showrooms.premises import Showroom, entered_showroom, showrooms
from central.showrooms.profile_decisions import (
    ProfileDecisionRow,
    ProfilesInForce,
    ProfileStepError,
    decisions,
    propose_profile,
    sign_profile,
    withdraw_proposal,
)
from central.showrooms.profiles import STRICTEST, UnknownProfileError, profile_named, profiles


def harbour(session: Session) -> tuple[Showroom, int, int]:
    entered_showroom(session, "North", "Harbour", "Europe/Berlin")
    (place,) = showrooms(session)
    return place, make_account(session, "one", 0.0).id, make_account(session, "other", 0.0).id


def in_force(session: Session, place: Showroom, wall_s: float) -> str:
    return ProfilesInForce(decisions(session)).at(place.id, wall_s).name


def test_no_profile_allows_less_than_the_one_that_holds_where_nobody_decided() -> None:
    strictest = profile_named(STRICTEST)
    assert strictest.off == ("smile",)
    for each in profiles().values():
        assert set(each.off) <= set(strictest.off)
        assert (each.manner_days or 10**6) >= (strictest.manner_days or 10**6)
        assert (each.names_days or 10**6) >= (strictest.names_days or 10**6)


def test_a_new_showroom_works_by_the_strictest_until_a_second_person_has_signed(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        place, one, other = harbour(session)
        assert in_force(session, place, 50.0) == "eu"
        made = propose_profile(session, place, "cn", "it lies in Shanghai", one, 10.0)
        assert in_force(session, place, 50.0) == "eu"
        with pytest.raises(ProfileStepError, match="nobody signs what they proposed"):
            sign_profile(session, made, one, 20.0)
        sign_profile(session, made, other, 20.0)
        assert [in_force(session, place, wall_s) for wall_s in (19.0, 20.0)] == ["eu", "cn"]
        told = [(entry.actor, entry.action, entry.detail) for entry in latest_entries(session, 2)]
    assert told == [
        (f"account {other}", "profile signed", f"showroom {place.id}, cn"),
        (f"account {one}", "profile proposed", f"showroom {place.id}, cn"),
    ]


def test_to_be_strict_again_takes_two_people_too(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        place, one, other = harbour(session)
        sign_profile(session, propose_profile(session, place, "us", "a reason", one, 1.0), other, 2.0)
        made = propose_profile(session, place, "eu", "another", other, 3.0)
        with pytest.raises(ProfileStepError, match="nobody signs"):
            sign_profile(session, made, other, 4.0)
        sign_profile(session, made, one, 4.0)
        assert in_force(session, place, 4.0) == "eu"


def test_what_cannot_be_proposed_is_said(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        place, one, _ = harbour(session)
        with pytest.raises(UnknownProfileError, match="there are: eu, eu-agreed"):
            propose_profile(session, place, "moon", "a reason", one, 1.0)
        with pytest.raises(ProfileStepError, match="a decision has a reason"):
            propose_profile(session, place, "us", " ", one, 1.0)
        with pytest.raises(ProfileStepError, match="works by the profile eu already"):
            propose_profile(session, place, "eu", "a reason", one, 1.0)
        made = propose_profile(session, place, "us", "a reason", one, 1.0)
        with pytest.raises(ProfileStepError, match="a proposal for Harbour already"):
            propose_profile(session, place, "cn", "a reason", one, 1.0)
        withdraw_proposal(session, made, one, 2.0)
        with pytest.raises(ProfileStepError, match="no such proposal any more"):
            sign_profile(session, made, one, 3.0)
        assert decisions(session) == ()


@pytest.mark.parametrize("change", ["update", "delete", "signed at once", "signed by one"])
def test_the_database_itself_refuses_what_is_no_decision_of_two(engine: Engine, change: str) -> None:
    with Session(engine) as session, session.begin():
        place, one, other = harbour(session)
        made = propose_profile(session, place, "us", "a reason", one, 1.0)
        if change != "signed by one":
            sign_profile(session, made, other, 2.0)
    statements: dict[str, Executable] = {
        "update": update(ProfileDecisionRow).values(profile="cn"),
        "delete": delete(ProfileDecisionRow),
        "signed by one": update(ProfileDecisionRow).values(signed_by=one, signed_wall_s=2.0),
        "signed at once": insert(ProfileDecisionRow).values(
            showroom_id=place.id,
            profile="cn",
            reason="x",
            proposed_by=one,
            proposed_wall_s=0.0,
            signed_by=other,
            signed_wall_s=0.0,
        ),
    }
    with Session(engine) as session, pytest.raises(DatabaseError):
        session.execute(statements[change])
