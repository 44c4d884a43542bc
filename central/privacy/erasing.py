"""Erasing a person: their name goes from every row, and what was measured stays for the figures of the team."""

from contextlib import closing

from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session

from central.accounts.account_book import Account, account_named, account_of
from central.accounts.forgetting import forget_account
from central.accounts.own_person import forget_link
from central.appraisal.forgetting_appraisals import forget_appraisals
from central.audit.audit_log import note
from central.competitions.forgetting_competitions import forget_entries
from central.people.workforce import EmploymentRow, PersonRow
from central.privacy.erasures import ErasureRow
from central.privacy.naming import NamingRows, duties_of, rows_naming
from protocol.errors import MendableError


class NobodyToEraseError(MendableError):
    """Nobody can be erased so; the text says why."""


def erase(
    session: Session,
    pseudonym: str,
    *,
    account: Account | None = None,
    actor: str,
    reason: str,
    now_wall_s: float,
) -> ErasureRow:
    """Erase a person within the session's transaction; returns what is kept of it.

    Where a row named them, a number stands from then on: whoever was on duty stays somebody, so the figures of a desk, a showroom and a day do
    not change. Payloads that were kept aside and name them are emptied; their numbers stay settled.

    Args:
        session: Its transaction takes all of it, or nothing.
        pseudonym: What they sign in with.
        account: Their account, where they have one: it is closed and forgets its name, password, passkeys and log-ins.
        actor: Who erases, as the audit log names them.
        reason: Why; it must not name the person.
        now_wall_s: The present, as Unix time.

    Raises:
        NobodyToEraseError: Nothing is held about them, the reason is empty or names them, or they have an account that is not given.
    """
    rows = rows_naming(session, pseudonym, account)
    if not reason.strip() or rows.names.stand_in(reason):
        raise NobodyToEraseError("an erasure is kept with its reason, which does not name the person")
    if account is None:
        _look_for_account(session, rows)
    erasure = ErasureRow(done_wall_s=now_wall_s, made_by=actor, reason=reason.strip(), rows=rows.count)
    session.add(erasure)
    session.flush()
    erasure.rows += _erase_from_duties(session, pseudonym, erasure.name)
    if not erasure.rows and account is None:
        raise NobodyToEraseError(f"nothing is held about {pseudonym!r}")
    for correction in rows.corrections:
        correction.person = erasure.name if correction.person == pseudonym else correction.person
        correction.made_by = rows.names.left_out(correction.made_by, erasure.name)
        correction.reason = rows.names.left_out(correction.reason, erasure.name)
    forget_link(session, pseudonym)
    for exemption in rows.exemptions:
        exemption.person, exemption.reason, exemption.account = erasure.name, "", None
    forget_appraisals(session, [each.id for each in rows.appraisals])
    forget_entries(rows.entries, erasure.name, now_wall_s)
    session.flush()
    for mention in rows.mentions:
        mention.write(session, rows.names.left_out(mention.text, erasure.name))
    for each in rows.rejected:
        each.payload, each.reason = b"", "it named a person who was erased"
        each.topic = rows.names.left_out(each.topic, erasure.name)
    if rows.person is not None:
        session.execute(delete(EmploymentRow).where(EmploymentRow.person_id == rows.person.id))
        session.execute(delete(PersonRow).where(PersonRow.id == rows.person.id))
    if account is not None:
        forget_account(session, account.id, now_wall_s)
    # The reason stays out of the log, which nobody may change: what it says of somebody may have to be forgotten, too.
    note(
        session,
        now_wall_s,
        actor,
        "person erased",
        account.actor if account else "",
        f"erasure {erasure.id}",
    )
    return erasure


def _look_for_account(session: Session, rows: NamingRows) -> None:
    """Refuse to leave an account behind by which the person is named."""
    numbers = sorted({each.account for each in rows.exemptions if each.account is not None})
    linked = [account_of(session, number) for number in numbers]
    found = account_named(session, rows.names.pseudonym) or next(filter(None, linked), None)
    if found is not None:
        raise NobodyToEraseError(
            f"the account {found.name} is theirs by its name or by an exemption: erase it too, with --account {found.name}"
        )


def _erase_from_duties(session: Session, pseudonym: str, name: str) -> int:
    """Put another name into a person's sign-ins and duties; returns how many there were."""
    count = 0
    for row, event in duties_of(session, pseudonym):
        row.raw = event.with_data(person=name).to_json().decode()
        count += 1
    return count


def wipe_traces(engine: Engine) -> None:
    """Rewrite the database, so that its file or its tables hold no trace of what was deleted or changed before.

    It takes seconds a gigabyte; the service waits for it meanwhile, and the desks keep what they measure.
    """
    if engine.dialect.name == "sqlite":
        # Outside of SQLAlchemy, whose every statement begins a transaction, which this one may not be in.
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as autocommitting:
        # What the planner keeps of the values of each column is gathered anew, too.
        autocommitting.execute(text("VACUUM (ANALYZE)"))
