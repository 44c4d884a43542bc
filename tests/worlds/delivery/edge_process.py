"""A desk that only numbers its measurements: the real spool and the real uplink, in a process that can be killed.

``python -m tests.worlds.delivery.edge_process PORT SPOOL PRINTED`` waits for lines on stdin. ``run N`` starts run N in a child process
(all is imported by then, so that even a short run does something), whose id is printed. A run appends to PRINTED one line
for each measurement after ``put`` has returned its number, and ends when it is killed, or with ``run N COUNT`` after
COUNT measurements were delivered.
"""

import itertools
import os
import random
import sys
import time
from pathlib import Path

from edge.clock import Clock
from edge.settings.desk_toml import Uplink
from edge.uplink.publisher import Publisher
from edge.uplink.spool import Spool
from protocol.measurements import Gap
from protocol.state import BirthFacts

DEVICE = "desk-3"
FACTS = BirthFacts(
    software="0.1.0", models={}, configuration="0" * 64, standard="eight-teeth@1", calibration=None
)


def numbered(run: int, number: int) -> Gap:
    return Gap(start_s=float(number), end_s=number + 0.5, what=f"run {run} number {number}", reason="")


def measure(port: int, path: Path, printed: Path, run: int, count: int | None) -> None:
    clock = Clock()
    spool = Spool(path, DEVICE, clock)
    spool.open()
    uplink = Publisher(Uplink(port=port), DEVICE, spool, clock, FACTS)
    uplink.start()
    lines = os.open(printed, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(count) if count is not None else itertools.count():
        measurement = numbered(run, number)
        if spool.put(measurement) is not None:
            os.write(lines, f"{measurement.what}\n".encode())
        time.sleep(random.uniform(0.0, 0.01))
    delivered = uplink.wait_until_delivered(120.0)
    uplink.stop()
    spool.close()
    os._exit(0 if delivered else 1)


def main() -> None:
    port, path, printed = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    for line in sys.stdin:
        run, count = (int(word) for word in [*line.split()[1:], "-1"][:2])
        child = os.fork()
        if child == 0:
            measure(port, path, printed, run, count if count >= 0 else None)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
