"""The table of corrections of duties: added to what was measured, which stays, and never changed themselves."""

import time
from collections.abc import Collection

from sqlalchemy import Double, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.given import TEXT, given
from central.database.table import BIG_KEY, Table
from central.people.shifts import DutyCorrection
from central.people.workforce import PSEUDONYM_LIMIT
from protocol.errors import RefusalError


class BadCorrectionError(RefusalError):
    """A duty cannot be corrected so."""


class DutyCorrectionRow(Table):
    """What somebody said in place of a sign-in, or of none. Rows are only ever added: the database refuses changes."""

    __tablename__ = "duty_correction"
    __table_args__ = (Index("duty_correction_by_desk", "device", "from_wall_s"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("desk.device"))
    measurement: Mapped[str | None] = mapped_column(String(120))
    """Id of the duty that is corrected; None where nobody had signed in."""
    person: Mapped[str] = mapped_column(String(PSEUDONYM_LIMIT))
    from_wall_s: Mapped[float] = mapped_column(Double)
    until_wall_s: Mapped[float | None] = mapped_column(Double)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(200))
    made_wall_s: Mapped[float] = mapped_column(Double)


def corrections_of(session: Session, devices: Collection[str]) -> dict[str, list[DutyCorrection]]:
    """Every correction of desks' duties, those of each in the order in which they were made."""
    asked = given(session, {"device": TEXT}, [(device,) for device in devices])
    rows = session.scalars(
        select(DutyCorrectionRow)
        .join(asked, asked.c.device == DutyCorrectionRow.device)
        .order_by(DutyCorrectionRow.id)
    )
    found: dict[str, list[DutyCorrection]] = {device: [] for device in devices}
    for row in rows:
        found[row.device].append(
            DutyCorrection(
                row.id,
                row.measurement,
                row.person,
                row.from_wall_s,
                row.until_wall_s,
                row.reason,
                row.made_by,
            )
        )
    return found


def correct_duty(
    session: Session,
    device: str,
    *,
    measurement: str | None,
    person: str,
    from_wall_s: float,
    until_wall_s: float | None,
    reason: str,
    made_by: str,
) -> None:
    """Say who was on duty in place of what was measured; that stays, and the correction with its reason stands beside it.

    Raises:
        BadCorrectionError: It gives no reason or no person, or ends before it begins.
    """
    if not reason.strip() or not person.strip():
        raise BadCorrectionError("a correction names the person, and the reason for which it is made")
    if until_wall_s is not None and until_wall_s < from_wall_s:
        raise BadCorrectionError("a duty cannot end before it begins")
    session.add(
        DutyCorrectionRow(
            device=device,
            measurement=measurement,
            person=person.strip(),
            from_wall_s=from_wall_s,
            until_wall_s=until_wall_s,
            reason=reason.strip(),
            made_by=made_by,
            made_wall_s=time.time(),
        )
    )
    session.flush()
