"""The registry: which desks there are, where each stands and what it is called."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Double, String, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.given import TEXT, given
from central.database.table import Table
from central.desks.places import DeskPlace, DeskPlaceRow, without_holes
from central.showrooms.premises import CompanyRow, RegionRow, ShowroomRow, entered_showroom
from protocol.errors import MendableError
from protocol.printable import printable
from protocol.topics import BadTopicError, Topic

UNTOLD = "-"
"""Of a desk whose software does not say what it leaves out; none has a part of that name."""


class UnknownDeskError(MendableError):
    """The registry has no desk of that name."""


class BadMoveError(MendableError):
    """A desk cannot be entered as standing there from then on."""


class DeskRow(Table):
    """A desk. Where it stands is in `DeskPlaceRow`; moving it changes no topic."""

    __tablename__ = "desk"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    registered_wall_s: Mapped[float] = mapped_column(Double)
    session: Mapped[int | None] = mapped_column(BigInteger)
    """Session of its latest birth."""
    leaves_out: Mapped[str | None] = mapped_column(String(100))
    """What its latest birth says it leaves out of the host's manner, apart by spaces; `UNTOLD` where it does not say."""
    state: Mapped[str | None] = mapped_column(String(20))
    state_wall_s: Mapped[float | None] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class RegisteredDesk:
    """A desk in one place, as the registry knows it, free of any database session."""

    device: str
    company: str
    """Empty, as region and showroom, where nobody has said where it stands; a showroom may belong to no region."""
    showroom: str
    label: str
    timezone: str
    """Of the showroom."""
    state: str | None
    region: str = ""
    showroom_id: int | None = None
    from_wall_s: float | None = None
    """Since when it stands there; None: since ever."""
    until_wall_s: float | None = None
    """When it stood there no more; None while it stands there."""
    says_what_it_leaves_out: bool = False
    """Whether its latest birth says what it leaves out of the host's manner: such a desk can be told to."""

    def stood_at(self, wall_s: float) -> bool:
        """Whether it stood there at a Unix time."""
        begun = self.from_wall_s is None or self.from_wall_s <= wall_s
        return begun and (self.until_wall_s is None or wall_s < self.until_wall_s)

    def stood_within(self, from_s: float, to_s: float) -> bool:
        """Whether it stood there at any moment between two Unix times, the second one excluded."""
        begun = self.from_wall_s is None or self.from_wall_s < to_s
        return begun and (self.until_wall_s is None or self.until_wall_s > from_s)


@dataclass(frozen=True, slots=True)
class DeskDefaults:
    """What the registry holds of a desk that nobody has entered yet."""

    company: str = ""
    showroom: str = ""
    timezone: str = "UTC"


def desks(session: Session, at_wall_s: float | None = None) -> tuple[RegisteredDesk, ...]:
    """Every desk that ever reported or was entered, where it stands, by company, showroom and name.

    Args:
        session: Where to read.
        at_wall_s: Where each stood at this Unix time; None for now.
    """
    moment_s = time.time() if at_wall_s is None else at_wall_s
    found = (
        _registered(desk, place)
        for desk, places in _with_places(session)
        for place in places
        if place.holds_at(moment_s)
    )
    return tuple(sorted(found, key=_order))


def stays(session: Session, device: str | None = None) -> tuple[RegisteredDesk, ...]:
    """Every desk in each place where it ever stood: desks by company, showroom and name of where they stand now, a desk's places latest first.

    Args:
        session: Where to read.
        device: Only this desk.
    """
    found = [
        tuple(_registered(desk, place) for place in places)
        for desk, places in _with_places(session, None if device is None else {device})
    ]
    found.sort(key=lambda places: _order(places[0]))
    return tuple(stay for places in found for stay in places)


def stays_of(session: Session, devices: Collection[str]) -> dict[str, tuple[RegisteredDesk, ...]]:
    """The places of each of some desks that the registry knows, latest first; in one statement."""
    return {
        desk.device: tuple(_registered(desk, place) for place in places)
        for desk, places in _with_places(session, devices)
    }


def known_desk(session: Session, device: str) -> RegisteredDesk:
    """A desk where it stands now.

    Raises:
        UnknownDeskError: The registry has none of that name.
    """
    now_s = time.time()
    for desk, places in _with_places(session, {device}):
        for place in places:
            if place.holds_at(now_s):
                return _registered(desk, place)
    known = ", ".join(session.scalars(select(DeskRow.device).order_by(DeskRow.device))) or "none"
    raise UnknownDeskError(f"there is no desk named {device!r}; known: {known}")


def register(session: Session, first_reports: Mapping[str, float], defaults: DeskDefaults) -> list[str]:
    """Enter the desks that are not known yet, standing where new desks do; returns their names, sorted.

    Args:
        session: Its transaction takes the changes.
        first_reports: Unix time of each desk's first report.
        defaults: Where they stand until somebody says otherwise.
    """
    known = set(session.scalars(select(DeskRow.device).where(DeskRow.device.in_(first_reports))))
    new = sorted(set(first_reports) - known)
    if new:
        desk_rows = [{"device": device, "registered_wall_s": first_reports[device]} for device in new]
        session.execute(insert(DeskRow), desk_rows)
        place_new(session, new, defaults)
    return new


def place_new(session: Session, devices: Sequence[str], defaults: DeskDefaults) -> None:
    """Say of desks that have just been entered that they stand, since ever, where new desks do."""
    if not devices:
        return
    key = _showroom_key(session, defaults.company, defaults.showroom, defaults.timezone)
    zone = defaults.timezone if key is None else None
    # One statement of however many desks.
    entered = select(
        DeskRow.device,
        DeskRow.device.label("called"),
        literal(key, BigInteger).label("showroom_id"),
        literal(zone, String).label("timezone"),
    ).where(DeskRow.device.in_(devices))
    columns = ["device", "label", "showroom_id", "timezone"]
    session.execute(insert(DeskPlaceRow).from_select(columns, entered))


def enter(
    session: Session,
    device: str,
    *,
    company: str | None = None,
    showroom: str | None = None,
    label: str | None = None,
    timezone: str | None = None,
    defaults: DeskDefaults = DeskDefaults(),
    since_wall_s: float | None = None,
    correct: bool = False,
) -> RegisteredDesk:
    """Enter where a desk stands, before it is first heard of or after; what is None stays as it is.

    A desk that stood in another showroom moves: it stood there until ``since_wall_s``, and what it measured there stays there.

    Args:
        session: Its transaction takes the change.
        device: The desk.
        company: Whose showroom it is; entered if it is not there yet.
        showroom: Where it stands; entered if it is not there yet.
        label: What people call the desk there.
        timezone: Of the showroom, and of whatever was measured there.
        defaults: Where a desk stands that is entered for the first time.
        since_wall_s: Unix time from which on it stands there; None for now.
        correct: It never stood where the registry says: its present place is changed, and it does not move.

    Raises:
        UnknownDeskError: No desk can have that name.
        BadMoveError: It cannot have moved then.
    """
    if session.get(DeskRow, device) is None:
        entered = DeskDefaults(
            defaults.company if company is None else company,
            defaults.showroom if showroom is None else showroom,
            timezone or defaults.timezone,
        )
        register(session, {_possible(device): time.time()}, entered)
    elif company is not None or showroom is not None:
        now = known_desk(session, device)
        key = _showroom_key(
            session,
            now.company if company is None else company,
            now.showroom if showroom is None else showroom,
            now.timezone,
        )
        _move(session, device, key, now, since_wall_s, correct=correct)
    place = _present(session, device)
    if place is not None and label is not None:
        place.label = label
    if place is not None and timezone is not None:
        _set_zone(session, place, timezone)
    session.flush()
    return known_desk(session, device)


def _move(
    session: Session,
    device: str,
    showroom_id: int | None,
    now: RegisteredDesk,
    since_wall_s: float | None,
    *,
    correct: bool,
) -> None:
    place = _present(session, device)
    label = now.label if place is None else place.label
    if place is not None:
        unsaid = place.showroom_id is None and since_wall_s is None
        if place.showroom_id == showroom_id:
            return
        if correct or unsaid:
            place.showroom_id, place.timezone = showroom_id, None if showroom_id else now.timezone
            return
    since_s = float(int(time.time())) if since_wall_s is None else since_wall_s
    if place is not None:
        if place.from_wall_s is not None and since_s <= place.from_wall_s:
            raise BadMoveError(
                f"{device} stands where it is since {_utc(place.from_wall_s)}, so it cannot have moved at {_utc(since_s)}: "
                "name a later moment, or correct its present place"
            )
        place.until_wall_s = since_s
        session.flush()
    session.add(
        DeskPlaceRow(
            device=device,
            showroom_id=showroom_id,
            label=label,
            timezone=None if showroom_id else now.timezone,
            from_wall_s=since_s,
        )
    )
    try:
        session.flush()
    except IntegrityError:
        raise BadMoveError(
            f"{device} stood elsewhere at {_utc(since_s)} or later: name a moment after its last place ended"
        ) from None


def _present(session: Session, device: str) -> DeskPlaceRow | None:
    """The place in which a desk stands without an end."""
    return session.scalar(
        select(DeskPlaceRow).where(DeskPlaceRow.device == device, DeskPlaceRow.until_wall_s.is_(None))
    )


def _showroom_key(session: Session, company: str, showroom: str, timezone: str) -> int | None:
    """Of a showroom, entered if need be; where only one of both is named, both are called so; None where neither is."""
    if not company and not showroom:
        return None
    return entered_showroom(session, company or showroom, showroom or company, timezone)


def _set_zone(session: Session, place: DeskPlaceRow, timezone: str) -> None:
    if place.showroom_id is None:
        place.timezone = timezone
    else:
        session.get_one(ShowroomRow, place.showroom_id).timezone = timezone


def _with_places(
    session: Session, devices: Collection[str] | None = None
) -> Iterator[tuple[DeskRow, tuple[DeskPlace, ...]]]:
    """Each desk with its places from ever to ever, latest first."""
    chosen = (
        select(DeskRow, DeskPlaceRow, ShowroomRow, CompanyRow.name, RegionRow.name)
        .join(DeskPlaceRow, DeskPlaceRow.device == DeskRow.device)
        .outerjoin(ShowroomRow, ShowroomRow.id == DeskPlaceRow.showroom_id)
        .outerjoin(CompanyRow, CompanyRow.id == ShowroomRow.company_id)
        .outerjoin(RegionRow, RegionRow.id == ShowroomRow.region_id)
    )
    if devices is not None:
        asked = given(session, {"device": TEXT}, [(device,) for device in devices])
        chosen = chosen.join(asked, asked.c.device == DeskRow.device)
    desk_rows: dict[str, DeskRow] = {}
    places: dict[str, list[DeskPlace]] = defaultdict(list)
    for desk, row, showroom, company, region in session.execute(chosen):
        desk_rows[desk.device] = desk
        places[desk.device].append(
            DeskPlace(
                row.showroom_id,
                company or "",
                region or "",
                showroom.name if showroom else "",
                row.label,
                showroom.timezone if showroom else row.timezone or "UTC",
                row.from_wall_s,
                row.until_wall_s,
            )
        )
    for name, found in places.items():
        yield desk_rows[name], without_holes(found)


def _possible(device: str) -> str:
    try:
        return Topic(device, "state").device
    except BadTopicError as error:
        raise UnknownDeskError(f"{error}: 1 to 63 of them") from None


def _registered(desk: DeskRow, place: DeskPlace) -> RegisteredDesk:
    return RegisteredDesk(
        desk.device,
        printable(place.company),
        printable(place.showroom),
        printable(place.label),
        place.timezone,
        desk.state,
        printable(place.region),
        place.showroom_id,
        place.from_wall_s,
        place.until_wall_s,
        desk.leaves_out is not None and desk.leaves_out != UNTOLD,
    )


def _order(desk: RegisteredDesk) -> tuple[str, str, str]:
    return desk.company, desk.showroom, desk.device


def _utc(wall_s: float) -> str:
    return f"{datetime.fromtimestamp(wall_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
