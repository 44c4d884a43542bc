"""What a badge or QR reader spells: it types like a keyboard, in the layout that it is set to, and ends with Enter."""

from collections.abc import Iterator

from edge.duty.key_events import EventsDropped, KeyEvent

KEY_GAP_S = 1.0
"""Longest time between two keys of one badge. Readers type a key every 2 to 50 ms, over Bluetooth with pauses of some tenths of a second; what
came before a longer pause was cut off, as by a cable that was pulled."""
LONGEST = 500
"""Letters of one badge at most; a QR code for people holds some dozens. What is longer is no badge."""
SHORTEST = 4
"""Letters of one badge at least: a key that was hit by chance is none."""

_ENTER = {28, 96}
_SHIFT = {42, 54}
_ALT_GR = 100
"""The right Alt key, by its code in linux/input-event-codes.h, as all codes here."""
_CAPS_LOCK = 58
"""Its code; the light of it tells nothing of a reader that was grabbed."""
_OTHERS_HELD = {29, 97, 56, 125, 126}
"""Control, Alt and the logo keys: what is pressed with them is no letter of a layout."""

_BLOCKS = (range(2, 14), range(16, 28), range(30, 42), range(43, 44), range(44, 54), range(86, 87))
"""The keys that a layout is about, in the order of the texts below: digits, the three rows, the key beside the left Shift of 102 keys."""
_KEYPAD = {
    71: "7",
    72: "8",
    73: "9",
    74: "-",
    75: "4",
    76: "5",
    77: "6",
    78: "+",
    79: "1",
    80: "2",
    81: "3",
    82: "0",
    55: "*",
    98: "/",
}

# The basic variants of us, de and fr in xkeyboard-config's symbols, by keycode minus 8; dead keys stand for their own mark.
_PLAIN = {
    "us": "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./<",
    "de": "1234567890ß´qwertzuiopü+asdfghjklöä^#yxcvbnm,.-<",  # noqa: RUF001  (the key's own mark)
    "fr": "&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù²*wxcvbn,;:!<",
}
_SHIFTED = {
    "us": '!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"~|ZXCVBNM<>?>',
    "de": "!\"§$%&/()=?`QWERTZUIOPÜ*ASDFGHJKLÖÄ°'YXCVBNM;:_>",
    "fr": "1234567890°+AZERTYUIOP¨£QSDFGHJKLM%~µWXCVBN?./§>",
}
_ALT_GR_LETTERS: dict[str, dict[int, str]] = {
    "us": {},
    "de": {8: "{", 9: "[", 10: "]", 11: "}", 12: "\\", 16: "@", 18: "€", 27: "~", 50: "µ", 86: "|"},
    "fr": {
        3: "~",
        4: "#",
        5: "{",
        6: "[",
        7: "|",
        8: "`",
        9: "\\",
        10: "^",
        11: "@",
        12: "]",
        13: "}",
        18: "€",
    },
}
_POINT = {"us": ".", "de": ",", "fr": "."}
_SPACE, _KEYPAD_POINT = 57, 83
"""Codes of the keys that stand in no row."""


class Spelling:
    """Gathers the keys of one badge until Enter.

    A key that stands for no letter counts as itself, so that two badges are never the same for what a layout does not know.

    Args:
        layout: ``us``, ``de`` or ``fr``: that of the reader, as readers come ``us``.

    Example:
        >>> spelling = Spelling("us")
        >>> spelled = [spelling.take(KeyEvent(0.01 * place, code, down=True)) for place, code in enumerate((2, 3, 4, 5, 28))]
        >>> spelled
        [None, None, None, None, '1234']
    """

    def __init__(self, layout: str) -> None:
        keys = [code for block in _BLOCKS for code in block]
        common = {**_KEYPAD, _SPACE: " ", _KEYPAD_POINT: _POINT[layout]}
        self._plain = {**dict(zip(keys, _PLAIN[layout], strict=True)), **common}
        self._shifted = {**dict(zip(keys, _SHIFTED[layout], strict=True)), **common}
        self._alt_gr = _ALT_GR_LETTERS[layout]
        self._held: set[int] = set()
        self._caps = False
        self._letters: list[str] | None = []
        """None while what comes is no badge any more, until its end."""
        self._last_s = float("-inf")

    def take(self, event: KeyEvent | EventsDropped) -> str | None:
        """Take in an event; the badge that it ends, if it does."""
        if isinstance(event, EventsDropped):
            self._held.clear()
            self._letters = None
            self._last_s = event.t_s
            return None
        if event.t_s - self._last_s > KEY_GAP_S:
            self._held.clear()
            self._begin()
        self._last_s = event.t_s
        if event.code in _SHIFT | _OTHERS_HELD | {_ALT_GR}:
            (self._held.add if event.down else self._held.discard)(event.code)
            return None
        if not event.down:
            return None
        if event.code in _ENTER:
            return self._end()
        if event.code == _CAPS_LOCK:
            self._caps = not self._caps
        elif self._letters is not None:
            self._letters.append(self._letter(event.code))
            if len(self._letters) > LONGEST:
                self._letters = None
        return None

    def forget(self) -> None:
        """The reader is gone: what it had begun is no badge."""
        self._held.clear()
        self._begin()

    def _begin(self) -> None:
        self._letters = []
        self._caps = False

    def _end(self) -> str | None:
        letters = self._letters
        self._begin()
        text = "".join(letters or ()).strip()
        return text if len(text) >= SHORTEST else None

    def _letter(self, code: int) -> str:
        if self._held & _OTHERS_HELD:
            return f"<{code}>"
        if _ALT_GR in self._held:
            return self._alt_gr.get(code, f"<{code}>")
        letter = (self._shifted if self._held & _SHIFT else self._plain).get(code, f"<{code}>")
        return letter.swapcase() if self._caps and len(letter) == 1 and letter.isalpha() else letter


def spelled(events: list[KeyEvent | EventsDropped], spelling: Spelling) -> Iterator[tuple[float, str]]:
    """The badges that events spell, each with the time of its last key."""
    for event in events:
        badge = spelling.take(event)
        if badge is not None:
            yield event.t_s, badge
