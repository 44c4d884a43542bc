"""What a provider signs is believed only with one of its own keys, in a way that only it can sign."""

import base64
import hmac
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from central.accounts.id_token import BadIdTokenError, UnknownKeyError, believed_claims

NOW_S = 1_790_000_000.0
OURS = RSAKey.generate_key(2048, {"kid": "one"})
CURVED = ECKey.generate_key("P-256", {"kid": "two"})
OTHER = RSAKey.generate_key(2048, {"kid": "three"})
SAME_NAME = RSAKey.generate_key(2048, {"kid": "one"})
KEYS: dict[str, Any] = dict(KeySet([OURS, CURVED]).as_dict(private=False))
CLAIMS: dict[str, Any] = {
    "iss": "https://login.example",
    "aud": "deskside",
    "sub": "s-1",
    "nonce": "n",
    "exp": int(NOW_S) + 300,
    "iat": int(NOW_S),
}


def believed(token: str, keys: dict[str, Any] = KEYS, now_wall_s: float = NOW_S) -> dict[str, Any]:
    facts = {"issuer": "https://login.example", "client_id": "deskside", "nonce": "n"}
    return believed_claims(token, keys, now_wall_s=now_wall_s, **facts)


@pytest.mark.parametrize(("key", "algorithm"), [(OURS, "RS256"), (CURVED, "ES256")])
def test_what_one_of_its_keys_has_signed_is_believed(key: Any, algorithm: str) -> None:
    assert believed(jwt.encode({"alg": algorithm, "kid": key.kid}, CLAIMS, key))["sub"] == "s-1"
    assert believed(jwt.encode({"alg": algorithm}, CLAIMS, key), {"keys": [key.as_dict(private=False)]})


@pytest.mark.parametrize(
    ("key", "header"),
    [(OTHER, {"kid": "three"}), (OTHER, {"kid": "one"}), (SAME_NAME, {"kid": "one"})],
)
def test_what_another_key_has_signed_asks_for_new_keys_and_is_not_believed(
    key: Any, header: dict[str, str]
) -> None:
    with pytest.raises(UnknownKeyError):
        believed(jwt.encode({"alg": "RS256"} | header, CLAIMS, key))


def test_a_public_key_is_no_shared_secret_and_nothing_unsigned_is_believed() -> None:
    """Two classic forgeries: HS256 with the public key's text as the secret, and the algorithm ``none``."""
    said = jwt.encode({"alg": "RS256"}, CLAIMS, OURS).split(".")[1]
    signed = f"{_written({'alg': 'HS256', 'kid': 'one'})}.{said}"
    mark = hmac.digest(OURS.as_pem(private=False), signed.encode(), "sha256")
    forged = f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
    bare = f"{_written({'alg': 'none'})}.{said}."
    for token in (forged, bare):
        with pytest.raises(BadIdTokenError):
            believed(token)


def _written(header: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()


def test_clocks_may_differ_by_a_minute_and_no_more() -> None:
    token = jwt.encode({"alg": "RS256", "kid": "one"}, CLAIMS, OURS)
    for late_s, good in ((-60.0, True), (-61.0, False), (359.0, True), (360.0, False)):
        if good:
            assert believed(token, now_wall_s=NOW_S + late_s)
        else:
            with pytest.raises(BadIdTokenError):
                believed(token, now_wall_s=NOW_S + late_s)


@settings(max_examples=50)
@given(
    st.text(max_size=60) | st.just("e30.e30.e30") | st.binary(max_size=40).map(lambda raw: raw.hex() + ".a.b")
)
def test_whatever_is_sent_in_its_place_is_refused_in_words(token: str) -> None:
    with pytest.raises(BadIdTokenError):
        believed(token)
