"""The clocks of all cases: which replies are due at which showroom, and how many came in time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from central.crm.case_book import KnownCase, case_histories, joined
from central.replies.cycles import cycles
from central.replies.due_warning import warning_moment
from central.replies.reply_clock import Promise, ReplyClock, ReplyOutcome, Stay, reckon
from central.settings import TicketSystemLink
from central.showrooms.hours import opening_times
from central.showrooms.premises import Showroom, showrooms
from central.standards.in_force import StandardsInForce

DECIDED: tuple[ReplyOutcome, ...] = ("met", "missed")
"""What a share of replies in time is of: neither what is still to come, nor what was closed without a reply."""


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One clock of a case, and where it is."""

    case: KnownCase
    clock: ReplyClock
    showroom: Showroom
    warned_s: float | None
    """From when on somebody is warned, as Unix time; None where nobody is."""


@dataclass(frozen=True, slots=True)
class ReplyCounts:
    """How many clocks of a showroom were decided in a stretch of time, by how they ended."""

    ended: Mapping[ReplyOutcome, int] = field(default_factory=dict)

    @property
    def in_time(self) -> int:
        """Replied to by the deadline."""
        return self.ended.get("met", 0)

    @property
    def decided(self) -> int:
        """Those and the late ones, with or without a reply."""
        return sum(self.ended.get(each, 0) for each in DECIDED)


def case_clocks(
    session: Session,
    links: Iterable[TicketSystemLink],
    standards: StandardsInForce,
    since_s: float,
    now_s: float,
) -> tuple[CaseClock, ...]:
    """The clocks of every case with anything in it since a Unix time; cases of no showroom have none.

    What was promised is what was in force at the showroom that was asked, when it was asked.
    """
    cases = case_histories(session, since_s)
    return _clocks_among(session, links, standards, cases, cases, now_s)


def clocks_of_case(
    session: Session,
    links: Iterable[TicketSystemLink],
    standards: StandardsInForce,
    chain: Sequence[KnownCase],
    now_s: float,
) -> tuple[CaseClock, ...]:
    """The clocks of one case, as `case_clocks` has them.

    Args:
        session: Of the database.
        links: The ticket systems of the settings.
        standards: What was in force where and when.
        chain: The case, and those that it was merged into, as `central.crm.case_book.case_of` gives them; nothing gives no clock.
        now_s: The present, as Unix time.
    """
    return _clocks_among(session, links, standards, chain[:1], chain, now_s)


def decided_at(each: CaseClock) -> float | None:
    """The Unix time at which a clock was decided; None of one that runs, and of one that nothing can be told of."""
    moments = [at_s for at_s in (each.clock.cycle.ended_s, each.clock.due_s) if at_s is not None]
    return min(moments) if each.clock.outcome != "running" and moments else None


def replies_counted(clocks: Iterable[CaseClock], from_s: float, to_s: float) -> dict[int, ReplyCounts]:
    """How many clocks each showroom decided in a stretch of time, by the showroom's number.

    A clock is decided when the reply comes, when the case is closed, or when its deadline passes, whichever is first.
    """
    ended: dict[int, Counter[ReplyOutcome]] = defaultdict(Counter)
    for each in clocks:
        at_s = decided_at(each)
        if at_s is not None and from_s <= at_s < to_s:
            ended[each.showroom.id][each.clock.outcome] += 1
    return {showroom: ReplyCounts(dict(counts)) for showroom, counts in ended.items()}


def still_unanswered(clocks: Iterable[CaseClock], now_s: float) -> tuple[CaseClock, ...]:
    """What is to be replied to: the late ones and those that are warned of first, then by their deadlines."""

    def order(each: CaseClock) -> tuple[bool, bool, float]:
        warned = each.warned_s is not None and each.warned_s <= now_s
        due_s = each.clock.due_s
        return (each.clock.outcome != "missed", not warned, float("inf") if due_s is None else due_s)

    return tuple(sorted((each for each in clocks if each.clock.cycle.ended_s is None), key=order))


class _Stays:
    """Which showrooms had a case, by the queues that the settings name."""

    def __init__(
        self, session: Session, links: Mapping[str, TicketSystemLink], known: Iterable[Showroom]
    ) -> None:
        self._links = links
        self._known = {(each.company, each.name): each for each in known}
        self._times = {each.id: opening_times(session, each) for each in self._known.values()}

    def of(self, case: KnownCase) -> tuple[Stay, ...]:
        """Ascending; nothing where no queue of the case is a showroom's."""
        link = self._links.get(case.crm)
        if link is None:
            return ()
        queues = {each.name: each.showroom for each in link.queues}
        named = [(each.at_s, queues.get(each.place, link.showroom)) for each in case.places]
        found = ((at_s, self._known.get((link.company, name))) for at_s, name in named)
        return tuple(
            Stay(at_s, showroom.id, showroom.name, self._times[showroom.id])
            for at_s, showroom in found
            if showroom is not None
        )


def _clocks_among(
    session: Session,
    links: Iterable[TicketSystemLink],
    standards: StandardsInForce,
    wanted: Iterable[KnownCase],
    among: Iterable[KnownCase],
    now_s: float,
) -> tuple[CaseClock, ...]:
    """The clocks of the wanted cases; they may have been merged into others of those among which they are."""
    known = showrooms(session)
    stays_of = _Stays(session, {each.name: each for each in links}, known)
    by_id = {each.id: each for each in known}
    return tuple(each for case in wanted for each in _clocks(case, among, stays_of, by_id, standards, now_s))


def _clocks(
    case: KnownCase,
    cases: Iterable[KnownCase],
    stays_of: _Stays,
    known: Mapping[int, Showroom],
    standards: StandardsInForce,
    now_s: float,
) -> Iterator[CaseClock]:
    stays = stays_of.of(case)
    if not stays:
        return
    for cycle in cycles(joined(case, cases)):
        there = [each for each in stays if each.from_s <= cycle.asked_s] or [stays[0]]
        asked = standards.at(there[-1].showroom_id, cycle.asked_s).standard.reply
        clock = reckon(cycle, Promise(asked.within_h * 3600, asked.hours), stays, now_s)
        warned_s = None if clock.due_s is None else warning_moment(cycle.asked_s, clock.due_s, stays)
        yield CaseClock(case, clock, known[clock.showroom_id], warned_s)
