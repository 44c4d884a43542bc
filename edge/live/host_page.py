"""The host's page of the live desk: what it shows at each moment, and what is done there."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from edge.clock import Timeline
from edge.feedback.cue import Cue
from edge.live.page_point import PagePoint, PinShown
from edge.live.pin_book import PinBook
from edge.live.sign_ins import SignIns
from edge.observation import Observation, SignedIn
from edge.page.day_so_far import DaysSoFar
from edge.page.page_state import PageRequest, PageState, ends_at
from edge.settings.desk_toml import SignIn
from protocol.measurements import Contest, HelpWanted, Measurement
from protocol.standard import Standard

READ_CLOCK_S = 1.0
"""How often the time on the wall is looked up: the page shows minutes of it."""


class LivePage:
    """Told by the appliance what happens; never holds it up.

    Args:
        file: The socket that `deskside page` connects to.
        settings: How hosts sign in.
        standard: By whose limits their day is counted.
        clock: The timeline.
        sign_ins: Takes who signs in or out at the page.
        put: Takes what is sent to the centre.
    """

    def __init__(
        self,
        file: Path,
        settings: SignIn,
        standard: Standard,
        clock: Timeline,
        sign_ins: SignIns,
        put: Callable[[Measurement], None],
    ) -> None:
        self._clock = clock
        self._zone = settings.zone
        self._offset_s = clock.mapping().offset_s
        self._offset_read_s = clock.now_s()
        self._within_s = standard.respond.within_s
        self._days = DaysSoFar(standard)
        self._sign_ins = sign_ins
        self._put = put
        pins = (
            None
            if settings.pins_file is None or sign_ins.key is None
            else PinBook(settings.pins_file, sign_ins.key)
        )
        self._point = PagePoint(file, pins, clock.now_s)

    @property
    def trouble(self) -> str | None:
        """Why there is no page, in words; None where there is one."""
        return self._point.trouble

    def observe(self, observation: Observation, measured: Sequence[Measurement]) -> None:
        """Take in what the deciding parts were told, and what they measured by it."""
        if isinstance(observation, SignedIn):
            self._days.begin_day(self._wall(observation.t_s).strftime("%Y-%m-%d"), observation.t_s)
            self._days.sign(
                observation.t_s if observation.since_s is None else observation.since_s, observation.person
            )
        for measurement in measured:
            self._days.count(measurement)

    def show(self, cue: Cue, on_duty: SignedIn | None) -> None:
        """Show this cue; to be said again while it holds."""
        now_s = self._clock.now_s()
        if now_s - self._offset_read_s >= READ_CLOCK_S:
            self._offset_s, self._offset_read_s = self._clock.mapping().offset_s, now_s
        self._days.begin_day(self._wall(now_s).strftime("%Y-%m-%d"), now_s)
        person = None if on_duty is None else on_duty.person
        day = self._days.of(person)
        latest_s = None if day is None else day.latest_visit_s
        self._point.show(
            PageState(
                cue=cue,
                within_s=self._within_s,
                ends_s=ends_at(cue, now_s),
                person=person,
                day=day,
                since=None if day is None else self._time(day.since_s),
                latest_visit=None if latest_s is None else self._time(latest_s),
                takes_pin=self._point.takes_pin,
            )
        )

    def take_in(self, on_duty: SignedIn | None) -> None:
        """Do what somebody asked for at the page."""
        for done in self._point.poll():
            if isinstance(done, PinShown):
                self._sign_ins.shown(done.person)
            elif done.do == "sign_out":
                self._sign_ins.sign_out()
            else:
                self._tell(done, on_duty)

    def close(self) -> None:
        """End every page's connection."""
        self._point.close()

    def _tell(self, done: PageRequest, on_duty: SignedIn | None) -> None:
        now_s = self._clock.now_s()
        if done.do == "help" and done.kind is not None:
            self._put(HelpWanted(start_s=now_s, end_s=now_s, kind=done.kind))
        elif done.do == "contest" and done.about is not None and on_duty is not None:
            day = self._days.of(on_duty.person)
            visit_s = day.latest_visit_s if day is not None and done.about == "visit" else None
            self._put(Contest(start_s=now_s, end_s=now_s, about=done.about, visit_start_s=visit_s))

    def _wall(self, t_s: float) -> datetime:
        return datetime.fromtimestamp(self._offset_s + t_s, self._zone)

    def _time(self, t_s: float) -> str:
        return self._wall(t_s).strftime("%H:%M")
