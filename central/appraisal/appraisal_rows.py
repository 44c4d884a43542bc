"""The tables of appraisals, of what was said of them, and of contests."""

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


class AppraisalRow(Table):
    """One version of an appraisal of one person, in one showroom and one period.

    Once signed it is frozen: the database refuses changes, but that it is withdrawn, or that its reasons forget somebody.
    """

    __tablename__ = "appraisal"
    __table_args__ = (
        UniqueConstraint("person", "showroom_id", "first_day", "last_day", "version", name="appraisal_once"),
        CheckConstraint(
            "signed_wall_s IS NULL OR (signed_by IS NOT NULL AND reasons IS NOT NULL AND reasons <> '')",
            name="appraisal_signed_with_reasons",
        ),
        CheckConstraint(
            "signed_by IS NULL OR subject_account IS NULL OR signed_by <> subject_account",
            name="appraisal_signed_by_another",
        ),
        CheckConstraint("first_day <= last_day", name="appraisal_lasts"),
        Index("appraisal_by_showroom", "showroom_id"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    person: Mapped[str] = mapped_column(String(PSEUDONYM_LIMIT))
    """Their pseudonym."""
    showroom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)
    """Counted from 1: a correction of a signed one is the next version, and the one before stays."""
    replaces: Mapped[int | None] = mapped_column(BIG_KEY)
    """Number of the version before."""
    figures: Mapped[str] = mapped_column(Text)
    """`central.appraisal.figures.appraisal_text`: what it was drawn from and every figure."""
    sha256: Mapped[str] = mapped_column(String(64))
    drafted_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    drafted_wall_s: Mapped[float] = mapped_column(Double)
    subject_account: Mapped[int | None] = mapped_column(BIG_KEY)
    """Number of the person's own account when it was signed; None where they had none."""
    reasons: Mapped[str | None] = mapped_column(Text)
    signed_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    signed_wall_s: Mapped[float | None] = mapped_column(Double)
    withdrawn_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    withdrawn_wall_s: Mapped[float | None] = mapped_column(Double)


class AppraisalRemarkRow(Table):
    """What the person, or whoever appraises them, said of it."""

    __tablename__ = "appraisal_remark"
    __table_args__ = (Index("appraisal_remark_by_appraisal", "appraisal"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    appraisal: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("appraisal.id"))
    made_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    made_wall_s: Mapped[float] = mapped_column(Double)
    said: Mapped[str] = mapped_column(Text)


class ContestClaimRow(Table):
    """That the person says of one measurement that it is not theirs, or not as it was; decided by somebody who neither signs nor is meant."""

    __tablename__ = "contest_claim"
    __table_args__ = (
        UniqueConstraint("appraisal", "device", "bootid", "sequence", name="contest_claim_once"),
        CheckConstraint(
            "outcome IS NULL OR (decided_by IS NOT NULL AND reason IS NOT NULL AND reason <> '' AND decided_by <> made_by)",
            name="contest_claim_decided_by_another",
        ),
        CheckConstraint("made_by IS NOT NULL OR request IS NOT NULL", name="contest_claim_made_by_somebody"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    appraisal: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("appraisal.id"))
    device: Mapped[str] = mapped_column(String(63))
    bootid: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    """Number of the account; None where it was made at a desk's page by somebody who has none."""
    made_wall_s: Mapped[float] = mapped_column(Double)
    said: Mapped[str] = mapped_column(Text)
    """Empty where it was made at a desk's page, which takes no words."""
    request: Mapped[str | None] = mapped_column(String(120))
    """The id of the touch at a desk's page by which it was made; None where it was made at the service's own page."""
    outcome: Mapped[str | None] = mapped_column(String(10))
    """``excluded`` or ``kept``; None while it is open."""
    decided_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    decided_wall_s: Mapped[float | None] = mapped_column(Double)
    reason: Mapped[str | None] = mapped_column(Text)

    @property
    def measurement(self) -> str:
        """The measurement's id."""
        return f"{self.device}/{self.bootid}/{self.sequence}"
