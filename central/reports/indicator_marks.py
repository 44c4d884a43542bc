"""What changed in how an indicator is measured, and when: standards, software and networks, calibrations, cameras, desks, and what somebody said."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.ingest.rows import BootRow
from central.reports.indicator_cells import ScopeCells
from central.reports.indicator_choices import IndicatorBaseline
from central.statistics.indicators import Indicator
from central.statistics.period_charts import ChartMark
from central.verdicts.rules import RuledStay
from protocol.standard import Standard, area_of
from protocol.state import Birth

AREA_OF_KIND = {"wait": "respond", "staffed": "presence", "answered": "phone", "offered": "phone"}
"""The area of the standard on which an indicator that is no clause rests."""


def marks_of(
    session: Session, indicator: Indicator, cells: ScopeCells, said: Iterable[IndicatorBaseline]
) -> tuple[ChartMark, ...]:
    """The marks within the days of some cells, ascending."""
    first, last = cells.days[0], cells.days[-1]
    found = {
        *_of_standards(indicator, cells.held),
        # A reply is of no desk.
        *(_of_births(session, cells.held) if indicator.kind != "reply" else ()),
        *(_of_moves(cells.held) if indicator.kind != "reply" else ()),
        *(ChartMark(each.from_day, "baseline", f"{each.said_by}: {each.reason}") for each in said),
    }
    within = (mark for mark in found if first < mark.day <= last)
    return tuple(sorted(within, key=lambda mark: (mark.day, mark.kind, mark.what)))


def _of_standards(indicator: Indicator, held: Iterable[RuledStay]) -> Iterator[ChartMark]:
    """Where what is asked by the indicator became another; a standard of which other numbers changed is no mark."""
    ascending = sorted(
        held, key=lambda each: (each.stay.device, each.stay.showroom_id or 0, each.stay.from_wall_s or -1e12)
    )
    for before, after in pairwise(ascending):
        same = (before.stay.device, before.stay.showroom_id) == (after.stay.device, after.stay.showroom_id)
        begins_s = after.stay.from_wall_s
        if not same or begins_s is None or before.stay.until_wall_s != begins_s:
            continue
        if _asked(before.standard, indicator) != _asked(after.standard, indicator):
            yield ChartMark(_day(begins_s, after.stay.timezone), "standard", after.standard.label)


def _asked(standard: Standard, indicator: Indicator) -> str:
    if indicator.kind in {"coverage", "gaps"}:
        return ""
    if indicator.kind == "reply":
        return standard.reply.model_dump_json()
    area = area_of(indicator.code) if indicator.kind == "clause" else AREA_OF_KIND.get(indicator.kind)
    if area is None:
        return standard.model_dump_json(exclude={"name", "version", "title"})
    return standard.model_dump_json(include={area, "near"})


def _of_moves(held: Iterable[RuledStay]) -> Iterator[ChartMark]:
    """Where a desk came, or went: what the rest adds up to is then of others."""
    ends: dict[tuple[str, int | None], list[RuledStay]] = {}
    for each in held:
        ends.setdefault((each.stay.device, each.stay.showroom_id), []).append(each)
    for (device, _), of_desk in ends.items():
        starts = [each.stay.from_wall_s for each in of_desk]
        stops = [each.stay.until_wall_s for each in of_desk]
        label = of_desk[0].stay.label or device
        zone = of_desk[0].stay.timezone
        if None not in starts:
            yield ChartMark(_day(min(at_s for at_s in starts if at_s is not None), zone), "desk", label)
        if None not in stops:
            yield ChartMark(_day(max(at_s for at_s in stops if at_s is not None), zone), "desk", label)


def _of_births(session: Session, held: Iterable[RuledStay]) -> Iterator[ChartMark]:
    """Where a desk came back with other software or networks, another calibration, or other settings."""
    zones = {each.stay.device: each.stay for each in held}
    rows = session.execute(
        select(BootRow.device, BootRow.first_wall_s, BootRow.birth)
        .where(BootRow.device.in_(zones), BootRow.birth.is_not(None))
        .order_by(BootRow.device, BootRow.first_wall_s)
    )
    before: tuple[str, Birth] | None = None
    for device, first_wall_s, text in rows:
        try:
            birth = Birth.model_validate_json(text or "")
        except ValidationError:
            continue
        if before is not None and before[0] == device:
            stay = zones[device]
            day, label = _day(first_wall_s, stay.timezone), stay.label or device
            earlier = before[1]
            if (birth.software, birth.models) != (earlier.software, earlier.models):
                yield ChartMark(day, "model", label)
            if birth.calibration != earlier.calibration:
                yield ChartMark(day, "calibration", label)
            elif birth.configuration != earlier.configuration:
                yield ChartMark(day, "camera", label)
        before = device, birth


def _day(wall_s: float, timezone: str) -> date:
    return datetime.fromtimestamp(wall_s, ZoneInfo(timezone)).date()
