"""The languages of the pages: which one a browser asks for, and its catalogue.

A catalogue is read from its ``.po`` file when the service starts: nothing is compiled, so nothing can be out of date.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[1] / "web" / "languages"
LANGUAGES = {"en": "English", "de": "Deutsch", "zh-Hans": "简体中文"}
"""Each with its name for itself. What stands in the templates is English."""
_ASKED = {"en": "en", "de": "de", "zh": "zh-Hans"}


@cache
def catalogue(language: str) -> NullTranslations:
    """The catalogue of one of the languages."""
    if language == "en":
        return NullTranslations()
    with (FOLDER / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=Locale.parse(language, sep="-"))
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_for(accepted: str) -> str:
    """The language that suits a browser best, by what it accepts (RFC 9110, section 12.5.4); English where none does.

    >>> language_for("zh-CN,zh;q=0.9,en;q=0.8"), language_for("fr, de;q=0.7"), language_for("")
    ('zh-Hans', 'de', 'en')
    """
    wished: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wished.append((-float(weight or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    tags = [tag for weight, tag in sorted(wished, key=lambda wish: wish[0]) if weight < 0]
    return _ASKED[negotiate_locale(tags, list(_ASKED)) or "en"]
