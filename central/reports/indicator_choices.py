"""What a company has said of its indicators: owner and target; and from when on somebody said that a level is the one to be held."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, Double, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.audit_log import note
from central.database.table import BIG_KEY, Table
from central.statistics.indicators import INDICATORS
from protocol.errors import RefusalError

OWNER_LIMIT = 100
"""Letters of an owner's name or function."""
REASON_LIMIT = 500
"""Letters of a reason."""


class BadChoiceError(RefusalError):
    """Nothing such can be said of an indicator."""


class IndicatorChoiceRow(Table):
    """Owner and target of an indicator in a company."""

    __tablename__ = "indicator_choice"

    company: Mapped[str] = mapped_column(String(200), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    owner: Mapped[str] = mapped_column(String(OWNER_LIMIT))
    target: Mapped[float | None] = mapped_column(Double)


class IndicatorBaselineRow(Table):
    """That the level of an indicator is the one to be held from a day on."""

    __tablename__ = "indicator_baseline"
    __table_args__ = (Index("indicator_baseline_by_scope", "scope", "code"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    scope: Mapped[str] = mapped_column(String(300))
    """As in the address of its chart: ``showroom:3``."""
    code: Mapped[str] = mapped_column(String(60))
    from_day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    said_by: Mapped[str] = mapped_column(String(200))
    """Name of the account."""
    said_wall_s: Mapped[float] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class IndicatorChoice:
    """Owner and target."""

    owner: str = ""
    target: float | None = None
    """In the indicator's unit: a share from 0 to 1, seconds or hours."""


@dataclass(frozen=True, slots=True)
class IndicatorBaseline:
    """That a level is the one to be held."""

    from_day: date
    reason: str
    said_by: str


def choices_of(session: Session, company: str) -> dict[str, IndicatorChoice]:
    """What a company has said, by the indicator's code."""
    rows = session.scalars(select(IndicatorChoiceRow).where(IndicatorChoiceRow.company == company))
    return {row.code: IndicatorChoice(row.owner, row.target) for row in rows}


def choose(
    session: Session, company: str, code: str, choice: IndicatorChoice, actor: str, now_wall_s: float
) -> None:
    """Say who owns an indicator in a company, and what is aimed at.

    Raises:
        BadChoiceError: There is no such indicator, or nothing can reach such a target.
    """
    indicator = INDICATORS.get(code)
    if indicator is None:
        raise BadChoiceError("there is no indicator {code!r}", code=code)
    if choice.target is not None and (
        choice.target < 0.0 or (indicator.unit == "share" and choice.target > 1.0)
    ):
        raise BadChoiceError("a target is 0 or more, and a share at most 100 %")
    row = session.get(IndicatorChoiceRow, (company, code))
    if row is None:
        row = IndicatorChoiceRow(company=company, code=code, owner="", target=None)
        session.add(row)
    row.owner, row.target = choice.owner.strip()[:OWNER_LIMIT], choice.target
    note(session, now_wall_s, actor, "indicator's owner and target set", f"{company} {code}")


def baselines_of(session: Session, scope: str, code: str) -> tuple[IndicatorBaseline, ...]:
    """What was said of a chart, ascending by day."""
    rows = session.scalars(
        select(IndicatorBaselineRow)
        .where(IndicatorBaselineRow.scope == scope, IndicatorBaselineRow.code == code)
        .order_by(IndicatorBaselineRow.from_day, IndicatorBaselineRow.id)
    )
    return tuple(IndicatorBaseline(row.from_day, row.reason, row.said_by) for row in rows)


def begin_baseline(
    session: Session, scope: str, code: str, said: IndicatorBaseline, actor: str, now_wall_s: float
) -> None:
    """Hold a chart, from a day on, against what follows that day.

    Raises:
        BadChoiceError: There is no such indicator, or no reason is given.
    """
    if code not in INDICATORS:
        raise BadChoiceError("there is no indicator {code!r}", code=code)
    if not said.reason.strip():
        raise BadChoiceError("a new reference needs a reason: what changed, and why it is to stay")
    session.add(
        IndicatorBaselineRow(
            scope=scope,
            code=code,
            from_day=said.from_day,
            reason=said.reason.strip()[:REASON_LIMIT],
            said_by=said.said_by,
            said_wall_s=now_wall_s,
        )
    )
    # The reason stays out of the log, which nobody may change: what it says of somebody may have to be forgotten.
    note(session, now_wall_s, actor, "new reference of an indicator", f"{scope} {code}")
