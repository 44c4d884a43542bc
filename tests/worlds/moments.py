"""Moments to be shown: visits, hosts and telephones with everything ordinary unless said otherwise."""

from typing import Any

from edge.encounter.encounter_now import EncounterNow
from edge.feedback.cue import Cue, cue_of
from edge.host.host_now import HostNow
from edge.observation import Estimate
from edge.phone.telephone import PhoneNow
from protocol.standard import GazeLimits, Limits, Phone, Respond, SmileLimits, Standard

T_S = 100.0
HOUSE = Standard(
    name="house",
    version=1,
    title="A house",
    respond=Respond(within_s=6.0),
    smile=SmileLimits(lift_cm=Limits(min=0.4, max=1.5), teeth=Limits(min=8)),
    gaze=GazeLimits(longest_away_s=Limits(max=6.0)),
    phone=Phone(rings=Limits(max=3)),
)


def visit(**changes: Any) -> EncounterNow:
    """A confirmed customer who came a second ago and waits."""
    waited_s = changes.pop("waited_s", 1.0)
    ordinary: dict[str, Any] = {
        "number": 1,
        "seconds_left": HOUSE.respond.within_s - waited_s,
        "attended_s": None,
        "attended_unseen": False,
        "smiled": False,
        "visible": True,
        "left_s": None,
        "unturned_since_s": None,
    }
    return EncounterNow(**{**ordinary, **changes})


def served(**changes: Any) -> EncounterNow:
    """A customer who was attended to in time, a while ago, with a smile."""
    return visit(**{"attended_s": T_S - 20.0, "waited_s": 2.0, "smiled": True, **changes})


def host(**changes: Any) -> HostNow:
    """A host in sight whose resting face is known, and who does not smile."""
    return HostNow(
        **{"t_s": T_S, "observed": True, "present": True, "smiling": False, "baseline_known": True, **changes}
    )


def smiling(lift_cm: float, teeth: float) -> HostNow:
    return host(smiling=True, lift_cm=Estimate(lift_cm, 0.1), teeth=Estimate(teeth, 1.0))


def shown(
    *visits: EncounterNow,
    rings: int = 0,
    online: bool = True,
    measuring: bool = True,
    needs_help: bool = False,
    by: HostNow | None = None,
    standard: Standard = HOUSE,
) -> Cue:
    """The cue of a moment."""
    return cue_of(
        visits,
        by or host(),
        PhoneNow(rings=rings),
        online=online,
        measuring=measuring,
        needs_help=needs_help,
        standard=standard,
        t_s=T_S,
    )
