"""How often stated 90 % intervals hold, row by row and over all."""

from collections import defaultdict

import numpy as np

from edge.observation import Estimate
from protocol.measurements import Quantity

NINETY_PERCENT = 1.645
"""Standard errors to either side that hold nine of ten."""
LEAST_ROW, LEAST_OVERALL = 0.85, 0.90


class Intervals:
    """Values, each beside its label."""

    def __init__(self) -> None:
        self.held: dict[str, list[bool]] = defaultdict(list)
        self.absent: dict[str, int] = defaultdict(int)

    def add(self, row: str, told: Estimate | Quantity | None, label: float, unsure: float = 0.0) -> None:
        """Hold a value against a label that is known to within `unsure`; one that is not told is only counted."""
        if told is None:
            self.absent[row] += 1
        else:
            self.held[row].append(abs(told.value - label) <= NINETY_PERCENT * told.se + unsure)

    def add_at_least(self, row: str, told: Estimate | Quantity | None, least: float) -> None:
        """Hold a value against a label that says only from what on it lies."""
        if told is None:
            self.absent[row] += 1
        else:
            self.held[row].append(told.value + NINETY_PERCENT * told.se >= least)

    def report(self) -> bool:
        """Print every row; whether every line is kept."""
        kept = True
        for row, held in self.held.items():
            share = float(np.mean(held))
            kept = kept and share >= LEAST_ROW
            print(f"  {row:34} {100 * share:3.0f} % of {len(held)}; not told {self.absent[row]}")
        overall = float(np.mean([each for held in self.held.values() for each in held]))
        print(f"  {'overall':34} {100 * overall:.1f} %")
        return kept and overall >= LEAST_OVERALL


def exactly(value: float) -> Estimate:
    """What is counted, or said with yes or no: it has no error to be excused with."""
    return Estimate(value, 0.0)


def timed(at_s: float | None, se_s: float | None) -> Estimate | None:
    """A time with its error; None where it was not seen to happen."""
    return None if at_s is None or se_s is None else Estimate(at_s, se_s)
