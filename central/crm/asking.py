"""One question to a ticket system over HTTP, and its answer as JSON: within a time and a size, whatever it sends."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from central.crm.pulled import BadAnswerError, CrmAwayError

PATIENCE_S = 30.0
"""How long one answer may take in all: Request Tracker takes a second for a case on a loaded machine."""
MOST_BYTES = 8_000_000
"""Of one answer: the history of a case with a thousand messages has one."""


class Asking:
    """A connection to a ticket system."""

    def __init__(self, url: str, user: str, secret_file: Path | None, headers: Mapping[str, str]) -> None:
        """Prepare it; nothing is asked yet.

        Args:
            url: Below which everything is asked.
            user: Account there.
            secret_file: File with its password; read with every question, so that a new one is used at once.
            headers: That go with every question.
        """
        self._url = url.rstrip("/")
        self._user, self._secret_file = user, secret_file
        self._client = httpx.Client(timeout=PATIENCE_S, headers=dict(headers))

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The answer, as JSON.

        Raises:
            CrmAwayError: There is none, or it is no JSON; it is of no use, too long, or takes too long.
        """
        credentials = httpx.BasicAuth(self._user, self._secret()) if self._secret_file else None
        body, ends_s = bytearray(), time.monotonic() + PATIENCE_S
        try:
            with self._client.stream(
                "GET", self._url + path, params=dict(params or {}), auth=credentials
            ) as answer:
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise BadAnswerError(f"its answer to {path} has more than {MOST_BYTES} bytes")
                    if time.monotonic() > ends_s:
                        raise CrmAwayError(f"its answer to {path} takes longer than {PATIENCE_S:g} s")
        except httpx.TimeoutException:
            raise CrmAwayError(f"it does not answer within {PATIENCE_S:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CrmAwayError(f"it cannot be reached: {error or type(error).__name__}") from None
        if answer.status_code in {401, 403}:
            raise CrmAwayError(
                f"it lets the account {self._user!r} not read {path} ({answer.status_code}): check user and secret_file of this [[crm]]"
            )
        if answer.status_code != httpx.codes.OK:
            gone = answer.status_code in {400, 404, 410, 422, 500}
            raise (BadAnswerError if gone else CrmAwayError)(
                f"it answers {path} with status {answer.status_code}"
            )
        try:
            return json.loads(body)
        except ValueError:
            raise BadAnswerError(
                f"its answer to {path} is no JSON; is this its address? {self._url}"
            ) from None

    def _secret(self) -> str:
        assert self._secret_file is not None  # noqa: S101  Asked for where there is one.
        try:
            return self._secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CrmAwayError(
                f"the secret in {self._secret_file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}"
            ) from None
