"""The steps of an evaluation: drafted by the program, followed up and added to by people, signed by one with a conclusion, and frozen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.appraisal.appraisal_steps import is_subject
from central.appraisal.frozen_text import digest_of_text
from central.appraisal.gathering import Period, period_of
from central.audit.audit_log import note
from central.evaluation.evaluation_rows import SHORT, EvaluationRow, RecommendationRow
from central.evaluation.use_figures import evaluation_text, use_of
from central.evaluation.use_gathering import EvaluatedScope, evaluated_use, people_on_duty
from central.settings import TicketSystemLink
from central.showrooms.premises import showrooms
from central.standards.in_force import StandardsInForce
from protocol.errors import RefusalError

LONG = 4000
"""Letters of a conclusion, a recommendation and an answer: two pages."""
Answer = Literal["done", "not_done"]


class EvaluationStepError(RefusalError):
    """The step cannot be taken; the text says why."""


class StaleEvaluationError(EvaluationStepError):
    """What was measured came to something else since the draft was drawn."""


@dataclass(frozen=True, slots=True)
class Evaluating:
    """Whoever takes a step, when, and what the figures rest on besides the database."""

    account: int
    """Number of the account."""
    now_wall_s: float
    standards: StandardsInForce
    links: tuple[TicketSystemLink, ...] = ()


def draft_evaluation(
    session: Session, by: Evaluating, scope: EvaluatedScope, first_day: date, last_day: date
) -> int:
    """Draw an evaluation, or a draft anew that is there; one that was signed stays, and the next version is drawn. Returns its number.

    Raises:
        EvaluationStepError: Nothing was measured there and then.
        BadPeriodError: The period is none.
    """
    period = period_of(first_day, last_day, scope.timezone(session))
    found = evaluated_use(session, scope, period, by.standards, by.links, round(by.now_wall_s, 3))
    if not any(desk.days_measured or any(desk.counts.values()) for desk in found.desks):
        raise EvaluationStepError(
            "nothing was measured at {scope_title} from {first_day} to {last_day}",
            scope_title=scope.title,
            first_day=first_day,
            last_day=last_day,
        )
    latest = session.scalar(
        select(EvaluationRow)
        .where(
            EvaluationRow.scope == scope.key,
            EvaluationRow.first_day == first_day,
            EvaluationRow.last_day == last_day,
        )
        .order_by(EvaluationRow.version.desc())
        .limit(1)
    )
    text = evaluation_text(found)
    if latest is not None and is_open(latest):
        _put(latest, text, by)
        session.flush()
        _note(session, by, "evaluation drawn anew", latest)
        return latest.id
    row = EvaluationRow(
        scope=scope.key,
        company=scope.company,
        showroom_id=None if scope.showroom is None else scope.showroom.id,
        first_day=first_day,
        last_day=last_day,
        version=1 if latest is None else latest.version + 1,
        figures=text,
        sha256=digest_of_text(text),
        drafted_by=by.account,
        drafted_wall_s=by.now_wall_s,
    )
    session.add(row)
    session.flush()
    _note(session, by, "evaluation drafted", row)
    return row.id


def is_open(row: EvaluationRow) -> bool:
    """Whether a version is a draft: neither signed nor withdrawn."""
    return row.signed_wall_s is None and row.withdrawn_wall_s is None


def evaluated_anew(
    session: Session, row: EvaluationRow, standards: StandardsInForce, links: Iterable[TicketSystemLink] = ()
) -> str:
    """The text that the database gives now, as of the moment at which it was drawn: equal, byte for byte, while nothing changed."""
    scope, period = _where(session, row)
    as_of_s = use_of(row.figures).as_of_wall_s
    return evaluation_text(evaluated_use(session, scope, period, standards, links, as_of_s))


def renew_evaluation(session: Session, by: Evaluating, number: int) -> None:
    """Draw a draft anew from what the database has now.

    Raises:
        EvaluationStepError: It is no draft.
    """
    row = _open(session, number)
    scope, period = _where(session, row)
    drawn = evaluated_use(session, scope, period, by.standards, by.links, round(by.now_wall_s, 3))
    _put(row, evaluation_text(drawn), by)
    session.flush()
    _note(session, by, "evaluation drawn anew", row)


def recommend(session: Session, by: Evaluating, number: int, text: str, owner: str, due: date) -> int:
    """Add a recommendation to a draft, with who sees to it and until when; returns its number.

    Raises:
        EvaluationStepError: It is no draft, says nothing, has nobody to see to it, or is due before the period ends.
    """
    row, text, owner = _open(session, number), _said(text, "a recommendation"), owner.strip()
    if not owner or len(owner) > SHORT:
        raise EvaluationStepError(
            "somebody sees to a recommendation: name them, in up to {short} letters", short=SHORT
        )
    if due <= row.last_day:
        raise EvaluationStepError(
            "a recommendation is due after the period, which ends on {last_day}", last_day=row.last_day
        )
    found = RecommendationRow(
        evaluation=number,
        text=text,
        owner=owner,
        due=due,
        made_by=by.account,
        made_wall_s=by.now_wall_s,
    )
    session.add(found)
    session.flush()
    _note(session, by, "recommended", row, f"recommendation {found.id}")
    return found.id


def take_back_recommendation(session: Session, by: Evaluating, number: int) -> None:
    """Take a recommendation out of a draft.

    Raises:
        EvaluationStepError: There is none in a draft.
    """
    found = session.get(RecommendationRow, number)
    if found is None:
        raise EvaluationStepError("there is no such recommendation any more")
    row = _open(session, found.evaluation)
    session.delete(found)
    session.flush()
    _note(session, by, "recommendation taken back", row, f"recommendation {number}")


def answer_recommendation(
    session: Session, by: Evaluating, number: int, recommendation: int, outcome: Answer, why: str
) -> None:
    """Say in a draft what came of an earlier recommendation.

    Raises:
        EvaluationStepError: It is no draft, nothing is said, or that recommendation is not to be answered in it.
    """
    row, why = _open(session, number), _said(why, "an answer")
    found = next((each for each in to_answer(session, row) if each.id == recommendation), None)
    if found is None:
        raise EvaluationStepError("that recommendation is not to be answered here")
    found.outcome, found.why, found.answered_in = outcome, why, number
    found.answered_by, found.answered_wall_s = by.account, by.now_wall_s
    session.flush()
    _note(session, by, "recommendation answered", row, f"recommendation {recommendation} {outcome}")


def sign_evaluation(session: Session, by: Evaluating, number: int, conclusion: str, seen_sha256: str) -> None:
    """Sign a draft with a conclusion: from then on it is frozen.

    Raises:
        StaleEvaluationError: The figures are other ones by now.
        EvaluationStepError: It is no draft, an earlier recommendation is not answered, or this person alone is evaluated.
    """
    row, conclusion = _open(session, number), _said(conclusion, "a conclusion")
    scope, period = _where(session, row)
    people = people_on_duty(session, scope, period)
    if len(people) == 1 and is_subject(session, by.account, *people):
        raise EvaluationStepError(
            "all that is evaluated here is one person's work, and theirs is this account: another person signs"
        )
    if any(each.outcome is None for each in to_answer(session, row)):
        raise EvaluationStepError(
            "an earlier recommendation is not answered: say of each whether it was done, and why"
        )
    if seen_sha256 != row.sha256 or evaluated_anew(session, row, by.standards, by.links) != row.figures:
        raise StaleEvaluationError(
            "the figures have changed since this draft was drawn: it was drawn anew, read it again before you sign"
        )
    row.conclusion, row.signed_by, row.signed_wall_s = conclusion, by.account, by.now_wall_s
    session.flush()
    _note(session, by, "evaluation signed", row)


def withdraw_evaluation(session: Session, by: Evaluating, number: int) -> None:
    """Withdraw a version; it stays to be read. What it had answered is open again, where it was a draft.

    Raises:
        EvaluationStepError: There is none, or it is withdrawn already.
    """
    row = session.get(EvaluationRow, number)
    if row is None or row.withdrawn_wall_s is not None:
        raise EvaluationStepError("there is no such evaluation any more")
    if is_open(row):
        for each in session.scalars(select(RecommendationRow).where(RecommendationRow.answered_in == number)):
            each.outcome = each.why = each.answered_by = each.answered_wall_s = each.answered_in = None
    row.withdrawn_by, row.withdrawn_wall_s = by.account, by.now_wall_s
    session.flush()
    _note(session, by, "evaluation withdrawn", row)


def recommendations_of(session: Session, number: int) -> tuple[RecommendationRow, ...]:
    """What an evaluation recommends, in the order in which it was written."""
    chosen = select(RecommendationRow).where(RecommendationRow.evaluation == number)
    return tuple(session.scalars(chosen.order_by(RecommendationRow.id)))


def to_answer(session: Session, row: EvaluationRow) -> tuple[RecommendationRow, ...]:
    """Of the same scope's earlier signed evaluations what is recommended and not answered yet, and what is answered in this one."""
    earlier = select(EvaluationRow.id).where(
        EvaluationRow.scope == row.scope,
        EvaluationRow.id != row.id,
        EvaluationRow.last_day < row.last_day,
        EvaluationRow.signed_wall_s.is_not(None),
        EvaluationRow.withdrawn_wall_s.is_(None),
    )
    chosen = select(RecommendationRow).where(RecommendationRow.evaluation.in_(earlier))
    found = session.scalars(chosen.order_by(RecommendationRow.due, RecommendationRow.id))
    return tuple(each for each in found if each.outcome is None or each.answered_in == row.id)


def evaluations(session: Session) -> tuple[EvaluationRow, ...]:
    """Every version, the latest period first."""
    return tuple(
        session.scalars(
            select(EvaluationRow).order_by(
                EvaluationRow.last_day.desc(), EvaluationRow.scope, EvaluationRow.version.desc()
            )
        )
    )


def scope_of_row(session: Session, row: EvaluationRow) -> EvaluatedScope:
    """Of what an evaluation is."""
    place = next((each for each in showrooms(session) if each.id == row.showroom_id), None)
    return EvaluatedScope(row.company, place)


def _where(session: Session, row: EvaluationRow) -> tuple[EvaluatedScope, Period]:
    return scope_of_row(session, row), Period(row.first_day, row.last_day, use_of(row.figures).timezone)


def _open(session: Session, number: int) -> EvaluationRow:
    row = session.get(EvaluationRow, number)
    if row is None or not is_open(row):
        raise EvaluationStepError("there is no such draft any more")
    return row


def _put(row: EvaluationRow, text: str, by: Evaluating) -> None:
    row.figures, row.sha256, row.drafted_wall_s = text, digest_of_text(text), by.now_wall_s


def _said(text: str, what: str) -> str:
    text = text.strip()
    if not text or len(text) > LONG:
        raise EvaluationStepError("{what} says something, in up to {long} letters", what=what, long=LONG)
    return text


def _note(session: Session, by: Evaluating, action: str, row: EvaluationRow, detail: str = "") -> None:
    """By numbers alone: the log is never changed, and names can be erased."""
    subject = f"evaluation {row.id}"
    note(session, by.now_wall_s, f"account {by.account}", action, subject, detail or row.sha256)
