"""The audit log, for auditors and the works council."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from central.accounts.account_book import accounts
from central.audit.audit_log import latest_entries, note
from central.web.access import Viewer, needs
from central.web.house import house_of
from central.web.rendering import show

ENTRIES = 100
"""Entries on one page: some two screens."""

router = APIRouter()


@router.get("/audit")
def audit_page(
    request: Request,
    viewer: Annotated[Viewer, needs("read_audit")],
    before: Annotated[int | None, Query(ge=1)] = None,
    examine: Annotated[Literal["whole"] | None, Query()] = None,
) -> Response:
    """The log, latest first, and whether its chain holds: of what came since it was examined last, of all of it once a day and when asked."""
    house = house_of(request)
    with house.writing() as session:
        note(session, house.now_wall_s(), viewer.account.actor, "read audit log")
    with house.reading() as session:
        entries = latest_entries(session, ENTRIES, before=before)
        names = {account.actor: account.name for account in accounts(session)}
        chain = (
            house.examined_log.examine(session, house.now_wall_s(), whole=examine == "whole")
            if before is None
            else None
        )
        lost = house.audit_head.lost(session) if before is None else None
    older = entries[-1].number if len(entries) == ENTRIES and entries[-1].number > 1 else None
    return show(request, "audit.html.j2", entries=entries, names=names, chain=chain, lost=lost, older=older)
