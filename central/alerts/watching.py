"""Looks at the charts of every showroom, and holds its alerts against what they signal."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.alerts.alert_book import note_overdue, note_signals
from central.desks.registry import stays
from central.monitoring.source_book import monitored_sources
from central.reports.day_sums import AT_ONCE, MadeSums, forget_sums, keep_sums
from central.reports.indicator_cells import IndicatorScope
from central.reports.indicator_chart import HISTORY_DAYS, chart_of
from central.reports.indicator_choices import baselines_of
from central.reports.indicator_values import IndicatorReader
from central.settings import AlertChannel, CentralSettings
from central.showrooms.premises import Showroom, showrooms
from central.statistics.indicators import INDICATORS
from central.statistics.period_charts import Signal
from central.verdicts.rules import standards_in_force
from protocol.standards_folder import find_standard


def look_at_charts(
    engine: Engine, settings: CentralSettings, now_wall_s: float, reading: Engine | None = None
) -> None:
    """Open, join and close alerts by the charts of each showroom; each in a transaction of its own.

    The sums that the charts needed are kept, so that nobody's first look at a page has to reckon a year.

    Args:
        engine: Of the database, for writing.
        settings: With the channels, and the standard where none is in force.
        now_wall_s: The present, as Unix time.
        reading: Of the database, for reading: a look takes long, and no desk is to wait for it.
    """
    with Session(reading or engine) as session:
        places = showrooms(session)
    for place in places:
        made: list[MadeSums] = []
        with Session(reading or engine) as session, session.begin():
            found = lasting_signals(session, place, settings, now_wall_s, made)
        for begins in range(0, len(made), AT_ONCE):
            with Session(engine) as session, session.begin():
                keep_sums(session, made[begins : begins + AT_ONCE])
        with Session(engine) as session, session.begin():
            note_signals(session, place, found, channels_of(settings, place), now_wall_s)
    with Session(engine) as session, session.begin():
        forget_sums(session)


def look_at_sources(engine: Engine, settings: CentralSettings, now_wall_s: float) -> None:
    """Open an alert of each source of monitoring that is overdue, and close those that are not any more."""
    with Session(engine) as session:
        known, sources = showrooms(session), monitored_sources(session)
    if sources:
        with Session(engine) as session, session.begin():
            note_overdue(session, known, sources, settings.alert, now_wall_s)


def channels_of(settings: CentralSettings, place: Showroom) -> tuple[AlertChannel, ...]:
    """The channels that are told of a showroom."""
    return tuple(
        each
        for each in settings.alert
        if each.company in {"", place.company} and each.showroom in {"", place.name}
    )


def lasting_signals(
    session: Session,
    place: Showroom,
    settings: CentralSettings,
    now_wall_s: float,
    made: list[MadeSums] | None = None,
) -> list[tuple[str, Signal]]:
    """The signals that last in a showroom, by the indicator's code.

    The present day is left out: in the morning few of its visits are over, and a chart of it would signal what the day mends.
    """
    here = tuple(stay for stay in stays(session) if stay.showroom_id == place.id)
    if not here:
        return []
    yesterday = datetime.fromtimestamp(now_wall_s, ZoneInfo(place.timezone)).date() - timedelta(days=1)
    default = find_standard(settings.standards.default, settings.standards.folder)
    reader = IndicatorReader(
        session,
        IndicatorScope("showroom", here),
        standards_in_force(session, default),
        yesterday - timedelta(days=HISTORY_DAYS - 1),
        yesterday,
        settings.crm,
        now_wall_s,
        made,
    )
    found = []
    for code, indicator in INDICATORS.items():
        said = baselines_of(session, f"showroom:{place.id}", code)
        chart = chart_of(session, reader, indicator, "day", yesterday, said)
        if chart.now is not None:
            found.append((code, chart.now))
    return found
