"""What a line has learnt of itself, as values that outlive a restart: how it rings and sounds, and whether its hook switch is believed."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from edge.phone.measured_cadence import MeasuredCadence

MOST_KEPT = 64
"""Values of one kind in a memory, twice what any part of a line keeps: more were not written by a line."""

Rate = Annotated[float, Field(gt=0.0, le=1000.0, allow_inf_nan=False)]
"""Pulses a second."""
Strength = Annotated[float, Field(gt=0.0, le=1.0)]
"""Of ringing, as the share of its peak at which the detector conducts."""


class LearntLine(BaseModel):
    """The memory of one line; empty before its first call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bursts_hz: Annotated[tuple[tuple[Rate, ...], ...], Field(max_length=MOST_KEPT)] = ()
    """Pulses a second of the bursts of each of the last calls."""
    answered: Annotated[tuple[Strength, ...], Field(max_length=MOST_KEPT)] = ()
    """How strong the answered calls rang."""
    heard: Annotated[tuple[Strength, ...], Field(max_length=MOST_KEPT)] = ()
    """How strong all ringing was."""
    calls: Annotated[tuple[MeasuredCadence, ...], Field(max_length=MOST_KEPT)] = ()
    """The typical rings of the last calls."""
    held: Annotated[tuple[bool, ...], Field(max_length=MOST_KEPT)] = ()
    """Whether each of the last calls rang without a pause."""
    pulses_per_cycle: Literal[1, 2] | None = None
    """How many pulses make a cycle, once it is found out."""
    hook_moved: bool = False
    """Whether the hook switch was ever seen to move."""
    hook_proven: bool = False
    """Whether a call was ever answered with it."""
    calls_unmoved: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Calls since it moved last."""
    hook_inverted: bool = False
    """Whether it was found to be the wrong way round, and has not healed."""
