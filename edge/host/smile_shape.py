"""How much a mouth has the shape of a smile, whoever it belongs to: a probability, from numbers that differ little between people."""

import math

from edge.observation import HostView

INTERCEPT = -12.27
"""Log odds; with the weights below it makes a logistic regression of 299 labelled faces of as many people, which
`python -m benchmarks.smile_shape` fits again from their table and judges by repeated ten-fold cross-validation."""
PER_NOSE_CM = 3.43
"""Log odds for every cm that the corners stand higher against the nose's base."""
PER_WIDTH_CM = 2.68
"""For every cm of the mouth's width."""
PER_LOG_OPENING = 0.96
"""For every e-fold of the opening: most of what an opening tells lies between closed lips and the first millimetres."""
OPENING_FLOOR_CM = 0.05
"""Lips closer than this are closed: the mesh does not tell less."""

SURE = 0.8
"""A probability from here on is a yes, and from one less this downwards a no; between them nothing is told."""
SURE_LOG_ODDS = math.log(SURE / (1 - SURE))


def log_odds(view: HostView) -> float | None:
    """Log odds that a mouth smiles, from its shape alone; None when it was not measured."""
    if view.lift_above_nose_cm is None or view.mouth_width_cm is None or view.mouth_open_cm is None:
        return None
    return (
        INTERCEPT
        + PER_NOSE_CM * view.lift_above_nose_cm.value
        + PER_WIDTH_CM * view.mouth_width_cm.value
        + PER_LOG_OPENING * math.log(max(view.mouth_open_cm.value, 0.0) + OPENING_FLOOR_CM)
    )


def probability(odds_log: float) -> float:
    """The probability that log odds stand for."""
    return 1 / (1 + math.exp(-max(min(odds_log, 50.0), -50.0)))
