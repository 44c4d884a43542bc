"""Alerts: opened once for one cause, joined by what else signals of it, closed when it is over, and acknowledged by name."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from central.alerts.alert_rows import AlertRow, AlertSignalRow, AlertTellingRow
from central.alerts.quiet_hours import rings_at
from central.audit.audit_log import note
from central.monitoring.source_book import MonitoredSource
from central.monitoring.source_rows import MonitoredSourceRow
from central.settings import AlertChannel
from central.showrooms.premises import Showroom
from central.statistics.period_charts import Signal
from protocol.errors import RefusalError

ONE_CAUSE_DAYS = 10
"""Signals of one showroom that began within so many days are of one cause: with 20 visits a day a chart needs so long to notice what another notices at once."""
FIRST_RETRY_S, LONGEST_RETRY_S = 60.0, 3600.0
"""Between tries to tell, doubled each time."""
MOST_TRIES = 48
"""Tries until it is given up: about two days. The page shows the alert in any case."""


class AlertStepError(RefusalError):
    """Nothing such can be done with an alert."""


@dataclass(frozen=True, slots=True)
class ListedAlert:
    """An alert for people."""

    number: int
    showroom_id: int
    began: date
    opened_wall_s: float
    closed_wall_s: float | None
    acknowledged_by: str | None
    acknowledged_wall_s: float | None
    signals: tuple[tuple[str, bool, bool], ...]
    """Code, whether it rose, and whether it lasts."""
    troubles: tuple[tuple[str, str], ...]
    """Channels that could not be told, with the reason."""
    source: int | None = None
    """Number of the source of monitoring that is overdue; None of an alert of charts."""
    source_title: str = ""


def note_signals(
    session: Session,
    showroom: Showroom,
    signals: Iterable[tuple[str, Signal]],
    channels: Iterable[AlertChannel],
    now_wall_s: float,
) -> None:
    """Hold the alerts of a showroom against the signals that last there.

    Args:
        session: Its transaction takes the changes.
        showroom: Which.
        signals: Each indicator's code with its signal.
        channels: Those that are to be told of this showroom.
        now_wall_s: The present, as Unix time.
    """
    lasting = dict(signals)
    alerts = session.scalars(
        select(AlertRow)
        .where(
            AlertRow.showroom_id == showroom.id, AlertRow.closed_wall_s.is_(None), AlertRow.source.is_(None)
        )
        .order_by(AlertRow.id)
    ).all()
    known: set[str] = set()
    for alert in alerts:
        rows = session.scalars(select(AlertSignalRow).where(AlertSignalRow.alert == alert.id)).all()
        for row in rows:
            row.lasts = row.code in lasting and lasting[row.code].up == row.up
            known |= {row.code} if row.lasts else set()
        if not any(row.lasts for row in rows):
            alert.closed_wall_s = now_wall_s
    for code, signal in sorted(lasting.items()):
        if code in known:
            continue
        alert = _of_one_cause(session, showroom, signal) or _opened(
            session, showroom, signal.began, channels, now_wall_s
        )
        alert.began = min(alert.began, signal.began)
        before = session.scalar(
            select(AlertSignalRow).where(AlertSignalRow.alert == alert.id, AlertSignalRow.code == code)
        )
        if before is None:
            session.add(AlertSignalRow(alert=alert.id, code=code, up=signal.up, lasts=True))
        else:
            before.up, before.lasts = signal.up, True
        session.flush()


def note_overdue(
    session: Session,
    known: Iterable[Showroom],
    sources: Iterable[MonitoredSource],
    channels: Iterable[AlertChannel],
    now_wall_s: float,
) -> None:
    """Hold the alerts of monitoring against what is overdue: one for as long as a note is missing.

    A source of a whole company is told on the clock of its first showroom, and to the channels that are not of one showroom alone.

    Args:
        session: Its transaction takes the changes.
        known: Every showroom.
        sources: Every source.
        channels: Of the settings.
        now_wall_s: The present, as Unix time.
    """
    open_alerts = session.scalars(
        select(AlertRow).where(AlertRow.source.is_not(None), AlertRow.closed_wall_s.is_(None))
    )
    lasting = {row.source: row for row in open_alerts}
    places = tuple(known)
    every = tuple(channels)
    for each in sources:
        place = place_of_source(each, places)
        if place is None:
            continue
        today = datetime.fromtimestamp(now_wall_s, ZoneInfo(place.timezone)).date()
        alert = lasting.get(each.number)
        if alert is not None and not each.overdue(today):
            alert.closed_wall_s = now_wall_s
        elif alert is None and each.overdue(today):
            name = "" if each.showroom_id is None else place.name
            told = [one for one in every if one.company in {"", each.company} and one.showroom in {"", name}]
            _opened(session, place, each.due + timedelta(days=1), told, now_wall_s, each.number)


def place_of_source(source: MonitoredSource, known: Iterable[Showroom]) -> Showroom | None:
    """The showroom by whose clock a source is due: its own, or the first of its company; None where it has none."""
    return next(
        (
            place
            for place in known
            if place.company == source.company and source.showroom_id in {None, place.id}
        ),
        None,
    )


def acknowledge(session: Session, number: int, name: str, actor: str, now_wall_s: float) -> None:
    """Say by name that one has seen to an alert: nobody else is told of it any more.

    Raises:
        AlertStepError: There is no such alert, or somebody has said so already.
    """
    alert = session.get(AlertRow, number)
    if alert is None:
        raise AlertStepError("there is no alert {number}", number=number)
    if alert.acknowledged_by is not None:
        raise AlertStepError(
            "{acknowledged_by} has acknowledged it already", acknowledged_by=alert.acknowledged_by
        )
    alert.acknowledged_by, alert.acknowledged_wall_s = name, now_wall_s
    note(session, now_wall_s, actor, "alert acknowledged", str(number))


def alerts_of(session: Session, showrooms: Collection[int], most: int = 50) -> tuple[ListedAlert, ...]:
    """The latest alerts of some showrooms, those that last first."""
    rows = session.scalars(
        select(AlertRow)
        .where(AlertRow.showroom_id.in_(showrooms))
        .order_by(AlertRow.closed_wall_s.is_not(None), AlertRow.id.desc())
        .limit(most)
    ).all()
    return tuple(_listed(session, row) for row in rows)


def forget_old_alerts(session: Session, alerts_days: int | None, now_wall_s: float) -> int:
    """Delete the alerts that were over longer ago, with who has seen to them; returns how many.

    Args:
        session: Its transaction deletes them.
        alerts_days: Of the settings; None: they are kept.
        now_wall_s: The present, as Unix time.
    """
    if alerts_days is None:
        return 0
    before_s = now_wall_s - timedelta(days=alerts_days).total_seconds()
    old = session.scalars(select(AlertRow.id).where(AlertRow.closed_wall_s < before_s)).all()
    for table in (AlertTellingRow, AlertSignalRow):
        session.execute(delete(table).where(table.alert.in_(old)))
    session.execute(delete(AlertRow).where(AlertRow.id.in_(old)))
    return len(old)


@dataclass(frozen=True, slots=True)
class DueTelling:
    """Something to be told now."""

    number: int
    channel: str
    alert: ListedAlert


def due_tellings(session: Session, now_wall_s: float) -> tuple[DueTelling, ...]:
    """What is to be told now: not of an alert that was acknowledged or is over."""
    rows = session.execute(
        select(AlertTellingRow, AlertRow)
        .join(AlertRow, AlertRow.id == AlertTellingRow.alert)
        .where(
            AlertTellingRow.told_wall_s.is_(None),
            AlertTellingRow.due_wall_s <= now_wall_s,
            AlertTellingRow.tries < MOST_TRIES,
            AlertRow.acknowledged_by.is_(None),
            AlertRow.closed_wall_s.is_(None),
        )
        .order_by(AlertTellingRow.id)
    )
    return tuple(DueTelling(row.id, row.channel, _listed(session, alert)) for row, alert in rows)


def note_telling(session: Session, number: int, trouble: str | None, now_wall_s: float) -> None:
    """Keep that something was told, or why not and when to try again."""
    row = session.get(AlertTellingRow, number)
    if row is None:
        return
    row.tries += 1
    row.trouble = trouble
    if trouble is None:
        row.told_wall_s = now_wall_s
    else:
        row.due_wall_s = now_wall_s + min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** (row.tries - 1))


def _of_one_cause(session: Session, showroom: Showroom, signal: Signal) -> AlertRow | None:
    """The alert to which a signal belongs; one that was closed since is not opened again for another indicator."""
    near = timedelta(days=ONE_CAUSE_DAYS)
    return session.scalar(
        select(AlertRow)
        .where(
            AlertRow.showroom_id == showroom.id,
            AlertRow.closed_wall_s.is_(None),
            AlertRow.source.is_(None),
            AlertRow.began >= signal.began - near,
            AlertRow.began <= signal.began + near,
        )
        .order_by(AlertRow.id)
        .limit(1)
    )


def _opened(
    session: Session,
    showroom: Showroom,
    began: date,
    channels: Iterable[AlertChannel],
    now_wall_s: float,
    source: int | None = None,
) -> AlertRow:
    alert = AlertRow(
        showroom_id=showroom.id,
        source=source,
        began=began,
        opened_wall_s=now_wall_s,
        closed_wall_s=None,
        acknowledged_by=None,
        acknowledged_wall_s=None,
    )
    session.add(alert)
    session.flush()
    for each in channels:
        due_s = rings_at(now_wall_s, showroom.timezone, each.quiet_from, each.quiet_until)
        session.add(
            AlertTellingRow(
                alert=alert.id, channel=each.name, due_wall_s=due_s, tries=0, told_wall_s=None, trouble=None
            )
        )
    return alert


def _listed(session: Session, row: AlertRow) -> ListedAlert:
    signals = session.scalars(
        select(AlertSignalRow).where(AlertSignalRow.alert == row.id).order_by(AlertSignalRow.id)
    ).all()
    tellings: Sequence[AlertTellingRow] = session.scalars(
        select(AlertTellingRow).where(AlertTellingRow.alert == row.id, AlertTellingRow.told_wall_s.is_(None))
    ).all()
    return ListedAlert(
        row.id,
        row.showroom_id,
        row.began,
        row.opened_wall_s,
        row.closed_wall_s,
        row.acknowledged_by,
        row.acknowledged_wall_s,
        tuple((each.code, each.up, each.lasts) for each in signals),
        tuple((each.channel, each.trouble) for each in tellings if each.trouble),
        row.source,
        "" if row.source is None else session.get_one(MonitoredSourceRow, row.source).title,
    )
