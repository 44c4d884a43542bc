"""Where each desk stood, and from when to when: moving a desk rewrites no history."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from central.database.table import BIG_KEY, Table
from central.showrooms.premises import NAME_LIMIT


class DeskPlaceRow(Table):
    """One place of one desk. Two places of a desk never overlap: the database refuses it."""

    __tablename__ = "desk_place"
    __table_args__ = (
        CheckConstraint("from_wall_s < until_wall_s", name="desk_place_lasts"),
        CheckConstraint("(showroom_id IS NULL) <> (timezone IS NULL)", name="desk_place_has_one_zone"),
        Index("desk_place_by_desk", "device"),
        Index("desk_place_by_showroom", "showroom_id"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("desk.device"))
    showroom_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    """None: nobody has said yet where it stands."""
    label: Mapped[str] = mapped_column(String(NAME_LIMIT))
    """What people call the desk there."""
    timezone: Mapped[str | None] = mapped_column(String(64))
    """IANA name, by which the desk's days begin and end while nobody has said where it stands; else the showroom's holds."""
    from_wall_s: Mapped[float | None] = mapped_column(Double)
    """From when on; None: since ever."""
    until_wall_s: Mapped[float | None] = mapped_column(Double)
    """The first moment at which it stood there no more; None while it stands there."""


@dataclass(frozen=True, slots=True)
class DeskPlace:
    """One place of one desk, free of any database session."""

    showroom_id: int | None
    company: str
    region: str
    showroom: str
    label: str
    timezone: str
    from_wall_s: float | None
    until_wall_s: float | None

    def holds_at(self, wall_s: float) -> bool:
        """Whether the desk stood there at a Unix time."""
        begun = self.from_wall_s is None or self.from_wall_s <= wall_s
        return begun and (self.until_wall_s is None or wall_s < self.until_wall_s)


def without_holes(places: Iterable[DeskPlace]) -> tuple[DeskPlace, ...]:
    """The places of one desk from ever to ever, latest first: between two of them it stood nobody knows where, by the clock of the earlier.

    Args:
        places: At least one, apart from each other, in any order.
    """
    ascending = sorted(places, key=lambda place: _beginning(place.from_wall_s))
    return tuple(reversed([*_filled(ascending)]))


def _filled(ascending: list[DeskPlace]) -> Iterator[DeskPlace]:
    first, last = ascending[0], ascending[-1]
    if first.from_wall_s is not None:
        yield _nowhere(first, None, first.from_wall_s)
    for place, following in zip(ascending, [*ascending[1:], None], strict=True):
        yield place
        if (
            following is not None
            and place.until_wall_s is not None
            and place.until_wall_s != following.from_wall_s
        ):
            yield _nowhere(place, place.until_wall_s, following.from_wall_s)
    if last.until_wall_s is not None:
        yield _nowhere(last, last.until_wall_s, None)


def _nowhere(beside: DeskPlace, from_wall_s: float | None, until_wall_s: float | None) -> DeskPlace:
    return replace(
        beside,
        showroom_id=None,
        company="",
        region="",
        showroom="",
        from_wall_s=from_wall_s,
        until_wall_s=until_wall_s,
    )


def _beginning(from_wall_s: float | None) -> float:
    return float("-inf") if from_wall_s is None else from_wall_s
