"""Stretches of time in which whoever was on duty at a desk was exempt from a clause, kept where the name was forgotten: of nobody in particular."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Double, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.given import NUMBER, REAL, TEXT, found_for_each, given
from central.database.table import BIG_KEY, Table
from central.people.duty_roster import shifts_between, shifts_in
from central.people.exemptions import ExemptClauses, Exemption, exemptions
from central.people.shifts import Shift, on_duty_at
from central.records.query import DeskStretch


class ExemptStretchRow(Table):
    """One stretch, one clause."""

    __tablename__ = "exempt_stretch"
    __table_args__ = (Index("exempt_stretch_by_desk", "device", "from_wall_s"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("desk.device"))
    clause: Mapped[str] = mapped_column(String(60))
    from_wall_s: Mapped[float] = mapped_column(Double)
    until_wall_s: Mapped[float] = mapped_column(Double)


class ExemptStretch(NamedTuple):
    """A stretch in which a clause does not hold at a desk, as two Unix times, the second one excluded."""

    clause: str
    from_s: float
    until_s: float


def exempt_in(
    session: Session, stretches: Sequence[DeskStretch], shifts: Sequence[Sequence[Shift]] | None = None
) -> list[tuple[ExemptStretch, ...]]:
    """When whoever was on duty was exempt from which clause, within each stretch of time, ascending.

    Args:
        session: Where to read; in as many statements for one desk as for all.
        stretches: Of any desks.
        shifts: Of each stretch, where they were read already (`central.people.duty_roster.shifts_in`).
    """
    every = exemptions(session)
    found = _kept(session, stretches)
    if every:
        rosters = shifts_in(session, stretches) if shifts is None else shifts
        for each, kept, roster in zip(stretches, found, rosters, strict=True):
            kept.update(_of_shifts(roster, every, each.from_s, each.to_s))
    return [tuple(sorted(kept, key=lambda each: (each.from_s, each.clause))) for kept in found]


def exempt_stretches(session: Session, device: str, from_s: float, to_s: float) -> tuple[ExemptStretch, ...]:
    """The same of one desk.

    Args:
        session: Where to read.
        device: The desk.
        from_s: Unix time, included.
        to_s: Unix time, excluded.
    """
    (found,) = exempt_in(session, [DeskStretch(device, from_s, to_s)])
    return found


def exempt_at(stretches: Sequence[ExemptStretch], wall_s: float) -> Collection[str]:
    """The clauses from which whoever was on duty at a Unix time is exempt."""
    return {each.clause for each in stretches if each.from_s <= wall_s < each.until_s}


def _kept(session: Session, stretches: Sequence[DeskStretch]) -> list[set[ExemptStretch]]:
    """What was kept of names that are forgotten, cut to each stretch."""
    columns = {"place": NUMBER, "desk": TEXT, "from_s": REAL, "to_s": REAL}
    asked = given(session, columns, [(place, *each) for place, each in enumerate(stretches)])
    touching = (
        ExemptStretchRow.device == asked.c.desk,
        ExemptStretchRow.from_wall_s < asked.c.to_s,
        ExemptStretchRow.until_wall_s > asked.c.from_s,
    )
    wanted = (ExemptStretchRow.clause, ExemptStretchRow.from_wall_s, ExemptStretchRow.until_wall_s)
    found: list[set[ExemptStretch]] = [set() for _ in stretches]
    rows = session.execute(found_for_each(session, asked, wanted, touching))
    for place, _, from_s, to_s, clause, begun_s, until_s in rows:
        found[place].add(ExemptStretch(clause, max(begun_s, from_s), min(until_s, to_s)))
    return found


def _of_shifts(
    shifts: Sequence[Shift], every: Sequence[Exemption], from_s: float, to_s: float
) -> set[ExemptStretch]:
    """The stretches within the shifts of whoever is exempt from anything."""
    exempt = ExemptClauses(every)
    found = set()
    for person in {each.person for each in every}:
        changes = [
            at_s
            for each in every
            if each.person == person
            for at_s in (each.from_s, each.until_s)
            if at_s is not None
        ]
        for shift in (each for each in shifts if each.person == person):
            begins_s = max(shift.from_s, from_s)
            ends_s = to_s if shift.until_s is None else min(shift.until_s, to_s)
            beside = [each for each in shifts if each.from_s < ends_s and (each.until_s or ends_s) > begins_s]
            # Between two of these moments the same person is on duty, and exempt from the same clauses.
            moments = [*changes, *(at_s for each in beside for at_s in (each.from_s, each.until_s or ends_s))]
            inner = {at_s for at_s in moments if begins_s < at_s < ends_s}
            edges = sorted({begins_s, ends_s} | inner)
            found |= {
                ExemptStretch(clause, low_s, high_s)
                for low_s, high_s in pairwise(edges)
                for clause in exempt.of(on_duty_at(beside, low_s), low_s)
            }
    return found


def who_is_exempt(
    session: Session, device: str, from_s: float, to_s: float
) -> Callable[[float], Collection[str]]:
    """Answers from which clauses whoever was on duty at a Unix time within a stretch is exempt."""
    stretches = exempt_stretches(session, device, from_s, to_s)
    return lambda wall_s: exempt_at(stretches, wall_s)


def keep_exempt_stretches(session: Session, times: Iterable[tuple[str, float, float]]) -> None:
    """Keep, before names are forgotten, when whoever was on duty was exempt: what is judged of that time stays as it is.

    Args:
        session: Its transaction forgets the names.
        times: Desk and two Unix times each, of what is about to be forgotten.
    """
    if not exemptions(session):
        return
    asked: dict[str, tuple[float, float]] = {}
    for device, from_s, until_s in times:
        low_s, high_s = asked.get(device, (from_s, until_s))
        asked[device] = min(low_s, from_s), max(high_s, until_s)
    for device, (from_s, until_s) in asked.items():
        shifts = shifts_between(session, device, from_s, until_s)
        low_s = min((shift.from_s for shift in shifts), default=from_s)
        high_s = max((shift.until_s or until_s for shift in shifts), default=until_s)
        known = {
            ExemptStretch(row.clause, row.from_wall_s, row.until_wall_s)
            for row in session.scalars(select(ExemptStretchRow).where(ExemptStretchRow.device == device))
        }
        session.add_all(
            ExemptStretchRow(
                device=device, clause=each.clause, from_wall_s=each.from_s, until_wall_s=each.until_s
            )
            for each in exempt_stretches(session, device, low_s, high_s)
            if each not in known
        )
    session.flush()
