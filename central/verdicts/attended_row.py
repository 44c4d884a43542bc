"""The table of when desks were staffed: of each attendance only what a share of staffed time is made of."""

from sqlalchemy import BigInteger, Boolean, Double, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from central.database.table import Table


class AttendedRow(Table):
    """One attendance. The database forgets it with the measurement, as it does a `VerdictRow`; it names nobody."""

    __tablename__ = "attended"
    __table_args__ = (
        Index("attended_by_time", "device", "start_wall_s", "duration_s", "staffed", "coverage"),
    )

    event: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    device: Mapped[str] = mapped_column(String(63))
    start_wall_s: Mapped[float] = mapped_column(Double)
    duration_s: Mapped[float] = mapped_column(Double)
    staffed: Mapped[bool] = mapped_column(Boolean)
    coverage: Mapped[float] = mapped_column(Double)
