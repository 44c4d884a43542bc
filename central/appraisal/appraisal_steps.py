"""The steps of an appraisal: drafted by the program, talked about and contested, signed by a person with reasons, and frozen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from central.accounts.account_book import account_named, account_of
from central.accounts.own_person import accounts_of_people, person_of
from central.appraisal.appraisal_rows import AppraisalRemarkRow, AppraisalRow, ContestClaimRow
from central.appraisal.appraised_work import DrawnFrom
from central.appraisal.desk_contests import adopt_desk_contests
from central.appraisal.figures import appraisal_text
from central.appraisal.frozen_text import digest_of_text
from central.appraisal.gathering import Period, drawn_from, period_of
from central.appraisal.reading_back import drawn_of
from central.audit.audit_log import note
from central.people.exemptions import exemptions
from central.people.shifts import UNKNOWN
from central.records.exclusions import exclude
from central.showrooms.premises import Showroom, showrooms
from central.standards.in_force import StandardsInForce
from protocol.errors import RefusalError

TEXT_LIMIT = 4000
"""Letters of reasons and remarks: two pages."""
ClaimOutcome = Literal["excluded", "kept"]


class AppraisalStepError(RefusalError):
    """The step cannot be taken; the text says why."""


class StaleDraftError(AppraisalStepError):
    """What was measured came to something else since the draft was drawn."""


@dataclass(frozen=True, slots=True)
class Taking:
    """Whoever takes a step, and when."""

    account: int
    """Number of the account."""
    now_wall_s: float
    standards: StandardsInForce


def is_subject(session: Session, account: int, person: str) -> bool:
    """Whether an account is that of a person: by its link, by an exemption, or by its name."""
    known = account_of(session, account)
    named = known is not None and known.name.casefold() == person.casefold()
    linked = person_of(session, account) == person
    exempt = any(each.person == person and each.account == account for each in exemptions(session))
    return named or linked or exempt


def draft_appraisal(session: Session, by: Taking, person: str, showroom: Showroom, period: Period) -> int:
    """Draw an appraisal, or a draft anew that is there; one that was signed stays, and the next version is drawn. Returns its number.

    Raises:
        AppraisalStepError: Nothing of theirs was measured there and then, or somebody would draft their own.
        BadPeriodError: The period is none.
    """
    person = person.strip()
    period_of(period.first_day, period.last_day, period.timezone)
    if not person or person == UNKNOWN:
        raise AppraisalStepError("an appraisal is about somebody, by the pseudonym with which they sign in")
    if is_subject(session, by.account, person):
        raise AppraisalStepError("nobody drafts their own appraisal: another person does")
    found = drawn_from(session, person, showroom, period, by.standards, round(by.now_wall_s, 3))
    if not found.work and not found.excluded:
        raise AppraisalStepError(
            "nothing was measured at {showroom_name} from {first_day} to {last_day} while {person} was signed in",
            showroom_name=showroom.name,
            first_day=period.first_day,
            last_day=period.last_day,
            person=person,
        )
    latest = session.scalar(
        select(AppraisalRow)
        .where(
            AppraisalRow.person == person,
            AppraisalRow.showroom_id == showroom.id,
            AppraisalRow.first_day == period.first_day,
            AppraisalRow.last_day == period.last_day,
        )
        .order_by(AppraisalRow.version.desc())
        .limit(1)
    )
    if latest is not None and is_draft(latest):
        _redraw(latest, found, by)
        session.flush()
        _note(session, by, "appraisal drawn anew", f"appraisal {latest.id}", latest.sha256)
        adopt_desk_contests(session, latest, by.now_wall_s)
        return latest.id
    text = appraisal_text(found)
    row = AppraisalRow(
        person=person,
        showroom_id=showroom.id,
        first_day=period.first_day,
        last_day=period.last_day,
        version=1 if latest is None else latest.version + 1,
        replaces=None if latest is None else latest.id,
        figures=text,
        sha256=digest_of_text(text),
        drafted_by=by.account,
        drafted_wall_s=by.now_wall_s,
    )
    session.add(row)
    session.flush()
    _note(session, by, "appraisal drafted", f"appraisal {row.id}", row.sha256)
    adopt_desk_contests(session, row, by.now_wall_s)
    return row.id


def is_draft(row: AppraisalRow) -> bool:
    """Whether a version is neither signed nor withdrawn."""
    return row.signed_wall_s is None and row.withdrawn_wall_s is None


def drawn_anew(session: Session, row: AppraisalRow, standards: StandardsInForce) -> str:
    """The text that the database gives now for an appraisal, as of the moment at which it was drawn: equal, byte for byte, while nothing changed."""
    showroom, period = _where(session, row)
    as_of_s = drawn_of(row.figures).as_of_wall_s
    return appraisal_text(drawn_from(session, row.person, showroom, period, standards, as_of_s))


def renew_draft(session: Session, by: Taking, number: int) -> None:
    """Draw a draft anew from what the database has now.

    Raises:
        AppraisalStepError: It is no draft.
    """
    row = _draft(session, number)
    showroom, period = _where(session, row)
    _redraw(row, drawn_from(session, row.person, showroom, period, by.standards, round(by.now_wall_s, 3)), by)
    session.flush()
    _note(session, by, "appraisal drawn anew", f"appraisal {row.id}", row.sha256)


def sign_appraisal(session: Session, by: Taking, number: int, reasons: str, seen_sha256: str) -> None:
    """Sign a draft with reasons: from then on it is frozen.

    Args:
        session: Its transaction takes it.
        by: The signer.
        number: Of the draft.
        reasons: In the signer's own words.
        seen_sha256: Hash of the figures that the signer read.

    Raises:
        StaleDraftError: The figures are other ones by now; the draft is to be drawn anew and read again.
        AppraisalStepError: It is no draft, has no reasons, a contest is open, or this person may not sign it.
    """
    row, reasons = _draft(session, number), reasons.strip()
    if is_subject(session, by.account, row.person):
        raise AppraisalStepError("nobody signs their own appraisal: another person does")
    if not reasons or len(reasons) > TEXT_LIMIT:
        raise AppraisalStepError(
            "an appraisal is signed with reasons, of up to {text_limit} letters", text_limit=TEXT_LIMIT
        )
    adopt_desk_contests(session, row, by.now_wall_s)
    claims = claims_of(session, [number])
    if any(each.outcome is None for each in claims):
        raise AppraisalStepError("a measurement is contested: it is decided before anybody signs")
    if any(each.decided_by == by.account for each in claims):
        raise AppraisalStepError("whoever decided a contest does not sign: another person does")
    if seen_sha256 != row.sha256 or drawn_anew(session, row, by.standards) != row.figures:
        raise StaleDraftError(
            "the figures have changed since this draft was drawn: it was drawn anew, read it again before you sign"
        )
    row.subject_account = _account_of_subject(session, row.person)
    row.reasons, row.signed_by, row.signed_wall_s = reasons, by.account, by.now_wall_s
    session.flush()
    _note(session, by, "appraisal signed", f"appraisal {row.id}", row.sha256)


def withdraw_appraisal(session: Session, by: Taking, number: int) -> None:
    """Withdraw a draft, or one that was signed; it stays to be read.

    Raises:
        AppraisalStepError: There is none, it is withdrawn already, or it is their own.
    """
    row = session.get(AppraisalRow, number)
    if row is None or row.withdrawn_wall_s is not None:
        raise AppraisalStepError("there is no such appraisal any more")
    if is_subject(session, by.account, row.person):
        raise AppraisalStepError("nobody withdraws their own appraisal: another person does")
    row.withdrawn_by, row.withdrawn_wall_s = by.account, by.now_wall_s
    session.flush()
    _note(session, by, "appraisal withdrawn", f"appraisal {row.id}")


def say(session: Session, by: Taking, number: int, said: str) -> None:
    """Add a remark to an appraisal.

    Raises:
        AppraisalStepError: It says nothing, or too much.
    """
    said = _text(said, "a remark")
    session.add(
        AppraisalRemarkRow(appraisal=number, made_by=by.account, made_wall_s=by.now_wall_s, said=said)
    )
    session.flush()
    _note(session, by, "appraisal remarked on", f"appraisal {number}")


def contest(session: Session, by: Taking, number: int, name: tuple[str, str, int], said: str) -> int:
    """Contest a measurement of one's own appraisal; returns the number of the contest.

    Raises:
        AppraisalStepError: It is not theirs, no reason is given, it is contested already, or the appraisal is withdrawn.
    """
    row, said = session.get(AppraisalRow, number), _text(said, "a contest")
    if row is None or row.withdrawn_wall_s is not None or not is_subject(session, by.account, row.person):
        raise AppraisalStepError("whoever is appraised contests, and nobody else")
    measurement = f"{name[0]}/{name[1]}/{name[2]}"
    if measurement not in {each.measurement for each in drawn_of(row.figures).work}:
        raise AppraisalStepError("this measurement is not in the appraisal")
    if any(each.measurement == measurement for each in claims_of(session, [number])):
        raise AppraisalStepError("this measurement is contested already")
    device, bootid, sequence = name
    claim = ContestClaimRow(
        appraisal=number,
        device=device,
        bootid=bootid,
        sequence=sequence,
        made_by=by.account,
        made_wall_s=by.now_wall_s,
        said=said,
    )
    session.add(claim)
    session.flush()
    _note(session, by, "measurement contested", f"contest {claim.id}", measurement)
    return claim.id


def decide_contest(session: Session, by: Taking, claim: int, outcome: ClaimOutcome, reason: str) -> int:
    """Decide a contest: the measurement is excluded from every figure, or kept. Returns the number of the appraisal that is to be read next.

    A draft is drawn anew; of one that was signed the next version is drafted, and it stays itself.

    Raises:
        AppraisalStepError: It is decided, no reason is given, or this person may not decide it.
    """
    found, reason = session.get(ContestClaimRow, claim), _text(reason, "a decision")
    if found is None or found.outcome is not None:
        raise AppraisalStepError("there is no such contest to decide any more")
    row = session.get_one(AppraisalRow, found.appraisal)
    if found.made_by == by.account or is_subject(session, by.account, row.person):
        raise AppraisalStepError("nobody decides their own contest: another person does")
    if row.signed_by == by.account:
        raise AppraisalStepError("whoever signed the appraisal does not decide: another person does")
    found.outcome, found.reason = outcome, reason
    found.decided_by, found.decided_wall_s = by.account, by.now_wall_s
    session.flush()
    _note(session, by, "contest decided", f"contest {claim}", outcome)
    if outcome == "kept":
        return row.id
    exclude(
        session,
        (found.device, found.bootid, found.sequence),
        reason=reason,
        decided_by=by.account,
        now_wall_s=by.now_wall_s,
    )
    _note(session, by, "measurement excluded", found.measurement, f"contest {claim}")
    return draft_appraisal(session, by, row.person, *_where(session, row))


def contested_among(session: Session, names: Iterable[tuple[str, str, int]]) -> set[str]:
    """The ids of those measurements, each named by desk, boot and number, of which a contest waits to be decided; one statement for all."""
    asked = [*names]
    if not asked:
        return set()
    named = tuple_(ContestClaimRow.device, ContestClaimRow.bootid, ContestClaimRow.sequence)
    waiting = select(ContestClaimRow).where(named.in_(asked), ContestClaimRow.outcome.is_(None))
    return {row.measurement for row in session.scalars(waiting)}


def claims_of(session: Session, appraisals: Sequence[int]) -> tuple[ContestClaimRow, ...]:
    """The contests about some appraisals, in the order in which they were made."""
    return tuple(
        session.scalars(
            select(ContestClaimRow)
            .where(ContestClaimRow.appraisal.in_(appraisals))
            .order_by(ContestClaimRow.id)
        )
    )


def remarks_of(session: Session, number: int) -> tuple[AppraisalRemarkRow, ...]:
    """What was said of an appraisal, in the order in which it was said."""
    chosen = select(AppraisalRemarkRow).where(AppraisalRemarkRow.appraisal == number)
    return tuple(session.scalars(chosen.order_by(AppraisalRemarkRow.id)))


def versions_of(session: Session, row: AppraisalRow) -> tuple[AppraisalRow, ...]:
    """Every version of an appraisal, the latest first."""
    return tuple(
        session.scalars(
            select(AppraisalRow)
            .where(
                AppraisalRow.person == row.person,
                AppraisalRow.showroom_id == row.showroom_id,
                AppraisalRow.first_day == row.first_day,
                AppraisalRow.last_day == row.last_day,
            )
            .order_by(AppraisalRow.version.desc())
        )
    )


def drafts_of(session: Session, person: str) -> int:
    """How many drafts there are about a person."""
    chosen = select(func.count()).select_from(AppraisalRow)
    open_ = AppraisalRow.signed_wall_s.is_(None), AppraisalRow.withdrawn_wall_s.is_(None)
    return session.scalar(chosen.where(AppraisalRow.person == person, *open_)) or 0


def process_counts(session: Session) -> dict[str, int]:
    """How the appraisals stand, of all together: for whoever watches over the process and not over people."""

    def count(*conditions: object) -> int:
        return session.scalar(select(func.count()).select_from(AppraisalRow).where(*conditions)) or 0  # type: ignore[arg-type]

    def claims(*conditions: object) -> int:
        return session.scalar(select(func.count()).select_from(ContestClaimRow).where(*conditions)) or 0  # type: ignore[arg-type]

    withdrawn = AppraisalRow.withdrawn_wall_s.is_not(None)
    signed = AppraisalRow.signed_wall_s.is_not(None)
    return {
        "drafts": count(~signed, ~withdrawn),
        "signed": count(signed, ~withdrawn),
        "corrected": count(AppraisalRow.version > 1),
        "withdrawn": count(withdrawn),
        "contests": claims(),
        "open": claims(ContestClaimRow.outcome.is_(None)),
        "excluded": claims(ContestClaimRow.outcome == "excluded"),
        "kept": claims(ContestClaimRow.outcome == "kept"),
    }


def _draft(session: Session, number: int) -> AppraisalRow:
    row = session.get(AppraisalRow, number)
    if row is None or not is_draft(row):
        raise AppraisalStepError("there is no such draft any more")
    return row


def _redraw(row: AppraisalRow, found: DrawnFrom, by: Taking) -> None:
    row.figures = appraisal_text(found)
    row.sha256 = digest_of_text(row.figures)
    row.drafted_wall_s = by.now_wall_s


def _where(session: Session, row: AppraisalRow) -> tuple[Showroom, Period]:
    (showroom,) = [each for each in showrooms(session) if each.id == row.showroom_id]
    return showroom, Period(row.first_day, row.last_day, showroom.timezone)


def _account_of_subject(session: Session, person: str) -> int | None:
    linked = accounts_of_people(session).get(person)
    named = account_named(session, person)
    return linked if linked is not None else None if named is None else named.id


def _text(text: str, what: str) -> str:
    text = text.strip()
    if not text or len(text) > TEXT_LIMIT:
        raise AppraisalStepError(
            "{what} says something, in up to {text_limit} letters", what=what, text_limit=TEXT_LIMIT
        )
    return text


def _note(session: Session, by: Taking, action: str, subject: str, detail: str = "") -> None:
    """By numbers alone: the log is never changed, and names can be erased."""
    note(session, by.now_wall_s, f"account {by.account}", action, subject, detail)
