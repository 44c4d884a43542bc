"""What a file of ``central/scoring/clauses/`` declares: a clause of the standard and how it is judged."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from central.scoring.verdict import Verdict
from protocol.standard import Standard

Subject = TypeVar("Subject")
"""What a clause is held against: an `Encounter`, a `Call`, or a day's `Staffing`."""


@dataclass(frozen=True, slots=True)
class Clause(Generic[Subject]):
    """How one clause is judged. Its limits and its words stand in ``protocol.standard`` under the same name."""

    name: str
    """Its place in the standard: ``smile.teeth``."""
    subject: type[Subject]
    judge: Callable[[Subject, Standard], Verdict]
    """Asked only where the standard sets the clause."""
