"""The audit log in the database: entries are added and read, never changed; the database refuses both by triggers."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from sqlalchemy import BigInteger, Double, String, Text, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.chain import START, AuditEntry, ChainedEntry, ChainState, chained, examine
from central.database.table import Table

NOBODY = "nobody"
"""The actor before a log-in."""
COMMAND_LINE = "command line"
"""The actor of `deskside-central`'s commands."""
PAGE_ENTRIES = 1000
"""Entries read at a time when the chain is examined: memory stays small however long the log is."""
SUBJECT_LIMIT = 300
"""Letters of a subject: a measurement's id has fewer than 120, a company and a showroom have 400 at most and are cut."""


class AuditRow(Table):
    """One entry."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    wall_s: Mapped[float] = mapped_column(Double)
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LIMIT))
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


def note(
    session: Session, now_wall_s: float, actor: str, action: str, subject: str = "", detail: str = ""
) -> None:
    """Add an entry; it is kept when the session's transaction is, together with what it tells of.

    Args:
        session: Its transaction takes the entry. Another writer waits until it has ended: the chain has no forks.
        now_wall_s: The present, as Unix time.
        actor: Who, without a name; see `AuditEntry`.
        action: What was done.
        subject: To what.
        detail: What else is to be known.
    """
    if session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer anyway.
        session.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    last = session.execute(
        select(AuditRow.number, AuditRow.digest).order_by(AuditRow.number.desc()).limit(1)
    ).first()
    number, previous = (1, START) if last is None else (last.number + 1, last.digest)
    kept = chained(AuditEntry(number, now_wall_s, actor, action, subject[:SUBJECT_LIMIT], detail), previous)
    session.add(_row(kept))
    session.flush()


def noted_since(session: Session, since_wall_s: float, actor: str, action: str, subject: str) -> bool:
    """Whether there is such an entry since a moment, as Unix time: a page that renews itself is one look."""
    # The log is read from its end, as far back as that moment reaches.
    recent = select(AuditRow).order_by(AuditRow.number.desc())
    with closing(session.scalars(recent.execution_options(yield_per=100))) as rows:
        for row in rows:
            if row.wall_s < since_wall_s:
                return False
            if (row.actor, row.action, row.subject) == (actor, action, subject[:SUBJECT_LIMIT]):
                return True
    return False


def latest_entries(
    session: Session, limit: int, *, before: int | None = None, actor: str | None = None
) -> tuple[AuditEntry, ...]:
    """Entries, latest first.

    Args:
        session: Where to read.
        limit: How many at most.
        before: Only those with a lower number.
        actor: Only this actor's.
    """
    chosen = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(AuditRow.number < before)
    if actor is not None:
        chosen = chosen.where(AuditRow.actor == actor)
    return tuple(_kept(row).entry for row in session.scalars(chosen))


def entries_about(session: Session, actor: str) -> Iterator[AuditEntry]:
    """Every entry of what an actor did, and of what was done to them, in the order of the log."""
    chosen = select(AuditRow).where((AuditRow.actor == actor) | (AuditRow.subject == actor))
    rows = session.scalars(chosen.order_by(AuditRow.number), execution_options={"yield_per": PAGE_ENTRIES})
    return (_kept(row).entry for row in rows)


def counted_since(
    session: Session, since_wall_s: float, actions: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Of each action how often it was done since a moment, as Unix time, and by how many different actors; in the order given."""
    rows = session.execute(
        select(AuditRow.action, func.count(), func.count(AuditRow.actor.distinct()))
        .where(AuditRow.wall_s >= since_wall_s, AuditRow.action.in_(actions))
        .group_by(AuditRow.action)
    )
    found = {action: (count, actors) for action, count, actors in rows}
    return {action: found.get(action, (0, 0)) for action in actions}


def verify(session: Session, after: ChainState | None = None) -> ChainState:
    """Examine the chain.

    Args:
        session: Where to read.
        after: What was found before: only what came since is examined, as long as the last entry of then is as it was. None for all of it.
    """
    if after is None or after.broken_at is not None or digest_at(session, after.entries) != after.head:
        return examine(_all(session))
    return examine(_all(session, after.entries), after)


def digest_at(session: Session, number: int) -> str | None:
    """The hash of the entry of that number; None where there is none."""
    return session.scalar(select(AuditRow.digest).where(AuditRow.number == number))


def _all(session: Session, reached: int | None = None) -> Iterator[ChainedEntry]:
    while True:
        page = select(AuditRow).order_by(AuditRow.number).limit(PAGE_ENTRIES)
        rows = session.scalars(page if reached is None else page.where(AuditRow.number > reached)).all()
        yield from map(_kept, rows)
        session.expunge_all()
        if len(rows) < PAGE_ENTRIES:
            return
        reached = rows[-1].number


def _row(kept: ChainedEntry) -> AuditRow:
    entry = kept.entry
    return AuditRow(
        number=entry.number,
        wall_s=entry.wall_s,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        detail=entry.detail,
        previous=kept.previous,
        digest=kept.digest,
    )


def _kept(row: AuditRow) -> ChainedEntry:
    entry = AuditEntry(row.number, row.wall_s, row.actor, row.action, row.subject, row.detail)
    return ChainedEntry(entry, row.previous, row.digest)
