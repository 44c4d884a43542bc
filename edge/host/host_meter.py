"""The host over time: what they do at this moment, and how they conducted themselves in an encounter."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from edge.host import summary
from edge.host.bearing import (
    TURNED_AWAY_DEG,
    TURNED_DEG,
    bearing,
    gaze_off_deg,
    head_off_deg,
    served,
    turned_to,
)
from edge.host.conduct import Conduct, DeskWork
from edge.host.hand_meter import HandMeter
from edge.host.history import HostHistory
from edge.host.host_now import HostNow
from edge.host.host_sample import HostSample, sample_of
from edge.host.latch import Latch
from edge.host.posture import LeanMeter, LeanSpells, StandingMeter
from edge.host.resting_face import RestingFace
from edge.host.smile import SmileMeter
from edge.host.work_meter import WorkMeter
from edge.observation import Estimate, FrameSeen, HostView
from edge.scene.scene_now import Track
from protocol.measurements import Posture

_PRESENT_AFTER_S = 0.0
"""A host who is seen is there: nothing but a host brings a face before the staff's camera."""
_ABSENT_AFTER_S = 2.0
"""A face hidden for a moment by a hand or a turn of the head is no absence."""
_TURNED_AFTER_S = 0.2
"""A head passes over a customer in less; three frames at 15 Hz."""
_TURNED_AWAY_AFTER_S = 0.5
"""A glance at the keyboard or a nod is no turning away."""
_FACE_LOST_S = 0.7
"""A face not seen for so long ends what its mouth was doing."""
_DOUBT_S = 2.0
"""Whose face it is shows within so long."""
_CHANGES_KEPT = 100
"""Changes of the person at the desk that are remembered: an encounter asks for those within it."""


class HostMeter:
    """Follows one host through the observations of their camera.

    It takes observations only, so that a recording gives the same as the camera it was made from.

    Example:
        >>> meter = HostMeter(smile_measured=True)
        >>> meter.observe(FrameSeen(t_s=0.0, camera="staff", host_sought=True), ()).smiling is None
        True
    """

    def __init__(self, *, smile_measured: bool) -> None:
        """Take whether smiles may be measured at this desk."""
        self._smile_measured = smile_measured
        self._history = HostHistory()
        self._hand = HandMeter()
        self._standing = StandingMeter()
        self._leans = LeanSpells()
        self._work = WorkMeter()
        self._present = Latch(_PRESENT_AFTER_S, _ABSENT_AFTER_S)
        self._turned = Latch(_TURNED_AFTER_S, _TURNED_AWAY_AFTER_S)
        self._forget_person()
        self._face_since_s: float | None = None
        """Since when the face was the same person's, as of the latest frame that said so."""
        self._latest: deque[tuple[float, HostView, tuple[Track, ...]]] = deque()
        self._changes_s: deque[float] = deque(maxlen=_CHANGES_KEPT)
        self._now = HostNow(t_s=0.0, observed=False)

    def observe(self, frame: FrameSeen, customers: tuple[Track, ...]) -> HostNow:
        """Take a frame into account.

        Args:
            frame: What was seen in it; a frame that was not searched for the host changes nothing.
            customers: Everyone on the customers' side at this moment.
        """
        if frame.host is not None and (frame.host_sought or _has_face(frame.host)):
            self._now = self._seen(frame.t_s, frame.host, customers)
        elif frame.host is not None:
            self._now = self._body_seen(frame.t_s, frame.host)
        elif frame.host_sought:
            self._now = self._not_seen(frame.t_s)
        return self._now

    def camera_lost(self, t_s: float) -> HostNow:
        """The host's camera failed after its frame of ``t_s``: nothing is known from then on."""
        self._smile.lost(t_s)
        self._leans.lost(t_s)
        for latch in (self._present, self._turned, self._work.latch):
            latch.forget()
        self._now = HostNow(t_s=t_s, observed=False)
        return self._now

    def change_person(self, t_s: float) -> None:
        """Somebody signed in or out: the resting face and the upright posture of whoever sat here are forgotten at once."""
        self._smile.lost(t_s)
        self._leans.lost(t_s)
        spells = self._smile.spells
        self._forget_person()
        self._smile.spells = spells

    def _another_person(self, since_s: float) -> None:
        """The face is not the one before: nothing that was learnt of that one is said of this one."""
        self._smile.forget_since(since_s)
        self._history.forget_since(since_s)
        self._leans.forget_since(since_s)
        self.change_person(since_s)
        self._standing = StandingMeter()
        for latch in (self._turned, self._work.latch):
            latch.forget()
        self._changes_s.append(since_s)
        for t_s, view, customers in self._latest:
            if t_s >= since_s:
                self._measured(t_s, view, customers)

    def conduct(
        self, start_s: float, end_s: float, customer_ids: Sequence[int], work: DeskWork | None
    ) -> Conduct:
        """What was measured of the host while a party was served.

        Args:
            start_s: When the customers came near.
            end_s: When they had left, or now.
            customer_ids: The tracks of the party.
            work: The host's work around this party; None where it was never seen.
        """
        samples = self._history.between(start_s, end_s)
        smile = covered = None
        if self._smile_measured:
            smile = summary.smile(samples, self._smile.spells, start_s, end_s)
            covered = summary.mouth_covered_share(samples, start_s, end_s)
        return Conduct(
            smile=smile,
            gaze=summary.gaze(samples, customer_ids, start_s, end_s),
            posture=self._posture(samples, start_s, end_s, work),
            mouth_covered_share=covered,
            host_changed_s=next((t_s for t_s in self._changes_s if start_s < t_s <= end_s), None),
        )

    def _posture(
        self, samples: Sequence[HostSample], start_s: float, end_s: float, work: DeskWork | None
    ) -> Posture | None:
        """The body, and the work it was at; None when neither was ever seen."""
        if not samples and work is None:
            return None
        work = work or DeskWork()
        lean = summary.forward_lean(samples, start_s, end_s)
        return Posture(
            forward_lean_deg=lean,
            leans=None if lean is None else self._leans.count(start_s, end_s),
            stood_share=summary.stood_share(samples, end_s),
            working_at_arrival=work.at_arrival,
            stopped_work_s=work.stopped_s,
            stopped_work_m=work.stopped_m,
            resumed_work_s=work.resumed_s,
            resumed_work_m=work.resumed_m,
            hand_at_face_share=self._hand.at_face_share(start_s, end_s),
        )

    def _forget_person(self) -> None:
        """What belongs to the person: their resting face, their smiles, how they sit."""
        self._resting = RestingFace()
        self._smile = SmileMeter()
        self._lean = LeanMeter()
        self._face_at_s: float | None = None

    def _seen(self, t_s: float, view: HostView, customers: tuple[Track, ...]) -> HostNow:
        self._hand.observe(t_s, view)
        self._follow_person(t_s, view, customers)
        now = self._measured(t_s, view, customers)
        if view.face_since_s is None and self._face_since_s is not None:
            # Whose face this is is not known yet, so nothing is said that goes by what was learnt of one person.
            return replace(
                now,
                smiling=None,
                smiling_since_s=None,
                smiling_since_se_s=None,
                lift_cm=None,
                lean_deg=None,
                stood_up_s=None,
            )
        return now

    def _follow_person(self, t_s: float, view: HostView, customers: tuple[Track, ...]) -> None:
        """Begin anew with another person; what was measured of their first second is measured again."""
        if view.face_since_s is not None:
            before, self._face_since_s = self._face_since_s, view.face_since_s
            if before is not None and view.face_since_s != before:
                self._another_person(view.face_since_s)
        self._latest.append((t_s, view, customers))
        while self._latest[0][0] < t_s - _DOUBT_S:
            self._latest.popleft()

    def _measured(self, t_s: float, view: HostView, customers: tuple[Track, ...]) -> HostNow:
        target = bearing(view, served(customers))
        gaze_off, head_off = gaze_off_deg(view, target), head_off_deg(view, target)
        lift = self._mouth(t_s, view)
        smiling = None if lift is None else self._smile.smiles
        self._present.observe(t_s, seen=True)
        self._turned.observe(t_s, seen=self._is_turned(head_off))
        working = self._work.observe(t_s, view, gaze_off)
        lean = self._lean.observe(t_s, view)
        self._leans.observe(t_s, lean)
        standing = self._standing.observe(t_s, view)
        now = HostNow(
            t_s=t_s,
            observed=True,
            present=self._present.state,
            turned=self._turned.state,
            turned_since_s=self._turned.since_s if self._turned.state else None,
            turned_to=turned_to(view, customers),
            smiling=smiling,
            smiling_since_s=self._smile.since_s if smiling else None,
            smiling_since_se_s=self._smile.since_se_s if smiling else None,
            standing=standing,
            stood_up_s=self._standing.stood_up_s,
            working=working,
            working_since_s=self._work.latch.since_s if working else None,
            work_stopped_s=self._work.stopped_s,
            lift_cm=lift,
            teeth=view.teeth if self._smile_measured else None,
            gaze_off_deg=gaze_off,
            lean_deg=lean,
            baseline_known=self._resting.baseline.known,
        )
        self._history.keep(sample_of(now, view, self._resting.baseline, customers))
        return now

    def _body_seen(self, t_s: float, view: HostView) -> HostNow:
        """Only the body was looked at: what the face showed last still holds."""
        self._present.observe(t_s, seen=True)
        self._work.note_hands(t_s, view)
        self._hand.observe(t_s, view)
        self._lean.note_trunk(t_s, view)
        return replace(
            self._now,
            t_s=t_s,
            observed=True,
            present=self._present.state,
        )

    def _mouth(self, t_s: float, view: HostView) -> Estimate | None:
        if not self._smile_measured or view.lift_left_cm is None or view.lift_right_cm is None:
            self._face_may_be_lost(t_s)
            return None
        self._face_may_be_lost(t_s)
        self._face_at_s = t_s
        self._resting.learn(t_s, view)
        return self._smile.observe(t_s, view, self._resting.baseline)

    def _face_may_be_lost(self, t_s: float) -> None:
        if self._face_at_s is not None and t_s - self._face_at_s > _FACE_LOST_S:
            self._smile.lost(self._face_at_s)
            self._face_at_s = None

    def _is_turned(self, head_off: Estimate | None) -> bool | None:
        """A head must come nearer to have turned than it may drift once it has."""
        if head_off is None:
            return False
        return head_off.value <= (TURNED_AWAY_DEG if self._turned.state else TURNED_DEG)

    def _not_seen(self, t_s: float) -> HostNow:
        self._face_may_be_lost(t_s)
        self._present.observe(t_s, seen=False)
        self._turned.observe(t_s, seen=False)
        return HostNow(
            t_s=t_s,
            observed=True,
            present=self._present.state,
            turned=self._turned.state,
            turned_since_s=self._turned.since_s if self._turned.state else None,
            standing=self._standing.standing,
            stood_up_s=self._standing.stood_up_s,
            baseline_known=self._resting.baseline.known,
        )


def _has_face(view: HostView) -> bool:
    return view.head_yaw_deg is not None
