"""The plan of standards of each desk, by where it stands, and the number under which it was sent."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Double, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import Table
from central.desks.registry import desks
from central.showrooms.profile_decisions import ProfileDecisionRow, ProfilesInForce, decisions
from central.standards.activations import (
    StandardActivation,
    StandardActivationRow,
    activations,
    in_force_or_planned,
)
from protocol.standard_plan import MOST_STANDARDS, PlannedStandard, StandardPlan

LONGEST_PLAN_BYTES = 30_000
"""Bytes of a plan as JSON. It travels as a text within JSON, where quotes and line ends are written with twice as many, in a message of
65,536 bytes at most (protocol/decoding.py, firmware_config/broker/mosquitto.conf). One standard of 8,192 bytes always fits."""


class DeskStandardRow(Table):
    """The latest plan of a desk."""

    __tablename__ = "desk_standard"

    device: Mapped[str] = mapped_column(String(63), ForeignKey("desk.device"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    plan: Mapped[str] = mapped_column(Text)
    """A `StandardPlan` as JSON."""
    asked_wall_s: Mapped[float] = mapped_column(Double)
    """Since when it is this one."""


@dataclass(frozen=True, slots=True)
class AskedPlan:
    """The latest plan of a desk, free of any database session."""

    plan: StandardPlan
    asked_wall_s: float


def asked_plans(session: Session) -> dict[str, AskedPlan]:
    """The latest plan of each desk that has one."""
    return {
        row.device: AskedPlan(StandardPlan.model_validate_json(row.plan), row.asked_wall_s)
        for row in session.scalars(select(DeskStandardRow))
    }


def has_plans(session: Session) -> bool:
    """Whether any standard was ever put into force, or any profile decided: where none was, no desk is looked at."""
    asked = (StandardActivationRow.id, ProfileDecisionRow.id)
    return any(session.scalar(select(column).limit(1)) is not None for column in asked)


def bring_plans_up_to_date(session: Session, now_wall_s: float) -> tuple[StandardPlan, ...]:
    """Give each desk whose standards or profile have changed a new plan: by an activation, its moment's coming, a decision, or a move.

    Args:
        session: Its transaction takes the new plans.
        now_wall_s: The present, as Unix time.

    Returns:
        Every desk's latest plan.
    """
    standing = activations(session)
    held = ProfilesInForce(decisions(session))
    rows = {row.device: row for row in session.scalars(select(DeskStandardRow))}
    plans = []
    for desk in desks(session, now_wall_s):
        wanted = _planned(in_force_or_planned(standing, desk.showroom_id, now_wall_s))
        leaves_out = held.at(desk.showroom_id, now_wall_s).off if desk.says_what_it_leaves_out else None
        row = rows.get(desk.device)
        if row is not None:
            asked = StandardPlan.model_validate_json(row.plan)
            if (asked.standards, asked.leaves_out) == (wanted, leaves_out):
                plans.append(asked)
                continue
        elif not wanted and leaves_out is None:
            continue
        # By the clock, so that it also grows over a database that was restored from an older copy.
        number = max(int(now_wall_s), 1, 0 if row is None else row.number + 1)
        plan = StandardPlan(device=desk.device, number=number, standards=wanted, leaves_out=leaves_out)
        if row is None:
            row = DeskStandardRow(device=desk.device)
            session.add(row)
        row.number, row.plan, row.asked_wall_s = number, plan.model_dump_json(), now_wall_s
        plans.append(plan)
    session.flush()
    return tuple(plans)


def _planned(found: tuple[StandardActivation, ...]) -> tuple[PlannedStandard, ...]:
    """As many of them as fit into one message, the one in force first."""
    planned = tuple(
        PlannedStandard(
            from_wall_s=each.from_wall_s,
            name=each.version.standard.name,
            version=each.version.standard.version,
            sha256=each.version.sha256,
            text=each.version.text,
        )
        for each in found[:MOST_STANDARDS]
    )
    while (
        len(planned) > 1
        and sum(len(each.model_dump_json().encode()) for each in planned) > LONGEST_PLAN_BYTES
    ):
        planned = planned[:-1]
    return planned
