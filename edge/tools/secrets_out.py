"""Text without its secrets: what a desk's own settings and logs may hold and nobody else is to read."""

import re

OUT = "(left out)"
_URL = re.compile(r"(?<=://)[^/\s@\"']+@")
"""Name and password of an address, as of a network camera's (RFC 3986, section 3.2.1)."""
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
)
_NAMED = re.compile(
    r"""(?ix)
    \b ( [a-z0-9_.-]* (?: password | passwd | passphrase | secret | token | psk | api[_-]?key ) )   # a name that says so
    ( "? \s* [=:] \s* )
    ( "(?:\\.|[^"\\])*" | '[^']*' | [^\s,;}]+ )
    """
)


def without_secrets(text: str, known: tuple[str, ...] = ()) -> str:
    r"""The text with its secrets left out.

    Args:
        text: What is to be shown to others.
        known: Secrets that are known as such, wherever they stand.

    Example:
        >>> without_secrets('source = "rtsp://admin:12345@10.0.0.7/live"\npassword = "hunter2"')
        'source = "rtsp://(left out)@10.0.0.7/live"\npassword = (left out)'
    """
    for secret in sorted(known, key=len, reverse=True):
        text = text.replace(secret, OUT) if secret.strip() else text
    text = _PRIVATE_KEY.sub(OUT, text)
    text = _URL.sub(f"{OUT}@", text)
    return _NAMED.sub(lambda found: f"{found[1]}{found[2]}{OUT}", text)
