"""central.toml: which broker is listened to, where measurements are kept, and which standards there are."""

import re
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from protocol.shipped import STANDARDS


def _is_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no IANA time zone, such as Europe/Berlin or Asia/Shanghai") from None
    return name


TimezoneName = Annotated[str, AfterValidator(_is_timezone)]


class Section(BaseModel):
    """A table of central.toml: immutable, and closed to misspelt keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Broker(Section):
    """The MQTT broker."""

    host: Annotated[str, Field(min_length=1)] = "localhost"
    port: Annotated[int, Field(ge=1, le=65535)] = 1883
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,23}$")] = "deskside-central"
    """The broker keeps messages under this name while the service is away: one per service, and always the same."""
    keepalive_s: Annotated[int, Field(ge=5, le=3600)] = 30
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None

    @model_validator(mode="after")
    def _certificate_is_whole(self) -> Self:
        files = (self.ca_file, self.cert_file, self.key_file)
        if any(files) and not all(files):
            raise ValueError("ca_file, cert_file and key_file belong together: give all three or none")
        return self


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
    default: str = "eight-teeth"
    """The standard a report is written under when none is named."""


class Registry(Section):
    """What is entered for a desk that is heard of for the first time."""

    company: Annotated[str, Field(max_length=200)] = ""
    showroom: Annotated[str, Field(max_length=200)] = ""
    timezone: TimezoneName = "UTC"
    """By which a desk's days begin and end."""


class CentralSettings(Section):
    """Everything central.toml says."""

    broker: Broker = Broker()
    database: Database = Database()
    standards: Standards = Standards()
    registry: Registry = Registry()
