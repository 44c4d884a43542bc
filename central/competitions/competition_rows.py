"""The tables of competitions, of who entered them, and of desks whose practice is described."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from central.database.table import BIG_KEY, Table
from central.people.workforce import PSEUDONYM_LIMIT
from central.showrooms.premises import NAME_LIMIT


class CompetitionRow(Table):
    """One competition. Once announced its rules stay; once closed its outcome does: the database refuses changes."""

    __tablename__ = "competition"
    __table_args__ = (
        CheckConstraint(
            "outcome IS NULL OR announced_wall_s IS NOT NULL", name="competition_announced_first"
        ),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    title: Mapped[str] = mapped_column(String(NAME_LIMIT))
    made_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    made_wall_s: Mapped[float] = mapped_column(Double)
    announced_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    announced_wall_s: Mapped[float | None] = mapped_column(Double)
    outcome: Mapped[str | None] = mapped_column(Text)
    """`central.competitions.competition_outcome.CompetitionOutcome.text`; it names nobody."""
    outcome_sha256: Mapped[str | None] = mapped_column(String(64))
    closed_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    closed_wall_s: Mapped[float | None] = mapped_column(Double)
    called_off_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    called_off_wall_s: Mapped[float | None] = mapped_column(Double)


class CompetitionRulesRow(Table):
    """One version of the rules of a competition; the latest holds. None comes after it was announced."""

    __tablename__ = "competition_rules"
    __table_args__ = (UniqueConstraint("competition", "version", name="competition_rules_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    competition: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("competition.id"))
    version: Mapped[int] = mapped_column(Integer)
    rules: Mapped[str] = mapped_column(Text)
    """`central.competitions.competition_rules.CompetitionRules.text`."""
    sha256: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    made_wall_s: Mapped[float] = mapped_column(Double)


class CompetitionEntryRow(Table):
    """That somebody entered a competition themselves, and when they withdrew."""

    __tablename__ = "competition_entry"
    __table_args__ = (UniqueConstraint("competition", "person", name="competition_entry_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    competition: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("competition.id"))
    person: Mapped[str] = mapped_column(String(PSEUDONYM_LIMIT))
    """Their pseudonym."""
    entered_wall_s: Mapped[float] = mapped_column(Double)
    withdrawn_wall_s: Mapped[float | None] = mapped_column(Double)


class BenchmarkRow(Table):
    """A desk that others may imitate: what it came to, and what it does, in words."""

    __tablename__ = "benchmark"
    __table_args__ = (
        CheckConstraint("practice <> ''", name="benchmark_in_words"),
        Index("benchmark_by_showroom", "showroom_id"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    showroom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    device: Mapped[str] = mapped_column(String(63))
    element: Mapped[str] = mapped_column(String(60))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    met: Mapped[int] = mapped_column(Integer)
    whole: Mapped[int] = mapped_column(Integer)
    practice: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    made_wall_s: Mapped[float] = mapped_column(Double)
    ended_wall_s: Mapped[float | None] = mapped_column(Double)
    """Since when it is shown no more."""
