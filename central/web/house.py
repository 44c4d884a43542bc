"""What every page works with: the database, the settings, the clock, and what the service is doing."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session
from starlette.requests import Request

from central.accounts.log_ins_elsewhere import LogInsElsewhere
from central.accounts.logins import LoginLimits
from central.accounts.openid_provider import OpenIdProvider
from central.accounts.passkeys import Challenges
from central.audit.examined_log import ExaminedLog
from central.audit.head_witness import HeadWitness
from central.database.engine import open_for_reading, open_for_writing
from central.database.simulation import is_simulated
from central.settings import CentralSettings
from central.standards.in_force import StandardsInForce
from central.verdicts.rules import standards_in_force
from protocol.standards_folder import find_standard


@dataclass(frozen=True, slots=True)
class Listening:
    """What the pages tell of the way to the desks."""

    connected: bool = True
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What the service has taken in since its start, as figures tell it."""

    received: int = 0
    kept: int = 0
    repeated: int = 0
    rejected: int = 0
    waiting: int = 0
    """Messages that wait for the database."""


class House:
    """The service as the pages know it.

    Reading never waits for who writes, so pages read over an engine of their own and write only what they must.
    """

    def __init__(
        self,
        settings: CentralSettings,
        url: str,
        listening: Callable[[], Listening] = Listening,
        intake: Callable[[], Intake] = Intake,
    ) -> None:
        self.settings = settings
        self.url = url
        """The address that people type, without a slash at its end."""
        self.listening = listening
        self.intake = intake
        self._writing = open_for_writing(settings.database.used_url, tried_first=True)
        self._reading = open_for_reading(settings.database.used_url)
        self.stopping = threading.Event()
        self.examined_log = ExaminedLog()
        self.audit_head = HeadWitness(settings.database.audit_head)
        self.challenges = Challenges()
        self.log_ins_elsewhere = LogInsElsewhere()
        self.providers = {
            each.name: OpenIdProvider(each, f"{url}/login/with/{each.name}/back") for each in settings.login
        }
        self.limits = LoginLimits(settings.web.idle_h * 3600, settings.web.longest_h * 3600)

    def standards(self, session: Session) -> StandardsInForce:
        """What was in force where and when.

        Raises:
            BadFileError: The standard that the settings name cannot be used.
        """
        chosen = self.settings.standards
        return standards_in_force(session, find_standard(chosen.default, chosen.folder))

    @cached_property
    def simulated(self) -> bool:
        """Whether everything here is simulated: then every page says so, and nothing can be changed."""
        with self.reading() as session:
            return is_simulated(session)

    def now_wall_s(self) -> float:
        """The present, as Unix time."""
        return time.time()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A database session that reads one state of everything."""
        with Session(self._reading) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A database session that writes; what it did is kept when the context ends without an error."""
        with Session(self._writing) as session, session.begin():
            yield session

    def stop(self) -> None:
        """Tell what runs on without end, such as a page that renews itself, to end."""
        self.stopping.set()

    def close(self) -> None:
        """Close the database."""
        self._reading.dispose()
        self._writing.dispose()


def house_of(request: Request) -> House:
    """The service as the page of a request knows it."""
    house: House = request.app.state.house
    return house
