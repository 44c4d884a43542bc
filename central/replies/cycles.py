"""The cycles of a case: from a question that nobody had replied to, to its reply."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from central.replies.case_history import CHANGED_WITH_S, CaseHistory, CaseState

Ending = Literal["replied", "closed"]


@dataclass(frozen=True, slots=True)
class Pause:
    """While the customer was waited for, and no clock runs."""

    from_s: float
    to_s: float | None
    """None: it still lasts."""


@dataclass(frozen=True, slots=True)
class ReplyCycle:
    """One question and its end."""

    number: int
    """1 for the first of its case."""
    asked_s: float
    """Unix time of the first message that nobody had replied to, or at which a closed case was opened again."""
    ended_s: float | None
    ending: Ending | None
    """``replied``, or ``closed`` without a reply; None while it goes on."""
    pauses: tuple[Pause, ...]
    """Ascending, apart, within the cycle."""


@dataclass(frozen=True, slots=True)
class _CaseEvent:
    at_s: float
    rank: int
    """Which of one second comes first: a reply answers what was asked before it, and whoever closes has read what was asked."""


_REPLIED, _ASKED, _CLOSED, _REOPENED = range(4)


def cycles(history: CaseHistory) -> tuple[ReplyCycle, ...]:
    """The cycles of a case, in order of time.

    - A cycle begins with a message from the customer's side while none goes on; what is written before the reply belongs to it.
    - It ends with the first message that a person who is not the requestor sends out after it. An automatic answer and a note end nothing.
    - A closing without a reply ends it too, and is no reply.
    - A closed case that is opened again begins another, unless it is a message of ours that opened it.
    - It is paused while the case is pending, until the customer writes.

    Args:
        history: The case; a merged one as `with_what_replied_elsewhere` gives it.
    """
    spans = tuple(_spans(history))
    pauses = tuple(_pauses(history, spans))
    found: list[ReplyCycle] = []
    asked_s: float | None = None
    for turn in sorted(_events(history, spans), key=lambda each: (each.at_s, each.rank)):
        if turn.rank in {_ASKED, _REOPENED}:
            asked_s = turn.at_s if asked_s is None else asked_s
        elif asked_s is not None:
            ending: Ending = "replied" if turn.rank == _REPLIED else "closed"
            found.append(
                ReplyCycle(len(found) + 1, asked_s, turn.at_s, ending, _within(pauses, asked_s, turn.at_s))
            )
            asked_s = None
    if asked_s is not None:
        found.append(ReplyCycle(len(found) + 1, asked_s, None, None, _within(pauses, asked_s, None)))
    return tuple(found)


def _events(
    history: CaseHistory, spans: tuple[tuple[CaseState, float, float | None], ...]
) -> Iterator[_CaseEvent]:
    sent = [each.at_s for each in history.messages if each.direction == "out"]
    for message in history.messages:
        if message.replies:
            yield _CaseEvent(message.at_s, _REPLIED)
        elif message.asks:
            yield _CaseEvent(message.at_s, _ASKED)
    for state, from_s, to_s in spans:
        if state != "closed":
            continue
        yield _CaseEvent(from_s, _CLOSED)
        if to_s is not None and not any(to_s - CHANGED_WITH_S <= at_s <= to_s for at_s in sent):
            yield _CaseEvent(to_s, _REOPENED)


def _spans(history: CaseHistory) -> Iterator[tuple[CaseState, float, float | None]]:
    """The states one after the other, each from when to when; one that lasted no time was none."""
    joined: list[tuple[CaseState, float]] = []
    for change in sorted(history.states, key=lambda each: each.at_s):
        while joined and joined[-1][1] == change.at_s:
            joined.pop()
        if not joined or joined[-1][0] != change.state:
            joined.append((change.state, change.at_s))
    ends = [*(at_s for _, at_s in joined[1:]), None]
    for (state, from_s), to_s in zip(joined, ends, strict=bool(joined)):
        yield state, from_s, to_s


def _pauses(
    history: CaseHistory, spans: tuple[tuple[CaseState, float, float | None], ...]
) -> Iterator[Pause]:
    asked = sorted(each.at_s for each in history.messages if each.asks)
    for state, from_s, to_s in spans:
        if state == "pending":
            # Whoever has written is not waited for, whatever the state still says.
            written_s = next((at_s for at_s in asked if at_s > from_s), None)
            ends = [end_s for end_s in (to_s, written_s) if end_s is not None]
            yield Pause(from_s, min(ends, default=None))


def _within(pauses: tuple[Pause, ...], from_s: float, to_s: float | None) -> tuple[Pause, ...]:
    found = []
    for each in pauses:
        begins_s = max(each.from_s, from_s)
        ends = [end_s for end_s in (each.to_s, to_s) if end_s is not None]
        ends_s = min(ends, default=None)
        if ends_s is None or begins_s < ends_s:
            found.append(Pause(begins_s, ends_s))
    return tuple(found)
