"""Roundup, over its REST interface (www.roundup-tracker.org, doc/rest.html).

It tells the present state of a case and no history of it: a change of state is taken to be as old as the latest activity of the case, which
is right to the second unless the case changes twice between two pulls.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from central.crm.asking import Asking
from central.crm.pulled import PAGE, BadAnswerError, CasePlace, ChangedCase, PulledCase, UnreadableCaseError
from central.replies.case_history import (
    AuthorKind,
    CaseMerge,
    CaseMessage,
    CaseState,
    Direction,
    StateChange,
)

TIME = "%Y-%m-%d.%H:%M:%S"
"""How it writes a moment, in UTC; fractions of a second are left away."""
PENDING = frozenset({"deferred", "need-eg"})
CLOSED = frozenset({"resolved", "done-cbb"})
"""States of its template ``classic``: *need-eg* asks the customer for an example, *done-cbb* is done though it could be better."""
MOST_NAMES = 1000
"""States and keywords of one tracker."""


class Roundup:
    """One tracker."""

    def __init__(
        self,
        asking: Asking,
        machines: Collection[str] = (),
        place_field: str = "",
        states: Mapping[str, CaseState] | None = None,
    ) -> None:
        """Prepare it; nothing is asked yet.

        Args:
            asking: At its address.
            machines: Accounts whose messages are automatic.
            place_field: Property of a case that tells showrooms apart, such as ``keyword``; empty: none does.
            states: What its states mean, beyond those of the template.
        """
        self._asking = asking
        self._machines = frozenset(machines)
        self._place_field = place_field
        self._states = dict(states or {})
        self._names: dict[str, dict[str, str]] = {}

    def close(self) -> None:
        """Hang up."""
        self._asking.close()

    def changed(self, since_s: float, page: int) -> tuple[ChangedCase, ...]:
        """Cases that changed since then (`central.crm.pulled.TicketSystem`)."""
        if page == 1:
            self._names.clear()
        since = datetime.fromtimestamp(since_s, UTC).strftime(TIME)
        params = {
            "activity": f"{since};",
            "@fields": "activity",
            "@sort": "activity,id",
            "@page_size": str(PAGE),
            "@page_index": str(page),
        }
        return tuple(
            ChangedCase(_text(each, "id"), _moment(each, "activity"))
            for each in _collection(self._asking.get("/rest/data/issue", params))
        )

    def read(self, external_id: str) -> PulledCase:
        """One case (`central.crm.pulled.TicketSystem`)."""
        fields = ["activity", "creation", "creator", "messages", "status", "superseder"]
        wanted = ",".join([*fields, *([self._place_field] if self._place_field else [])])
        try:
            return self._case(external_id, self._item("issue", external_id, wanted))
        except BadAnswerError as error:
            raise UnreadableCaseError(f"case {external_id}: {error}") from None

    def _case(self, external_id: str, case: dict[str, Any]) -> PulledCase:
        requestor = _linked(case, "creator")
        changed_s = _moment(case, "activity")
        messages = tuple(self._message(each, requestor) for each in _links(case, "messages"))
        place = ""
        if self._place_field:
            chosen = _links(case, self._place_field)
            names = self._named(self._place_field)
            place = next((names[each] for each in chosen if each in names), "")
        merged = _links(case, "superseder")
        return PulledCase(
            external_id,
            requestor,
            messages,
            (StateChange(changed_s, self._state(_linked(case, "status"))),),
            (CasePlace(_moment(case, "creation"), place),),
            False,
            CaseMerge(changed_s, merged[0]) if merged else None,
        )

    def _message(self, external_id: str, requestor: str) -> CaseMessage:
        message = self._item("msg", external_id, "author,creation")
        author_id = _linked(message, "author")
        author: AuthorKind = "person"
        if author_id in self._machine_ids():
            author = "machine"
        elif author_id in {"", requestor}:
            # Without an author is what came by mail from nobody it knows: the customer's side.
            author = "requestor"
        direction: Direction = "in" if author == "requestor" else "out"
        return CaseMessage(external_id, _moment(message, "creation"), direction, author)

    def _state(self, status: str) -> CaseState:
        name = self._named("status").get(status, "")
        if name in self._states:
            return self._states[name]
        return "closed" if name in CLOSED else "pending" if name in PENDING else "open"

    def _named(self, kind: str) -> dict[str, str]:
        """The names of a class, asked for once a pull."""
        if kind not in self._names:
            params = {"@fields": "name", "@page_size": str(MOST_NAMES)}
            answer = self._asking.get(f"/rest/data/{kind}", params)
            self._names[kind] = {_text(each, "id"): _text(each, "name") for each in _collection(answer)}
        return self._names[kind]

    def _machine_ids(self) -> frozenset[str]:
        """The numbers of the accounts whose messages are automatic; of no other account anything is asked."""
        if "user" not in self._names:
            asked = {
                name: self._asking.get(f"/rest/data/user/{quote(name, safe='')}", {"@fields": "id"})
                for name in self._machines
            }
            self._names["user"] = {_text(_at(each, "data"), "id"): name for name, each in asked.items()}
        return frozenset(self._names["user"])

    def _item(self, kind: str, number: str, fields: str) -> dict[str, Any]:
        answer = self._asking.get(f"/rest/data/{kind}/{number}", {"@fields": fields, "@verbose": "0"})
        found = _at(_at(answer, "data"), "attributes")
        if not isinstance(found, dict):
            raise BadAnswerError(f"{kind} {number} is told as {type(found).__name__}")
        return found


def _collection(answer: object) -> list[Any]:
    found = _at(_at(answer, "data"), "collection")
    if not isinstance(found, list):
        raise BadAnswerError("its list is no list")
    return found


def _at(answer: object, key: str) -> Any:
    if not isinstance(answer, dict) or key not in answer:
        raise BadAnswerError(f"its answer has no {key!r}: is this a Roundup tracker's address?")
    return answer[key]


def _text(item: object, key: str) -> str:
    found = _at(item, key)
    if not isinstance(found, str | int) or not re.fullmatch(r"[\w.@ -]{1,200}", str(found)):
        raise BadAnswerError(f"{key} is {str(found)[:40]!r}")
    return str(found)


def _moment(item: object, key: str) -> float:
    found = _at(item, key)
    try:
        return datetime.strptime(str(found)[:19], TIME).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise BadAnswerError(f"{key} is no moment: {str(found)[:40]!r}") from None


def _linked(item: object, key: str) -> str:
    """The number of what is linked to; empty where nothing is."""
    found = _at(item, key)
    if isinstance(found, dict):
        found = found.get("id")
    if found is not None and not re.fullmatch(r"[\w.-]{1,40}", str(found)):
        raise BadAnswerError(f"{key} is {str(found)[:40]!r}")
    return "" if found is None else str(found)


def _links(item: object, key: str) -> list[str]:
    found = _at(item, key)
    entries = found if isinstance(found, list) else [] if found is None else [found]
    return [_linked({key: each}, key) for each in entries]
