"""A desk that moves leaves what it measured where it was: each showroom's people see their own."""

from pathlib import Path

from sqlalchemy.orm import Session

from central.accounts.roles import Grant, Scope
from central.desks.registry import enter
from tests.worlds.desk_facts import BOOT, OFFSET_S, reaction, visit
from tests.worlds.pages.service import PagesService


def test_a_visit_belongs_to_the_showroom_in_which_the_desk_stood_then(tmp_path: Path) -> None:
    with PagesService(tmp_path) as service:
        there, here = visit(reaction("smiled", 1.0)), visit(reaction("smiled", 2.0), at_s=5000.0)
        service.keep("desk-1", "North", "Harbour", there, here)
        engine = service.engine()
        with Session(engine) as session, session.begin():
            moved = OFFSET_S + 2000.0
            enter(session, "desk-1", company="North", showroom="Market", since_wall_s=moved)
        engine.dispose()
        for showroom, seen, unseen in (("Harbour", 1, 2), ("Market", 2, 1)):
            service.give_account(showroom, Grant("showroom_manager", Scope("North", showroom)))
            browser = service.browser(showroom)
            day = browser.get("/today?day=2026-09-21").text
            assert f"/visits/desk-1/{BOOT}/{seen}" in day
            assert f"/visits/desk-1/{BOOT}/{unseen}" not in day
            assert browser.get(f"/visits/desk-1/{BOOT}/{seen}").status_code == 200
            assert browser.get(f"/visits/desk-1/{BOOT}/{unseen}").status_code == 404
