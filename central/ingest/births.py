"""What the desks' latest births say of the standard that each works by."""

from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.desks.registry import DeskRow
from central.ingest.rows import BootRow
from protocol.manner import Manner
from protocol.state import Birth


@dataclass(frozen=True, slots=True)
class ToldStandard:
    """The standard that a desk works by, as it said itself."""

    label: str
    """Name and version."""
    sha256: str | None
    """Of its text; None of a desk with software of before."""
    plan: int | None
    """Number of the plan of standards that the desk has."""
    leaves_out: tuple[Manner, ...] | None
    """What of the host's manner it does not measure; None of a desk with software of before."""


def told_standards(session: Session) -> dict[str, ToldStandard]:
    """What each desk's latest birth says of its standard; a desk that has sent none, or one that is read no more, is left out."""
    latest = (
        select(BootRow.birth)
        .where(BootRow.device == DeskRow.device, BootRow.birth.is_not(None))
        .order_by(BootRow.first_wall_s.desc())
        .limit(1)
        .scalar_subquery()
    )
    found: dict[str, ToldStandard] = {}
    for device, text in session.execute(select(DeskRow.device, latest)):
        try:
            birth = Birth.model_validate_json(text or "")
        except ValidationError:
            continue
        found[device] = ToldStandard(
            birth.standard, birth.standard_sha256, birth.standard_plan, birth.leaves_out
        )
    return found
