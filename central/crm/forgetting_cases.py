"""Deletes cases of ticket systems that are older than they are kept."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from central.crm.case_rows import CasePlaceRow, CaseStateRow, CrmCaseRow, CrmMessageRow, CrmUnreadRow

AT_ONCE = 1000
"""Cases deleted in one transaction: the pulls wait for it some tenths of a second at most."""


def forget_old_cases(session: Session, cases_days: int | None, now_wall_s: float) -> int:
    """Delete the cases whose latest message or state is older; returns how many, `AT_ONCE` at most.

    A case that changes in the ticket system afterwards is pulled again, whole.

    Args:
        session: Its transaction deletes them.
        cases_days: Of the settings; None: they are kept.
        now_wall_s: The present, as Unix time.
    """
    if cases_days is None:
        return 0
    before_s = now_wall_s - timedelta(days=cases_days).total_seconds()
    session.execute(delete(CrmUnreadRow).where(CrmUnreadRow.since_wall_s < before_s))
    old = session.scalars(
        select(CrmCaseRow.id).where(CrmCaseRow.latest_wall_s < before_s).limit(AT_ONCE)
    ).all()
    for table in (CrmMessageRow, CaseStateRow, CasePlaceRow):
        session.execute(delete(table).where(table.case_id.in_(old)))
    session.execute(delete(CrmCaseRow).where(CrmCaseRow.id.in_(old)))
    return len(old)
