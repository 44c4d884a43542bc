"""Promises: written in versions, published by somebody else once nothing stands against it, and withdrawn with a reason."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.audit_log import note
from central.promises.promise_rows import (
    REASON_LIMIT,
    SITES_LIMIT,
    SOURCE_LIMIT,
    TEXT_LIMIT,
    PromiseRow,
    PromiseSideRow,
    PromiseVersionRow,
)
from central.promises.promise_wording import refusal_words
from central.promises.weighing import SIDES, UNITS, Capability, Level, Side, SideKind, refusals
from protocol.errors import RefusalError


class PromiseStepError(RefusalError):
    """Nothing such can be done with a promise; the text says why."""


@dataclass(frozen=True, slots=True)
class WrittenPromise:
    """What somebody writes."""

    text: str
    code: str
    level: Level
    sides: Mapping[SideKind, Side]
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseVersion:
    """A version, free of any database session."""

    number: int
    """Of the promise."""
    company: str
    showroom_id: int | None
    version: int
    written: WrittenPromise
    written_by: int
    written_wall_s: float
    published_by: int | None
    published_wall_s: float | None
    borne: Mapping[str, float | str] | None
    """What had been measured when it was published."""
    ended_by: int | None
    ended_wall_s: float | None
    ended_why: str | None

    @property
    def holds(self) -> bool:
        """Whether it is promised now."""
        return self.published_wall_s is not None and self.ended_wall_s is None

    @property
    def withdrawn(self) -> bool:
        """Whether it was, and was withdrawn."""
        return self.ended_why is not None


def write_promise(
    session: Session,
    company: str,
    showroom_id: int | None,
    written: WrittenPromise,
    account: int,
    actor: str,
    now_wall_s: float,
    today: date,
) -> int:
    """Write the first version of a promise; returns its number.

    Raises:
        PromiseStepError: It cannot be written so.
    """
    _examine(written, today)
    row = PromiseRow(company=company, showroom_id=showroom_id)
    session.add(row)
    session.flush()
    _add_version(session, row.id, written, account, actor, now_wall_s)
    return row.id


def rewrite_promise(
    session: Session,
    number: int,
    written: WrittenPromise,
    account: int,
    actor: str,
    now_wall_s: float,
    today: date,
) -> None:
    """Write the next version of a promise; what is published stays until this one is.

    Raises:
        PromiseStepError: It cannot be written so.
    """
    _examine(written, today)
    _add_version(session, number, written, account, actor, now_wall_s)


def publish_promise(
    session: Session,
    number: int,
    version: int,
    measured: Capability,
    account: int,
    actor: str,
    now_wall_s: float,
) -> None:
    """Publish the latest version of a promise, in the place of the one before.

    Raises:
        PromiseStepError: Somebody wrote on, whoever publishes wrote it, or something stands against it.
    """
    rows = _version_rows(session, number)
    row = rows[-1] if rows else None
    if row is None or row.version != version:
        raise PromiseStepError("Another version was written meanwhile: read that one first.")
    if row.published_wall_s is not None:
        raise PromiseStepError("This version was published already: write the next one.")
    if row.written_by == account:
        raise PromiseStepError("Whoever wrote a promise does not publish it: somebody else does.")
    written = _read(row, session.get_one(PromiseRow, number), _sides(session, row.id)).written
    if stands_against := refusals(written.level, written.sides, measured):
        words = " ".join(
            refusal_words(each, written.code, written.level, written.sides, measured)
            for each in stands_against
        )
        raise PromiseStepError(words)
    for before in rows[:-1]:
        if before.published_wall_s is not None and before.ended_wall_s is None:
            before.ended_by, before.ended_wall_s = account, now_wall_s
    row.published_by, row.published_wall_s = account, now_wall_s
    row.borne = _borne(measured)
    note(session, now_wall_s, actor, "promise published", f"promise {number} version {version}", row.borne)


def withdraw_promise(
    session: Session, number: int, reason: str, account: int, actor: str, now_wall_s: float
) -> None:
    """Withdraw what is promised.

    Raises:
        PromiseStepError: Nothing is promised, or no reason is given.
    """
    row = next((each for each in _version_rows(session, number) if _holds(each)), None)
    if row is None:
        raise PromiseStepError("Nothing is promised by it: there is nothing to withdraw.")
    if not reason.strip():
        raise PromiseStepError("A promise is withdrawn with a reason, which stays to be read.")
    row.ended_by, row.ended_wall_s, row.ended_why = account, now_wall_s, reason.strip()[:REASON_LIMIT]
    # The reason stays out of the log, which nobody may change.
    note(session, now_wall_s, actor, "promise withdrawn", f"promise {number} version {row.version}")


def versions_of_promises(
    session: Session, numbers: Iterable[int] | None = None
) -> tuple[PromiseVersion, ...]:
    """Every version of some promises, or of all, by promise and version."""
    chosen = select(PromiseVersionRow, PromiseRow).join(
        PromiseRow, PromiseRow.id == PromiseVersionRow.promise
    )
    if numbers is not None:
        chosen = chosen.where(PromiseRow.id.in_(list(numbers)))
    rows = session.execute(chosen.order_by(PromiseRow.id, PromiseVersionRow.version)).all()
    return tuple(_read(row, promise, _sides(session, row.id)) for row, promise in rows)


def _add_version(
    session: Session, number: int, written: WrittenPromise, account: int, actor: str, now_wall_s: float
) -> None:
    rows = _version_rows(session, number)
    version = rows[-1].version + 1 if rows else 1
    row = PromiseVersionRow(
        promise=number,
        version=version,
        text=written.text.strip(),
        code=written.code,
        within=written.level.within,
        share=written.level.share,
        sites=" ".join(written.sites),
        written_by=account,
        written_wall_s=now_wall_s,
    )
    session.add(row)
    session.flush()
    for side, each in written.sides.items():
        session.add(
            PromiseSideRow(
                version=row.id,
                side=side,
                within=each.level.within,
                share=each.level.share,
                source=each.source.strip(),
                as_of=each.as_of,
            )
        )
    note(session, now_wall_s, actor, "promise written", f"promise {number} version {version}")


def _examine(written: WrittenPromise, today: date) -> None:
    if not 0 < len(written.text.strip()) <= TEXT_LIMIT:
        raise PromiseStepError("A promise has 1 to {most} letters, as customers read it.", most=TEXT_LIMIT)
    if written.code not in UNITS:
        raise PromiseStepError("No promise can rest on this indicator.")
    for level in (written.level, *(each.level for each in written.sides.values())):
        _examine_level(written.code, level)
    for each in written.sides.values():
        if not 0 < len(each.source.strip()) <= SOURCE_LIMIT:
            raise PromiseStepError("Each side needs the source of its value.")
        if each.as_of > today:
            raise PromiseStepError("A side is dated by when its value was known, and not by a day to come.")
    for site in written.sites:
        if not _is_site(site):
            raise PromiseStepError(
                "{site} is no address of a site, such as https://www.example.com", site=site
            )
    if len(" ".join(written.sites)) > SITES_LIMIT:
        raise PromiseStepError("These are too many sites.")


def _examine_level(code: str, level: Level) -> None:
    if not 0.0 < level.share <= 1.0:
        raise PromiseStepError("A share is more than 0 % and at most 100 %.")
    if bool(UNITS[code]) != (level.within is not None):
        if UNITS[code]:
            raise PromiseStepError(
                "A promise of this indicator and each of its sides need a time or a number of rings."
            )
        raise PromiseStepError("This indicator has no time of its own: leave it empty.")
    if level.within is not None and not 0.0 < level.within < 1e6:
        raise PromiseStepError("A time or a number of rings is more than 0.")


def _is_site(text: str) -> bool:
    """Whether a text is an origin, such as ``https://www.example.com``: it goes into a header, so nothing else passes."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    plain = bool(host) and all(each.isascii() and (each.isalnum() or each in "-.") for each in host)
    rebuilt = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    return parts.scheme in {"http", "https"} and plain and text == rebuilt


def _borne(measured: Capability) -> str:
    share = measured.share
    assert share is not None  # noqa: S101  (without one it is refused)
    told: dict[str, float | str] = {
        "part": share.part,
        "whole": share.whole,
        "low": share.low,
        "high": share.high,
        "first_day": measured.first_day.isoformat(),
        "last_day": measured.last_day.isoformat(),
    }
    return json.dumps(told, sort_keys=True)


def _version_rows(session: Session, number: int) -> Sequence[PromiseVersionRow]:
    chosen = select(PromiseVersionRow).where(PromiseVersionRow.promise == number)
    return session.scalars(chosen.order_by(PromiseVersionRow.version)).all()


def _holds(row: PromiseVersionRow) -> bool:
    return row.published_wall_s is not None and row.ended_wall_s is None


def _sides(session: Session, version: int) -> dict[SideKind, Side]:
    rows = session.scalars(select(PromiseSideRow).where(PromiseSideRow.version == version))
    by_side = {row.side: Side(Level(row.within, row.share), row.source, row.as_of) for row in rows}
    return {side: by_side[side] for side in SIDES if side in by_side}


def _read(row: PromiseVersionRow, promise: PromiseRow, sides: Mapping[SideKind, Side]) -> PromiseVersion:
    written = WrittenPromise(
        row.text, row.code, Level(row.within, row.share), sides, tuple(row.sites.split())
    )
    return PromiseVersion(
        promise.id,
        promise.company,
        promise.showroom_id,
        row.version,
        written,
        row.written_by,
        row.written_wall_s,
        row.published_by,
        row.published_wall_s,
        None if row.borne is None else json.loads(row.borne),
        row.ended_by,
        row.ended_wall_s,
        row.ended_why,
    )
