"""The tables of alerts and of what is to be told of them."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
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


class AlertRow(Table):
    """One cause in one showroom: the signals that began at about the same time, or a source of monitoring that is overdue."""

    __tablename__ = "alert"
    __table_args__ = (Index("alert_by_showroom", "showroom_id", "closed_wall_s"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    showroom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    source: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("monitored_source.id"))
    """Of monitoring, where a note of it is overdue; None of an alert of charts."""
    began: Mapped[date] = mapped_column(Date)
    """Where to look for the cause: the earliest of its signals."""
    opened_wall_s: Mapped[float] = mapped_column(Double)
    closed_wall_s: Mapped[float | None] = mapped_column(Double)
    """When the last of its signals was over."""
    acknowledged_by: Mapped[str | None] = mapped_column(String(200))
    """Name of the account."""
    acknowledged_wall_s: Mapped[float | None] = mapped_column(Double)


class AlertSignalRow(Table):
    """A signal of one indicator that belongs to a cause."""

    __tablename__ = "alert_signal"
    __table_args__ = (UniqueConstraint("alert", "code", name="alert_signal_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    alert: Mapped[int] = mapped_column(BigInteger, ForeignKey("alert.id"))
    code: Mapped[str] = mapped_column(String(60))
    up: Mapped[bool] = mapped_column(Boolean)
    lasts: Mapped[bool] = mapped_column(Boolean)


class AlertTellingRow(Table):
    """That a channel is to be told of an alert, once."""

    __tablename__ = "alert_telling"
    __table_args__ = (UniqueConstraint("alert", "channel", name="alert_telling_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    alert: Mapped[int] = mapped_column(BigInteger, ForeignKey("alert.id"))
    channel: Mapped[str] = mapped_column(String(40))
    due_wall_s: Mapped[float] = mapped_column(Double)
    tries: Mapped[int] = mapped_column(Integer)
    told_wall_s: Mapped[float | None] = mapped_column(Double)
    trouble: Mapped[str | None] = mapped_column(Text)
    """Why it could not be told, at the latest try."""
