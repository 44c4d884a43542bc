"""Which desks are there at this moment, by their own word or by that of the broker."""

from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.desks.registry import DeskRow

Presence = Literal["init", "ready", "disconnected", "lost", "unheard"]
"""As in protocol.state.State; ``unheard`` of a desk that was entered and has said nothing yet."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The last word on whether a desk is there."""

    presence: Presence
    wall_s: float | None
    """Unix time of its arrival; None while nothing has come."""


def heard(session: Session) -> dict[str, Heard]:
    """The last word on every desk, by its name."""
    rows = session.execute(select(DeskRow.device, DeskRow.state, DeskRow.state_wall_s))
    return {row.device: Heard(cast("Presence", row.state or "unheard"), row.state_wall_s) for row in rows}
