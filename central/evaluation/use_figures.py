"""The figures of an evaluation from what it is drawn from, and its one canonical text; pure."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from central.appraisal.frozen_text import canonical, digest_of_text
from central.appraisal.proportions import Counts, difference
from central.evaluation.evaluated_use import EvaluatedUse, IndicatorBoth, IndicatorSide

EffectFinding = Literal[
    "better", "worse", "not_told", "too_few", "asked_otherwise", "no_value", "no_interval"
]
"""``not_told``: no difference beyond chance. ``asked_otherwise``: the standard asks something else since. ``no_value``: one of both has no number, with
the reason beside it. ``no_interval``: of time and not of cases, so chance is not reckoned."""

ProposalKind = Literal["worse", "never_decided", "seldom_decided", "idle_desk", "few_days", "unused"]
"""What the program proposes to look into: an indicator that is worse, a clause that is set and never or seldom decided, a desk that measured nothing or on few days,
a function that nobody used."""

SELDOM = 0.5
"""Of applicable cases decided: where it is less than half, most of what is asked cannot be told."""
FEW_DAYS = 0.5
"""Of the days a desk stood there: it measured on less than half of them."""


def use_figures(drawn: EvaluatedUse) -> dict[str, Any]:
    """Every figure, as a value that `canonical` writes; each part has the hash of its own."""
    parts = {"scope": _scope(drawn), "depth": _depth(drawn), "effect": _effect(drawn)}
    found: dict[str, Any] = {
        name: each | {"sha256": digest_of_text(canonical(each))} for name, each in parts.items()
    }
    found["proposals"] = [{"kind": kind, "what": what} for kind, what in _proposals(drawn)]
    return found


def evaluation_text(drawn: EvaluatedUse) -> str:
    """What is signed: what it was drawn from and every figure."""
    ordered = in_one_order(drawn)
    return canonical({"drawn_from": ordered.model_dump(mode="json"), "figures": use_figures(ordered)})


def in_one_order(drawn: EvaluatedUse) -> EvaluatedUse:
    """The same, whatever order its parts came in."""
    return drawn.model_copy(
        update={
            "desks": tuple(sorted(drawn.desks, key=lambda each: (each.showroom, each.device))),
            "rules": tuple(
                sorted(drawn.rules, key=lambda each: (each.showroom, each.from_day or "", each.standard))
            ),
            "changes": tuple(sorted(drawn.changes, key=lambda each: (each.day, each.kind, each.what))),
        }
    )


def use_of(text: str) -> EvaluatedUse:
    """What an evaluation was drawn from, of its text."""
    return EvaluatedUse.model_validate_json(canonical(json.loads(text)["drawn_from"]))


def figures_in(text: str) -> dict[str, Any]:
    """Every figure of an evaluation, of its text."""
    found: dict[str, Any] = json.loads(text)["figures"]
    return found


def still_holds(text: str, sha256: str) -> bool:
    """Whether a text is the one that was signed, and its figures are what it was drawn from comes to, byte for byte."""
    return digest_of_text(text) == sha256 and evaluation_text(use_of(text)) == text


def effect_of(both: IndicatorBoth) -> dict[str, Any]:
    """What changed in an indicator, as far as chance lets it be told."""
    found: dict[str, Any] = {"code": both.code, "difference": None, "finding": _finding(both)}
    if found["finding"] in {"better", "worse", "not_told"} and both.after.whole:
        changed = difference(_counts(both.after), _counts(both.before))
        found["difference"] = {"value": changed.value, "low": changed.low, "high": changed.high}
    elif both.before.value is not None and both.after.value is not None:
        found["difference"] = {"value": both.after.value - both.before.value, "low": None, "high": None}
    return found


def _finding(both: IndicatorBoth) -> EffectFinding:
    before, after = both.before, both.after
    if both.asked_otherwise:
        return "asked_otherwise"
    if "few" in {before.why_not, after.why_not}:
        return "too_few"
    if before.value is None or after.value is None:
        return "no_value"
    if before.whole and after.whole:
        sign = difference(_counts(after), _counts(before)).sign
    elif _has_ends(before) and _has_ends(after):
        # Intervals that do not touch: stricter than need be, and right for medians of which no difference is reckoned.
        sign = (_low(after) > _high(before)) - (_high(after) < _low(before))
    else:
        return "no_interval"
    if sign == 0:
        return "not_told"
    return "better" if (sign > 0) == (both.better == "up") else "worse"


def _scope(drawn: EvaluatedUse) -> dict[str, Any]:
    return {
        "desks": len(drawn.desks),
        "desks_in_use": sum(each.days_measured > 0 for each in drawn.desks),
        "desk_days": sum(each.days_there for each in drawn.desks),
        "desk_days_measured": sum(each.days_measured for each in drawn.desks),
        "visits": sum(each.counts.get("visits", 0) for each in drawn.desks),
        "calls": sum(each.counts.get("calls", 0) for each in drawn.desks),
        "hours_in_use": sum(each > 0 for each in drawn.hours),
        "functions_used": sum(each > 0 for each in drawn.functions.values()),
        "functions": len(drawn.functions),
        "without_time": drawn.without_time,
    }


def _depth(drawn: EvaluatedUse) -> dict[str, Any]:
    shown = [each for each in drawn.clauses if each.shown]
    return {
        "standards": len({each.standard for each in drawn.rules}),
        "clauses_set": len(drawn.clauses),
        "clauses_decided": sum(each.decided > 0 for each in shown),
        "clauses_not_shown": len(drawn.clauses) - len(shown),
        "not_held": list(drawn.not_held),
    }


def _effect(drawn: EvaluatedUse) -> dict[str, Any]:
    effects = [effect_of(each) for each in drawn.indicators]
    return {
        "indicators": effects,
        "better": sum(each["finding"] == "better" for each in effects),
        "worse": sum(each["finding"] == "worse" for each in effects),
        # Of intervals that each miss in 5 of 100: how many stand out by chance alone.
        "by_chance": sum(each["finding"] in {"better", "worse", "not_told"} for each in effects) / 20,
        "changes": len(drawn.changes),
    }


def _proposals(drawn: EvaluatedUse) -> Iterator[tuple[ProposalKind, str]]:
    yield from (("worse", each.code) for each in drawn.indicators if _finding(each) == "worse")
    for each in drawn.clauses:
        if each.shown and not each.decided:
            yield "never_decided", each.clause
        elif each.shown and each.decided < SELDOM * (each.decided + each.undecided):
            yield "seldom_decided", each.clause
    for desk in drawn.desks:
        if not desk.days_measured:
            yield "idle_desk", desk.device
        elif desk.days_measured < FEW_DAYS * desk.days_there:
            yield "few_days", desk.device
    yield from (("unused", function) for function, times in sorted(drawn.functions.items()) if not times)


def _counts(side: IndicatorSide) -> Counts:
    return Counts(side.met or 0, side.whole or 0)


def _has_ends(side: IndicatorSide) -> bool:
    return side.low is not None and side.high is not None


def _low(side: IndicatorSide) -> float:
    return side.low if side.low is not None else float("-inf")


def _high(side: IndicatorSide) -> float:
    return side.high if side.high is not None else float("inf")
