"""Moments as the API says and takes them: RFC 3339, with their distance from UTC."""

from datetime import UTC, datetime

from central.web.api.problems import ApiError, ProblemPart


def moment(wall_s: float) -> datetime:
    """A Unix time as the API writes it."""
    return datetime.fromtimestamp(wall_s, UTC)


def moment_or_none(wall_s: float | None) -> datetime | None:
    """A Unix time as the API writes it, where there is one."""
    return None if wall_s is None else moment(wall_s)


def unix_time(asked: datetime, where: str) -> float:
    """The Unix time of a moment that a request names.

    Args:
        asked: As it was read.
        where: In the request, such as ``query.from``.

    Raises:
        ApiError: It does not say its distance from UTC.
    """
    if asked.tzinfo is None:
        name = where.rpartition(".")[2]
        raise ApiError(
            422,
            f"{name} needs its distance from UTC, such as 2026-09-21T14:00:00Z.",
            errors=[ProblemPart(where=where, what="has no distance from UTC")],
        )
    return asked.timestamp()
