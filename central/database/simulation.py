"""The mark of a database that holds nothing but what was simulated: nothing real ever comes beside it."""

from sqlalchemy import Double, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import Table


class SimulationRow(Table):
    """The mark; there is one row, or none."""

    __tablename__ = "simulation"

    made_wall_s: Mapped[float] = mapped_column(Double, primary_key=True)


def is_simulated(session: Session) -> bool:
    """Whether everything in this database was simulated."""
    return session.scalar(select(SimulationRow.made_wall_s).limit(1)) is not None


def mark_simulated(session: Session, now_wall_s: float) -> None:
    """Say for good that everything in this database was simulated."""
    session.add(SimulationRow(made_wall_s=now_wall_s))
    session.flush()
