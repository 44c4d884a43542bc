"""By which profile each showroom works: proposed by one person and signed by another, and never rewritten."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, Index, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.audit_log import note
from central.database.table import BIG_KEY, Table
from central.showrooms.premises import Showroom
from central.showrooms.profiles import STRICTEST, ShowroomProfile, profile_named, profiles
from protocol.errors import RefusalError

REASON_LIMIT = 2000
"""Letters of a reason: a page."""
_OPEN = text("signed_wall_s IS NULL AND withdrawn_wall_s IS NULL")


class ProfileStepError(RefusalError):
    """A step of a decision cannot be taken; the text says why."""


class ProfileDecisionRow(Table):
    """That a showroom is to work by a profile."""

    __tablename__ = "profile_decision"
    __table_args__ = (
        CheckConstraint("signed_by <> proposed_by", name="profile_decision_signed_by_another"),
        CheckConstraint(
            "proposed_by IS NULL OR (signed_by IS NULL) = (signed_wall_s IS NULL)",
            name="profile_decision_signed_once",
        ),
        CheckConstraint("signed_wall_s IS NULL OR withdrawn_wall_s IS NULL", name="profile_decision_one_end"),
        Index(
            "profile_decision_once",
            "showroom_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    showroom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    profile: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    """None of what held before profiles were decided: it was taken over from the jurisdiction."""
    proposed_wall_s: Mapped[float] = mapped_column(Double)
    signed_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    signed_wall_s: Mapped[float | None] = mapped_column(Double)
    """From when on it holds."""
    withdrawn_wall_s: Mapped[float | None] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class ProfileDecision:
    """A decision, free of any database session."""

    id: int
    showroom_id: int
    profile: ShowroomProfile
    reason: str
    proposed_by: int | None
    proposed_wall_s: float
    signed_by: int | None
    signed_wall_s: float | None

    @property
    def is_open(self) -> bool:
        """Whether another person has yet to sign it."""
        return self.signed_wall_s is None


def decisions(session: Session) -> tuple[ProfileDecision, ...]:
    """Every decision that was not withdrawn: those that were signed in the order of their moments, then the open ones."""
    rows = session.scalars(
        select(ProfileDecisionRow).where(ProfileDecisionRow.withdrawn_wall_s.is_(None))
    ).all()
    found = [decided(row) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.is_open, each.signed_wall_s or 0.0, each.id)))


class ProfilesInForce:
    """Answers by which profile a showroom worked at a moment: pure.

    Example:
        >>> signed = ProfileDecision(1, 7, profile_named("cn"), "", 1, 0.0, 2, 100.0)
        >>> held = ProfilesInForce([signed])
        >>> held.at(7, 99.0).name, held.at(7, 100.0).name, held.at(8, 100.0).name, held.at(None, 100.0).name
        ('eu', 'cn', 'eu', 'eu')
    """

    def __init__(self, found: Iterable[ProfileDecision]) -> None:
        self._signed: dict[int, list[ProfileDecision]] = defaultdict(list)
        for each in found:
            if not each.is_open:
                self._signed[each.showroom_id].append(each)

    def decision(self, showroom_id: int | None, wall_s: float) -> ProfileDecision | None:
        """The decision that held in a showroom at a Unix time; None where nobody had decided."""
        held = [
            each
            for each in self._signed.get(showroom_id or 0, ())
            if each.signed_wall_s is not None and each.signed_wall_s <= wall_s
        ]
        return max(held, key=lambda each: (each.signed_wall_s or 0.0, each.id), default=None)

    def at(self, showroom_id: int | None, wall_s: float) -> ShowroomProfile:
        """The profile that held at a Unix time: the strictest where nobody had decided, or nobody knows where a desk stood."""
        held = self.decision(showroom_id, wall_s)
        return profile_named(STRICTEST) if held is None else held.profile


def propose_profile(
    session: Session, showroom: Showroom, profile: str, reason: str, account: int, now_wall_s: float
) -> int:
    """Propose that a showroom work by a profile; another account signs it. Returns its number.

    Raises:
        ProfileStepError: It gives no reason, the showroom works by it already, or another proposal is open there.
        UnknownProfileError: There is no such profile.
    """
    wanted, reason = profile_named(profile), reason.strip()
    if not reason or len(reason) > REASON_LIMIT:
        raise ProfileStepError(
            "a decision has a reason, of up to {reason_limit} letters", reason_limit=REASON_LIMIT
        )
    found = decisions(session)
    if ProfilesInForce(found).at(showroom.id, now_wall_s).name == wanted.name:
        raise ProfileStepError(
            "{showroom_name} works by the profile {wanted_name} already",
            showroom_name=showroom.name,
            wanted_name=wanted.name,
        )
    if any(each.is_open and each.showroom_id == showroom.id for each in found):
        raise ProfileStepError(
            "there is a proposal for {showroom_name} already: sign it, or withdraw it first",
            showroom_name=showroom.name,
        )
    row = ProfileDecisionRow(
        showroom_id=showroom.id,
        profile=wanted.name,
        reason=reason,
        proposed_by=account,
        proposed_wall_s=now_wall_s,
    )
    session.add(row)
    session.flush()
    _note(session, row, "profile proposed", account, now_wall_s)
    return row.id


def sign_profile(session: Session, number: int, account: int, now_wall_s: float) -> None:
    """Sign what another proposed: the showroom works by it from this moment on.

    Raises:
        ProfileStepError: There is no such proposal any more, or the signer made it.
    """
    row = _open_row(session, number)
    if row.proposed_by == account:
        raise ProfileStepError("nobody signs what they proposed themselves: another person does")
    row.signed_by, row.signed_wall_s = account, now_wall_s
    session.flush()
    _note(session, row, "profile signed", account, now_wall_s)


def withdraw_proposal(session: Session, number: int, account: int, now_wall_s: float) -> None:
    """Withdraw a proposal that nobody has signed.

    Raises:
        ProfileStepError: There is no such proposal any more.
    """
    row = _open_row(session, number)
    row.withdrawn_wall_s = now_wall_s
    session.flush()
    _note(session, row, "profile withdrawn", account, now_wall_s)


def _open_row(session: Session, number: int) -> ProfileDecisionRow:
    row = session.get(ProfileDecisionRow, number)
    if row is None or row.signed_wall_s is not None or row.withdrawn_wall_s is not None:
        raise ProfileStepError("there is no such proposal any more")
    return row


def _note(session: Session, row: ProfileDecisionRow, action: str, account: int, now_wall_s: float) -> None:
    detail = f"showroom {row.showroom_id}, {row.profile}"
    note(session, now_wall_s, f"account {account}", action, f"decision {row.id}", detail)


def decided(row: ProfileDecisionRow) -> ProfileDecision:
    """What a row says, free of the session that it was read in."""
    # A profile of newer software that this one does not know allows no more than the strictest.
    profile = profiles().get(row.profile) or profile_named(STRICTEST)
    return ProfileDecision(
        row.id,
        row.showroom_id,
        profile,
        row.reason,
        row.proposed_by,
        row.proposed_wall_s,
        row.signed_by,
        row.signed_wall_s,
    )
