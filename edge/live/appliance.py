"""The appliance: builds every part from the settings, runs them, stops them."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from edge.camera.source import FrameSource
from edge.clock import Clock
from edge.desk import Desk
from edge.feedback.cue import Cue
from edge.feedback.light_thread import LightThread
from edge.feedback.lights import DeskLights
from edge.live.birth import birth_facts
from edge.live.duty_handover import hand_over, taken_over
from edge.live.health import HealthWatch
from edge.live.host_page import LivePage
from edge.live.line_memory import LineMemory
from edge.live.live_camera import LiveCamera, open_live
from edge.live.machine_watch import MachineWatch
from edge.live.memory import HeapHoles, give_back_freed_memory
from edge.live.observing import Observing
from edge.live.page_point import page_file
from edge.live.phone_lines import LivePhone
from edge.live.sight import Sight
from edge.live.sign_in_point import SignInPoint, sign_in_file
from edge.live.sign_ins import SignIns
from edge.live.starting import DeskStart
from edge.observation import End, Observation
from edge.settings.desk_toml import Camera
from edge.settings.last_good import Configuration, state_folder
from edge.settings.plan_keeper import PlanKeeper
from edge.uplink.publisher import Publisher
from edge.uplink.spool import Spool
from edge.uplink.writer import SpoolWriter
from protocol.notify import SystemdNotifier
from protocol.state import BirthFacts

log = logging.getLogger(__name__)

WAIT_S = 0.05
"""Longest sleep of the loop: bounds how late a ring or a blink can be when no camera wakes it."""
DELIVER_BEFORE_STOP_S = 5.0
"""How long a desk that stops waits for the broker to take what is in the spool; systemd allows 90 s."""


LOOK_FOR_STANDARD_S = 1.0
"""How often it is looked whether another standard is in force: its moment is met within a second where nobody is at the desk."""
LONGEST_PUT_OFF_S = 3600.0
"""How long a new standard waits for a moment without a visit or a call: a desk that is never without one for an hour has a figure before its
camera that is taken for somebody."""
WRITE_BEFORE_STOP_S = 10.0
"""How long a desk that stops waits for a disk that hangs to take the last measurements."""
STOP_S = 5.0
"""How long the last words to the broker may take, and then the closing of the spool."""


class Appliance:
    """One desk at work.

    Args:
        configuration: Settings and standard.
        birth: What this appliance publishes about itself.
        clock: The timeline of all observations.
        sight: The networks of its cameras.
        lights: The host's light and the measuring light; by default those of the settings.
        opener: Opens a camera.
        witness: Called with each observation that the deciding parts receive, in that order.
        plans: Keeps the standards that the central service wants here; without it the desk works by its configuration's for good.
        state: Where the desk keeps what it must not lose; by default the usual place.
    """

    def __init__(
        self,
        configuration: Configuration,
        birth: BirthFacts,
        clock: Clock,
        sight: Sight,
        lights: LightThread | None = None,
        opener: Callable[[Camera], FrameSource] = open_live,
        witness: Callable[[Observation], None] | None = None,
        plans: PlanKeeper | None = None,
        state: Path | None = None,
    ) -> None:
        settings = configuration.settings
        self._configuration = configuration
        self._clock = clock
        self._witness = witness
        self._sight = sight
        self._lines = LineMemory(settings.storage.spool.parent, settings.phone)
        self._desk = Desk(configuration)
        self._lights = lights or LightThread(DeskLights(settings.lights, now_s=clock.now_s()), clock.now_s)
        self._notifier = SystemdNotifier()
        self._spool = Spool(settings.storage.spool, settings.desk.device, clock, settings.storage.max_mb)
        self._writer = SpoolWriter(self._spool, clock)
        self._plans = plans
        self._state = state_folder(state)
        self._publisher = Publisher(
            settings.uplink,
            settings.desk.device,
            self._spool,
            clock,
            birth,
            None if plans is None else plans.take,
        )
        self._standard_looked_s = clock.now_s()
        self._standard_due_s: float | None = None
        self.has_new_standard = False
        """Whether the desk ended because another standard is in force, by which a new start of the program works."""
        now_s = clock.now_s()
        self._phone = LivePhone(settings.phone, now_s)

        self._sign_ins = SignIns(settings.sign_in, SignInPoint(sign_in_file(settings.storage.spool)), clock)

        self._page = LivePage(
            page_file(settings.storage.spool),
            settings.sign_in,
            configuration.standard,
            clock,
            self._sign_ins,
            self._writer.put,
        )

        def open_to_see(camera: Camera) -> FrameSource:
            sight.require()
            return opener(camera)

        cameras = [LiveCamera(camera, now_s, open_to_see) for camera in settings.cameras]
        self._observing = Observing(cameras, sight, self._phone, self._sign_ins, clock)
        self._health = HealthWatch(cameras, sight.schedule, now_s)
        self._machine = MachineWatch(settings.storage.spool)
        self._holes = HeapHoles()

    def run(self, stop: threading.Event) -> None:
        """Measure until `stop` is set; what is in progress then is measured as far as it went."""
        self._writer.start()
        self._publisher.start()
        self._machine.start()
        self._holes.start()
        self._lines.start()
        self._observing.start()
        self._notifier.ready()
        log.info("measuring under %s", self._configuration.standard.label)
        # Only a desk that follows the central service's standards starts itself anew.
        follows = self._plans is not None
        left_on_duty = taken_over(self._state, self._clock.now_s, self._clock.boot) if follows else None
        try:
            if left_on_duty is not None:
                self._sign_ins.note(left_on_duty)
                self.observe(left_on_duty)
            while not (stop.is_set() or self._observing.needs_restart or self.has_new_standard):
                self._turn()
                self._notifier.alive(self._clock.now_s())
            if self.has_new_standard:
                hand_over(self._state, self._desk.on_duty, self._clock.now_s(), self._clock.boot)
            for observation in (*self._observing.last(), End(self._clock.now_s())):
                self.observe(observation)
        finally:
            self._notifier.stopping()
            self._close()

    def _turn(self) -> None:
        """Wait for news, a moment at most; let the deciding parts know of what is due, and look after everything else."""
        for observation in self._observing.next(WAIT_S):
            self.observe(observation)
        self._sign_ins.look(self._desk.host)
        self._page.take_in(self._desk.on_duty)
        self._recall_lines()
        now_s = self._clock.now_s()
        self._show()
        self._writer.check(now_s)
        self._look_for_standard(now_s)
        if self._health.due(now_s):
            self._lines.put(self._desk.learnt_lines)
            health = self._health.sum_up(
                now_s,
                spooled=self._writer.pending,
                clock=self._clock.mapping().clock,
                machine=self._machine.latest(),
                notes=self._notes(),
            )
            self._writer.put(health)

    def _recall_lines(self) -> None:
        """Let the telephone's lines know what they had learnt before, once the disk has given it."""
        learnt = self._lines.take()
        if learnt is not None:
            self._desk.recall_lines(learnt)

    def _look_for_standard(self, now_s: float) -> None:
        """End between two visits once another standard is in force; where there is no end of visits, in the middle of one."""
        if self._plans is None or now_s - self._standard_looked_s < LOOK_FOR_STANDARD_S:
            return
        self._standard_looked_s = now_s
        if not self._plans.is_due(self._clock.mapping(), now_s):
            self._standard_due_s = None
            return
        if self._standard_due_s is None:
            self._standard_due_s = now_s
        if self._desk.idle or now_s - self._standard_due_s > LONGEST_PUT_OFF_S:
            log.info("another standard is in force: the desk starts itself anew to work by it")
            self.has_new_standard = True

    def observe(self, observation: Observation) -> None:
        """Let the deciding parts know; the light first. What they measured waits for the disk on a thread of its own."""
        if self._witness is not None:
            self._witness(observation)
        measured = self._desk.observe(observation)
        self._page.observe(observation, measured)
        self._show()
        for measurement in measured:
            self._writer.put(measurement)

    def _show(self) -> None:
        """The cue of this moment: the light first, then the page."""
        cue = self._cue()
        self._lights.show(cue)
        self._page.show(cue, self._desk.on_duty)

    def _cue(self) -> Cue:
        return self._desk.cue(online=self._publisher.online, needs_help=any(self._faults()))

    def _faults(self) -> tuple[str | None, ...]:
        """What only a person can mend, and the host's light asks for: beside the cameras, whose loss it says, and the way to the broker."""
        return (
            self._configuration.complaint,
            self._writer.trouble,
            *self._phone.troubles,
            *self._sign_ins.faults,
        )

    def _notes(self) -> tuple[str, ...]:
        """What a technician should know without a visit."""
        notes = [
            self._configuration.complaint,
            self._configuration.not_kept,
            self._configuration.nameless,
            self._writer.trouble,
            self._sight.trouble,
            *self._lights.troubles,
            *self._phone.troubles,
            *self._sign_ins.troubles,
            self._page.trouble,
            *self._publisher.notes,
            *(() if self._plans is None else self._plans.notes),
            *self._desk.line_faults,
            *self._desk.furniture_notes,
            *self._desk.picture_notes,
        ]
        return tuple(note[:200] for note in notes if note)

    def _close(self) -> None:
        self._machine.close()
        self._holes.close()
        self._recall_lines()
        self._lines.put(self._desk.learnt_lines)
        self._observing.close()
        self._page.close()
        self._lights.close()
        written = self._writer.close(WRITE_BEFORE_STOP_S)
        self._lines.close(STOP_S)
        last = threading.Thread(target=self._deliver_last, name="last", daemon=True)
        last.start()
        last.join(DELIVER_BEFORE_STOP_S + 2 * STOP_S)
        if not written or last.is_alive():
            log.error("the disk does not answer: the desk ends without it")

    def _deliver_last(self) -> None:
        """Send what the spool holds; a disk that hangs holds this up, and nothing else."""
        self._publisher.wait_until_delivered(DELIVER_BEFORE_STOP_S)
        self._publisher.stop(STOP_S)
        self._spool.close()


def run_until_told(beginning: DeskStart) -> None:
    """`deskside run`: measure until SIGTERM or SIGINT."""
    give_back_freed_memory()
    clock, state = beginning.clock, beginning.state
    desk = beginning.configuration.settings.desk
    plans = PlanKeeper(state, desk.device, desk.standard_keys)
    for trouble in plans.notes:
        log.error("%s", trouble)
    configuration = plans.laid_over(beginning.configuration, clock.mapping(), clock.now_s())
    sight = Sight(configuration.settings)
    birth = birth_facts(configuration, sight.hashes)
    appliance = Appliance(configuration, birth, clock, sight, beginning.lights, plans=plans, state=state)
    appliance.run(beginning.stop)
    if appliance.has_new_standard and not beginning.stop.is_set():
        _start_anew()


def _start_anew() -> None:
    """Take this program's place by a fresh one; systemd starts it by itself, and would take a silent one for one that hangs."""
    if "NOTIFY_SOCKET" in os.environ:
        return
    logging.shutdown()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  The same program with the same arguments.
