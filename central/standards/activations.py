"""Which standard is in force in which showroom, from a moment on: ordered, and withdrawn before its moment, never rewritten."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.audit_log import note
from central.database.table import BIG_KEY, Table
from central.showrooms.premises import Showroom, showrooms
from central.standards.standard_versions import (
    StandardStepError,
    StandardVersion,
    known_version,
    retire_standard,
    standard_versions,
)

_STANDING = text("withdrawn_wall_s IS NULL")


class StandardActivationRow(Table):
    """That a version comes into force in a showroom."""

    __tablename__ = "standard_activation"
    __table_args__ = (
        CheckConstraint("from_wall_s >= ordered_wall_s", name="standard_activation_not_before_its_order"),
        CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_wall_s IS NULL)", name="standard_activation_withdrawn_once"
        ),
        CheckConstraint("withdrawn_wall_s < from_wall_s", name="standard_activation_withdrawn_before"),
        Index("standard_activation_by_version", "version_id"),
        Index(
            "standard_activation_once",
            "showroom_id",
            "from_wall_s",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    version_id: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("standard_version.id"))
    showroom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    from_wall_s: Mapped[float] = mapped_column(Double)
    ordered_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    ordered_wall_s: Mapped[float] = mapped_column(Double)
    withdrawn_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    withdrawn_wall_s: Mapped[float | None] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class StandardActivation:
    """That a version comes into force in a showroom, free of any database session."""

    id: int
    version: StandardVersion
    showroom: Showroom
    from_wall_s: float
    ordered_by: int
    ordered_wall_s: float


def activations(session: Session) -> tuple[StandardActivation, ...]:
    """Every activation that was not withdrawn, in the order of their moments."""
    rows = session.scalars(
        select(StandardActivationRow)
        .where(StandardActivationRow.withdrawn_wall_s.is_(None))
        .order_by(StandardActivationRow.from_wall_s, StandardActivationRow.id)
    ).all()
    if not rows:
        return ()
    versions = {each.id: each for each in standard_versions(session)}
    places = {each.id: each for each in showrooms(session)}
    return tuple(
        StandardActivation(
            row.id,
            versions[row.version_id],
            places[row.showroom_id],
            row.from_wall_s,
            row.ordered_by,
            row.ordered_wall_s,
        )
        for row in rows
    )


def in_force_or_planned(
    found: tuple[StandardActivation, ...], showroom_id: int | None, now_wall_s: float
) -> tuple[StandardActivation, ...]:
    """Of activations in the order of their moments those of a showroom that matter from now on: the one in force first, where one is."""
    there = [each for each in found if each.showroom.id == showroom_id]
    begun = [each for each in there if each.from_wall_s <= now_wall_s]
    return (*begun[-1:], *(each for each in there if each.from_wall_s > now_wall_s))


def activate_standard(
    session: Session,
    name: str,
    version: int,
    showroom: Showroom,
    from_wall_s: float,
    account: int,
    now_wall_s: float,
) -> None:
    """Put a version into force in a showroom from a moment on, until another one is.

    Raises:
        StandardStepError: It was not approved, or is retired; it is another company's; the moment has passed, or has an activation
            already; or a pilot is tried elsewhere.
    """
    found = known_version(session, name, version)
    if found.state not in {"pilot", "active"}:
        raise StandardStepError(
            "{name}@{version} is {state}: only a pilot or an active version comes into force",
            name=name,
            version=version,
            state="a draft" if found.state == "draft" else found.state,
        )
    if found.company not in {None, showroom.company}:
        raise StandardStepError(
            "{name}@{version} is a standard of {found_company}, and {showroom_name} belongs to {showroom_company}",
            name=name,
            version=version,
            found_company=found.company,
            showroom_name=showroom.name,
            showroom_company=showroom.company,
        )
    if from_wall_s < now_wall_s:
        raise StandardStepError(
            "a standard comes into force from now on or later: what has passed stays as it was"
        )
    standing = activations(session)
    if any(each.showroom.id == showroom.id and each.from_wall_s == from_wall_s for each in standing):
        raise StandardStepError(
            "{showroom_name} has another standard from that moment on: withdraw it first",
            showroom_name=showroom.name,
        )
    elsewhere = {
        # The showrooms of one company are nothing that another one is told.
        each.showroom.name if each.showroom.company == showroom.company else "another company"
        for place in {each.showroom.id for each in standing} - {showroom.id}
        for each in in_force_or_planned(standing, place, now_wall_s)
        if each.version.id == found.id
    }
    if found.state == "pilot" and elsewhere:
        raise StandardStepError(
            "{name}@{version} is a pilot, and tried in {known}: make it active to have it in other showrooms too",
            name=name,
            version=version,
            known=", ".join(sorted(elsewhere)),
        )
    row = StandardActivationRow(
        version_id=found.id,
        showroom_id=showroom.id,
        from_wall_s=from_wall_s,
        ordered_by=account,
        ordered_wall_s=now_wall_s,
    )
    session.add(row)
    session.flush()
    detail = f"{showroom.company}, {showroom.name} from {from_wall_s:.0f}"
    note(session, now_wall_s, f"account {account}", "standard put into force", f"{name}@{version}", detail)


def withdraw_activation(session: Session, number: int, account: int, now_wall_s: float) -> None:
    """Withdraw an activation whose moment has not come.

    Raises:
        StandardStepError: There is none of that number, it was withdrawn, or its moment has come.
    """
    row = session.get(StandardActivationRow, number)
    if row is None or row.withdrawn_wall_s is not None:
        raise StandardStepError("there is no such activation any more")
    if row.from_wall_s <= now_wall_s:
        raise StandardStepError("it is in force already: put another standard into force in its place")
    row.withdrawn_by, row.withdrawn_wall_s = account, now_wall_s
    session.flush()
    note(session, now_wall_s, f"account {account}", "standard withdrawn", f"activation {number}")


def retire_unused(
    session: Session, name: str, version: int, account: int, now_wall_s: float
) -> StandardVersion:
    """Retire a version that is in force nowhere.

    Raises:
        StandardStepError: It is in force, or will be, in a showroom, which is named; or it is retired already.
    """
    standing = activations(session)
    used = {
        each.showroom.name
        for place in {each.showroom.id for each in standing}
        for each in in_force_or_planned(standing, place, now_wall_s)
        if (each.version.standard.name, each.version.standard.version) == (name, version)
    }
    if used:
        raise StandardStepError(
            "{name}@{version} is in force or planned in {known}: put another one into force there first",
            name=name,
            version=version,
            known=", ".join(sorted(used)),
        )
    return retire_standard(session, name, version, account, now_wall_s)
