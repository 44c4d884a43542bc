"""How a line rings, learned from its calls, with how sure that is."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from edge.cadence.cadence import AUTO, Profile, known_cadences
from edge.phone.measured_cadence import MeasuredCadence, best_fit, typical_segments
from protocol.rings_by_time import CONTINUOUS

CALLS_KEPT = 12
"""A line whose exchange was replaced is learned anew after so many calls."""
PAUSES_TO_LEARN = 2
"""From so many pauses on, the line's own times are used instead of the table's: one alone may hide a lost burst."""
CONTINUOUS_BEFORE = 0.1
"""Share of the contacts with a cadence in their settings that are held instead, before the first call shows which."""
PAUSES_TO_BE_SURE = 6
"""From so many pauses on, in which the rings agree, a line's own times are held against all others: rings of the first calls may have been cut
off at either end."""
AGREEING = 0.75
"""Share of the pauses whose calls have the typical ring, of a line that has shown how it rings."""
SAME, SAME_S = 0.05, 0.03
"""Rings of one exchange differ by less, relative and absolute."""
DOUBT_A_PAUSE = 0.5
"""Each pause measured halves the doubt."""


@dataclass(frozen=True, slots=True)
class CadenceEstimate:
    """How a line rings, as far as its calls have shown."""

    name: str
    """The cadence of the table that fits best, such as ``1/4``; the profile's own name where desk.toml gives one; the
    measured times where none fits; ``auto`` before the first call."""
    profiles: tuple[str, ...]
    """Everyone in the table who rings like this."""
    measured: str
    """The times measured, to the tenth of a second."""
    fit: float
    """1 when the line rings exactly as the table says; 0 when no cadence fits."""
    confidence: float
    """How sure the name is, 0 to 1: how much better it fits than the others, and how many pauses were measured."""
    calls: int
    """Calls it was learned from, at most ``CALLS_KEPT``."""


class CadenceLearner:
    """Keeps what the last calls of a line looked like."""

    def __init__(self, profile: Profile, *, stretches: bool) -> None:
        self._profile = profile
        self._stretches = stretches
        self._calls: deque[MeasuredCadence] = deque(maxlen=CALLS_KEPT)
        self._typical: MeasuredCadence | None = None
        self._without_pause: deque[bool] = deque(maxlen=CALLS_KEPT)

    @property
    def calls(self) -> tuple[MeasuredCadence, ...]:
        """What the last calls looked like, those that rang with a pause."""
        return tuple(self._calls)

    @property
    def held(self) -> tuple[bool, ...]:
        """Whether each of the last calls rang without a pause."""
        return tuple(self._without_pause)

    def recall(self, calls: Sequence[MeasuredCadence], held: Sequence[bool]) -> None:
        """Go on with what was learnt before; what was learnt since is newer."""
        calls = (*calls, *self._calls)
        held = (*held, *self._without_pause)
        self._calls.clear()
        for call in calls:
            self.learn(call)
        self._without_pause.clear()
        self._without_pause.extend(held)

    def learn_continuous(self) -> None:
        """Take one more call that rang without a pause, as a contact does that is held."""
        self._without_pause.append(True)

    @property
    def continuous_share(self) -> float:
        """Share of the calls that rang without a pause, before the first a tenth."""
        if self._profile.is_continuous:
            return 1.0
        calls = len(self._without_pause)
        return (CONTINUOUS_BEFORE + sum(self._without_pause)) / (1 + calls)

    def learn(self, measured: MeasuredCadence) -> None:
        """Take one more call; one without a pause says too little, since its only ring may be short."""
        if not measured.ring_s or measured.pauses == 0:
            return
        self._calls.append(measured)
        self._without_pause.append(False)
        alike = _most_common(self._calls)
        pauses_s = [call.pause_s for call in alike if call.pause_s is not None]
        self._typical = MeasuredCadence(
            # A call of two rings may be half of cut ones: the more a call rang, the more it says.
            ring_s=typical_segments([call.ring_s for call in alike for _ in range(call.pauses)]),
            pause_s=median(pauses_s) if pauses_s else None,
            first_s=typical_segments([call.first_s for call in alike]),
            pauses=sum(call.pauses for call in alike),
        )

    @property
    def typical(self) -> MeasuredCadence | None:
        """The line's typical ring, once enough calls came to rely on it."""
        typical = self._typical
        return typical if typical is not None and typical.pauses >= PAUSES_TO_LEARN else None

    @property
    def longest_pause_s(self) -> float | None:
        """The longest pause of any call kept: callers with a ring of their own may pause for less than the line does."""
        return max((call.pause_s for call in self._calls if call.pause_s is not None), default=None)

    @property
    def is_sure(self) -> bool:
        """Whether the line has shown so clearly how it rings that other times are no ring of its own."""
        typical = self.typical
        if typical is None or typical.pauses < PAUSES_TO_BE_SURE:
            return False
        agreeing = sum(call.pauses for call in self._calls if _is_alike(call.ring_s, typical.ring_s))
        return agreeing >= AGREEING * typical.pauses

    def estimate(self) -> CadenceEstimate:
        """What is known by now."""
        profile, typical = self._profile, self._typical
        held = sum(self._without_pause)
        if profile.is_continuous or 2 * held > len(self._without_pause):
            measured = 1.0 if profile.is_continuous else held / len(self._without_pause)
            return CadenceEstimate(
                CONTINUOUS, (), CONTINUOUS if held else "", float(held > 0), measured, held
            )
        if typical is None:
            return CadenceEstimate(profile.name, (), "", 0.0, 0.0, 0)
        found = best_fit(typical, profile.cadences, stretches=self._stretches)
        calls = len(self._calls)
        if found is None:
            name = typical.text if profile.name == AUTO else profile.name
            return CadenceEstimate(name, (), typical.text, 0.0, 0.0, calls)
        name = found.cadence.text if profile.name == AUTO else profile.name
        alike = (known for known in known_cadences() if known.cycle_s == found.cadence.cycle_s)
        profiles = dict.fromkeys(name for known in alike for name in known.names)
        measured = 1.0 - DOUBT_A_PAUSE**typical.pauses
        return CadenceEstimate(name, tuple(profiles), typical.text, found.fit, found.share * measured, calls)


def _most_common(calls: Sequence[MeasuredCadence] | deque[MeasuredCadence]) -> list[MeasuredCadence]:
    """The calls with the number of bursts a ring that most rings had: a line's own, not a distinctive pattern."""
    rings: dict[int, int] = {}
    for call in calls:
        rings[len(call.ring_s)] = rings.get(len(call.ring_s), 0) + call.pauses + 1
    bursts = max(rings, key=lambda count: rings[count])
    return [call for call in calls if len(call.ring_s) == bursts]


def _is_alike(ring_s: Sequence[float], typical_s: Sequence[float]) -> bool:
    return len(ring_s) == len(typical_s) and all(
        abs(time_s - typical) <= SAME * typical + SAME_S
        for time_s, typical in zip(ring_s, typical_s, strict=True)
    )
