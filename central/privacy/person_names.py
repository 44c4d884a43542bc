"""The names of one person, and texts that name them: pure."""

import json
import re
from dataclasses import dataclass

SHORTEST_IN_LABELS = 3
"""Letters of a name that is looked for in labels and titles: whoever signs in as ``1`` is not meant by ``Desk 1``."""
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class Names:
    """What somebody is called: by a pseudonym, and where they are known by more, by their name and the name of their account.

    Example:
        >>> wren = Names("wren", ("Wren W.",))
        >>> wren.stand_in("ask WREN"), wren.left_out("Wren W. told wren", "erased-1")
        (True, 'erased-1 told erased-1')
    """

    pseudonym: str
    others: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All of them, the longest first."""
        return tuple(sorted({self.pseudonym, *self.others} - {""}, key=len, reverse=True))

    def stand_in(self, text: str) -> bool:
        """Whether somebody wrote one of the names into a text, in capitals or not."""
        return self._pattern().search(text) is not None

    def left_out(self, text: str, instead: str) -> str:
        """A text with something else in the place of every name."""
        return self._pattern().sub(lambda _: instead, text)

    def label_names(self, label: str) -> bool:
        """Whether a label or a title, which mostly speaks of something else, has one of the names in it."""
        long_enough = tuple(name for name in self.every if len(name) >= SHORTEST_IN_LABELS)
        return any(name.casefold() in label.casefold() for name in long_enough)

    def stand_in_payload(self, payload: bytes) -> bool:
        """Whether one of the names stands in what a desk sent, as it is or in any way in which JSON writes it."""
        text = payload.decode(errors="replace")
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        return any(
            name in each or json.dumps(name, ensure_ascii=False)[1:-1] in each
            for name in self.every
            for each in (text, plain)
        )

    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.every)), re.IGNORECASE)
