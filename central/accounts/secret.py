"""Secrets that are handed out once and kept only as their hash: log-ins and one-time links."""

import hashlib
import secrets

SECRET_BYTES = 32
"""256 bits: nobody guesses one, so its hash needs no salt and no slowness."""


def new_secret() -> str:
    """A secret, fit for a cookie and for an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """What is kept of a secret: a copy of the database opens no door."""
    return hashlib.sha256(secret.encode()).hexdigest()
