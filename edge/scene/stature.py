"""How large a followed person is for their kind, learnt while their feet show where they stand, and how far away they are by it."""

import math

from edge.observation import PEOPLE_SIZE_SE, Estimate, Person

FEW = 5.0
"""Sightings whose feet were seen say little more than their floor does after so many."""


class Stature:
    """The logarithm of one person's size against the mean one.

    A face and a body are off by the same share, which no number of sightings takes away; feet on the floor do not depend on it.
    """

    def __init__(self) -> None:
        self._weight = 0.0
        self._sum = 0.0
        self._floor_variance = 0.0
        self._count = 0

    def learn(self, person: Person) -> None:
        """Take in a sighting, if it shows both the size and the feet of the person, and the two agree."""
        size, floor = person.size_m, person.floor_m
        if size is None or floor is None or "floor" not in person.cues:
            return
        floor_variance = (floor.se / floor.value) ** 2
        variance = floor_variance + (size.se / size.value) ** 2
        self._weight += 1.0 / variance
        self._sum += math.log(floor.value / size.value) / variance
        self._count += 1
        self._floor_variance += (floor_variance - self._floor_variance) / self._count

    @property
    def log_size(self) -> Estimate:
        """Of the person: 0 with the spread between people, until their feet were seen."""
        if not self._count:
            return Estimate(0.0, PEOPLE_SIZE_SE)
        # The tilt and height of the camera are as wrong in each sighting as in the last.
        variance = self._floor_variance + FEW / self._weight
        share = PEOPLE_SIZE_SE**2 / (PEOPLE_SIZE_SE**2 + variance)
        return Estimate(share * self._sum / self._weight, math.sqrt(share * variance))

    def range_m(self, person: Person) -> Estimate | None:
        """The range of a person over the floor, by their own size; None before that is known, and where it is not seen."""
        if person.size_m is None or not self._count:
            return None
        size = self.log_size
        value = person.size_m.value * math.exp(size.value)
        return Estimate(value, value * math.hypot(size.se, person.size_m.se / person.size_m.value))
