"""Which desk was judged by which standard, and when: where it stood, and what was in force there."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from central.desks.registry import RegisteredDesk
from central.scoring.judging import SCORING_VERSION
from central.standards.activations import activations
from central.standards.in_force import Rule, RuleState, StandardsInForce
from protocol.standard import Standard


@dataclass(frozen=True, slots=True)
class RuledStay:
    """A desk in one place under one standard; the stay is cut to where that held."""

    stay: RegisteredDesk
    standard: Standard
    state: RuleState


def standards_in_force(session: Session, default: Standard) -> StandardsInForce:
    """What was put into force, over a standard that holds where nothing was."""
    return StandardsInForce(default, activations(session))


def ruled(stays: Sequence[RegisteredDesk], standards: StandardsInForce) -> tuple[RuledStay, ...]:
    """Stays cut where the standard changes, latest first within each."""
    return tuple(each for stay in stays for each in reversed([*_cut(stay, standards)]))


def digest_of_standard(standard: Standard) -> str:
    """SHA-256 of all that a standard says: two of the same name and version that differ are two."""
    return hashlib.sha256(standard.model_dump_json().encode()).hexdigest()


def digest_of_rules(found: Sequence[RuledStay]) -> str:
    """By which it is seen that something is judged otherwise than before."""
    parts = [
        (each.stay.device, each.stay.from_wall_s, each.stay.until_wall_s, digest_of_standard(each.standard))
        for each in found
    ]
    return hashlib.sha256(repr((SCORING_VERSION, sorted(parts, key=repr))).encode()).hexdigest()


def _cut(stay: RegisteredDesk, standards: StandardsInForce) -> Iterator[RuledStay]:
    for rule in standards.rules(stay.showroom_id):
        from_s, until_s = _later(stay.from_wall_s, rule), _earlier(stay.until_wall_s, rule)
        if from_s is None or until_s is None or from_s < until_s:
            yield RuledStay(
                replace(stay, from_wall_s=from_s, until_wall_s=until_s), rule.standard, rule.state
            )


def _later(from_s: float | None, rule: Rule) -> float | None:
    return max((each for each in (from_s, rule.from_s) if each is not None), default=None)


def _earlier(until_s: float | None, rule: Rule) -> float | None:
    return min((each for each in (until_s, rule.until_s) if each is not None), default=None)
