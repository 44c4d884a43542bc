"""The tables of evaluations and of what they recommend."""

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

SHORT = 200
"""Letters of a company's name, and of who sees to a recommendation."""


class EvaluationRow(Table):
    """One version of the evaluation of a showroom or of a company in a period.

    Once signed it is frozen: the database refuses changes, but that it is withdrawn, or that its conclusion forgets somebody.
    """

    __tablename__ = "evaluation"
    __table_args__ = (
        UniqueConstraint("scope", "first_day", "last_day", "version", name="evaluation_once"),
        CheckConstraint(
            "signed_wall_s IS NULL OR (signed_by IS NOT NULL AND conclusion IS NOT NULL AND conclusion <> '')",
            name="evaluation_signed_with_conclusion",
        ),
        CheckConstraint("first_day <= last_day", name="evaluation_lasts"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    scope: Mapped[str] = mapped_column(String(220))
    """``showroom:3`` or ``company:North``: by it the earlier ones are found."""
    company: Mapped[str] = mapped_column(String(SHORT))
    showroom_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)
    figures: Mapped[str] = mapped_column(Text)
    """`central.evaluation.use_figures.evaluation_text`."""
    sha256: Mapped[str] = mapped_column(String(64))
    drafted_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    drafted_wall_s: Mapped[float] = mapped_column(Double)
    conclusion: Mapped[str | None] = mapped_column(Text)
    signed_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    signed_wall_s: Mapped[float | None] = mapped_column(Double)
    withdrawn_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    withdrawn_wall_s: Mapped[float | None] = mapped_column(Double)


class RecommendationRow(Table):
    """What an evaluation recommends: with who sees to it and until when; answered once, in a later evaluation."""

    __tablename__ = "recommendation"
    __table_args__ = (
        Index("recommendation_by_evaluation", "evaluation"),
        CheckConstraint(
            "outcome IS NULL OR (outcome IN ('done', 'not_done') AND why IS NOT NULL AND why <> ''"
            " AND answered_by IS NOT NULL AND answered_in IS NOT NULL)",
            name="recommendation_answered_with_why",
        ),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    evaluation: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("evaluation.id"))
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(SHORT))
    due: Mapped[date] = mapped_column(Date)
    made_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    made_wall_s: Mapped[float] = mapped_column(Double)
    outcome: Mapped[str | None] = mapped_column(String(10))
    """``done`` or ``not_done``; None while nobody has said."""
    why: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    answered_wall_s: Mapped[float | None] = mapped_column(Double)
    answered_in: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("evaluation.id"))
    """The later evaluation in which it is answered."""
