"""A real provider of log-ins on this machine, in a process of its own; it holds to PKCE, and lies where a test tells it to."""

import base64
import hashlib
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.worlds.delivery.mosquitto import PROJECT, free_port

_START_S = 60.0


class LocalProvider:
    """A provider from its start to its end, to which one client is known."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "provider.log"
        self.port = free_port()
        self.issuer = f"http://localhost:{self.port}"
        self.client_id = ""
        self.secret = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def start(self) -> None:
        """Come up, without any memory of before."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(self.port)], cwd=PROJECT, stdout=log, stderr=log
            )
        until_s = time.monotonic() + _START_S
        while time.monotonic() < until_s:
            try:
                if httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=30).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError(self._log.read_text())

    def end(self) -> None:
        """Be gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def know_client(self, back: str) -> None:
        """Let the service be known, with its secret."""
        told = httpx.post(f"{self.issuer}/oauth2/clients", json={"redirect_uris": [back]}, timeout=30).json()
        self.client_id, self.secret = told["client_id"], told["client_secret"]

    def know(self, subject: str, **claims: Any) -> None:
        """Let somebody be known, with what is said of them."""
        httpx.put(f"{self.issuer}/users/{subject}", json=claims, timeout=30).raise_for_status()

    def lie(self, **claims: Any) -> None:
        """Sign these claims in place of the true ones from now on; ``{}`` to be truthful again."""
        httpx.post(f"{self.issuer}/lie", json=claims, timeout=30).raise_for_status()

    def log_in(self, way: str, subject: str) -> str:
        """Log in there as a person does; returns the address that the browser is sent back to."""
        answer = httpx.post(way, data={"sub": subject}, timeout=30)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


def _serve(port: int) -> None:
    import flask  # noqa: PLC0415  (of this process alone)
    import oidc_provider_mock  # noqa: PLC0415
    from authlib.jose import jwt  # noqa: PLC0415
    from werkzeug.serving import make_server  # noqa: PLC0415

    app = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
    lies: dict[str, Any] = {}
    challenges: dict[str, str] = {}

    @app.post("/lie")
    def lie() -> str:
        lies.clear()
        lies.update(flask.request.get_json())
        return ""

    @app.before_request
    def hold_to_pkce() -> Any:
        if flask.request.path != "/oauth2/token":
            return None
        verifier = flask.request.form.get("code_verifier", "")
        known = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = challenges.pop(flask.request.form.get("code", ""), None)
        return None if asked == known else (flask.jsonify(error="invalid_grant"), 400)

    @app.after_request
    def remember_and_lie(response: Any) -> Any:
        if flask.request.path == "/oauth2/authorize" and "location" in response.headers:
            code = parse_qs(urlsplit(response.headers["location"]).query).get("code", [""])[0]
            assert flask.request.args["code_challenge_method"] == "S256"
            challenges[code] = flask.request.args["code_challenge"]
        if flask.request.path == "/oauth2/token" and lies and response.is_json:
            told = response.get_json()
            key = flask.g.oidc_provider_mock_storage.jwk
            claims = dict(jwt.decode(told["id_token"], key)) | lies  # type: ignore[no-untyped-call]
            told["id_token"] = jwt.encode({"alg": "RS256"}, claims, key).decode()  # type: ignore[no-untyped-call]
            response.set_data(flask.json.dumps(told))
        return response

    make_server("localhost", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
