"""Passwords: which may be chosen, and their hashes by Argon2id."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from protocol.errors import RefusalError

SHORTEST = 15
"""Letters of a password that stands alone (NIST SP 800-63B-4, section 3.1.1.2)."""
LONGEST = 256
"""Letters; the same section asks for at least 64 to be taken. A limit keeps a form from feeding the hash for minutes."""
FEWEST_DIFFERENT = 5
"""Different letters: a run of one or two keys is long and still the first thing that is tried."""
AT_ONCE = 2
"""Hashes computed at one time: each takes 64 MiB, and a flood of log-ins must not take the machine's memory."""

_HASHER = PasswordHasher()
_places = threading.BoundedSemaphore(AT_ONCE)


class UnfitPasswordError(RefusalError):
    """The password cannot be chosen; the text says why."""


def hashed(password: str, name: str) -> str:
    """The hash of a password that was chosen.

    Args:
        password: As it was typed.
        name: The account's, which may not stand in it.

    Raises:
        UnfitPasswordError: It is too short, too long, or too plain.
    """
    text = _normal(password)
    if len(text) < SHORTEST:
        raise UnfitPasswordError(
            "the password has {count} letters, at least {shortest} are needed: several words make a good one",
            count=len(text),
            shortest=SHORTEST,
        )
    if len(text) > LONGEST:
        raise UnfitPasswordError(
            "the password has {count} letters, at most {longest} are taken", count=len(text), longest=LONGEST
        )
    if len(set(text)) < FEWEST_DIFFERENT:
        raise UnfitPasswordError("the password repeats the same few letters")
    if name.casefold() in text.casefold():
        raise UnfitPasswordError("the account's name stands in the password")
    with _places:
        return _HASHER.hash(text)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed; as long in coming where there is none, so that time tells nothing.

    Args:
        stored: The hash; None where the account has no password, or there is no such account.
        password: As it was typed.
    """
    with _places:
        try:
            _HASHER.verify(stored or _DECOY, _normal(password)[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def _normal(password: str) -> str:
    """The same letters typed on two keyboards are the same password (NIST SP 800-63B-4, section 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


_DECOY = _HASHER.hash("nobody has this password")
