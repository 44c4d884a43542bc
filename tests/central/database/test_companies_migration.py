"""A database in which standards belonged to nobody gives each to the company that used it, or to all."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from central.database.engine import migrate, open_for_migration
from central.desks.registry import enter
from central.showrooms.premises import known_showroom
from central.standards.activations import activate_standard, activations
from central.standards.standard_versions import standard_versions
from tests.central.database.test_registry_migration import stepped
from tests.worlds.standard_texts import active_standard, house_standard, two_people


@pytest.mark.parametrize("companies", [("North",), ("North", "South")])
def test_each_standard_becomes_its_only_users_or_everybodys(
    engine: Engine, database_url: str, companies: tuple[str, ...]
) -> None:
    with Session(engine) as session, session.begin():
        people = two_people(session)
        for number, company in enumerate(companies):
            enter(session, f"desk-{number}", company=company, showroom=f"{company} Street")
        north = known_showroom(session, "North Street")
        for name in ("used", "shared", "idle"):
            active_standard(session, house_standard(1, name), *people, 1.0)
            active_standard(session, house_standard(2, name), *people, 1.0)
        activate_standard(session, "used", 1, north, 2.0, people[1], 2.0)
        for company in companies:
            place = known_showroom(session, f"{company} Street")
            activate_standard(session, "shared", 2, place, 3.0, people[1], 2.0)
    engine.dispose()
    old = open_for_migration(database_url)
    stepped(old, "0020", down=True)
    with old.connect() as connection, pytest.raises(Exception, match="company_id"):
        connection.execute(text("SELECT company_id FROM standard_version"))
    migrate(old)
    with Session(old) as session:
        whose = {each.standard.label: each.company for each in standard_versions(session)}
        assert len(activations(session)) == 1 + len(companies)
    old.dispose()
    alone = len(companies) == 1
    assert {whose["used@1"], whose["used@2"]} == {"North"}
    assert {whose["shared@1"], whose["shared@2"], whose["idle@1"]} == {"North" if alone else None}
