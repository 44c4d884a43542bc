"""People and a region beside what the tests of the pages have: ``wren`` at North's Harbour, ``lark`` at South's Market."""

import time

from sqlalchemy.orm import Session

from central.people.exemptions import sign_exemption
from central.registry_files.importing import take_sheets
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import account_of_name

SHEETS = {
    "showrooms": "company,showroom,region,timezone\nNorth,Harbour,Coast,Europe/Berlin\nSouth,Market,Hills,Europe/Berlin\n",
    "people": "pseudonym,company,name\nwren,North,Rosa Winter\nlark,South,Lena Sommer\n",
    "employment": "pseudonym,company,showroom,worked_as\nwren,North,Harbour,host\nlark,South,Market,host\n",
}


def enter_people(service: PagesService) -> None:
    """Enter them, and exempt each from a clause."""
    engine = service.engine()
    with Session(engine) as session, session.begin():
        take_sheets(session, [(name, text.encode()) for name, text in SHEETS.items()], dry_run=False)
        signer = account_of_name(session, "area_manager")
        for person in ("wren", "lark"):
            sign_exemption(
                session,
                person=person,
                clause="smile.teeth",
                reason=f"what only {person} knows",
                signed_by=signer,
                account=None,
                from_wall_s=time.time(),
                now_wall_s=time.time(),
            )
    engine.dispose()
