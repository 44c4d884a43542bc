"""Everything that is held about a person, as one document that they can be given."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from central.accounts.account_book import Account
from central.accounts.identities import identities_of
from central.accounts.own_person import link_of
from central.accounts.tokens import tokens_of
from central.appraisal.appraisal_rows import AppraisalRow
from central.appraisal.appraisal_steps import claims_of, remarks_of
from central.appraisal.reading_back import figures_of
from central.audit.audit_log import entries_about
from central.competitions.competition_outcome import CompetitionOutcome
from central.competitions.competition_rows import CompetitionEntryRow, CompetitionRow
from central.desks.registry import desks
from central.people.duty_corrections import DutyCorrectionRow
from central.people.duty_roster import shifts_between
from central.people.shifts import Shift
from central.privacy.naming import duties_of, rows_naming
from central.records.query import measured_between
from central.showrooms.premises import showrooms
from protocol.measurements import Call, Contest, Encounter, HelpWanted

FOREVER_S = 4e9
"""Unix time of the year 2096: later than anything that was measured."""
BEGINS = b'{ "pseudonym": '
"""How a file with the document begins: in its first line, by which it is known again."""


def everything_held(session: Session, pseudonym: str, account: Account | None = None) -> dict[str, Any]:
    """What is held about a person, by where it stands; times are Unix seconds, measurements are in the words of the protocol.

    Args:
        session: Where to read.
        pseudonym: What they sign in with.
        account: Their account, where they have one.

    Returns:
        A document that JSON can hold: ``person``, ``employments``, ``sign_ins``, ``corrections``, ``exemptions``, ``appraisals``, ``competitions``, ``kept_aside``, ``shifts`` with the visits
        and calls of each, ``account``, ``audit``, and ``mentioned_in``: texts about something else, such as another's exemption, which are for others to read.
    """
    rows = rows_naming(session, pseudonym, account)
    names = {showroom.id: f"{showroom.company} / {showroom.name}" for showroom in showrooms(session)}
    return {
        "pseudonym": pseudonym,
        "person": None if rows.person is None else {"name": rows.person.display_name},
        "employments": [
            {
                "showroom": names[row.showroom_id],
                "worked_as": row.worked_as,
                "first_day": row.first_day.isoformat() if row.first_day else None,
                "last_day": row.last_day.isoformat() if row.last_day else None,
            }
            for row in rows.employments
        ],
        "sign_ins": [
            {
                "measurement": f"{event.source}/{event.bootid}/{event.sequence}",
                "at_s": row.start_wall_s,
                **event.data.model_dump(),
            }
            for row, event in duties_of(session, pseudonym)
        ],
        "corrections": [_correction(row) for row in rows.corrections],
        "exemptions": [
            {
                "clause": row.clause,
                "reason": row.reason,
                "from_s": row.from_wall_s,
                "signed_s": row.signed_wall_s,
            }
            for row in rows.exemptions
        ],
        "appraisals": [_appraisal(session, row) for row in rows.appraisals],
        "competitions": [_entered(session, row) for row in rows.entries],
        "kept_aside": [
            {
                "received_s": row.received_wall_s,
                "desk": row.device,
                "reason": row.reason,
                "text": row.payload.decode(errors="replace"),
            }
            for row in rows.rejected
        ],
        "mentioned_in": [each.place for each in rows.mentions],
        "shifts": [*_shifts(session, pseudonym)],
        "account": None if account is None else _account(session, account),
        "audit": []
        if account is None
        else [
            {
                "at_s": each.wall_s,
                "actor": each.actor,
                "action": each.action,
                "subject": each.subject,
                "detail": each.detail,
            }
            for each in entries_about(session, account.actor)
        ],
    }


def written(held: dict[str, Any]) -> str:
    """The document as the text of a file."""
    return json.dumps(held, ensure_ascii=False, indent=2).replace("{\n  ", "{ ", 1) + "\n"


def _correction(row: DutyCorrectionRow) -> dict[str, Any]:
    return {
        "desk": row.device,
        "measurement": row.measurement,
        "person": row.person,
        "from_s": row.from_wall_s,
        "until_s": row.until_wall_s,
        "reason": row.reason,
        "made_by": row.made_by,
        "made_s": row.made_wall_s,
    }


def _appraisal(session: Session, row: AppraisalRow) -> dict[str, Any]:
    """An appraisal with all that was said of it; what it was drawn from beside the person's own work is of others."""
    return {
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "version": row.version,
        "figures": figures_of(row.figures),
        "sha256": row.sha256,
        "drafted_s": row.drafted_wall_s,
        "reasons": row.reasons,
        "signed_by": row.signed_by,
        "signed_s": row.signed_wall_s,
        "withdrawn_s": row.withdrawn_wall_s,
        "remarks": [
            {"made_by": each.made_by, "made_s": each.made_wall_s, "said": each.said}
            for each in remarks_of(session, row.id)
        ],
        "contests": [
            {
                "measurement": each.measurement,
                "made_s": each.made_wall_s,
                "said": each.said,
                "request": each.request,
                "outcome": each.outcome,
                "decided_by": each.decided_by,
                "decided_s": each.decided_wall_s,
                "reason": each.reason,
            }
            for each in claims_of(session, [row.id])
        ],
    }


def _entered(session: Session, row: CompetitionEntryRow) -> dict[str, Any]:
    """A competition that they entered, with what they came to in it; what others did is of others."""
    of = session.get_one(CompetitionRow, row.competition)
    outcome = None if of.outcome is None else CompetitionOutcome.model_validate_json(of.outcome)
    own = (
        next((each for each in outcome.entrants if each.who == f"entry {row.id}"), None) if outcome else None
    )
    return {
        "title": of.title,
        "entered_s": row.entered_wall_s,
        "withdrawn_s": row.withdrawn_wall_s,
        "came_to": None if own is None else own.model_dump(mode="json"),
    }


def _account(session: Session, account: Account) -> dict[str, Any]:
    link = link_of(session, account.id)
    return {
        "person": None
        if link is None
        else {"pseudonym": link.person, "made_by": link.made_by, "made_s": link.made_wall_s},
        "identities": [
            {"issuer": issuer, "subject": subject} for issuer, subject in identities_of(session, account.id)
        ],
        "tokens": [
            {
                "label": token.label,
                "permits": token.permits,
                "company": token.scope.company,
                "showroom": token.scope.showroom,
                "made_s": token.made_wall_s,
                "until_s": token.until_wall_s,
                "used_s": token.used_wall_s,
                "revoked_s": token.revoked_wall_s,
            }
            for token in tokens_of(session, account.id)
        ],
        "name": account.name,
        "open": account.open,
        "roles": [
            {"role": grant.role, "company": grant.scope.company, "showroom": grant.scope.showroom}
            for grant in account.grants
        ],
    }


def _shifts(session: Session, pseudonym: str) -> Iterator[dict[str, Any]]:
    for desk in desks(session):
        shifts = shifts_between(session, desk.device, 0.0, FOREVER_S)
        for shift in shifts:
            if shift.person == pseudonym:
                yield {
                    "desk": desk.device,
                    "from_s": shift.from_s,
                    "until_s": shift.until_s,
                    "measured": [*_measured(session, desk.device, shift)],
                }


def _measured(session: Session, device: str, shift: Shift) -> Iterator[dict[str, Any]]:
    """The visits and calls that began in a shift, and what was asked for or contested at its page."""
    until_s = FOREVER_S if shift.until_s is None else shift.until_s
    for item in measured_between(session, device, shift.from_s, until_s, excluded_too=True):
        if (
            isinstance(item.data, Encounter | Call | Contest | HelpWanted)
            and shift.from_s <= item.wall_s < until_s
        ):
            yield {"measurement": item.id, "at_s": item.wall_s, **item.data.model_dump(exclude_none=True)}
