"""The tables of verdicts that are kept, each under one standard, and of what is to be judged."""

from sqlalchemy import BigInteger, Double, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from central.database.table import BIG_KEY, Table


class JudgedUnderRow(Table):
    """A standard under which verdicts are kept, in one version of the scoring."""

    __tablename__ = "judged_under"
    __table_args__ = (UniqueConstraint("digest", "scoring", name="judged_under_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of all that the standard says."""
    scoring: Mapped[int] = mapped_column(Integer)
    """`central.scoring.judging.SCORING_VERSION`."""
    label: Mapped[str] = mapped_column(String(100))


class VerdictRow(Table):
    """What all clauses of one standard say of one visit or call, whoever was on duty.

    The database deletes it when the measurement is moved in time, changed or deleted, and then asks for it anew: see
    central/database/migrations/versions/v0015_kept_verdicts.py. It names nobody.
    """

    __tablename__ = "verdict"
    __table_args__ = (Index("verdict_by_time", "under", "device", "start_wall_s", "outcomes"),)

    event: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    under: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    device: Mapped[str] = mapped_column(String(63))
    start_wall_s: Mapped[float] = mapped_column(Double)
    outcomes: Mapped[str] = mapped_column(String(40))
    """See `central.verdicts.packing`."""
    said: Mapped[str] = mapped_column(Text)


class VerdictDueRow(Table):
    """A measurement that is to be judged, or judged anew."""

    __tablename__ = "verdict_due"

    event: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class VerdictProgressRow(Table):
    """How far the judging has come: one row."""

    __tablename__ = "verdict_progress"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    reached: Mapped[int] = mapped_column(BigInteger)
    """Measurements up to this number were looked at."""
    rules: Mapped[str] = mapped_column(String(64))
    """Digest of which standard held where and when, as it was when all was last looked through."""
