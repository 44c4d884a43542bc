"""Public holidays by country, as days on which a showroom is closed."""

from functools import cache

from central.calendars.opening_times import ExceptionalHours
from protocol.errors import MendableError

FIRST_YEAR = 2020
"""Before the first measurement."""
LAST_YEAR = 2040
"""Longer than any deadline; a calendar whose holidays end later with every year would be another one every year."""
LANGUAGE = "en_US"
"""Of the holidays' names; where a country's are not translated they are in its own."""


class UnknownCountryError(MendableError):
    """No holidays are known of a country, or of a part of it."""


@cache
def public_holidays(country: str, subdivision: str = "") -> tuple[ExceptionalHours, ...]:
    """The public holidays of a country, and of one of its parts; no other days that only some keep, such as carnival.

    >>> public_holidays("DE", "BY")[0].title, len(public_holidays("DE", "BY")) > len(public_holidays("DE"))
    ("New Year's Day", True)

    Args:
        country: Its two letters (ISO 3166-1), such as ``DE``.
        subdivision: What stands behind the country in ISO 3166-2, such as ``BY``; empty: what holds in all of it.

    Raises:
        UnknownCountryError: Nothing is known of it.
    """
    import holidays  # noqa: PLC0415  Takes as long as the whole program to load, and most showrooms name no country.

    known = holidays.list_supported_countries()
    if country not in known:
        raise UnknownCountryError(
            f"no holidays are known of the country {country!r}: write its two letters, such as DE or CN"
        )
    if subdivision and subdivision not in known[country]:
        parts = ", ".join(known[country]) or "none"
        raise UnknownCountryError(f"{country} has no part {subdivision!r}; known: {parts}")
    found = dict(
        holidays.country_holidays(
            country,
            subdiv=subdivision or None,
            years=range(FIRST_YEAR, LAST_YEAR + 1),
            categories=("public",),
            # Else a calendar would be another one under another locale of the machine.
            language=LANGUAGE,
        )
    )
    return tuple(ExceptionalHours(day, day, found[day]) for day in sorted(found))
