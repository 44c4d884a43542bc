"""central.toml: which broker is listened to, where measurements are kept, and which standards there are."""

import re
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from protocol.broker.address import BrokerAddress
from protocol.shipped import STANDARDS
from protocol.toml_file import Section


def _is_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no IANA time zone, such as Europe/Berlin or Asia/Shanghai") from None
    return name


TimezoneName = Annotated[str, AfterValidator(_is_timezone)]


class Broker(BrokerAddress):
    """The MQTT broker."""

    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,23}$")] = "deskside-central"
    """The broker keeps messages under this name while the service is away: one per service, and always the same."""


class Database(Section):
    """The database."""

    url: str = "sqlite:///deskside-central.db"
    """``sqlite:///FILE`` (relative to where the service is started; four slashes for an absolute path), or
    ``postgresql+psycopg://USER@HOST/NAME``."""

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return re.sub(r"(?<=:)[^:@/]+(?=@)", "***", self.url)


class Standards(Section):
    """The service standards to score by."""

    folder: Path = STANDARDS
    """Where the service standards lie; without it, those that came with the software."""
    default: str = "eight-teeth"
    """The standard a report is written under when none is named."""


class Registry(Section):
    """What is entered for a desk that reports for the first time."""

    company: Annotated[str, Field(max_length=200)] = ""
    """Company that a new desk is entered under."""
    showroom: Annotated[str, Field(max_length=200)] = ""
    """Showroom that a new desk is entered under."""
    timezone: TimezoneName = "UTC"
    """By which a desk's days begin and end."""


class CentralSettings(Section):
    """All settings of central.toml."""

    broker: Broker = Broker()
    database: Database = Database()
    standards: Standards = Standards()
    registry: Registry = Registry()
