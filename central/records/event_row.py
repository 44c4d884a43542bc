"""The table of measurements, each in the envelope it came in."""

from sqlalchemy import Boolean, Double, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from central.database.table import BIG_KEY, Table

_JUDGED = text("(type LIKE 'deskside.encounter.%' OR type LIKE 'deskside.call.%')")
"""See `central.records.query.VISIT_OR_CALL`: they are counted by the index alone."""

_DUTY = text("type = 'deskside.duty.v1'")
"""See `central.records.query.IS_DUTY`."""

_ATTENDANCE = text("type = 'deskside.attendance.v1'")
"""See `central.records.query.IS_ATTENDANCE`."""

_LONG = text("duration_s > 86400.0")
"""See `central.records.query.IS_LONG`."""


class EventRow(Table):
    """One measurement, in the envelope it came in."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("device", "bootid", "sequence", name="event_once"),
        Index("event_by_time", "device", "start_wall_s"),
        Index("event_judged", "device", "start_wall_s", sqlite_where=_JUDGED, postgresql_where=_JUDGED),
        Index(
            "event_uncorrected",
            "device",
            "bootid",
            sqlite_where=text("sent_synced IS 0"),
            postgresql_where=text("sent_synced IS false"),
        ),
        Index("event_duty", "device", "start_wall_s", sqlite_where=_DUTY, postgresql_where=_DUTY),
        Index(
            "event_attendance",
            "device",
            "start_wall_s",
            sqlite_where=_ATTENDANCE,
            postgresql_where=_ATTENDANCE,
        ),
        Index("event_long", "device", "start_wall_s", sqlite_where=_LONG, postgresql_where=_LONG),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("desk.device"))
    bootid: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(60))
    start_wall_s: Mapped[float] = mapped_column(Double)
    """When it began: as sent, or as corrected by a later birth whose clock was set."""
    duration_s: Mapped[float] = mapped_column(Double)
    timeline_s: Mapped[float] = mapped_column(Double)
    synced: Mapped[bool] = mapped_column(Boolean)
    """Whether ``start_wall_s`` comes from a clock that had been set."""
    sent_synced: Mapped[bool] = mapped_column(Boolean)
    """Whether it was sent so; otherwise every birth with a set clock corrects it."""
    historical: Mapped[bool] = mapped_column(Boolean)
    received_wall_s: Mapped[float] = mapped_column(Double)
    raw: Mapped[str] = mapped_column(Text)
    """The event as it was understood, never changed."""
