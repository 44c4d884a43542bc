"""What is known of one case of a ticket system: who wrote when, which state it was in, and which showroom had it. No word of what was written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Direction = Literal["in", "out", "internal"]
"""``in``: from the customer's side. ``out``: sent to the customer. ``internal``: a note among colleagues."""
AuthorKind = Literal["requestor", "person", "machine"]
"""``requestor``: whoever the case is about. ``person``: anybody else. ``machine``: an automatic answer, of either side."""
CaseState = Literal["open", "pending", "closed"]
"""``pending``: the customer is waited for."""

CHANGED_WITH_S = 60.0
"""A state that changes within a minute of what caused it belongs to it: Request Tracker reopens a case one second after the message that
it reopens it for, and a loaded machine takes longer."""


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """One message of a case."""

    external_id: str
    """What the ticket system calls it."""
    at_s: float
    """Unix time."""
    direction: Direction
    author: AuthorKind

    @property
    def asks(self) -> bool:
        """Whether somebody on the customer's side wrote it: neither an automatic answer nor a note."""
        return self.direction == "in" and self.author != "machine"

    @property
    def replies(self) -> bool:
        """Whether it is a reply: sent out, by a person who is not the requestor."""
        return self.direction == "out" and self.author == "person"


@dataclass(frozen=True, slots=True)
class StateChange:
    """From when on a case was in a state."""

    at_s: float
    state: CaseState


@dataclass(frozen=True, slots=True)
class CaseMove:
    """From when on a case was a showroom's."""

    at_s: float
    showroom_id: int


@dataclass(frozen=True, slots=True)
class CaseMerge:
    """That a case became part of another one."""

    at_s: float
    into: str
    """The other case's `CaseHistory.external_id`."""


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """One case."""

    external_id: str
    messages: tuple[CaseMessage, ...]
    """In any order."""
    states: tuple[StateChange, ...] = ()
    """In the order in which they happened, which tells of two of one second the later one; before the first the case is open."""
    moves: tuple[CaseMove, ...] = ()
    """In the order in which they happened; what was before the first is the first one's too."""
    merge: CaseMerge | None = None
    customer: str = ""
    """What the ticket system calls the customer; empty: unknown."""


def with_what_replied_elsewhere(history: CaseHistory, cases: Mapping[str, CaseHistory]) -> CaseHistory:
    """A merged case with the replies, and from the merge on the states, of the case that it became part of.

    Its own states end with the merge: a ticket system closes what it merges, and that is nobody's answer. A reply in the other case counts
    from the merge on; from the beginning on where both are one customer's, who read it. What is asked after the merge is the other case's.

    Args:
        history: The case.
        cases: Those of its ticket system by `CaseHistory.external_id`; one that is missing there gives nothing.
    """
    own, followed = history, {history.external_id}
    while own.merge is not None and own.merge.into not in followed:
        merge = own.merge
        followed.add(merge.into)
        other = cases.get(merge.into)
        from_s = merge.at_s
        states = tuple(each for each in own.states if each.at_s < from_s - CHANGED_WITH_S)
        messages = tuple(each for each in own.messages if each.replies or each.at_s <= from_s)
        if other is None:
            return replace(own, states=states, messages=messages, merge=None)
        one_customer = bool(history.customer) and history.customer == other.customer
        taken = (each for each in other.messages if each.replies and (one_customer or each.at_s >= from_s))
        known = {each.external_id for each in messages}
        after = tuple(each for each in other.states if each.at_s > from_s)
        own = replace(
            own,
            messages=(*messages, *(each for each in taken if each.external_id not in known)),
            states=(*states, StateChange(from_s, _state_at(other, from_s)), *after),
            moves=(*(each for each in own.moves if each.at_s < from_s), *_moves_from(other, from_s)),
            merge=other.merge,
        )
    return replace(own, merge=None)


def _state_at(history: CaseHistory, wall_s: float) -> CaseState:
    state: CaseState = "open"
    for each in sorted(history.states, key=lambda change: change.at_s):
        if each.at_s <= wall_s:
            state = each.state
    return state


def _moves_from(history: CaseHistory, wall_s: float) -> tuple[CaseMove, ...]:
    ordered = sorted(history.moves, key=lambda move: move.at_s)
    before = [each for each in ordered if each.at_s <= wall_s] or ordered[:1]
    return (
        *(CaseMove(wall_s, each.showroom_id) for each in before[-1:]),
        *(each for each in ordered if each.at_s > wall_s),
    )
