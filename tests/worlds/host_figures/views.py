"""Scripted seconds of a host: what a camera would have measured of one who does as told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from edge.face.perception import without_mouth
from edge.host.conduct import Conduct
from edge.host.host_meter import HostMeter
from edge.host.host_now import HostNow
from edge.observation import Box, Estimate, FrameSeen, HostView, Place
from edge.scene.scene_now import Track

RATE_HZ = 15.0


@dataclass(frozen=True, slots=True)
class Doing:
    """What a host does: a face at rest, upright, looking straight out, unless said otherwise."""

    lift_cm: float = 0.0
    """Above their own resting face."""
    one_sided_cm: float = 0.0
    """How much more the left corner alone is raised; less than 0: the right one."""
    wider_cm: float | None = None
    """None: as much as a smile of that lift widens a mouth."""
    open_cm: float = 0.0
    teeth: float | None = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    gaze_yaw_deg: float | None = None
    """None: the eyes look where the head points."""
    gaze_pitch_deg: float | None = None
    eyes_y_m: float = -0.6
    eyes_z_m: float = 1.22
    hands: float | None = None
    lean_deg: float | None = None
    hand_to_face: float | None = None
    """In shoulder widths; None on frames whose pose is not looked at."""
    face_since_s: float | None = None
    """Since when the face is this person's; None: no continuity is told."""
    covered: bool = False
    """Whether something covers the mouth."""
    own_rest_cm: float = 0.0
    """How much this person's resting face is above the canonical one."""


def view(doing: Doing) -> HostView:
    """The host as measured."""
    wider = 2 * doing.lift_cm if doing.wider_cm is None else doing.wider_cm
    lift = Estimate(doing.own_rest_cm + doing.lift_cm, 0.08)
    gaze_yaw = doing.yaw_deg if doing.gaze_yaw_deg is None else doing.gaze_yaw_deg
    gaze_pitch = doing.pitch_deg if doing.gaze_pitch_deg is None else doing.gaze_pitch_deg
    seen = HostView(
        box=Box(0.4, 0.3, 0.6, 0.6),
        face_since_s=doing.face_since_s,
        px_per_cm=12.0,
        distance_m=Estimate(0.1 - doing.eyes_y_m, 0.02),
        eyes_m=(0.0, doing.eyes_y_m, doing.eyes_z_m),
        lift_left_cm=Estimate(lift.value + max(doing.one_sided_cm, 0.0), lift.se),
        lift_right_cm=Estimate(lift.value + max(-doing.one_sided_cm, 0.0), lift.se),
        lift_above_nose_cm=Estimate(0.8 * doing.lift_cm - 0.05, 0.08),
        mouth_width_cm=Estimate(5.0 + wider, 0.25),
        mouth_open_cm=Estimate(doing.open_cm, 0.1),
        teeth=None if doing.teeth is None else Estimate(doing.teeth, 1.0),
        head_yaw_deg=Estimate(doing.yaw_deg, 4.0),
        head_pitch_deg=Estimate(doing.pitch_deg, 4.0),
        head_roll_deg=Estimate(0.0, 4.0),
        gaze_yaw_deg=Estimate(gaze_yaw, 6.0),
        gaze_pitch_deg=Estimate(gaze_pitch, 6.0),
        lean_deg=None if doing.lean_deg is None else Estimate(doing.lean_deg, 5.0),
        hands_active=None if doing.hands is None else Estimate(doing.hands, 0.05),
        hand_to_face=None if doing.hand_to_face is None else Estimate(doing.hand_to_face, 0.05),
    )
    return replace(without_mouth(seen), mouth_covered=True) if doing.covered else seen


REST = Doing()
SMILE = Doing(lift_cm=0.9, open_cm=1.0, teeth=9.0)
AT_WORK = Doing(pitch_deg=-35.0, hands=0.6)
AWAY = Doing(yaw_deg=70.0)


class Script:
    """A meter, fed one stretch of behaviour after the other.

    Example:
        >>> script = Script().do(REST, 1.0).do(SMILE, 2.0)
        >>> script.now.smiling
        True
    """

    def __init__(self, rate_hz: float = RATE_HZ, *, smile_measured: bool = True) -> None:
        self.meter = HostMeter(smile_measured=smile_measured)
        self.t_s = 0.0
        self.nows: list[HostNow] = []
        self.customers: tuple[Track, ...] = ()
        self._step_s = 1 / rate_hz

    def do(self, doing: Doing | Callable[[float], Doing] | None, seconds: float) -> "Script":
        """Let the host do something for so long; a function of time gives what they do; None: nobody is seen."""
        for t_s in self._frames(seconds):
            what = doing(t_s) if callable(doing) else doing
            seen = None if what is None else view(what)
            frame = FrameSeen(t_s, "staff", host=seen, host_sought=True)
            self.nows.append(self.meter.observe(frame, self.customers))
        return self

    def with_customers(self, *customers: Track) -> "Script":
        """From now on these are on the customers' side."""
        self.customers = customers
        return self

    @property
    def now(self) -> HostNow:
        """The host at the latest frame."""
        return self.nows[-1]

    def conduct(self, customer_id: int = 1) -> Conduct:
        """What was measured of the host from the beginning until now, towards one customer."""
        return self.meter.conduct(0.0, self.t_s, (customer_id,), work=None)

    def _frames(self, seconds: float) -> Iterator[float]:
        end_s = self.t_s + seconds
        while self.t_s < end_s - 1e-9:
            yield self.t_s
            self.t_s += self._step_s


def customer(
    x_m: float = 0.0,
    y_m: float = 2.0,
    *,
    number: int = 1,
    near: bool = True,
    near_since_s: float = 0.0,
) -> Track:
    """A customer at a place."""
    return Track(
        id=number,
        first_seen_s=0.0,
        last_seen_s=0.0,
        box=Box(0.4, 0.1, 0.6, 0.9),
        place=Place(x_m, y_m, 0.1),
        distance_m=Estimate((x_m**2 + y_m**2) ** 0.5, 0.1),
        speed_m_s=None,
        near=near,
        near_since_s=near_since_s if near else None,
        gone_since_s=None,
        stands=True,
        stood_since_s=0.0,
        visible=True,
    )


def unplaced(track: Track) -> Track:
    """The same customer before a camera whose geometry is not known."""
    return replace(track, place=None, distance_m=None)
