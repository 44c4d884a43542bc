"""Who is exempt from which clause: signed with a reason, from a moment on, ended and never deleted."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Double, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import BIG_KEY, Table
from central.people.workforce import PSEUDONYM_LIMIT
from protocol.errors import RefusalError
from protocol.standard import CLAUSES

REASON_LIMIT = 2000
"""Letters of a reason: a page."""


class BadExemptionError(RefusalError):
    """Nobody can be exempted so; the text says why."""


class ExemptionRow(Table):
    """One exemption, as it was signed. Rows are only ever added: the database refuses changes."""

    __tablename__ = "exemption"
    __table_args__ = (Index("exemption_by_person", "person"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    person: Mapped[str] = mapped_column(String(PSEUDONYM_LIMIT))
    """Their pseudonym."""
    clause: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    """Read by whoever signed it and by the person, and by nobody else."""
    signed_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    """Number of the account."""
    account: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    """By which the person logs in and reads it; None of somebody who has none."""
    from_wall_s: Mapped[float] = mapped_column(Double)
    signed_wall_s: Mapped[float] = mapped_column(Double)


class ExemptionEndRow(Table):
    """The end of an exemption."""

    __tablename__ = "exemption_end"

    exemption: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("exemption.id"), primary_key=True)
    until_wall_s: Mapped[float] = mapped_column(Double)
    ended_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))


@dataclass(frozen=True, slots=True)
class Exemption:
    """One exemption, free of any database session."""

    number: int
    person: str
    clause: str
    reason: str
    signed_by: int
    """Number of the account."""
    account: int | None
    """Number of the person's own account."""
    from_s: float
    """Unix time."""
    until_s: float | None
    """None while it holds."""

    def reason_for(self, account: int) -> str | None:
        """The reason, for whoever signed it and for the person; None for everybody else."""
        return self.reason if account in {self.signed_by, self.account} else None

    def holds_at(self, wall_s: float) -> bool:
        """Whether it holds at a Unix time."""
        return self.from_s <= wall_s and (self.until_s is None or wall_s < self.until_s)


class ExemptClauses:
    """Answers from which clauses somebody is exempt at a moment: pure.

    Example:
        >>> teeth = Exemption(1, "wren", "smile.teeth", "braces", 1, None, 100.0, 200.0)
        >>> exempt = ExemptClauses([teeth])
        >>> exempt.of("wren", 150.0), exempt.of("wren", 200.0), exempt.of("lark", 150.0)
        ({'smile.teeth'}, set(), set())
    """

    def __init__(self, exemptions: Iterable[Exemption]) -> None:
        self._by_person: dict[str, list[Exemption]] = defaultdict(list)
        for each in exemptions:
            self._by_person[each.person].append(each)

    def of(self, person: str, wall_s: float) -> Collection[str]:
        """The clauses, at a Unix time."""
        return {each.clause for each in self._by_person.get(person, ()) if each.holds_at(wall_s)}


def exemptions(session: Session) -> tuple[Exemption, ...]:
    """Every exemption, also those that ended, in the order in which they were signed."""
    rows = session.execute(
        select(ExemptionRow, ExemptionEndRow.until_wall_s)
        .outerjoin(ExemptionEndRow, ExemptionEndRow.exemption == ExemptionRow.id)
        .order_by(ExemptionRow.id)
    )
    return tuple(_exemption(row, until_s) for row, until_s in rows)


def exemption_of(session: Session, number: int) -> Exemption | None:
    """The exemption of a number; None where there is none."""
    row = session.get(ExemptionRow, number)
    if row is None:
        return None
    end = session.get(ExemptionEndRow, number)
    return _exemption(row, None if end is None else end.until_wall_s)


def sign_exemption(
    session: Session,
    *,
    person: str,
    clause: str,
    reason: str,
    signed_by: int,
    account: int | None,
    from_wall_s: float,
    now_wall_s: float,
) -> Exemption:
    """Exempt somebody from a clause, from a moment on.

    Raises:
        BadExemptionError: It names nobody, no clause or no reason; the person signs for themselves; or it holds already.
    """
    person, reason = person.strip(), reason.strip()
    if not person or len(person) > PSEUDONYM_LIMIT:
        raise BadExemptionError(
            "an exemption names a person by a pseudonym of up to {pseudonym_limit} letters",
            pseudonym_limit=PSEUDONYM_LIMIT,
        )
    if clause not in CLAUSES:
        raise BadExemptionError(
            "there is no clause {clause!r}; there are: {known}", clause=clause, known=", ".join(CLAUSES)
        )
    if not reason or len(reason) > REASON_LIMIT:
        raise BadExemptionError(
            "an exemption has a reason, of up to {reason_limit} letters", reason_limit=REASON_LIMIT
        )
    if account == signed_by:
        raise BadExemptionError("nobody signs their own exemption")
    if any(
        each.person == person and each.clause == clause and each.until_s is None
        for each in exemptions(session)
    ):
        raise BadExemptionError("{person} is exempt from {clause} already", person=person, clause=clause)
    row = ExemptionRow(
        person=person,
        clause=clause,
        reason=reason,
        signed_by=signed_by,
        account=account,
        from_wall_s=from_wall_s,
        signed_wall_s=now_wall_s,
    )
    session.add(row)
    session.flush()
    return _exemption(row, None)


def end_exemption(session: Session, number: int, *, ended_by: int, until_wall_s: float) -> None:
    """End an exemption; it stays in what it was while it held.

    Raises:
        BadExemptionError: There is none of that number, or it ended already.
    """
    found = exemption_of(session, number)
    if found is None:
        raise BadExemptionError("there is no exemption {number}", number=number)
    if found.until_s is not None:
        raise BadExemptionError("exemption {number} has ended already", number=number)
    until_s = max(until_wall_s, found.from_s)
    session.add(ExemptionEndRow(exemption=number, until_wall_s=until_s, ended_by=ended_by))
    session.flush()


def _exemption(row: ExemptionRow, until_s: float | None) -> Exemption:
    return Exemption(
        row.id, row.person, row.clause, row.reason, row.signed_by, row.account, row.from_wall_s, until_s
    )
