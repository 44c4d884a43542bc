"""The card that hangs at the desk: what each rhythm of the light says and what to do, as a page that any browser prints."""

from html import escape
from itertools import count
from pathlib import Path

from edge.feedback.card_language import Language
from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Pattern, pattern_of
from edge.feedback.light_words import CARD, COLOURS, TO_DO, WORDS
from edge.feedback.palette import PALETTES, Drive
from edge.settings.desk_toml import PaletteName, RgbLight, SeparateLights
from protocol.errors import MendableError
from protocol.output_file import check_replaceable

STRIP_S = 4.0
"""What one strip shows: the longest rhythm once, the others again and again."""
STRIP_WIDTH, STRIP_HEIGHT = 200, 14
"""In units of the drawing."""

_MARK = "<!-- deskside light card -->"
_STYLE = """
@page { size: A4; margin: 12mm }
body { font: 15px/1.35 system-ui, "Noto Sans CJK SC", sans-serif; color: #111; background: #fff; margin: 1rem auto; max-width: 60rem; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 0 .3rem }
p { margin: 0 0 .8rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: middle; padding: .3rem .8rem .3rem 0; border-top: 1px solid #bbb }
thead th { border: 0 }
tr { break-inside: avoid }
svg { width: 100%; min-width: 6rem; height: 1.1rem; display: block; print-color-adjust: exact; -webkit-print-color-adjust: exact }
@media (max-width: 40rem) { thead { display: none } tr { display: block; border-top: 1px solid #bbb; padding: .4rem 0 } th, td { display: block; border: 0; padding: .1rem 0 } }
@media print { body { margin: 0; padding: 0; font-size: 12px } }
"""


class CardError(MendableError):
    """The card could not be written; the text says why and what to do."""


def write_card(file: Path, language: Language, wiring: RgbLight | SeparateLights | None) -> None:
    """Write the page.

    Args:
        file: Where to; a card that is there is replaced.
        language: Of its words.
        wiring: The host's light, for its colours; three separate lamps have red, amber and green.

    Raises:
        NotReplacedError: The file holds something else.
        CardError: The file cannot be written.
    """
    palette: PaletteName = wiring.palette if isinstance(wiring, RgbLight) else "red-green"
    check_replaceable(file, _MARK.encode(), "light card")
    try:
        file.write_text(card(language, palette), encoding="utf-8")
    except OSError as error:
        raise CardError(f"{file} cannot be written: {error.strerror}; name another place") from error


def card(language: Language, palette: PaletteName) -> str:
    """The page as HTML."""
    words = CARD[language]
    rows = "\n".join(_row(kind, language, palette) for kind in CueKind)
    heads = "".join(f'<th scope="col">{escape(words[name])}</th>' for name in ("light", "says", "to_do"))
    return f"""<!doctype html>{_MARK}
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(words["title"])}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(words["title"])}</h1>
<p>{escape(words["how"])}</p>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""


def _row(kind: CueKind, language: Language, palette: PaletteName) -> str:
    cue = Cue(kind, measuring=True, rings=2 if kind is CueKind.PHONE_RINGING else None)
    pattern = pattern_of(cue)
    colour = COLOURS[language][PALETTES[palette][pattern.tone].name]
    return (
        f"<tr><td>{_strip(pattern, palette)}{escape(colour)}</td>"
        f'<th scope="row">{escape(WORDS[language][kind])}</th><td>{escape(TO_DO[language][kind])}</td></tr>'
    )


def _strip(pattern: Pattern, palette: PaletteName) -> str:
    """The rhythm as bars from left to right; paper is white, so that an outline keeps the pauses and a white light apart."""
    fill = _ink(PALETTES[palette][pattern.tone].drive)
    rhythm = pattern.seconds if len(pattern.seconds) > 1 else (STRIP_S,)
    bars, at_s = [], 0.0
    for step in count():
        seconds = min(rhythm[step % len(rhythm)], STRIP_S - at_s)
        if step % 2 == 0:
            x, width = (STRIP_WIDTH * each / STRIP_S for each in (at_s, seconds))
            bars.append(
                f'<rect x="{x:g}" y="1" width="{width:g}" height="{STRIP_HEIGHT - 2}" fill="{fill}" stroke="#111"/>'
            )
        at_s += seconds
        if at_s >= STRIP_S:
            break
    line = f'<path d="M0 {STRIP_HEIGHT / 2:g}H{STRIP_WIDTH}" stroke="#999"/>'
    return (
        f'<svg viewBox="-1 0 {STRIP_WIDTH + 2} {STRIP_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f"{line}{''.join(bars)}</svg>"
    )


def _ink(drive: Drive) -> str:
    """A light's colour on paper."""
    return "#" + "".join(f"{round(255 * part**0.5):02x}" for part in drive)
