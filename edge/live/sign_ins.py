"""Every way to sign in at the live desk, as sign-ins: the socket, the badge reader, the button, the page's PIN, and what ends a duty by itself."""

import logging
from collections.abc import Callable, Iterator

from edge.clock import Timeline, better_mapping
from edge.duty.duty_machine import DutyMachine, DutyRules
from edge.duty.pseudonym import pseudonym_of
from edge.host.host_now import HostNow
from edge.live.badge_reader import BadgeReader, open_reader
from edge.live.duty_button import DutyButton
from edge.live.sign_in_point import SignInPoint
from edge.live.site_key import SiteKeyError, site_key
from edge.observation import SignedIn
from edge.settings.desk_toml import SignIn

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""How often it is looked whether a shift ended or somebody has gone: both are counted in minutes."""


class SignIns:
    """Polled by the appliance. Whatever of it fails is tried again, or told; a desk without it measures all the same.

    Args:
        settings: How hosts sign in.
        point: The socket of `deskside sign-in`.
        clock: The timeline.
        opener: Opens the badge reader; by default among the machine's devices.
    """

    def __init__(
        self,
        settings: SignIn,
        point: SignInPoint,
        clock: Timeline,
        opener: Callable[[str], int] = open_reader,
    ) -> None:
        self._point = point
        self._clock = clock
        now_s = clock.now_s()
        rules = DutyRules(60.0 * settings.away_min, settings.ends, settings.zone)
        self._machine = DutyMachine(rules)
        self._mapping = clock.mapping()
        self._looked_s = now_s
        self._there: bool | None = None
        self._shown: list[str | None] = []
        self._key_trouble: str | None = None
        self.key: bytes | None = self._read_key(settings)
        """The site's key; None where there is none, or it cannot be used."""
        self._button_person = settings.button_person
        self._button = None if settings.button is None else DutyButton(settings.button, now_s)
        self._reader: BadgeReader | None = None
        if settings.reader is not None and self.key is not None:
            self._reader = BadgeReader(settings.reader, settings.layout, now_s, opener)

    @property
    def troubles(self) -> tuple[str, ...]:
        """What keeps people from signing in, in words; nothing while all is well."""
        return (*((self._point.trouble,) if self._point.trouble else ()), *self.faults)

    @property
    def faults(self) -> tuple[str, ...]:
        """What of it the host notices, and only a person can mend: the key, the reader, the button."""
        parts = (self._reader, self._button)
        told = (self._key_trouble, *(part.trouble for part in parts if part is not None))
        return tuple(trouble for trouble in told if trouble)

    def poll(self, now_s: float) -> Iterator[SignedIn]:
        """Every sign-in and sign-out since the last time."""
        for change in self._point.poll(now_s):
            self._machine.note(change)
            yield change
        for who in self._at_the_page():
            said = self._machine.show(now_s, who) if who is not None else self._machine.leave(now_s)
            if said is not None:
                yield said
        for t_s, person in self._seen(now_s):
            said = self._machine.show(min(t_s, now_s), person)
            if said is not None:
                yield said
        if now_s - self._looked_s >= LOOK_S:
            self._looked_s = now_s
            self._mapping = better_mapping(self._mapping, self._clock.mapping())
            offset_s = self._mapping.offset_s if self._mapping.clock == "synced" else None
            ended = self._machine.step(now_s, there=self._there, wall_offset_s=offset_s)
            if ended is not None:
                log.info("whoever was signed in is signed out: their shift ended, or they have gone")
                yield ended

    def note(self, change: SignedIn) -> None:
        """Take in a sign-in that came another way, as from the program that ran before."""
        self._machine.note(change)

    def shown(self, person: str) -> None:
        """Somebody's PIN was right."""
        self._shown.append(person)

    def sign_out(self) -> None:
        """Somebody signed out at the page."""
        self._shown.append(None)

    def look(self, host: HostNow) -> None:
        """Take in whether somebody is behind the desk."""
        self._there = host.present if host.observed else None

    def close(self) -> None:
        """Let nobody sign in any more."""
        self._point.close()
        for part in (self._reader, self._button):
            if part is not None:
                part.close()

    def _at_the_page(self) -> list[str | None]:
        shown, self._shown = self._shown, []
        return shown

    def _seen(self, now_s: float) -> Iterator[tuple[float, str]]:
        """Everybody whose badge was read or who pressed the button, each with the moment."""
        if self._reader is not None and self.key is not None:
            for t_s, badge in self._reader.poll(now_s):
                yield t_s, pseudonym_of(badge, self.key)
        if self._button is not None and self._button_person is not None:
            for t_s in self._button.poll(now_s):
                yield t_s, self._button_person

    def _read_key(self, settings: SignIn) -> bytes | None:
        if settings.key_file is None:
            return None
        try:
            return site_key(settings.key_file)
        except SiteKeyError as error:
            self._key_trouble = f"nobody can sign in by badge or PIN: {error}"
            log.error("%s", self._key_trouble)  # noqa: TRY400  (it is for a technician)
            return None
