"""One provider of log-ins as this service speaks with it: where it is, its keys, and a code for what it says of somebody."""

import base64
import hashlib
import logging
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from central.accounts.id_token import UnknownKeyError, believed_claims
from central.accounts.identities import ProvenIdentity
from central.settings import LoginProvider
from protocol.errors import MendableError

log = logging.getLogger(__name__)

PATIENCE_S = 10.0
"""How long a provider may take to answer: somebody waits in front of a page."""
KNOWN_FOR_S = 3600.0
"""How long its description and its keys are known: a key that is new to us is asked for at once."""
ASK_AGAIN_S = 10.0
"""Least time between two requests for its keys, however many tokens are signed by none of them."""
MOST_BYTES = 1_000_000
"""Of one answer: a description has a few thousand."""


class ProviderAwayError(MendableError):
    """A provider does not answer, or not as one; the text says what it does, for the log."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What only this one log-in knows (RFC 7636; OpenID Connect Core 1.0, section 3.1.2.1)."""

    state: str
    nonce: str
    verifier: str


class OpenIdProvider:
    """One of the settings' providers."""

    def __init__(self, settings: LoginProvider, back: str) -> None:
        self.settings = settings
        self._back = back
        """The address that it sends people back to."""
        self._lock = threading.Lock()
        self._description: tuple[dict[str, Any], float] | None = None
        self._keys: tuple[dict[str, Any], float] | None = None

    def way_there(self, proof: Proof) -> str:
        """The address at which somebody logs in.

        Raises:
            ProviderAwayError: The provider does not answer.
        """
        challenge = base64.urlsafe_b64encode(hashlib.sha256(proof.verifier.encode()).digest()).rstrip(b"=")
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self._back,
            "scope": "openid email",
            "state": proof.state,
            "nonce": proof.nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        return _with_query(self._address("authorization_endpoint"), asked)

    def way_out(self, back: str) -> str | None:
        """The address at which somebody logs out there too; None of a provider that has none, or does not answer.

        Args:
            back: Where it sends them afterwards.
        """
        try:
            end = self._address("end_session_endpoint")
        except ProviderAwayError:
            return None
        return _with_query(end, {"client_id": self.settings.client_id, "post_logout_redirect_uri": back})

    def identity(self, code: str, proof: Proof, now_wall_s: float) -> ProvenIdentity:
        """Who it was that logged in.

        Args:
            code: With which the provider sent them back.
            proof: Of this log-in.
            now_wall_s: The present, as Unix time.

        Raises:
            ProviderAwayError: The provider does not answer, or not as one.
            BadIdTokenError: What it says is not to be believed.
        """
        told = self._told_for(code, proof.verifier)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise ProviderAwayError("it gives no ID token")
        claims = self._believed(token, proof.nonce, now_wall_s)
        email, verified = claims.get("email"), claims.get("email_verified")
        if email is None and isinstance(told.get("access_token"), str):
            more = self._more(str(told["access_token"]))
            # Only where both speak of the same person (OpenID Connect Core 1.0, section 5.3.4).
            if more.get("sub") == claims["sub"]:
                email, verified = more.get("email"), more.get("email_verified")
        proven = isinstance(email, str) and verified is True
        return ProvenIdentity(self.settings.issuer, claims["sub"], str(email) if proven else None)

    def _believed(self, token: str, nonce: str, now_wall_s: float) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "issuer": self.settings.issuer,
            "client_id": self.settings.client_id,
            "nonce": nonce,
            "now_wall_s": now_wall_s,
        }
        try:
            return believed_claims(token, self._key_set(KNOWN_FOR_S), **facts)
        except UnknownKeyError:
            return believed_claims(token, self._key_set(ASK_AGAIN_S), **facts)

    def _told_for(self, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "client_id": self.settings.client_id,
            "code_verifier": verifier,
        }
        secret = self._secret()
        way = "client_secret_basic"
        supported = self._described().get("token_endpoint_auth_methods_supported", [way])
        if secret is not None and way not in supported and "client_secret_post" in supported:
            form["client_secret"], secret = secret, None
        credentials = None if secret is None else httpx.BasicAuth(self.settings.client_id, secret)
        return _asked("POST", self._address("token_endpoint"), data=form, auth=credentials)

    def _more(self, access_token: str) -> dict[str, Any]:
        try:
            address = self._address("userinfo_endpoint")
        except ProviderAwayError:
            return {}
        return _asked("GET", address, headers={"authorization": f"Bearer {access_token}"})

    def _secret(self) -> str | None:
        file = self.settings.client_secret_file
        if file is None:
            return None
        try:
            return file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise ProviderAwayError(f"its client_secret_file {file} cannot be read") from None

    def _address(self, name: str) -> str:
        found = self._described().get(name)
        # What goes there holds codes and secrets: never in the clear, unless all of it is on this machine.
        schemes = {"https", urlsplit(self.settings.issuer).scheme}
        if not isinstance(found, str) or urlsplit(found).scheme not in schemes:
            raise ProviderAwayError(f"its description names no usable {name}")
        return found

    def _described(self) -> dict[str, Any]:
        with self._lock:
            if self._description is None or time.monotonic() - self._description[1] > KNOWN_FOR_S:
                place = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
                found = _asked("GET", place)
                if found.get("issuer") != self.settings.issuer:
                    raise ProviderAwayError(
                        f"it calls itself {found.get('issuer')!r}, and the settings {self.settings.issuer!r}"
                    )
                self._description = found, time.monotonic()
            return self._description[0]

    def _key_set(self, known_for_s: float) -> dict[str, Any]:
        place = self._address("jwks_uri")
        with self._lock:
            if self._keys is None or time.monotonic() - self._keys[1] > known_for_s:
                self._keys = _asked("GET", place), time.monotonic()
            return self._keys[0]


def _asked(method: str, address: str, **how: Any) -> dict[str, Any]:
    """What an address of a provider answers, as a JSON object."""
    try:
        answer = httpx.request(method, address, timeout=PATIENCE_S, follow_redirects=False, **how)
        if answer.status_code != httpx.codes.OK or len(answer.content) > MOST_BYTES:
            raise ProviderAwayError(f"{urlsplit(address).path} answers with status {answer.status_code}")
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProviderAwayError(f"{address} does not answer: {error}") from None
    except ValueError:
        raise ProviderAwayError(f"{address} does not answer in JSON") from None
    if not isinstance(found, dict):
        raise ProviderAwayError(f"{address} does not answer with an object")
    return found


def _with_query(address: str, asked: dict[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"
