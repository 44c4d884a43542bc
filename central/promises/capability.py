"""What was measured of what a promise says: before it is published, whether it is borne; afterwards, how often it was kept."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from central.desks.registry import RegisteredDesk, stays
from central.promises.weighing import Capability, Unheld
from central.reports.indicator_cells import IndicatorScope
from central.reports.indicator_values import IndicatorReader
from central.settings import TicketSystemLink
from central.standards.in_force import StandardsInForce
from central.statistics.indicators import INDICATORS, WINDOW_DAYS
from central.statistics.share import SMALL_SAMPLE, share_over_periods
from protocol.standard import Standard, limits_of

RINGS = "phone.rings"


def measured_of(
    session: Session,
    company: str,
    showroom_id: int | None,
    code: str,
    within: float | None,
    standards: StandardsInForce,
    links: Iterable[TicketSystemLink],
    now_wall_s: float,
    since_wall_s: float | None = None,
) -> Capability:
    """What was measured in the latest quarter, up to yesterday, and under the promised number alone.

    Days on which the standard asked for another number are left out, for they say nothing of this one. Nothing is told that few enough people made
    for it to be one person's.

    Args:
        session: Where to read.
        company: Whose promise.
        showroom_id: Of which showroom; None of all.
        code: The indicator.
        within: What is promised.
        standards: What was in force.
        links: The ticket systems whose replies are counted.
        now_wall_s: The present, as Unix time.
        since_wall_s: Nothing from before it is counted, such as from before a promise was made; the day of it is not, either.
    """
    held = [
        each for each in stays(session) if each.company == company and showroom_id in {None, each.showroom_id}
    ]
    zone = ZoneInfo(held[0].timezone if held else "UTC")
    yesterday = datetime.fromtimestamp(now_wall_s, zone).date() - timedelta(days=1)
    first = yesterday - timedelta(days=WINDOW_DAYS - 1)
    if since_wall_s is not None:
        first = max(first, _day_after(since_wall_s, zone))
    nothing = Capability(first, yesterday, None, "no_data")
    if not held:
        return nothing
    asked, begun = _asked_since(code, within, held, standards, now_wall_s)
    if asked is not None:
        return replace(nothing, why_not="other_limit", asked=asked)
    if begun is not None:
        first = max(first, _day_after(begun, zone))
        nothing = replace(nothing, first_day=first)
    if first > yesterday:
        return nothing
    return _measured(session, held, showroom_id, code, first, yesterday, standards, links, now_wall_s)


def limit_of(standard: Standard, code: str) -> float | None:
    """The number that a standard asks for by an indicator that a promise can rest on; None where it asks for none."""
    if code == "reply.within_h":
        return standard.reply.within_h
    if code == "kept":
        return None
    return limits_of(standard, RINGS if code.startswith("phone.") else code).max


def _measured(
    session: Session,
    held: list[RegisteredDesk],
    showroom_id: int | None,
    code: str,
    first: date,
    last: date,
    standards: StandardsInForce,
    links: Iterable[TicketSystemLink],
    now_wall_s: float,
) -> Capability:
    scope = IndicatorScope("company" if showroom_id is None else "showroom", tuple(held))
    reader = IndicatorReader(session, scope, standards, first, last, links, now_wall_s)
    indicator = INDICATORS[code]
    whole = reader.value(indicator, first, last)
    why: Unheld | None = whole.why_not
    if why is None and code != "reply.within_h" and not reader.cells.is_team(first, last):
        why = "one_host"
    if why is not None or whole.share is None:
        return Capability(first, last, None, why or "no_data")
    weeks = [
        (each.share.part, each.share.whole)
        for each in reader.values(indicator, "week")
        if each.share is not None
    ]
    # Where the profile hides weeks in which few were on duty, those that are left do not say how much weeks differ.
    complete = sum(of for _, of in weeks) == whole.share.whole
    share = share_over_periods(weeks) if complete else whole.share
    return Capability(first, last, share, None if whole.n >= SMALL_SAMPLE else "few")


def _asked_since(
    code: str,
    within: float | None,
    held: Iterable[RegisteredDesk],
    standards: StandardsInForce,
    now_wall_s: float,
) -> tuple[float | None, float | None]:
    """What a showroom asks for now, where that is not what is promised; else since when all of them ask for it, as Unix time, None since ever."""
    latest: float | None = None
    for showroom in dict.fromkeys(each.showroom_id for each in held):
        for rule in standards.rules(showroom):
            if rule.from_s is not None and rule.from_s > now_wall_s:
                continue
            asked = limit_of(rule.standard, code)
            if asked == within:
                continue
            if rule.until_s is None or rule.until_s > now_wall_s:
                return asked if asked is not None else 0.0, None
            latest = rule.until_s if latest is None else max(latest, rule.until_s)
    return None, latest


def _day_after(wall_s: float, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(wall_s, zone).date() + timedelta(days=1)
