"""A desk's spool and uplink on a clock that a test can set."""

import time
from pathlib import Path

from edge.clock import Clock
from edge.settings.desk_toml import Uplink
from edge.uplink.publisher import Publisher
from edge.uplink.spool import Spool
from protocol.measurements import Gap
from protocol.state import BirthFacts

FACTS = BirthFacts(
    software="0.1.0",
    models={"face.onnx": "a" * 64},
    configuration="b" * 64,
    standard="eight-teeth@1",
    calibration=None,
)


def numbered(number: int) -> Gap:
    return Gap(start_s=float(number), end_s=number + 0.5, what=f"test {number}", reason="")


class Desk:
    def __init__(
        self,
        settings: Uplink,
        spool: Path,
        device: str = "desk-3",
        boot: str = "c" * 32,
        machine_id: str | None = None,
    ) -> None:
        self.offset_s = 1_700_000_000.0
        self.synced = False
        clock = Clock(wall=lambda: time.monotonic() + self.offset_s, synced=lambda: self.synced, boot=boot)
        self.spool = Spool(spool, device, clock)
        self.spool.open()
        self.uplink = Publisher(
            settings, device, self.spool, clock, FACTS.model_copy(update={"machine_id": machine_id})
        )

    def put(self, *numbers: int) -> None:
        for number in numbers:
            self.spool.put(numbered(number))

    def leave(self) -> None:
        self.uplink.stop()
        self.spool.close()
