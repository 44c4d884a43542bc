"""Holds what is stored to the profiles of the showrooms: their time limits, and what a decision or a moved desk leaves out later."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Double, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import Table
from central.desks.desk_profiles import DeskProfiles, profiles_of_desks
from central.ingest.fading import ENCOUNTER, let_names_fade
from central.ingest.rows import BootRow
from central.people.duty_corrections import DutyCorrectionRow
from central.people.shifts import ERASED
from central.records.event_row import EventRow
from central.records.query import DUTY
from central.showrooms.profile_decisions import decisions
from central.showrooms.profiles import ShowroomProfile, profiles
from protocol.envelope import parse
from protocol.manner import MANNER, WRITTEN, Manner, left_out, may_tell, told_manner
from protocol.measurements import Encounter

WINDOW = 5000
"""Measurements that are looked at in one transaction: the desks wait for it some tenths of a second at most."""
DAY_S = 86400.0
"""Time limits are counted in days of 24 hours, as those of the settings are."""


class ProfileEpochRow(Table):
    """Since when profiles are held to: what was received before stays what it was, until its time limit is over."""

    __tablename__ = "profile_epoch"

    wall_s: Mapped[float] = mapped_column(Double, primary_key=True)


@dataclass(frozen=True, slots=True)
class _Round:
    """What a round through all measurements holds to: another round begins when any of it changes."""

    day: int
    decided: tuple[int, ...]


class ProfileSweep:
    """Goes through all that is stored, a window at a time: when the service starts, each day, and after each decision."""

    def __init__(self) -> None:
        self._round: _Round | None = None
        self._after = 0
        self._more = False

    def step(self, session: Session, now_wall_s: float) -> bool:
        """Look at one window of measurements within the session's transaction; whether there are more to be looked at."""
        found = decisions(session)
        this = _Round(int(now_wall_s // DAY_S), tuple(each.id for each in found if not each.is_open))
        if this != self._round:
            self._round, self._after, self._more = this, 0, True
        if not self._more:
            return False
        window = select(EventRow.id).where(EventRow.id > self._after).order_by(EventRow.id)
        numbers = session.scalars(window.limit(WINDOW)).all()
        if numbers:
            self._look(session, numbers[0], numbers[-1], now_wall_s)
            self._after = numbers[-1]
        self._more = len(numbers) == WINDOW
        return self._more

    def _look(self, session: Session, first: int, last: int, now_wall_s: float) -> None:
        epoch_s = session.scalar(select(ProfileEpochRow.wall_s)) or 0.0
        rows = session.scalars(
            select(EventRow)
            .join(BootRow, (BootRow.device == EventRow.device) & (BootRow.bootid == EventRow.bootid))
            .where(
                EventRow.id.between(first, last),
                EventRow.sequence <= BootRow.settled,
                or_(_may_be_left_out(epoch_s), *_may_be_old(now_wall_s)),
            )
        ).all()
        old = _old_corrections(session, now_wall_s)
        devices = {*(row.device for row in rows), *(row.device for row in old)}
        if not devices:
            return
        there = profiles_of_desks(session, devices)
        nameless = [row for row in rows if row.type == DUTY and _forgets_name(row, there, now_wall_s)]
        corrections = [
            row
            for row in old
            if _is_over(
                there.at(row.device, row.from_wall_s).names_days,
                now_wall_s - (row.until_wall_s or now_wall_s),
            )
        ]
        let_names_fade(session, nameless, corrections)
        for row in rows:
            if row.type == ENCOUNTER:
                _hold(row, there, epoch_s, now_wall_s)
        session.flush()


def _old_corrections(session: Session, now_wall_s: float) -> Sequence[DutyCorrectionRow]:
    limits = [each.names_days for each in profiles().values() if each.names_days is not None]
    if not limits:
        return ()
    return session.scalars(
        select(DutyCorrectionRow)
        .where(
            DutyCorrectionRow.until_wall_s < now_wall_s - min(limits) * DAY_S,
            DutyCorrectionRow.person.not_like(f"{ERASED}%"),
        )
        .limit(WINDOW)
    ).all()


def _forgets_name(row: EventRow, there: DeskProfiles, now_wall_s: float) -> bool:
    age_s = now_wall_s - (row.start_wall_s + row.duration_s)
    days = there.at(row.device, row.start_wall_s).names_days
    return _is_over(days, age_s) and f'"person":"{ERASED}' not in row.raw


def _may_be_left_out(epoch_s: float) -> ColumnElement[bool]:
    off = {part for each in profiles().values() for part in each.off}
    told = [EventRow.raw.like(f"%{words}%") for part in MANNER if part in off for words in WRITTEN[part]]
    return and_(EventRow.type == ENCOUNTER, EventRow.received_wall_s >= epoch_s, or_(*told))


def _may_be_old(now_wall_s: float) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    ended_s = EventRow.start_wall_s + EventRow.duration_s
    for type_, limits in (
        (ENCOUNTER, [each.manner_days for each in profiles().values()]),
        (DUTY, [each.names_days for each in profiles().values()]),
    ):
        if days := [each for each in limits if each is not None]:
            found.append(and_(EventRow.type == type_, ended_s < now_wall_s - min(days) * DAY_S))
    return found


def _hold(row: EventRow, there: DeskProfiles, epoch_s: float, now_wall_s: float) -> None:
    """Let a measurement tell no more than the profile of its desk allows, and no longer."""
    profile = there.at(row.device, row.start_wall_s)
    age_s = now_wall_s - (row.start_wall_s + row.duration_s)
    gone = _gone(row, profile, epoch_s, age_s)
    if not {*gone} & {*may_tell(row.raw)}:
        return
    event = parse(row.raw.encode())
    if isinstance(event.data, Encounter) and {*gone} & {*told_manner(event.data)}:
        row.raw = event.model_copy(update={"data": left_out(event.data, gone)}).to_json().decode()


def _gone(row: EventRow, profile: ShowroomProfile, epoch_s: float, age_s: float) -> tuple[Manner, ...]:
    if _is_over(profile.manner_days, age_s):
        return MANNER
    return profile.off if row.received_wall_s >= epoch_s else ()


def _is_over(days: int | None, age_s: float) -> bool:
    return days is not None and age_s > days * DAY_S
