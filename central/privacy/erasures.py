"""The table of erasures: that somebody was erased, when, by whom, and how many rows named them; never who it was."""

from sqlalchemy import BigInteger, Double, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import BIG_KEY, Table
from central.people.shifts import ERASED


class ErasureRow(Table):
    """One erasure."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    done_wall_s: Mapped[float] = mapped_column(Double)
    made_by: Mapped[str] = mapped_column(String(60))
    """As the audit log names whoever did it."""
    reason: Mapped[str] = mapped_column(Text)
    """Why, without the name."""
    rows: Mapped[int] = mapped_column(BigInteger)
    """How many named the person."""

    @property
    def name(self) -> str:
        """What stands where the person's name stood."""
        return f"{ERASED}{self.id}"


def erasures(session: Session) -> tuple[ErasureRow, ...]:
    """Every erasure, latest first."""
    return tuple(session.scalars(select(ErasureRow).order_by(ErasureRow.id.desc())))
