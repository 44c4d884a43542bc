"""The figures of an appraisal, from what it is drawn from: the same measurements give the same text, byte for byte; pure."""

from collections import Counter
from math import fsum
from typing import Any, Literal

from central.appraisal.appraised_work import (
    CIRCUMSTANCES,
    BesideThem,
    DrawnFrom,
    JudgedWork,
    PresentDay,
    counts_of,
    days_in_order,
    in_order,
)
from central.appraisal.frozen_text import canonical, digest_of_text
from central.appraisal.proportions import Counts, Difference, difference, wilson
from central.appraisal.shrinking import FIXED_STRENGTH, prior_kind, shrunken

Standing = Literal["too_few", "nobody_else", "below", "not_told", "above"]
"""How a share stands to that of the others: ``below`` and ``above`` only where both hold, the interval of the difference, and that of the share against
what the others come to under the same circumstances."""

MOST_MORE = 2000
"""Visits in a row after which it is no longer searched what would change a finding: a year of them."""

LEAST_SEEN_S = 3600.0
"""Of presence that was seen, before its share is stated: an hour, for a desk is left for minutes at a time."""

NOTHING_BESIDE = BesideThem(by_stratum={}, strength=None)


def figures(drawn: DrawnFrom) -> dict[str, Any]:
    """Every figure, as a value that `canonical` writes; each clause has the hash of its own figures."""
    work, before = in_order(drawn.work), in_order(drawn.before)
    clauses = [clause for clause in drawn.limits if any(clause in each.outcomes for each in work)]
    found = {clause: _clause(drawn, clause, work, before) for clause in clauses}
    presence = {} if drawn.presence is None else {"presence": _presence(drawn.presence)}
    return presence | {
        "visits": sum(each.kind == "visit" for each in work),
        "calls": sum(each.kind == "call" for each in work),
        "excluded": len(drawn.excluded),
        "on_duty_s": drawn.on_duty_s,
        "unmeasured": [each.model_dump() for each in drawn.unmeasured],
        "circumstances": {name: _circumstance(drawn, name, work) for name in CIRCUMSTANCES},
        "clauses": {
            clause: each | {"sha256": digest_of_text(canonical(each))} for clause, each in found.items()
        },
    }


def appraisal_text(drawn: DrawnFrom) -> str:
    """What is signed: what it was drawn from and every figure, as one canonical text."""
    ordered = drawn.model_copy(
        update={
            "work": in_order(drawn.work),
            "before": in_order(drawn.before),
            "excluded": tuple(sorted(drawn.excluded)),
            "presence": None if drawn.presence is None else days_in_order(drawn.presence),
        }
    )
    # What was drawn in the first format has no word of presence.
    without = {"presence"} if drawn.presence is None else set()
    return canonical(
        {"drawn_from": ordered.model_dump(mode="json", exclude=without), "figures": figures(ordered)}
    )


def _clause(
    drawn: DrawnFrom, clause: str, work: tuple[JudgedWork, ...], before: tuple[JudgedWork, ...]
) -> dict[str, Any]:
    own = counts_of(work, clause)
    letters = Counter(each.outcomes[clause] for each in work if clause in each.outcomes)
    reasons = Counter(each.why[clause] for each in work if clause in each.why)
    beside = drawn.beside.get(clause, NOTHING_BESIDE)
    others = _total(beside)
    found: dict[str, Any] = {
        "limits": [each.model_dump() for each in drawn.limits[clause]],
        "n": own.whole,
        "met": own.met,
        "not_met": own.whole - own.met,
        "open": letters["i"],
        "not_applicable": letters["n"],
        "reasons": dict(reasons),
        "others": {"met": others.met, "n": others.whole},
    }
    enough = own.whole >= drawn.least_n
    found |= _rates(own, others, beside.strength) if enough else {"share": None, "shrunken": None}
    expected = _expected(work, clause, beside, others) if others.whole >= drawn.least_n else None
    found["expected"] = expected
    standing = standing_of(own, others, expected, drawn.least_n)
    found["standing"] = standing
    found["would_change"] = would_change(own, others, expected, drawn.least_n, standing)
    found["trend"] = _trend(drawn, clause, own, counts_of(before, clause))
    return found


def _rates(own: Counts, others: Counts, strength: float | None) -> dict[str, Any]:
    low, high = wilson(own)
    showroom = Counts(own.met + others.met, own.whole + others.whole)
    drawn_in = shrunken(own, showroom, strength)
    return {
        "share": {"value": own.share, "low": low, "high": high},
        "shrunken": {
            "value": drawn_in.share,
            "low": drawn_in.low,
            "high": drawn_in.high,
            "prior": prior_kind(showroom, own, strength),
            "prior_mean": drawn_in.mean,
            "prior_strength": drawn_in.strength,
        },
    }


def standing_of(own: Counts, others: Counts, expected: float | None, least_n: int) -> Standing:
    """How a share stands to that of the others."""
    if own.whole < least_n:
        return "too_few"
    if others.whole < least_n or expected is None:
        return "nobody_else"
    sign = difference(own, others).sign
    low, high = wilson(own)
    if sign > 0 and low > expected:
        return "above"
    return "below" if sign < 0 and high < expected else "not_told"


def would_change(
    own: Counts, others: Counts, expected: float | None, least_n: int, standing: Standing
) -> dict[str, Any] | None:
    """How many more visits in a row that meet the clause would make another finding, and which; None where none would be better.

    ``more`` is None where no number that can come in a year would.
    """
    if standing in {"above", "nobody_else"}:
        return None
    if standing == "too_few":
        return {"to": "rate", "more": least_n - own.whole}
    for more in range(1, MOST_MORE + 1):
        then = standing_of(Counts(own.met + more, own.whole + more), others, expected, least_n)
        if then != standing:
            return {"to": then, "more": more}
    return {"to": "not_told" if standing == "below" else "above", "more": None}


def _expected(work: tuple[JudgedWork, ...], clause: str, beside: BesideThem, others: Counts) -> float | None:
    """What the others would come to under this person's circumstances; circumstances of few cases lean on all of theirs, as on a prior."""
    strata = Counter(each.stratum for each in work if each.outcomes.get(clause) in {"p", "f"})
    whole = strata.total()
    if not whole or not others.whole:
        return None
    total = 0.0
    for stratum, count in sorted(strata.items()):
        met, decided = beside.by_stratum.get(stratum, (0, 0))
        total += count * (met + FIXED_STRENGTH * others.share) / (decided + FIXED_STRENGTH)
    return total / whole


def _trend(drawn: DrawnFrom, clause: str, own: Counts, before: Counts) -> dict[str, Any]:
    found: dict[str, Any] = {"n": before.whole, "met": before.met, "share": None, "difference": None}
    if before.whole >= drawn.least_n:
        low, high = wilson(before)
        found["share"] = {"value": before.share, "low": low, "high": high}
    if drawn.limits.get(clause) != drawn.limits_before.get(clause, drawn.limits[clause]):
        return found | {"finding": "other_standard"}
    if min(before.whole, own.whole) < drawn.least_n:
        return found | {"finding": "too_few"}
    changed = difference(own, before)
    return found | {
        "difference": _as_dict(changed),
        "finding": {1: "rose", -1: "fell", 0: "not_told"}[changed.sign],
    }


def _presence(days: tuple[PresentDay, ...]) -> dict[str, Any]:
    """Of the desk while they were signed in at it: no rate is stated of what was hardly seen, and there is no finding, for no sensor knows a break."""
    ordered = days_in_order(days)
    staffed_s = fsum(each.staffed_s for each in ordered)
    seen_s = staffed_s + fsum(each.unstaffed_s for each in ordered)
    return {
        "days": len({each.day for each in ordered}),
        "staffed_s": staffed_s,
        "unstaffed_s": seen_s - staffed_s,
        "unseen_s": fsum(each.unseen_s for each in ordered),
        "share": staffed_s / seen_s if seen_s >= LEAST_SEEN_S else None,
    }


def _circumstance(drawn: DrawnFrom, name: str, work: tuple[JudgedWork, ...]) -> dict[str, Any]:
    known = [held for each in work if (held := getattr(each, name)) is not None]
    held_beside, known_beside = drawn.circumstances_beside.get(name, (0, 0))
    return {
        "held": sum(known),
        "known": len(known),
        "not_known": len(work) - len(known),
        "held_beside": held_beside,
        "known_beside": known_beside,
    }


def _total(beside: BesideThem) -> Counts:
    return Counts(
        sum(met for met, _ in beside.by_stratum.values()),
        sum(whole for _, whole in beside.by_stratum.values()),
    )


def _as_dict(found: Difference) -> dict[str, float]:
    return {"value": found.value, "low": found.low, "high": found.high}
