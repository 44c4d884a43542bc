"""What a ticket system tells of its cases, the same for each kind of system; no word that a customer wrote is asked for."""

from dataclasses import dataclass
from typing import Protocol

from central.replies.case_history import CaseMerge, CaseMessage, StateChange
from protocol.errors import MendableError

PAGE = 20
"""Cases that are asked for at once: what is lost when the connection breaks is read again in seconds."""
LONGEST_ID = 200
"""Letters of what a ticket system calls a case, a message or a customer."""


class CrmAwayError(MendableError):
    """A ticket system does not answer, or not as one; the text says what it does, for the page."""


class BadAnswerError(CrmAwayError):
    """A ticket system answers one question, and the answer is of no use; it may answer the next one."""


class UnreadableCaseError(MendableError):
    """One case of a ticket system cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """That a case changed."""

    external_id: str
    changed_s: float
    """Unix time, by the clock of the ticket system."""


@dataclass(frozen=True, slots=True)
class CasePlace:
    """From when on a case lay in a queue, or whatever its ticket system tells showrooms apart by."""

    at_s: float
    place: str


@dataclass(frozen=True, slots=True)
class PulledCase:
    """One case as a ticket system tells it."""

    external_id: str
    customer: str
    """What it calls whoever the case is about: a number, never a name."""
    messages: tuple[CaseMessage, ...]
    states: tuple[StateChange, ...]
    places: tuple[CasePlace, ...]
    whole: bool
    """Whether states and places are all there ever were; else they are the present ones, and what is kept of before stays."""
    merge: CaseMerge | None = None


class TicketSystem(Protocol):
    """A kind of ticket system that can be asked."""

    def changed(self, since_s: float, page: int) -> tuple[ChangedCase, ...]:
        """Cases that changed at a Unix time or later, ascending, `PAGE` of them; page 1 is the first.

        Raises:
            CrmAwayError: It does not answer, or not as one.
        """

    def read(self, external_id: str) -> PulledCase:
        """One case.

        Raises:
            CrmAwayError: It does not answer, or not as one.
            UnreadableCaseError: What it tells of this case cannot be used.
        """

    def close(self) -> None:
        """Hang up."""
