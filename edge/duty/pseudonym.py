"""Which pseudonym a badge stands for, and what is kept of a PIN: keyed hashes, from which neither can be read back without the site's key."""

import base64
import hashlib
import hmac

KEY_BYTES = 32
"""Length of a site's key: as long as the hash that it keys (RFC 2104, section 3)."""
LETTERS = 12
"""Letters of a pseudonym, 60 bits: among 10,000 badges two share one with a chance of one in ten thousand million (birthday bound)."""


def pseudonym_of(badge: str, site_key: bytes) -> str:
    """The pseudonym of whoever has this badge, the same at every desk with this key.

    The first `LETTERS` letters of HMAC-SHA256 (RFC 2104) of the badge's text in UTF-8, in base32 (RFC 4648) and lower case.

    >>> pseudonym_of("04A2241B5C6180", bytes(32))
    'd4h4p7culiox'
    """
    digest = hmac.digest(site_key, badge.encode(), "sha256")
    return base64.b32encode(digest)[:LETTERS].decode().lower()


def key_name(site_key: bytes) -> str:
    """Eight digits that tell one key from another and say nothing of it, for a technician who compares two desks."""
    return hmac.digest(site_key, b"name of this key", "sha256").hex()[:8]


def pin_tag(pin: str, site_key: bytes) -> str:
    """What is kept in place of a PIN.

    A PIN has so few digits that all of them can be tried: scrypt (RFC 7914) with 16 MB makes every try cost some 50 ms, and the key as
    its salt makes the file worthless without it.
    """
    return hashlib.scrypt(pin.encode(), salt=site_key, n=2**14, r=8, p=1, dklen=16).hex()
