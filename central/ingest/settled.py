"""How far a boot's numbers have come in without a hole: what may be acknowledged."""

from collections.abc import Iterable


def settled_after(settled: int, ascending: Iterable[int]) -> int:
    """The highest number up to which nothing is missing.

    Args:
        settled: Up to here nothing was missing before.
        ascending: Numbers that are kept, in ascending order; repetitions and numbers up to ``settled`` do not matter.
            Read only as far as the first hole.
    """
    for number in ascending:
        if number > settled + 1:
            break
        settled = max(settled, number)
    return settled
