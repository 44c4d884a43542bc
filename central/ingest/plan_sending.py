"""Sends each desk the plan of standards that is meant for it, signed and retained at the broker."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from central.standards.desk_plans import bring_plans_up_to_date, has_plans
from central.standards.signing_key import BadSigningKeyError, signed_plan
from protocol.topics import Topic

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
"""How often it is looked for activations, and for moments that have come: somebody who puts a standard into force waits no longer for a desk
that is there."""


class PlanSending:
    """What has been sent over the connection that stands.

    Args:
        publish: Hands a topic and a retained message to the broker.
        key_file: By which plans are signed.
    """

    def __init__(self, publish: Callable[[str, bytes], None], key_file: Path) -> None:
        self._publish = publish
        self._key_file = key_file
        self._sent: dict[str, int] = {}
        self._again = threading.Event()
        self._look_s = 0.0
        self._complaint: str | None = None

    def connected(self) -> None:
        """A connection stands, from any thread: the broker may have lost what it kept, so everything is sent again."""
        self._again.set()

    def due(self, now_s: float) -> bool:
        """Whether it is time to look, on the monotonic clock."""
        if self._again.is_set() or now_s >= self._look_s:
            self._look_s = now_s + LOOK_EVERY_S
            return True
        return False

    def send(self, session: Session, now_wall_s: float) -> None:
        """Bring the plans up to date, and send those that were not; the session's transaction takes them.

        A desk that was sent a plan which is then not committed has the same one again under another number.
        """
        if self._again.is_set():
            self._again.clear()
            self._sent.clear()
        # With a key there is something to send to every desk: what its showroom's profile leaves out.
        if not self._key_file.exists() and not has_plans(session):
            return
        for plan in bring_plans_up_to_date(session, now_wall_s):
            if self._sent.get(plan.device) == plan.number:
                continue
            try:
                payload = signed_plan(plan, self._key_file)
            except BadSigningKeyError as error:
                self._complain(str(error))
                return
            self._complaint = None
            self._publish(str(Topic(plan.device, "standard")), payload)
            self._sent[plan.device] = plan.number
            labels = ", ".join(f"{each.name}@{each.version}" for each in plan.standards) or "none"
            log.info("plan %d of standards was sent to %s: %s", plan.number, plan.device, labels)

    def _complain(self, words: str) -> None:
        if words != self._complaint:
            log.error("no standard is sent to the desks: %s", words)
        self._complaint = words
