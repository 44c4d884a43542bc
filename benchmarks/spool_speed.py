"""How quick the spool is: measurements put one by one and fifty at a time, read for sending, and deleted when acknowledged.

Run with ``python -m benchmarks.spool_speed [FOLDER]``; the folder is on the disk that is meant, such as an SD card. What syncs cost
is the disk's business, so that two versions of the software compare on one disk, by turns.
"""

import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from edge.clock import Clock
from edge.uplink.spool import Spool
from protocol.measurements import Gap

ROUNDS = 5
SINGLE = 400
BATCHES = 20
BATCH = 50
WINDOW = 100


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    rounds = [_round(folder) for _ in range(ROUNDS)]
    table = Table(title=f"Measurements a second, best of {ROUNDS} rounds")
    for column in ("what", "a second"):
        table.add_column(column, justify="right")
    for what in rounds[0]:
        table.add_row(what, f"{max(each[what] for each in rounds):,.0f}")
    Console().print(table)


def _round(parent: Path | None) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        spool = Spool(Path(folder) / "spool.db", "desk-3", Clock())
        spool.open()
        began_s = time.perf_counter()
        for number in range(SINGLE):
            spool.put(_visit(number))
        single_s = time.perf_counter() - began_s
        batches = [[_visit(number) for number in range(BATCH)] for _ in range(BATCHES)]
        began_s = time.perf_counter()
        for batch in batches:
            spool.put_all(batch)
        batched_s = time.perf_counter() - began_s
        began_s = time.perf_counter()
        row = 0
        while waiting := spool.after(row, WINDOW):
            row = waiting[-1].row
        read_s = time.perf_counter() - began_s
        count = SINGLE + BATCHES * BATCH
        began_s = time.perf_counter()
        for number in range(WINDOW, count + 1, WINDOW):
            spool.acknowledge({spool.bootid: number})
        deleted_s = time.perf_counter() - began_s
        spool.close()
    return {
        "put one by one": SINGLE / single_s,
        "put fifty at a time": BATCHES * BATCH / batched_s,
        "read": count / read_s,
        "deleted a hundred at a time": count / deleted_s,
    }


def _visit(number: int) -> Gap:
    """About as long as a visit."""
    return Gap(start_s=float(number), end_s=number + 0.5, what=f"visit {number}", reason="x" * 450)


if __name__ == "__main__":
    main()
