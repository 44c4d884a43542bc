"""How many hosts an hour needs so that a customer rarely waits for one to be free: simulated from the showroom's own visits; pure.

Hours that were measured are drawn anew, whole, with the moments at which customers came (a bootstrap of hours: no even stream is assumed), and each
customer takes a host for as long as one of the visits measured took (Kaplan-Meier, so that visits which were not seen to their end count as longer).
Customers are served in the order in which they come, by whichever host is free first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import CensoredData, ecdf

from central.statistics.share import CONFIDENCE, SMALL_SAMPLE

ATTENDED_SHARE = 0.9
"""Of the customers who should find a host free in time: the service level that call centres and shops plan by most."""
MOST_HOSTS = 12
"""Tried: more do not stand in a showroom at one hour."""
REPLICATES = 200
"""Samples, each of which gives one need: the bounds of 95 of 100 rest on five of them on either side."""
CUSTOMERS = 400
"""In each sample, of which the first `WARM_UP` are not counted: a share of .9 is then known to 1.6 points."""
WARM_UP = 50
"""Customers who come while the simulated showroom is still empty."""
FEWEST_HOURS = 4
"""Measured hours of one hour of the week, from which it is drawn: of fewer, chance weeks would pass for the rule."""
FEWEST_VISITS = 3 * SMALL_SAMPLE
"""Visits of which is known how long they took, or at least took: of fewer, how long a visit takes is a guess."""

HourOfWeek = tuple[int, int]
"""Weekday (0 is Monday) and hour of the showroom's clock (0 to 23)."""
WhyNoNeed = Literal["no_data", "few_hours", "none_attended", "few_visits", "all_censored", "nobody_came"]
"""Why there is no number: nothing was measured; too few weeks; nobody was seen to attend to anybody; too few visits; none was seen to its end; nobody
came in any of these hours."""


@dataclass(frozen=True, slots=True)
class VisitLengths:
    """How long visits took a host, in seconds."""

    ended_s: tuple[float, ...]
    censored_s: tuple[float, ...]
    """Of those not seen to their end: how long they took at least."""

    @property
    def n(self) -> int:
        """How many."""
        return len(self.ended_s) + len(self.censored_s)


@dataclass(frozen=True, slots=True)
class MeasuredHours:
    """Every measured hour of one hour of the week: of each the seconds, from its beginning, at which customers came."""

    hours: tuple[tuple[float, ...], ...]

    @property
    def customers(self) -> int:
        """How many came in all of them."""
        return sum(map(len, self.hours))


@dataclass(frozen=True, slots=True)
class HostsNeeded:
    """What one hour of the week needs."""

    hours: int
    """Measured ones."""
    customers: int
    hosts: int | None
    """Median of the samples; None with the reason beside it."""
    low: int | None = None
    high: int | None = None
    """95 of 100 samples lie between; `MOST_HOSTS` + 1 where `MOST_HOSTS` were not enough."""
    why_not: WhyNoNeed | None = None

    @property
    def per_hour(self) -> float | None:
        """Customers an hour; None of no hour."""
        return self.customers / self.hours if self.hours else None


def hosts_needed(
    by_hour: Mapping[HourOfWeek, MeasuredHours],
    lengths: VisitLengths,
    within_s: float,
    seed: int,
    share: float = ATTENDED_SHARE,
    replicates: int = REPLICATES,
) -> dict[HourOfWeek, HostsNeeded]:
    """How many hosts each hour of the week needs; the order of hours, customers and visits does not matter.

    Args:
        by_hour: What was measured.
        lengths: Of visits of the showroom, at whatever hour.
        within_s: A customer should find a host free within so many seconds.
        seed: Of the samples.
        share: Of the customers for whom that should hold.
        replicates: Samples of each hour.
    """
    why_not = _why_no_lengths(lengths)
    found: dict[HourOfWeek, HostsNeeded] = {}
    drawn: list[HourOfWeek] = []
    for hour in sorted(by_hour):
        measured = by_hour[hour]
        reason = _why_not(measured) or why_not
        found[hour] = HostsNeeded(len(measured.hours), measured.customers, None, why_not=reason)
        if reason is None:
            drawn.append(hour)
    for hour in drawn:
        # Each hour has its own stream, so that one more hour changes nothing of the others.
        generator = np.random.Generator(np.random.PCG64([seed, *hour]))
        came = _arrivals(by_hour[hour], generator, replicates)
        took = _services(lengths, generator, replicates)
        needs = np.sort(_needs(came, took, within_s, share))
        tail = (1 - CONFIDENCE) / 2
        low, middle, high = np.quantile(needs, (tail, 0.5, 1 - tail), method="nearest")
        measured = by_hour[hour]
        found[hour] = HostsNeeded(len(measured.hours), measured.customers, int(middle), int(low), int(high))
    return found


def _why_no_lengths(lengths: VisitLengths) -> WhyNoNeed | None:
    if not lengths.n:
        return "none_attended"
    if not lengths.ended_s:
        return "all_censored"
    return "few_visits" if lengths.n < FEWEST_VISITS else None


def _why_not(measured: MeasuredHours) -> WhyNoNeed | None:
    if not measured.hours:
        return "no_data"
    if len(measured.hours) < FEWEST_HOURS:
        return "few_hours"
    return None if measured.customers else "nobody_came"


def _arrivals(
    measured: MeasuredHours, generator: np.random.Generator, replicates: int
) -> NDArray[np.float64]:
    """Seconds at which customers come, of each replicate a row of `CUSTOMERS` ascending ones, from hours drawn anew and set one after the other."""
    hours = sorted(tuple(sorted(each)) for each in measured.hours)
    found = np.full((replicates, CUSTOMERS), np.inf)
    for row in range(replicates):
        # First a sample of weeks, which says how far they may differ; then as many hours out of it as are needed.
        sample = [hours[each] for each in generator.integers(len(hours), size=len(hours))]
        if not any(sample):
            continue
        mean = sum(map(len, sample)) / len(sample)
        came: list[float] = []
        begins_s = 0.0
        while len(came) < CUSTOMERS:
            for each in generator.integers(len(sample), size=int(CUSTOMERS / mean) + 1):
                came += [begins_s + at_s for at_s in sample[each]]
                begins_s += 3600.0
        found[row] = came[:CUSTOMERS]
    return found


def _services(lengths: VisitLengths, generator: np.random.Generator, replicates: int) -> NDArray[np.float64]:
    """Seconds that each customer takes a host, of each replicate a row, from a sample of the visits."""
    ended, censored = np.sort(lengths.ended_s), np.sort(lengths.censored_s)
    every = np.concatenate((ended, censored))
    seen = np.arange(len(every)) < len(ended)
    found = np.empty((replicates, CUSTOMERS))
    for row in range(replicates):
        sample = generator.integers(len(every), size=len(every))
        found[row] = _drawn_lengths(every[sample], seen[sample], generator.random(CUSTOMERS))
    return found


def _drawn_lengths(
    lasted_s: NDArray[np.float64], seen: NDArray[np.bool_], uniform: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Lengths by Kaplan-Meier; what lies beyond the longest that was seen to its end takes as long as the longest of all."""
    longest_s = float(lasted_s.max())
    if not seen.any():
        return np.full(len(uniform), longest_s)
    survival = ecdf(CensoredData(uncensored=lasted_s[seen], right=lasted_s[~seen])).sf
    distribution = 1.0 - np.asarray(survival.probabilities)
    place = np.searchsorted(distribution, uniform, side="left")
    quantiles = np.append(np.asarray(survival.quantiles), longest_s)
    found: NDArray[np.float64] = quantiles[place]
    return found


def _needs(
    came: NDArray[np.float64], took: NDArray[np.float64], within_s: float, share: float
) -> NDArray[np.int64]:
    """The fewest hosts with which each replicate reaches the share; `MOST_HOSTS` + 1 where none does, 1 where nobody came."""
    needs = np.full(len(came), MOST_HOSTS + 1, dtype=np.int64)
    needs[np.isinf(came[:, 0])] = 1
    left = np.flatnonzero(np.isfinite(came[:, 0]))
    for hosts in range(1, MOST_HOSTS + 1):
        if not left.size:
            break
        reached = _share_in_time(came[left], took[left], hosts, within_s) >= share
        needs[left[reached]] = hosts
        left = left[~reached]
    return needs


def _share_in_time(
    came: NDArray[np.float64], took: NDArray[np.float64], hosts: int, within_s: float
) -> NDArray[np.float64]:
    """In each replicate, the share of customers for whom one of so many hosts is free in time."""
    free = np.zeros((len(came), hosts))
    rows = np.arange(len(came))
    in_time = np.zeros(len(came))
    for number in range(came.shape[1]):
        first = free.argmin(axis=1)
        begins = np.maximum(came[:, number], free[rows, first])
        if number >= WARM_UP:
            in_time += begins - came[:, number] <= within_s
        free[rows, first] = begins + took[:, number]
    found: NDArray[np.float64] = in_time / (came.shape[1] - WARM_UP)
    return found
