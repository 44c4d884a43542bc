"""The edges of the telephone's pins as JSON lines, for a field problem to become a test."""

import json
from collections.abc import Iterable, Iterator
from typing import TextIO

from edge.phone.switchboard import EdgeBatch, PinEdge


def edge_line(edge: PinEdge) -> str:
    """One edge as a line of a recording, without the line's end; the pin's own level, and every digit of its time."""
    return json.dumps(
        {"kind": "edge", "t_s": edge.t_s, "line": edge.line, "pin": edge.pin, "level": edge.level},
        separators=(",", ":"),
    )


def end_line(t_s: float) -> str:
    """The line that says how far time had come when the recording was stopped."""
    return json.dumps({"kind": "end", "t_s": t_s}, separators=(",", ":"))


def record(batches: Iterable[EdgeBatch], out: TextIO) -> Iterator[EdgeBatch]:
    """Write down every edge that passes, and hand the batches on.

    The file is complete up to the last batch at any moment, and ends with an ``end`` line when the batches end.
    """
    until_s = None
    try:
        for batch in batches:
            out.writelines(edge_line(edge) + "\n" for edge in batch.edges)
            out.flush()
            until_s = batch.until_s
            yield batch
    finally:
        if until_s is not None:
            out.write(end_line(until_s) + "\n")
            out.flush()
