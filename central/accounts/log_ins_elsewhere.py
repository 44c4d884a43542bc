"""Log-ins that have begun at a provider and are not back yet, each good for one return of the browser that began it."""

import hmac
import threading
from collections import OrderedDict
from dataclasses import dataclass

from central.accounts.openid_provider import Proof
from central.accounts.secret import new_secret

BACK_WITHIN_S = 600.0
"""Ten minutes: somebody who logs in there may first look for a telephone."""
MOST_WAITING = 5000
"""Log-ins that are waited for at one time: 2 MB of memory, whoever floods the page that begins them."""


@dataclass(frozen=True, slots=True)
class LogInElsewhere:
    """One that has begun."""

    provider: str
    browser: str
    """Hash of the secret of the browser that began it."""
    on: str
    """Where to go on afterwards."""
    proof: Proof
    began_wall_s: float


class LogInsElsewhere:
    """Those that are waited for."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, LogInElsewhere] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, provider: str, browser: str, on: str, now_wall_s: float) -> LogInElsewhere:
        """Remember one that begins."""
        begun = LogInElsewhere(
            provider, browser, on, Proof(new_secret(), new_secret(), new_secret()), now_wall_s
        )
        with self._lock:
            self._waiting[begun.proof.state] = begun
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
        return begun

    def take(self, state: str, provider: str, browser: str, now_wall_s: float) -> LogInElsewhere | None:
        """The one that comes back, which is used up by it; None where this browser began none such at this provider, or too long ago."""
        with self._lock:
            begun = self._waiting.pop(state, None)
        if begun is None or begun.provider != provider or now_wall_s - begun.began_wall_s > BACK_WITHIN_S:
            return None
        return begun if hmac.compare_digest(begun.browser.encode(), browser.encode()) else None
