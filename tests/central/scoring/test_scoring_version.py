"""What is kept of the scoring has a version: it is raised whenever a verdict comes out otherwise."""

import hashlib
import random
from typing import Literal

from central.scoring.judging import SCORING_VERSION, verdicts_on
from protocol.measurements import Call, Encounter
from tests.worlds.desk_facts import NO_SMILE, STANDARD, call, gaze, posture, q, reaction, smile, visit

DIGESTS = {1: "67e5441a7b6d37ef"}
"""Of what came out in each version. Where this test fails and the change is meant, raise `SCORING_VERSION` and add its digest."""
OUTCOMES: tuple[Literal["answered", "abandoned", "unknown"], ...] = ("answered", "abandoned", "unknown")


def seen(chance: random.Random) -> Encounter | Call:
    """A visit or a call, with everything that a clause looks at on one side or the other of its limit."""
    if chance.random() < 0.3:
        return call(chance.randint(1, 6), chance.choice(OUTCOMES))
    smiled = smile(
        teeth=q(chance.uniform(5.0, 10.0), 0.4, chance.random()),
        median_lift_cm=q(chance.uniform(0.2, 2.0), 0.1),
        longest_s=chance.uniform(0.5, 4.0),
        baseline=chance.choice(["known", "learning"]),
    )
    return visit(
        *([reaction("smiled", chance.uniform(-1.0, 8.0), se_s=0.2)] if chance.random() < 0.8 else []),
        smile=chance.choice([smiled, smiled, NO_SMILE, None]),
        gaze=chance.choice([gaze(longest_away_s=chance.uniform(3.0, 7.0)), None]),
        posture=chance.choice(
            [
                posture(forward_lean_deg=q(chance.uniform(0.0, 25.0), 2.0)),
                posture(resumed_work_s=None, resumed_work_m=None),
                None,
            ]
        ),
        host_coverage=chance.choice([1.0, 0.4]),
    )


def test_verdicts_come_out_as_their_version_says() -> None:
    chance = random.Random(20)
    said = [repr(verdicts_on(seen(chance), STANDARD, ())) for _ in range(400)]
    assert hashlib.sha256("\n".join(said).encode()).hexdigest()[:16] == DIGESTS[SCORING_VERSION]
