"""Where on the broker a desk speaks and listens: ``deskside/1/<device>/<channel>``."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

Channel = Literal["state", "birth", "event", "health", "ack", "cmd", "standard"]
"""Desk to central: ``state`` (retained, also the last will), ``birth``, ``event``, ``health``. Central to desk: ``ack``,
``cmd``, ``standard`` (retained)."""

ROOT = "deskside"
MAJOR = "1"
DEVICE_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
"""A DNS label: it is also the common name of the desk's certificate and the user name in the broker's ACL."""

TOPICS_REMEMBERED = 4096
"""Topics that need not be taken apart again: those of a thousand desks."""

EVERY_DEVICE = "+"
"""MQTT's wildcard for one level: what the central service subscribes to."""


class BadTopicError(ValueError):
    """A topic that is none of ours."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One channel of one desk.

    >>> str(Topic("desk-3", "event"))
    'deskside/1/desk-3/event'
    """

    device: str
    channel: Channel

    def __post_init__(self) -> None:
        if not re.fullmatch(DEVICE_PATTERN, self.device):
            raise BadTopicError(f"{self.device!r} is no device name: small letters, digits and inner hyphens")

    def __str__(self) -> str:
        return f"{ROOT}/{MAJOR}/{self.device}/{self.channel}"


FOREIGN = Topic("access-check", "event")
"""A topic of nobody's, on which only a broker without access rules lets desk or central service speak; what is said there is empty."""


@lru_cache(TOPICS_REMEMBERED)
def parse_topic(topic: str) -> Topic:
    """The desk and the channel a topic stands for.

    Raises:
        BadTopicError: It is not of the form ``deskside/1/<device>/<channel>``.
    """
    levels = topic.split("/")
    if len(levels) != 4 or levels[:2] != [ROOT, MAJOR]:
        raise BadTopicError(f"{topic[:200]!r} is not of the form {ROOT}/{MAJOR}/<device>/<channel>")
    for channel in get_args(Channel):
        if levels[3] == channel:
            return Topic(levels[2], channel)
    raise BadTopicError(f"{levels[3][:200]!r} is no channel: {', '.join(get_args(Channel))}")


def every_device(channel: Channel) -> str:
    """The filter that subscribes to one channel of all desks."""
    return f"{ROOT}/{MAJOR}/{EVERY_DEVICE}/{channel}"
