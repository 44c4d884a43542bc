"""The demo stays up: a simulated month is delivered as a desk delivers it, and the service's pages are open to look at it all."""

import contextlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.live.birth import birth_facts
from edge.settings.desk_toml import Uplink
from edge.settings.last_good import Configuration
from edge.tools.demo.central import CentralError, pages_url, running_central
from edge.tools.demo.demo_broker import free_port
from edge.tools.demo.simulated_month import DAY_S, DAYS, simulated_month
from edge.uplink.publisher import Publisher
from edge.uplink.spool import Spool
from protocol.state import WallMapping

DELIVERY_S = 120.0
"""Some seven hundred measurements are acknowledged within some seconds; the rest is for a machine busy with something else."""


class MonthClock:
    """The timeline of the simulated month: it begins at a midnight (UTC) so many days ago, by a clock that was set."""

    def __init__(self, now_wall_s: float) -> None:
        self.boot = secrets.token_hex(16)
        self._wall = WallMapping(offset_s=now_wall_s // DAY_S * DAY_S - DAYS * DAY_S, clock="synced")

    def now_s(self) -> float:
        """The end of the month."""
        return DAYS * DAY_S

    def mapping(self) -> WallMapping:
        """When it would have been."""
        return self._wall

    def jump(self) -> None:
        """It never jumps."""


@dataclass(frozen=True, slots=True)
class OpenHouse:
    """What is open to be looked at."""

    url: str
    measurements: int
    """Of the simulated month."""


@contextlib.contextmanager
def open_house(way: Uplink, folder: Path, configuration: Configuration) -> Iterator[OpenHouse]:
    """The service with its pages and the simulated month, for as long as the context lasts.

    Raises:
        CentralError: It did not come up, or did not take the month in.
    """
    port = free_port()
    with running_central(way, folder / "central.db", folder / "central.log", pages_port=port):
        count = deliver_month(way, folder, configuration)
        yield OpenHouse(pages_url(port), count)


def deliver_month(way: Uplink, folder: Path, configuration: Configuration) -> int:
    """Send the simulated month from a spool of its own, as a desk sends what it kept while the broker was away; how many it were.

    Raises:
        CentralError: It was not acknowledged.
    """
    device = configuration.settings.desk.device
    clock = MonthClock(time.time())
    measured = simulated_month()
    spool = Spool(folder / "month.db", device, clock)
    spool.open()
    spool.put_all(measured)
    publisher = Publisher(way, device, spool, clock, birth_facts(configuration, {}))
    publisher.start()
    delivered = publisher.wait_until_delivered(DELIVERY_S)
    publisher.stop()
    spool.close()
    if not delivered:
        raise CentralError(f"the simulated month was not acknowledged; see {folder / 'central.log'}")
    return len(measured)
