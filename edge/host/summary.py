"""From an encounter's samples to what is measured of the host in it: smile, gaze, posture, each with error and coverage."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from edge.arrays import FloatArray, Mask
from edge.host.bearing import ON_DEG
from edge.host.following import following_lag
from edge.host.history import seconds
from edge.host.host_sample import CustomerAt, HostSample
from edge.host.share_of_time import near_limit, share_of_time
from edge.host.smile import Spell
from protocol.measurements import Gaze, Quantity, Smile

_INDEPENDENT_S = 1.0
"""Frames closer than this share most of their error: they are one look."""
_SUSTAINED_S = 0.5
"""A lean is sustained when held for so long: a nod takes 0.3 s."""
_GLANCE_S = 0.3
"""Shorter looks back do not interrupt a look away: eyes dart."""
_PEAK_SHARE, _PEAK_CM = 0.1, 0.1
"""A smile is at its peak while its lift is within a tenth of it, or within what a mouth wavers by."""
_COUNTED_SHARE = 0.75
"""Of the peak, so much must be countable."""
_UNCOUNTED_SE = 20.0
"""Teeth by which a count is unsure for a share of 1 of frames that could not be counted. Those are not like the others: closed lips are
always counted, at none. Where a fifth is missing a row of eight is not excluded (two standard errors), whatever the others showed."""
_MEDIAN_DEVIATION = 0.6745
"""Median absolute deviation of normally distributed numbers, in standard deviations."""


def smile(
    samples: Sequence[HostSample],
    spells: Sequence[Spell],
    start_s: float,
    end_s: float,
) -> Smile | None:
    """The smiles of an encounter; None when the mouth was never seen in it.

    Args:
        samples: The encounter's samples.
        spells: When the mouth smiled, in order of time.
        start_s: When the encounter began.
        end_s: When it ended, or now.
    """
    shares = seconds([m.t_s for m in samples], end_s)
    seen = [(m, s) for m, s in zip(samples, shares, strict=True) if m.lift_cm is not None]
    if not seen:
        return None
    duration = max(end_s - start_s, 1e-9)
    coverage = min(sum(s for _, s in seen) / duration, 1.0)
    within = [
        (max(spell.start_s, start_s), end_s if spell.end_s is None else min(spell.end_s, end_s), spell)
        for spell in spells
        if spell.start_s < end_s and (spell.end_s is None or spell.end_s > start_s)
    ]
    smiling = [m for m, _ in seen if any(a <= m.t_s <= b for a, b, _ in within)]
    baseline = _baseline(smiling or [m for m, _ in seen])
    if not within:
        return Smile(
            baseline=baseline,
            onset_s=None,
            offset_s=None,
            held_s=0.0,
            longest_s=0.0,
            peak_lift_cm=None,
            median_lift_cm=None,
            teeth=None,
        )
    last = within[-1][2]
    return Smile(
        baseline=baseline,
        onset_s=within[0][2].start_s,
        onset_se_s=within[0][2].start_se_s,
        offset_s=None if last.end_s is None or last.end_s > end_s else last.end_s,
        offset_se_s=None if last.end_s is None or last.end_s > end_s else last.end_se_s,
        held_s=sum(b - a for a, b, _ in within),
        longest_s=max(b - a for a, b, _ in within),
        peak_lift_cm=_peak(smiling, coverage),
        median_lift_cm=_median(
            [m.lift_cm for m in smiling],
            [m.lift_se_cm for m in smiling],
            smiling,
            _baseline_se_cm(smiling),
            coverage,
        ),
        teeth=_teeth(smiling, coverage),
    )


def mouth_covered_share(samples: Sequence[HostSample], start_s: float, end_s: float) -> float | None:
    """For what share of an encounter something covered the mouth; None when nothing did."""
    shares = seconds([m.t_s for m in samples], end_s)
    covered_s = sum(s for m, s in zip(samples, shares, strict=True) if m.mouth_covered)
    return min(covered_s / max(end_s - start_s, 1e-9), 1.0) if covered_s > 0.0 else None


def gaze(
    samples: Sequence[HostSample], customer_ids: Sequence[int], start_s: float, end_s: float
) -> Gaze | None:
    """Where the eyes were; None when they were never seen together with a customer's place to hold them against."""
    placed = [
        (m, c) for m in samples if (c := _of(m, customer_ids)) is not None and c.bearing_deg is not None
    ]
    looks = [
        (m, c.bearing_deg) for m, c in placed if m.gaze_yaw_deg is not None and c.bearing_deg is not None
    ]
    if not looks:
        return None
    shares = np.array(seconds([m.t_s for m, _ in looks], end_s))
    off = np.array(
        [abs((m.gaze_yaw_deg - b + 180) % 360 - 180) for m, b in looks if m.gaze_yaw_deg is not None]
    )
    on = (off <= ON_DEG) & ~np.array([m.gaze_down for m, _ in looks])
    times = np.array([m.t_s for m, _ in looks])
    unsure = near_limit(off, ON_DEG, np.array([m.gaze_se_deg for m, _ in looks]))
    return Gaze(
        on_customer_share=share_of_time(on, shares, end_s - start_s, unsure),
        longest_away_s=_longest_away(times, shares, on),
        following_lag_s=following_lag(
            times, np.array([m.gaze_yaw_deg for m, _ in looks], float), np.array([b for _, b in looks], float)
        ),
    )


def stood_share(samples: Sequence[HostSample], end_s: float) -> float | None:
    """For what share of the time the host stood; None while that was not known."""
    shares = seconds([m.t_s for m in samples], end_s)
    known = [(m, s) for m, s in zip(samples, shares, strict=True) if m.standing is not None]
    known_s = sum(s for _, s in known)
    return sum(s for m, s in known if m.standing) / known_s if known_s > 0 else None


def forward_lean(samples: Sequence[HostSample], start_s: float, end_s: float) -> Quantity | None:
    """The largest lean that was held for `_SUSTAINED_S`; None when it was never measured."""
    shares = seconds([m.t_s for m in samples], end_s)
    known = [(m.t_s, m.lean, s) for m, s in zip(samples, shares, strict=True) if m.lean is not None]
    if not known:
        return None
    times = np.array([t for t, _, _ in known])
    leans = np.array([lean.value for _, lean, _ in known])
    held = [float(leans[(times >= t) & (times <= t + _SUSTAINED_S)].min()) for t in times]
    best = int(np.argmax(held))
    return Quantity(
        value=held[best],
        se=known[best][1].se,
        coverage=min(sum(s for _, _, s in known) / max(end_s - start_s, 1e-9), 1.0),
    )


def _of(sample: HostSample, customer_ids: Sequence[int]) -> CustomerAt | None:
    """The nearest of a party at one sample."""
    party = [c for c in sample.customers if c.id in customer_ids]
    return min(party, key=lambda c: math.inf if c.distance_m is None else c.distance_m.value, default=None)


def _baseline(samples: Sequence[HostSample]) -> Literal["known", "learning"]:
    """Whether the resting face was known when most of some frames were measured against it."""
    return "known" if sum(m.baseline_known for m in samples) > len(samples) / 2 else "learning"


def _baseline_se_cm(smiling: Sequence[HostSample]) -> float:
    """Error of the resting faces that some frames were measured against: each of its own time, and shared by those beside it."""
    return float(np.median([m.baseline_se_cm for m in smiling])) if smiling else 0.0


def _peak(smiling: Sequence[HostSample], coverage: float) -> Quantity | None:
    """The highest lift, without single frames that stick out: their 95th percentile."""
    lifts = [m.lift_cm for m in smiling if m.lift_cm is not None]
    if not lifts:
        return None
    se = float(np.median([m.lift_se_cm for m in smiling]))
    return Quantity(
        value=float(np.percentile(lifts, 95)), se=math.hypot(se, _baseline_se_cm(smiling)), coverage=coverage
    )


def _median(
    values: Sequence[float | None],
    errors: Sequence[float],
    smiling: Sequence[HostSample],
    baseline_se_cm: float,
    coverage: float,
) -> Quantity | None:
    known = [v for v in values if v is not None]
    if not known:
        return None
    se = float(np.median(errors)) / math.sqrt(_looks(smiling))
    return Quantity(value=float(np.median(known)), se=math.hypot(se, baseline_se_cm), coverage=coverage)


def _teeth(smiling: Sequence[HostSample], coverage: float) -> Quantity | None:
    """How many teeth showed at the smile's peak; None where most of it could not be counted.

    Frames that are refused are no sample of all: light and mouth that show many teeth are refused for other reasons than those that show
    none. So what some of the peak's frames say is as unsure as it is unknown in the others.
    """
    lifts = [m.lift_cm for m in smiling if m.lift_cm is not None]
    if not lifts:
        return None
    high = float(np.percentile(lifts, 95))
    peak = [
        m
        for m in smiling
        if m.lift_cm is not None and m.lift_cm >= high - max(_PEAK_SHARE * abs(high), _PEAK_CM)
    ]
    counts = [m.teeth for m in peak if m.teeth is not None]
    counted = len(counts) / len(peak)
    if counted < _COUNTED_SHARE:
        return None
    values = np.array([c.value for c in counts])
    wavers = float(np.median(np.abs(values - np.median(values)))) / _MEDIAN_DEVIATION
    se = float(np.median([c.se for c in counts]))
    return Quantity(
        value=float(np.median(values)),
        se=math.sqrt(se**2 + wavers**2 + ((1 - counted) * _UNCOUNTED_SE) ** 2),
        coverage=coverage * counted,
    )


def _looks(samples: Sequence[HostSample]) -> float:
    """How many independent looks some samples are."""
    return 1.0 + (samples[-1].t_s - samples[0].t_s) / _INDEPENDENT_S if samples else 1.0


def _longest_away(times: FloatArray, shares: FloatArray, on: Mask) -> float:
    longest, since, last_on = 0.0, None, -math.inf
    for t, share, here in zip(times, shares, on, strict=True):
        if here:
            if last_on == -math.inf or since is None:
                last_on = t
            if since is not None and t + share - last_on > _GLANCE_S and last_on >= since:
                since = None
            elif since is not None and last_on < since:
                last_on = t
        else:
            if since is None:
                since = t
            last_on = -math.inf if last_on < since else last_on
            longest = max(longest, t + share - since)
    return float(longest)
