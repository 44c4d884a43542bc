"""A month at a desk that never was: visits, calls and duties drawn at random, in the shape in which a desk reports them. Pure."""

from collections.abc import Iterator
from random import Random

from protocol.measurements import (
    Attendance,
    Call,
    Duty,
    Encounter,
    EncounterCoverage,
    Gaze,
    Measurement,
    Posture,
    Quantity,
    Reaction,
    ReactionKind,
    Smile,
)

DAYS = 30
"""A month is what a page of trends looks back at."""
DAY_S = 86400.0
"""The simulated showroom keeps UTC, whose days are all as long."""
SHIFTS = (("wren", 9.0, 13.0), ("lark", 13.0, 18.0)), (("finch", 9.0, 13.5), ("wren", 13.5, 18.0))
"""Who is on duty on days that alternate, and from which hour to which."""
REACTS_S = {"wren": 2.6, "lark": 3.4, "finch": 4.6}
"""Median wait until each of them reacts."""


def simulated_month(seed: int = 1) -> list[Measurement]:
    """Everything a desk would have reported in `DAYS` days, whose timeline begins at their first midnight; the same seed gives the same month."""
    draw = Random(seed)  # noqa: S311  Nothing here is a secret.
    number = 0
    measured: list[Measurement] = []
    for day in range(DAYS):
        midnight_s = day * DAY_S
        if day % 7 == 6:
            continue
        for person, from_h, to_h in SHIFTS[day % 2]:
            start_s, end_s = midnight_s + from_h * 3600.0, midnight_s + to_h * 3600.0
            measured.append(Duty(start_s=start_s, end_s=end_s, person=person))
            measured += _staffed(draw, start_s, end_s)
            for at_s in sorted(
                draw.uniform(start_s + 60.0, end_s - 600.0) for _ in range(draw.randint(4, 9))
            ):
                number += 1
                measured.append(_visit(draw, number, at_s, person))
            measured += (_call(draw, draw.uniform(start_s, end_s - 600.0)) for _ in range(draw.randint(1, 4)))
    return sorted(measured, key=lambda each: each.end_s)


def _staffed(draw: Random, start_s: float, end_s: float) -> Iterator[Attendance]:
    away_s = draw.uniform(start_s + 1800.0, end_s - 3600.0)
    back_s = away_s + draw.uniform(120.0, 1200.0)
    for from_s, to_s, staffed in ((start_s, away_s, True), (away_s, back_s, False), (back_s, end_s, True)):
        yield Attendance(start_s=from_s, end_s=to_s, staffed=staffed, coverage=0.98)


def _measured(draw: Random, mean: float, spread: float, se: float) -> Quantity:
    return Quantity(
        value=round(max(0.0, draw.gauss(mean, spread)), 3), se=se, coverage=round(draw.uniform(0.85, 1.0), 2)
    )


def _visit(draw: Random, number: int, at_s: float, person: str) -> Encounter:
    lasts_s = draw.uniform(25.0, 240.0)
    left_s = at_s + lasts_s
    wait_s = round(draw.lognormvariate(0.0, 0.5) * REACTS_S[person], 2)
    reacts = wait_s < lasts_s
    smiles = reacts and draw.random() < 0.85
    kinds: list[tuple[ReactionKind, float]] = [("turned", wait_s)] if reacts else []
    if smiles:
        kinds.append(("smiled", round(wait_s + draw.uniform(0.1, 1.0), 2)))
    if reacts and draw.random() < 0.4:
        kinds.append(("stood_up", round(wait_s + draw.uniform(0.3, 3.0), 2)))
    return Encounter(
        start_s=at_s,
        end_s=left_s,
        visit=number,
        standard="eight-teeth@1",
        party_size=draw.choice((1, 1, 1, 2, 2, 3)),
        came_near_s=at_s,
        came_near_m=_measured(draw, 2.9, 0.1, 0.12),
        closest_m=_measured(draw, 0.9, 0.15, 0.06),
        stopped_s=at_s + min(3.0, lasts_s),
        confirmed_s=at_s + min(4.0, lasts_s),
        left_s=left_s,
        last_seen_s=left_s,
        ended_by="left",
        host_at_arrival="present",
        reactions=tuple(
            Reaction(kind=kind, at_s=at_s + after_s, delay_s=after_s, se_s=0.1) for kind, after_s in kinds
        ),
        wait_s=wait_s if reacts else lasts_s,
        wait_ended_by="reaction" if reacts else "customer_left",
        reaction_kind="turned" if reacts else None,
        resumed_work_s=None,
        simultaneous_max=1,
        on_phone_share=0.0,
        smile=_smile(draw, at_s + wait_s + 1.0, left_s) if smiles else _no_smile(),
        gaze=Gaze(
            on_customer_share=_measured(draw, 0.7, 0.1, 0.03),
            longest_away_s=round(draw.uniform(0.5, 6.0), 1),
            following_lag_s=_measured(draw, 0.4, 0.1, 0.06),
        ),
        posture=Posture(
            forward_lean_deg=_measured(draw, 8.0, 4.0, 1.5),
            stood_share=round(draw.random(), 2),
            working_at_arrival=True,
            stopped_work_s=at_s + 1.0,
            stopped_work_m=_measured(draw, 2.4, 0.3, 0.15),
            resumed_work_s=left_s + 4.0,
            resumed_work_m=_measured(draw, 3.6, 0.3, 0.2),
        ),
        coverage=EncounterCoverage(customer=0.98, host=round(draw.uniform(0.9, 1.0), 2)),
    )


def _smile(draw: Random, onset_s: float, left_s: float) -> Smile:
    held_s = round(min(draw.uniform(1.0, 8.0), max(0.5, left_s - onset_s)), 2)
    lift = _measured(draw, 0.9, 0.2, 0.05)
    return Smile(
        baseline="known",
        onset_s=onset_s,
        offset_s=onset_s + held_s,
        onset_se_s=0.1,
        offset_se_s=0.1,
        held_s=held_s,
        longest_s=held_s,
        peak_lift_cm=lift.model_copy(update={"value": round(lift.value * 1.15, 3)}),
        median_lift_cm=lift,
        teeth=_measured(draw, 8.2, 1.4, 0.4),
    )


def _no_smile() -> Smile:
    return Smile(
        baseline="known",
        onset_s=None,
        offset_s=None,
        held_s=0.0,
        longest_s=0.0,
        peak_lift_cm=None,
        median_lift_cm=None,
        teeth=None,
    )


def _call(draw: Random, at_s: float) -> Call:
    rings = draw.choice((1, 2, 2, 3, 3, 4, 6))
    answered = rings < 6
    talk_s = round(draw.uniform(20.0, 240.0), 1) if answered else None
    return Call(
        start_s=at_s,
        end_s=at_s + 5.0 * rings + (talk_s or 0.0),
        line="1",
        rings_begun=rings,
        rings_completed=rings - answered,
        ring_s=5.0 * rings - 4.0,
        answered_ring=rings if answered else None,
        pickup_delay_s=5.0 * rings - 4.5 if answered else None,
        outcome="answered" if answered else "abandoned",
        talk_s=talk_s,
        pattern=None,
        cadence="china",
        cadence_confidence=0.98,
        noise_rejected=0,
    )
