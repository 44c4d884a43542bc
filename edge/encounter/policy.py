"""The numbers that separate one encounter from another, each with its unit and its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """What the service standard leaves open because it is about people and cameras, not about service."""

    slowest_walk_m_s: float = 0.6
    """Whoever crosses the near circle slower than this dwells. Half of the 1.2 m/s at which people stroll through shops."""
    passing_m_s: float = 0.1
    """Whoever got on by less than this, over the time in which a slow stroller would have crossed the near circle, does not pass but dwells:
    people with a walking frame get on by .15."""
    been_every_s: float = 1.0
    """How often it is noted where somebody is, to tell dwelling from slow passing."""
    party_s: float = 2.0
    """People of one party come near within this time of each other: two steps apart at a stroll. Whoever comes later has a wait of
    their own, however close they stand: they may be strangers in a narrow aisle."""
    party_m: float = 1.2
    """How close people who came near together stand as one party: the outer edge of personal distance (Hall 1966)."""
    body_width_m: float = 0.5
    """Breadth of a person as a detector boxes them: 0.45 m across the shoulders and some cloth. The ruler where the
    camera's geometry is unknown."""
    standing_refound_s: float = 20.0
    """A person lost while standing who appears again in the same spot within this time never left: somebody passed or
    stood before them."""
    walking_refound_s: float = 2.0
    """The same for a person lost while walking."""
    refound_m: float = 1.0
    """How far from where they were lost they may appear again, if they stood."""
    walking_m_s: float = 1.5
    """How much further for each second, if they walked."""
    appeared_s: float = 0.5
    """Within this time of being first seen, a track that is near did not walk up: it appeared there."""
    returned_s: float = 2.0
    """Whoever crosses the leaving line and is back within this time only swayed across it."""
    resume_watch_s: float = 30.0
    """How long after the customer left the desk watches for work being resumed; longer if the standard allows longer."""
    blind_s: float = 2.0
    """Longest stretch without sight of the host in which no reaction can have begun unnoticed: a turn of the head or a
    smile towards a customer outlasts it."""
    faced_s: float = 0.3
    """A head that points at one of several customers for less than this only passes over them."""
    visible_s: float = 1.0
    """Not seen for longer than this, a customer is out of sight for the lights and at the end of the timeline."""
