"""Desks that others may imitate: what each came to, as it was counted, and what it does, in words of somebody who looked."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.appraisal.appraisal_steps import TEXT_LIMIT, Taking
from central.appraisal.gathering import period_of, work_there
from central.audit.audit_log import note
from central.competitions.competition_counting import of_enough_people, pair_of
from central.competitions.competition_rows import BenchmarkRow
from central.competitions.competition_rules import ELEMENTS
from central.showrooms.premises import Showroom
from central.statistics.share import SMALL_SAMPLE
from protocol.errors import RefusalError

FEWEST_LETTERS = 40
"""Of what a desk does: a sentence, so that somebody elsewhere can do the same."""


class BenchmarkError(RefusalError):
    """A desk cannot be described so; the text says why."""


def describe_desk(
    session: Session,
    by: Taking,
    showroom: Showroom,
    device: str,
    element: str,
    days: tuple[date, date],
    practice: str,
) -> int:
    """Describe what a desk does, beside what it came to; returns the number of the description.

    Raises:
        BenchmarkError: The words are too few, the desk has too few cases, or its figure would be that of one or two people.
        BadPeriodError: The days are no period.
    """
    practice = practice.strip()
    if not FEWEST_LETTERS <= len(practice) <= TEXT_LIMIT:
        raise BenchmarkError(
            "say what is done at this desk, in {fewest_letters} to {text_limit} letters: a number alone cannot be imitated",
            fewest_letters=FEWEST_LETTERS,
            text_limit=TEXT_LIMIT,
        )
    if element not in ELEMENTS:
        raise BenchmarkError(
            "{element} cannot be counted; there are: {known}", element=element, known=", ".join(ELEMENTS)
        )
    there = work_there(session, showroom, period_of(*days, showroom.timezone), by.standards)
    done = [each for each in there.done if each.desk.device == device]
    met, whole = pair_of(done, element)
    if whole < SMALL_SAMPLE:
        raise BenchmarkError(
            "{whole} cases are decided at {device} in these days: {small_sample} at least",
            whole=whole,
            device=device,
            small_sample=SMALL_SAMPLE,
        )
    if not of_enough_people((element,), done):
        raise BenchmarkError("the figure of this desk would be that of one or two people: choose more days")
    row = BenchmarkRow(
        showroom_id=showroom.id,
        device=device,
        element=element,
        first_day=days[0],
        last_day=days[1],
        met=met,
        whole=whole,
        practice=practice,
        made_by=by.account,
        made_wall_s=by.now_wall_s,
    )
    session.add(row)
    session.flush()
    note(session, by.now_wall_s, f"account {by.account}", "benchmark described", f"benchmark {row.id}")
    return row.id


def end_benchmark(session: Session, by: Taking, row: BenchmarkRow) -> None:
    """Show a description no more.

    Raises:
        BenchmarkError: It is ended already.
    """
    if row.ended_wall_s is not None:
        raise BenchmarkError("it is shown no more already")
    row.ended_wall_s = by.now_wall_s
    session.flush()
    note(session, by.now_wall_s, f"account {by.account}", "benchmark ended", f"benchmark {row.id}")


def benchmarks(session: Session) -> tuple[BenchmarkRow, ...]:
    """Those that are shown, latest first."""
    chosen = select(BenchmarkRow).where(BenchmarkRow.ended_wall_s.is_(None))
    return tuple(session.scalars(chosen.order_by(BenchmarkRow.id.desc())))
