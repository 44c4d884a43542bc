"""The cue of this moment: of everything that goes on at once, the one thing that matters most to the host."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from edge.encounter.encounter_now import EncounterNow
from edge.host.host_now import HostNow
from edge.phone.telephone import PhoneNow
from protocol.standard import Phone, Standard

LAST_SHARE = 1 / 3
"""The last part of the time to respond, in which the light presses."""
LATE_SHOWN_S = 3.0
"""How long the light shows the host that they attended to a customer too late; after that only the service counts."""
GAZE_WARNING_SHARE = 2 / 3
"""Of the longest look away that the standard allows, this much passes before the light shows it."""
GAZE_AWAY_S = 3.0
"""The same where the standard asks for a share of the time only."""


class CueKind(StrEnum):
    """Everything a light can show, the most pressing first: of two that hold at once the earlier is shown.

    What can still be saved comes before what is lost, a customer in the room before a caller, and people before the desk's own
    state.
    """

    RUNNING_OUT = "running_out"
    PHONE_URGENT = "phone_urgent"
    TOO_LATE = "too_late"
    WAITING = "waiting"
    PHONE_RINGING = "phone_ringing"
    COMING = "coming"
    ATTENDED_LATE = "attended_late"
    GAZE_AWAY = "gaze_away"
    SMILE_TOO_MUCH = "smile_too_much"
    SMILE_TOO_LITTLE = "smile_too_little"
    SMILE_WITHIN = "smile_within"
    ATTENDED = "attended"
    STARTING = "starting"
    NOT_MEASURING = "not_measuring"
    NEEDS_HELP = "needs_help"
    OFFLINE = "offline"
    READY = "ready"


URGENCY = {kind: place for place, kind in enumerate(CueKind)}


@dataclass(frozen=True, slots=True)
class Cue:
    """What the light shows at one moment."""

    kind: CueKind
    measuring: bool
    """Whether every camera delivers: the measuring light."""
    encounter: int | None = None
    """The encounter it is about; None for one that is not confirmed yet, and where it is about none."""
    seconds_left: float | None = None
    """Of the time to respond, for a customer who waits; negative when it is over."""
    rings: int | None = None
    """Rings begun, for a telephone that rings."""
    signed_in: bool = False
    """Whether somebody is signed in at the desk: the light of that."""

    @property
    def sign(self) -> tuple[CueKind, int | None]:
        """What the light's rhythm depends on: a new sign begins its rhythm anew."""
        return self.kind, self.rings


def cue_of(
    encounters: Sequence[EncounterNow],
    host: HostNow,
    phone: PhoneNow,
    *,
    online: bool,
    measuring: bool,
    needs_help: bool,
    standard: Standard,
    t_s: float,
) -> Cue:
    """The cue of a moment.

    Args:
        encounters: The encounters in progress, as ``EncounterMachine.current`` gives them.
        host: The host at this moment.
        phone: The telephone at this moment.
        online: Whether the desk reaches the central service's broker.
        measuring: Whether every camera delivers.
        needs_help: Whether something else of the desk does not work, and only a person can mend it.
        standard: Whose limits count.
        t_s: The moment, on the desk's timeline.
    """
    cues = [Cue(CueKind.READY, measuring)]
    if not online:
        cues.append(Cue(CueKind.OFFLINE, measuring))
    if needs_help:
        cues.append(Cue(CueKind.NEEDS_HELP, measuring))
    if not measuring:
        cues.append(Cue(CueKind.NOT_MEASURING, measuring))
    if phone.rings > 0:
        cues.append(Cue(_ringing(phone.rings, standard.phone), measuring, rings=phone.rings))
    for encounter in encounters:
        if encounter.visible and encounter.left_s is None:
            cues += _of_encounter(encounter, host, standard, t_s, measuring=measuring)
    return min(cues, key=lambda cue: (URGENCY[cue.kind], cue.seconds_left or 0.0))


def _ringing(rings: int, phone: Phone) -> CueKind:
    """Urgent from the last ring on in which the standard still allows the receiver to be lifted."""
    counted = rings if phone.counting == "begun" else rings - 1
    last = phone.rings.max is not None and counted + 1 > phone.rings.max
    return CueKind.PHONE_URGENT if last else CueKind.PHONE_RINGING


def _of_encounter(
    encounter: EncounterNow, host: HostNow, standard: Standard, t_s: float, *, measuring: bool
) -> Iterator[Cue]:
    if encounter.attended_s is not None or encounter.attended_unseen:
        yield Cue(_while_served(encounter, host, standard, t_s), measuring, encounter.number)
        return
    kind = _while_waiting(encounter, host, standard)
    if kind is not None:
        yield Cue(kind, measuring, encounter.number, encounter.seconds_left)


def _while_waiting(encounter: EncounterNow, host: HostNow, standard: Standard) -> CueKind | None:
    if not host.observed:
        # It is not known whether the customer is attended to: their coming is news for as long as it may be late.
        return CueKind.COMING if encounter.seconds_left > 0.0 else None
    if not encounter.confirmed:
        return CueKind.COMING
    if encounter.wait_unknown:
        return CueKind.WAITING if encounter.seconds_left > 0.0 else None
    if encounter.seconds_left < 0.0:
        return CueKind.TOO_LATE
    if encounter.seconds_left <= LAST_SHARE * standard.respond.within_s:
        return CueKind.RUNNING_OUT
    return CueKind.WAITING


def _while_served(encounter: EncounterNow, host: HostNow, standard: Standard, t_s: float) -> CueKind:
    if (
        encounter.attended_s is not None
        and not encounter.wait_unknown
        and encounter.in_time is False
        and t_s - encounter.attended_s < LATE_SHOWN_S
    ):
        return CueKind.ATTENDED_LATE
    if _gaze_is_away(encounter, standard, t_s):
        return CueKind.GAZE_AWAY
    return _smile(encounter, host, standard) or CueKind.ATTENDED


def _gaze_is_away(encounter: EncounterNow, standard: Standard, t_s: float) -> bool:
    gaze = standard.gaze
    if encounter.unturned_since_s is None:
        return False
    away_s = t_s - encounter.unturned_since_s
    if gaze.longest_away_s.max is not None:
        return away_s >= GAZE_WARNING_SHARE * gaze.longest_away_s.max
    return gaze.on_customer_share.min is not None and away_s >= GAZE_AWAY_S


def _smile(encounter: EncounterNow, host: HostNow, standard: Standard) -> CueKind | None:
    """What the light shows of the smile: only beyond a limit by more than the error, and only where the standard has limits."""
    asked = standard.smile
    limits = ((host.lift_cm, asked.lift_cm), (host.teeth, asked.teeth))
    if host.smiling is None or not host.baseline_known:
        return None
    if not host.smiling:
        wanted = any(limit.min is not None for limit in (asked.lift_cm, asked.teeth, asked.hold_s))
        return CueKind.SMILE_TOO_LITTLE if wanted and not encounter.smiled else None
    known = [(value, limit) for value, limit in limits if value is not None]
    if any(limit.max is not None and value.value - value.se > limit.max for value, limit in known):
        return CueKind.SMILE_TOO_MUCH
    if any(limit.min is not None and value.value + value.se < limit.min for value, limit in known):
        return CueKind.SMILE_TOO_LITTLE
    limited = any(limit.min is not None or limit.max is not None for _, limit in known)
    return CueKind.SMILE_WITHIN if limited else None
