"""No secret of a desk's settings and logs is left in what is shown to others, and what is none stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.tools.secrets_out import without_secrets

SECRET = "hunter2-9f"  # noqa: S105 - nobody's


@pytest.mark.parametrize(
    "text",
    [
        f'source = "rtsp://admin:{SECRET}@10.0.0.7:554/live"',
        f"camera door: rtsp://{SECRET}@10.0.0.7/live does not answer",
        f'password = "{SECRET}"',
        f"broker_password='{SECRET}'",
        f'PASSWORD: "{SECRET}"',
        f'{{"token": "{SECRET}", "port": 8883}}',
        f"psk={SECRET}",
        f"api-key: {SECRET}",
        f"-----BEGIN EC PRIVATE KEY-----\n{SECRET}\n-----END EC PRIVATE KEY-----\n",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET} and the log was cut here",
    ],
)
def test_a_secret_is_left_out_wherever_it_is_written(text: str) -> None:
    assert SECRET not in without_secrets(text)
    assert "(left out)" in without_secrets(text)


@given(
    before=st.text(), secret=st.text(st.characters(categories=["L", "N", "P"]), min_size=8), after=st.text()
)
def test_a_known_secret_is_left_out_of_every_text(before: str, secret: str, after: str) -> None:
    assert secret not in without_secrets(f"{before}{secret}{after}", (secret,)).replace("(left out)", "")


@pytest.mark.parametrize(
    "text",
    [
        'password_file = "/etc/deskside/password"',
        'key_file = "credential:broker-key"',
        'source = "rtsp://10.0.0.7:554/live"',
        'host = "broker.lan"',
        "desk-3: the token bucket of the uplink is empty",
        "write to host@example.com",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text
