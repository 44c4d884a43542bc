"""Watches for customers: everyone's body, and now and then the faces on them."""

from edge.arrays import Pixels
from edge.vision.body_detector import BodyDetector, Detail
from edge.vision.body_memory import WEAK_SCORE, BodyMemory
from edge.vision.head_faces import HeadFaces
from edge.vision.known_part import KnownPart
from edge.vision.schedule import Rates, Task
from edge.vision.sightings import BodySighting, FaceSighting
from edge.vision.stillness import Stillness
from edge.vision.turns import Turns

BODIES_WITH_SOMEBODY = Rates(wanted_hz=7.5, least_hz=3.0)
"""A person walks 0.2 m between two looks."""
BODIES_WITH_NOBODY = Rates(wanted_hz=4.0, least_hz=2.0)
"""While nobody is there: whoever comes in is found within a quarter of a second."""
HEAD_FACES = Rates(wanted_hz=2.5, least_hz=1.0)
"""Of the faces on people found: they give the distance of who stands near, which changes slowly."""

Found = tuple[tuple[BodySighting, ...], tuple[FaceSighting | None, ...]]
"""Bodies, and for each of them its face or None."""


class PeopleFinder:
    """Bodies and faces of one camera's people."""

    def __init__(self, turns: Turns, bodies: BodyDetector, faces: HeadFaces) -> None:
        self._turns = turns
        self._bodies = bodies
        self._faces = faces
        self._memory = BodyMemory()
        self._stillness = Stillness()
        self._glanced = False
        """Whether the last search that was only to make sure was a coarse one."""
        self._known = KnownPart()
        turns.note_customers(anybody=True)
        turns.want(Task.BODIES, BODIES_WITH_NOBODY)
        turns.want(Task.HEAD_FACES, HEAD_FACES)

    def look(self, rgb: Pixels, t_s: float) -> Found | None:
        """Bodies, and one face or None for each; None when it is not this frame's turn, or everybody stands as they stood.

        Nobody is in a picture that has not changed since nobody was found in it.
        """
        if not self._turns.due(Task.BODIES, t_s):
            return None
        if self._stillness.still(rgb, t_s):
            self._turns.spared(Task.BODIES, t_s)
            return (), ()
        if self._known.spares(rgb, t_s):
            self._turns.spared(Task.BODIES, t_s)
            return None
        with self._turns.taken(Task.BODIES, t_s):
            bodies = () if self._sure_of_nobody(rgb, t_s) else self._look(rgb, t_s)
        if self._memory.anybody:
            self._stillness.found_somebody(t_s)
        else:
            self._stillness.found_nobody(rgb, t_s)
        self._turns.note_customers(anybody=self._memory.anybody)
        self._turns.want(Task.BODIES, BODIES_WITH_SOMEBODY if self._memory.anybody else BODIES_WITH_NOBODY)
        if not bodies or not self._turns.due(Task.HEAD_FACES, t_s):
            return bodies, (None,) * len(bodies)
        with self._turns.taken(Task.HEAD_FACES, t_s):
            return bodies, self._faces.find(rgb, bodies)

    def _sure_of_nobody(self, rgb: Pixels, t_s: float) -> bool:
        """Whether a picture in which nothing has changed shows nobody, at a coarse look; every second time only a fine one makes sure."""
        self._glanced = self._stillness.unmoved(t_s) and not self._glanced
        return self._glanced and all(
            body.score < WEAK_SCORE for body in self._bodies.find(rgb, Detail.COARSE)
        )

    def _look(self, rgb: Pixels, t_s: float) -> tuple[BodySighting, ...]:
        """The people in a picture, sought only where they stood if that shows all of them and nothing has changed beside them."""
        size = (rgb.shape[1], rgb.shape[0])
        part = self._known.part(rgb, t_s)
        if part is not None:
            bodies = self._bodies.find_in(rgb, part, self._detail(self._known.detail(size)))
            if self._known.holds(bodies, part, size):
                return tuple(self._memory.believe(bodies, size, t_s))
        detail = Detail.FINE if part is not None else self._known.whole_detail(rgb, t_s)
        bodies = self._bodies.find(rgb, self._detail(detail))
        people = tuple(self._memory.believe(bodies, size, t_s))
        self._known.looked_whole(rgb, [body.box_px for body in people], t_s)
        return people

    def _detail(self, wanted: Detail) -> Detail:
        """How finely to look: coarsely in any case where time is short."""
        return Detail.COARSE if self._turns.coarse else wanted
