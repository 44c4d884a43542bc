"""Every clause that a standard sets, held against one measurement."""

import importlib
import pkgutil
from dataclasses import replace
from typing import Any

import central.scoring.clauses
from central.scoring.clause import Clause
from central.scoring.staff_in_front import in_doubt
from central.scoring.verdict import Verdict
from protocol.measurements import Encounter
from protocol.standard import CLAUSES, Standard, limits_of


def _found() -> tuple[Clause[Any], ...]:
    """The clause of each file in the folder, in the standard's order; a name that the standard lacks is refused."""
    folder = central.scoring.clauses
    files = (file.name for file in pkgutil.iter_modules(folder.__path__))
    clauses = [importlib.import_module(f"{folder.__name__}.{name}").CLAUSE for name in files]
    order = tuple(CLAUSES)
    return tuple(sorted(clauses, key=lambda clause: order.index(clause.name)))


SCORING_VERSION = 1
"""Raised with every change by which a verdict comes out otherwise, its words too: verdicts that are kept are then made anew. A test
compares what comes out with a digest."""
JUDGED = _found()
"""Every clause that is scored, in the standard's order."""


def verdicts_on(subject: object, standard: Standard, measurements: tuple[str, ...]) -> tuple[Verdict, ...]:
    """The verdict of each clause about such a subject that the standard sets, in the standard's order.

    Args:
        subject: An `Encounter`, a `Call`, or a day's `Staffing`.
        standard: The standard to judge by; clauses that it leaves open give no verdict.
        measurements: Ids of the measurements that the subject was taken from.
    """
    judged = (
        clause.judge(subject, standard)
        for clause in JUDGED
        if isinstance(subject, clause.subject) and not limits_of(standard, clause.name).open
    )
    if isinstance(subject, Encounter):
        judged = (in_doubt(verdict, subject) for verdict in judged)
    return tuple(replace(verdict, measurements=measurements) for verdict in judged)
