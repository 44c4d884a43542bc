"""What a provider of log-ins says of somebody, believed only where all of it fits (OpenID Connect Core 1.0, section 3.1.3.7): pure."""

import hmac
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from central.accounts.identities import LONGEST_SUBJECT
from protocol.errors import MendableError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""By which a provider may sign: with a key of which we know the public half only. Never ``none``, and never with a shared secret."""
LEEWAY_S = 60.0
"""Seconds by which two machines' clocks may differ."""


class BadIdTokenError(MendableError):
    """It is not to be believed; the text says why."""


class UnknownKeyError(BadIdTokenError):
    """It is signed by a key that is not among those that are known: the provider may have a new one."""


def believed_claims(
    token: str, keys: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, now_wall_s: float
) -> dict[str, Any]:
    """What an ID token says.

    Args:
        token: As the provider sent it.
        keys: Its public keys, as a JWK set.
        issuer: Of the provider.
        client_id: What it knows us by.
        nonce: What we sent along for this one log-in.
        now_wall_s: The present, as Unix time.

    Raises:
        UnknownKeyError: None of the keys signed it.
        BadIdTokenError: It is forged, another provider's, meant for somebody else, of another log-in, or out of date.
    """
    claims = _signed(token, keys)
    if claims.get("iss") != issuer:
        raise BadIdTokenError(f"it is of the issuer {claims.get('iss')!r}")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences or (len(audiences) > 1 and "azp" not in claims):
        raise BadIdTokenError("it is meant for another client")
    if claims.get("azp", client_id) != client_id:
        raise BadIdTokenError("it was given to another client")
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise BadIdTokenError("it is of another log-in (nonce)")
    if _seconds(claims, "exp") <= now_wall_s - LEEWAY_S:
        raise BadIdTokenError("it has expired")
    if max(_seconds(claims, "iat"), _seconds(claims, "nbf", 0.0)) > now_wall_s + LEEWAY_S:
        raise BadIdTokenError("it is of the future: compare the clocks")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise BadIdTokenError("it names no subject")
    return claims


def _signed(token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    try:
        known = KeySet.import_key_set({"keys": [*keys.get("keys", ())]})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BadIdTokenError(f"the provider's keys cannot be read: {error}") from None
    try:
        return dict(jwt.decode(token, known, algorithms=ALGORITHMS).claims)
    except (BadSignatureError, InvalidKeyIdError):
        raise UnknownKeyError("none of the keys that the provider shows has signed it") from None
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadIdTokenError(f"it is not signed by the provider: {error}") from None


def _seconds(claims: Mapping[str, Any], name: str, default: float | None = None) -> float:
    found = claims.get(name, default)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise BadIdTokenError(f"it does not say {name}")
    return float(found)
