"""The pure chain from observations to measurements: the same for the live desk, a replayed video and a recording."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from edge.encounter.attendance import AttendanceMeter
from edge.encounter.gaps import Gaps
from edge.encounter.host_in_front import SaidInFront
from edge.encounter.machine import EncounterMachine
from edge.feedback.cue import Cue, cue_of
from edge.host.host_meter import HostMeter
from edge.host.host_now import HostNow
from edge.host.stretched_picture import StretchedPictures
from edge.observation import (
    CameraBack,
    CameraLost,
    Edge,
    EdgesLost,
    End,
    FrameSeen,
    LineBack,
    LineLost,
    Observation,
    SignedIn,
    Tick,
)
from edge.phone.learnt import LearntLine
from edge.phone.telephone import Telephone
from edge.scene.scene import Scene
from edge.scene.scene_now import SceneNow
from edge.settings.last_good import Configuration
from protocol.manner import answerable, asking_without, left_out
from protocol.measurements import Duty, Encounter, Measurement


class Desk:
    """One desk: takes observations, returns measurements.

    Args:
        configuration: Settings and standard.

    Example:
        >>> from edge.settings.desk_toml import Settings
        >>> from protocol.standards_folder import find_standard
        >>> desk = Desk(Configuration(Settings(), find_standard("eight-teeth")))
        >>> desk.observe(End(10.0))
        ()
    """

    def __init__(self, configuration: Configuration) -> None:
        settings, standard = configuration.settings, configuration.standard
        self._leaves_out = configuration.leaves_out
        self._answerable = answerable(standard.respond.counts, self._leaves_out)
        standard = self._standard = asking_without(standard, self._leaves_out)
        self._watches = {camera.name: camera.watches for camera in settings.cameras}
        self._scene = Scene(settings.cameras, standard.near)
        self._host_meter = HostMeter(smile_measured="smile" not in self._leaves_out)
        self._stretched = StretchedPictures()
        self._encounter = EncounterMachine(standard, self._host_meter)
        self._attendance = AttendanceMeter()
        self._telephone = Telephone(settings.phone, standard.phone.seconds_per_ring)
        self._gaps = Gaps()
        self._said_in_front = SaidInFront()
        self._blind = set(self._watches)
        """Cameras that deliver nothing: all of them before their first frame."""
        self._on_duty: SignedIn | None = None
        self._now_s = 0.0
        self._scene_now = SceneNow(0.0, observed=False, customers=(), ended=())
        self._host = HostNow(0.0, observed=False)

    def cue(self, *, online: bool, needs_help: bool = False) -> Cue:
        """What the host should know at the moment of the latest observation.

        Args:
            online: Whether measurements get through to the central service.
            needs_help: Whether something of the desk beside its cameras and telephone lines waits for somebody who mends it.
        """
        encounters = self._encounter.current()
        if not self._answerable:
            encounters = tuple(replace(each, wait_unknown=True) for each in encounters)
        cue = cue_of(
            encounters,
            self._host,
            self._telephone.now,
            online=online,
            measuring=not self._blind,
            needs_help=needs_help or bool(self._telephone.faults),
            standard=self._standard,
            t_s=self._now_s,
        )
        return replace(cue, signed_in=self._on_duty is not None)

    @property
    def on_duty(self) -> SignedIn | None:
        """The last sign-in; None where nobody is on duty."""
        return self._on_duty

    @property
    def idle(self) -> bool:
        """Whether nobody is near and no telephone rings or is talked on: nothing is being measured that a new start would cut."""
        phone = self._telephone.now
        return not (self._encounter.current() or phone.rings or phone.talking)

    @property
    def host(self) -> HostNow:
        """The host at the moment of the latest observation."""
        return self._host

    @property
    def scene(self) -> SceneNow:
        """The customers at the moment of the latest observation."""
        return self._scene_now

    @property
    def line_faults(self) -> tuple[str, ...]:
        """What is wrong with the wiring of the telephone's lines, in words."""
        return tuple(f"phone {line}: {advice}" for (line, _), advice in self._telephone.faults.items())

    @property
    def learnt_lines(self) -> dict[str, LearntLine]:
        """What its telephone lines have learnt of themselves, by their names."""
        return self._telephone.learnt

    def recall_lines(self, learnt: Mapping[str, LearntLine]) -> None:
        """Let its telephone lines go on with what they had learnt before, by their names."""
        self._telephone.recall(learnt)

    @property
    def furniture_notes(self) -> tuple[str, ...]:
        """What stands before the cameras and looks like somebody, with the mask that hides it."""
        return tuple(each.advice for each in self._scene_now.furniture)

    @property
    def picture_notes(self) -> tuple[str, ...]:
        """Which cameras' pictures are stretched, with what to do about it."""
        return self._stretched.notes

    def observe(self, observation: Observation) -> tuple[Measurement, ...]:
        """Take in an observation; the measurements that it completed."""
        measured = self._observe(observation)
        if not self._leaves_out:
            return measured
        return tuple(self._without(each) if isinstance(each, Encounter) else each for each in measured)

    def _without(self, encounter: Encounter) -> Encounter:
        """The encounter without what this desk leaves out; of a wait that only what is left out would end nothing is known."""
        told = left_out(encounter, self._leaves_out)
        if self._answerable:
            return told
        return told.model_copy(update={"wait_s": 0.0, "wait_ended_by": "not_observed", "reaction_kind": None})

    def _observe(self, observation: Observation) -> tuple[Measurement, ...]:  # noqa: PLR0911  (one for each kind)
        self._now_s = max(self._now_s, observation.t_s)
        match observation:
            case FrameSeen():
                return self._frame(observation)
            case CameraLost() | CameraBack():
                return self._camera(observation)
            case Edge() | EdgesLost():
                return self._telephone.observe(observation)
            case LineLost():
                self._gaps.open(observation.t_s, f"phone {observation.line}", observation.reason)
                return ()
            case LineBack():
                return self._gaps.close(observation.t_s, f"phone {observation.line}")
            case SignedIn():
                return self._sign(observation)
            case Tick():
                return (*self._telephone.advance(self._now_s), *self._step())
            case End():
                return self._end()

    def _frame(self, frame: FrameSeen) -> tuple[Measurement, ...]:
        watches = self._watches.get(frame.camera)
        self._blind.discard(frame.camera)
        calls = self._telephone.advance(self._now_s)
        if watches in ("customers", "both"):
            self._scene_now = self._scene.observe(frame)
        if watches in ("staff", "both"):
            self._stretched.observe(frame)
            self._host = self._host_meter.observe(frame, self._scene_now.customers)
        return (*calls, *self._step())

    def _step(self) -> Iterable[Measurement]:
        host = self._host
        behind = host.present if host.observed else None
        in_front = self._said_in_front.now(self._now_s, behind=behind)
        if in_front and not behind:
            # They serve where no camera measures a host: nobody there is "not known", never "nobody".
            host = HostNow(host.t_s, observed=False)
        yield from self._attendance.step(self._now_s, host)
        yield from self._encounter.step(
            self._scene_now, host, self._telephone.now.talking, self._now_s, in_front=in_front
        )

    def _camera(self, change: CameraLost | CameraBack) -> tuple[Measurement, ...]:
        watches = self._watches.get(change.camera)
        what = f"camera {change.camera}"
        if isinstance(change, CameraBack):
            self._blind.discard(change.camera)
            gaps = self._gaps.close(change.t_s, what)
        else:
            self._blind.add(change.camera)
            self._gaps.open(change.t_s, what, change.reason)
            gaps = ()
        if watches in ("customers", "both"):
            self._scene_now = self._scene.observe(change)
            if isinstance(change, CameraLost):
                self._encounter.gap(change.t_s)
        if watches in ("staff", "both") and isinstance(change, CameraLost):
            self._host = self._host_meter.camera_lost(change.t_s)
        return (*gaps, *self._step())

    def _sign(self, change: SignedIn) -> tuple[Measurement, ...]:
        self._said_in_front.sign(in_front=change.person is not None and bool(change.in_front))
        same = self._on_duty is not None and change.person == self._on_duty.person
        if same and change.in_front is not None:
            return ()  # They say where they are now, and go on serving.
        ended = self._duty_ended(change.t_s if change.since_s is None else change.since_s)
        self._on_duty = change if change.person else None
        self._host_meter.change_person(change.t_s)
        if change.person is None:
            return ended
        # Told at once: a sign-out may be long in coming, and never comes where the power fails.
        return (*ended, Duty(start_s=change.t_s, end_s=change.t_s, person=change.person, ongoing=True))

    def _duty_ended(self, t_s: float) -> tuple[Duty, ...]:
        began = self._on_duty
        if began is None or began.person is None:
            return ()
        return (Duty(start_s=began.t_s, end_s=max(began.t_s, t_s), person=began.person),)

    def _end(self) -> tuple[Measurement, ...]:
        t_s = self._now_s
        return (
            *self._telephone.finish(t_s),
            *self._encounter.finish(t_s),
            *self._attendance.finish(t_s),
            *self._duty_ended(t_s),
            *self._gaps.close_all(t_s),
        )
