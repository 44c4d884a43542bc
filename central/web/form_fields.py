"""The fields that forms of several pages have, each with the most letters that are read of it, and what is typed into them."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Request

from protocol.errors import RefusalError

NameField = Annotated[str, Form(max_length=1000)]
PasswordField = Annotated[str, Form(max_length=10000)]
PathField = Annotated[str, Form(max_length=2000)]
"""Where to go on afterwards; `central.web.browser.own_path` says which paths are believed."""


async def _typed_fields(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


TypedFields = Annotated[dict[str, str], Depends(_typed_fields)]
"""Everything that a form holds, where its fields have names that only its template knows."""


def typed_day(text: str, refuse: type[RefusalError]) -> date:
    """A day as a form has it, such as ``2026-09-21``.

    Raises:
        RefusalError: It is none; of the class that is given.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("{text!r} is no day, such as 2026-09-21.", text=text) from None


def typed_number(text: str, refuse: type[RefusalError]) -> float | None:
    """A number as people type it, with a point or a comma; None where nothing is typed.

    Raises:
        RefusalError: It is none; of the class that is given.
    """
    typed = text.strip()
    if not typed:
        return None
    try:
        return float(typed.replace(",", "."))
    except ValueError:
        raise refuse("{text!r} is no number.", text=text) from None
