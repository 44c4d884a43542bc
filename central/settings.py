"""central.toml: which broker is listened to, where measurements are kept, which standards there are, and where the pages are."""

import hashlib
import os
import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, IPvAnyAddress, model_validator

from protocol.broker.address import BrokerAddress
from protocol.home import at_home
from protocol.shipped import EXAMPLE_CENTRAL, STANDARDS
from protocol.toml_file import Section

SYSTEM_FOLDER = Path("/var/lib/deskside-central")
"""The service's folder on a machine it is installed on; the unit's StateDirectory (systemd/deskside-central.service)."""


def _is_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no IANA time zone, such as Europe/Berlin or Asia/Shanghai") from None
    return name


def _is_client_id(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,23}", text):
        raise ValueError(f"must be 1 to 23 letters without accents, digits and hyphens, not {text!r}")
    return text


def _is_public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"must be http:// or https:// with a name and nothing behind it, not {text!r}")
    return text.rstrip("/")


TimezoneName = Annotated[str, AfterValidator(_is_timezone)]


class Broker(BrokerAddress):
    """The MQTT broker."""

    client_id: Annotated[str, AfterValidator(_is_client_id)] = "deskside-central"
    """The broker keeps messages under this name while the service is away: one per service, and always the same."""


def _own_folder() -> Path:
    """Where the service keeps its database when nobody says where: never where it happens to be started."""
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given)
    if os.geteuid() == 0 or os.access(SYSTEM_FOLDER, os.W_OK):
        return SYSTEM_FOLDER
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "deskside"


class Database(Section):
    """The database."""

    url: str | None = None
    """``FILE`` or ``sqlite:///FILE`` (relative to where the service is started; four slashes for an absolute path), or
    ``postgresql+psycopg://USER@HOST/NAME``. Without it ``central.db`` in the service's own folder: ``/var/lib/deskside-central`` for
    root, systemd and whoever may write there, ``~/.local/state/deskside`` for any other user."""

    @property
    def used_url(self) -> str:
        """The URL or file that is used: the one given, else that of the service's own folder."""
        return self.url or str(_own_folder() / "central.db")

    @property
    def audit_head(self) -> Path:
        """The file that holds the end of the audit log: beside a SQLite database, and in the service's own folder for one that lies elsewhere."""
        file = self.used_url.removeprefix("sqlite:///")
        if "://" not in file:
            return Path(at_home(file) + ".audit-head")
        return _own_folder() / f"{hashlib.sha256(self.shown_url.encode()).hexdigest()[:16]}.audit-head"

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return re.sub(r"(?<=:)[^:@/]+(?=@)", "***", self.used_url)


class Standards(Section):
    """The service standards to score by."""

    folder: Path = STANDARDS
    """Where the service standards lie; without it, those that came with the software."""
    default: Annotated[str, AfterValidator(at_home)] = "eight-teeth"
    """The standard a report is written under when none is named: its name, or a file that ends in ``.toml``."""
    signing_key: Path | None = None
    """File of the key by which standards are signed for the desks; `deskside-central standards make-key` makes it. Without it
    ``standard-signing.key`` in the service's own folder (see ``database.url``)."""

    @property
    def used_signing_key(self) -> Path:
        """The file that is used: the one given, else that of the service's own folder."""
        return self.signing_key or _own_folder() / "standard-signing.key"


class Registry(Section):
    """What is entered for a desk that reports for the first time."""

    company: Annotated[str, Field(max_length=200)] = ""
    """Company that a new desk is entered under."""
    showroom: Annotated[str, Field(max_length=200)] = ""
    """Showroom that a new desk is entered under."""
    timezone: TimezoneName = "UTC"
    """By which a desk's days begin and end."""


class Web(Section):
    """The pages and the log-in to them."""

    serve: bool = True
    """Whether `deskside-central serve` opens the pages beside listening to the desks."""
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """Address that the pages are opened at: only this machine reaches the one that stands here. Open it to others behind a web server
    that speaks HTTPS."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    """Port of the pages."""
    url: Annotated[str, AfterValidator(_is_public_url)] | None = None
    """The address that people type, such as ``https://desks.example.com``; without it ``http://HOST:PORT``. With ``https`` the log-in's
    cookie travels encrypted only."""
    proxies: Annotated[tuple[IPvAnyAddress, ...], Field(max_length=16)] = ()
    """Addresses of web servers before this one, whose word (X-Forwarded-For) on where somebody comes from is believed when failed
    log-ins are counted."""
    idle_h: Annotated[float, Field(gt=0.0, le=24.0)] = 1.0
    """A log-in ends after so long without a page being asked for."""
    longest_h: Annotated[float, Field(gt=0.0, le=168.0)] = 12.0
    """A log-in ends after so long in any case; a working day is shorter."""

    @property
    def shown_url(self) -> str:
        """The address that people type."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.url or f"http://{host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether people reach the pages by HTTPS."""
        return self.url is not None and self.url.startswith("https://")


def _is_issuer(text: str) -> str:
    parts = urlsplit(text)
    plain = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not (parts.scheme == "https" or plain) or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"must be https:// with a name, as the provider itself writes it, not {text!r}")
    return text


class LoginProvider(Section):
    """A company's own provider of log-ins (OpenID Connect), beside passwords and passkeys."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """What addresses call it: the provider sends people back to ``URL/login/with/NAME/back``, which is to be entered there."""
    title: Annotated[str, Field(min_length=1, max_length=60)]
    """What the button says, such as the company's name."""
    issuer: Annotated[str, AfterValidator(_is_issuer), Field(max_length=500)]
    """Its address, as it writes itself in what it signs; its description is read from below it."""
    client_id: Annotated[str, Field(min_length=1, max_length=300)]
    """What it knows this service by."""
    client_secret_file: Path | None = None
    """File with the secret that it gave for this service; without it the way is held by PKCE alone."""
    company: Annotated[str, Field(max_length=200)] = ""
    """It lets in accounts whose roles lie within this company only, and nobody else's; without it any account, the administrators' too."""
    known_by: Literal["email", "subject"] = "email"
    """``email``: whoever comes for the first time is known by their verified address, which is the name of their account. ``subject``: only
    accounts that `deskside-central accounts connect` has connected."""
    new_accounts_as: Literal["host", "showroom_manager", "area_manager", "technician"] | None = None
    """Role, within ``company``, of an account that is made for whoever has none yet; without it nobody gets one by logging in."""

    @model_validator(mode="after")
    def _new_accounts_have_a_place(self) -> Self:
        if self.new_accounts_as is not None and (not self.company or self.known_by != "email"):
            raise ValueError('new_accounts_as needs a company, and known_by = "email"')
        return self


class Queue(Section):
    """Of which showroom a queue of a ticket system is."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    """What the ticket system calls the queue."""
    showroom: Annotated[str, Field(min_length=1, max_length=200)]
    """Showroom that has its cases."""


class NamedState(Section):
    """What a state of a ticket system means, where it has others than those it comes with."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    """What the ticket system calls it."""
    means: Literal["open", "pending", "closed"]
    """``pending``: the customer is waited for."""


class TicketSystemLink(Section):
    """A ticket system whose cases are pulled, to tell when a reply is due."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """What commands and notes call it."""
    kind: Literal["roundup"]
    """What system it is."""
    url: Annotated[str, AfterValidator(_is_issuer), Field(max_length=500)]
    """Its address, such as ``https://tracker.example.com/support``; https, or http on this machine."""
    user: Annotated[str, Field(max_length=200)] = ""
    """Account by which it is read; it needs to read cases, and nothing more."""
    secret_file: Path | None = None
    """File with that account's password."""
    company: Annotated[str, Field(max_length=200)] = ""
    """Company of the showrooms below."""
    showroom: Annotated[str, Field(max_length=200)] = ""
    """Showroom of a case whose queue is named nowhere below; without it such cases are nobody's, and told as that."""
    queues: Annotated[tuple[Queue, ...], Field(max_length=1000)] = ()
    place_field: Annotated[str, Field(pattern=r"^[a-z_]{0,40}$")] = ""
    """Of Roundup: the property of a case that says its queue, such as ``keyword``."""
    machines: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    """Accounts there whose messages are automatic answers."""
    states: Annotated[tuple[NamedState, ...], Field(max_length=100)] = ()
    since_days: Annotated[int, Field(ge=0, le=3650)] = 31
    """How far back the first pull goes."""


class MailServer(Section):
    """The server that takes e-mail of alerts."""

    host: Annotated[str, Field(max_length=200)] = ""
    """Its name; without it no e-mail is sent."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the way to it is encrypted; ``none`` for a server on this machine."""
    sender: Annotated[str, Field(max_length=200)] = ""
    """The address that the mail comes from."""
    user: Annotated[str, Field(max_length=200)] = ""
    """By which this service logs in there; without it, it does not."""
    password_file: Path | None = None
    """File with the password for it."""


class AlertChannel(Section):
    """Whom alerts of which showrooms are told to, and when not."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """What pages call it when it cannot be reached."""
    kind: Literal["email", "wecom", "dingtalk", "feishu", "slack", "teams"]
    """E-mail, or the chat whose incoming webhook is told."""
    to: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    """Addresses of an e-mail."""
    url_file: Path | None = None
    """File with the address of a chat's webhook, which is a secret."""
    secret_file: Path | None = None
    """File with the secret by which DingTalk or Feishu is signed for, where the robot asks for a signature."""
    company: Annotated[str, Field(max_length=200)] = ""
    """Only of this company's showrooms; without it of all."""
    showroom: Annotated[str, Field(max_length=200)] = ""
    """Only of this showroom."""
    language: Literal["en", "de", "zh-Hans"] = "en"
    """In which whoever is told reads it."""
    quiet_from: time = time(20)
    """From when on the channel is left in peace, on the showroom's own clock."""
    quiet_until: time = time(8)
    """Until when; the same as ``quiet_from`` for never."""

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.kind == "email" and not self.to:
            raise ValueError("an e-mail needs to")
        if self.kind != "email" and self.url_file is None:
            raise ValueError("a chat needs url_file")
        return self


Days = Annotated[int, Field(ge=1, le=36_500)]


class Retention(Section):
    """How long what was received is kept, in days; measurements count from their end, the rest from its arrival."""

    events_days: Days | None = None
    """Measurements; without it they are kept for ever. What has not been acknowledged to the desk yet is kept in any case."""
    names_days: Days | None = None
    """Who was on duty: sign-ins and their corrections forget the name, appraisals are deleted, exclusions and exemptions that ended forget their
    reasons, and what was measured stays; without it as long as the measurement."""
    manner_days: Days | None = None
    """The host's smile, gaze and posture in a visit: the visit and its waits stay, its clauses about manner say that nothing is known any more;
    without it as long as the measurement."""
    cases_days: Days | None = None
    """Cases of ticket systems, from their latest message or state; without it they are kept for ever."""
    alerts_days: Days | None = None
    """Alerts, from their end, with who has seen to them; without it they are kept for ever."""
    boots_days: Days | None = 400
    """Boots of which no measurement is kept any more."""
    rejected_days: Days | None = 90
    """Payloads that could not be used. Of one desk the latest 1000 are kept, 20,000 in all; what had to make room is counted."""


class CentralSettings(Section):
    """All settings of central.toml."""

    example = EXAMPLE_CENTRAL

    broker: Broker = Broker()
    database: Database = Database()
    standards: Standards = Standards()
    registry: Registry = Registry()
    retention: Retention = Retention()
    web: Web = Web()
    login: Annotated[tuple[LoginProvider, ...], Field(max_length=16)] = ()
    crm: Annotated[tuple[TicketSystemLink, ...], Field(max_length=16)] = ()
    mail: MailServer = MailServer()
    alert: Annotated[tuple[AlertChannel, ...], Field(max_length=32)] = ()
