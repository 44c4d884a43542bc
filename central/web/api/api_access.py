"""Which program asks, and what its token permits: the one place where the API looks at a token. Cookies are not looked at."""

from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute

from central.accounts.tokens import ASKS_FOR, Permit, Token, note_used, token_use
from central.audit.audit_log import note
from central.web.access import Viewer, called_by
from central.web.api.asking_pace import A_SECOND, AT_ONCE, REFUSED_A_SECOND, REFUSED_AT_ONCE, AskingPace
from central.web.api.problems import ApiError
from central.web.browser import address
from central.web.headers import SAFE
from central.web.house import House, house_of
from central.web.looks import note_looks

PREFIX = "/api/1"
"""Before each address of the API; another number is another API, beside which this one goes on."""


@dataclass(frozen=True, slots=True)
class Paces:
    """How often each token, and each address without a good one, may ask."""

    tokens: AskingPace
    refused: AskingPace


def new_paces() -> Paces:
    """Nobody has asked yet."""
    return Paces(AskingPace(A_SECOND, AT_ONCE), AskingPace(REFUSED_A_SECOND, REFUSED_AT_ONCE))


@dataclass(frozen=True, slots=True)
class Caller(Viewer):
    """The account in whose name a program asks, with no more than its token reaches, and the right by which it does."""

    token: Token

    def note_read(self, house: House, action: str, subject: str) -> None:
        """Note in the audit log that something that tells of a person is read, before it is."""
        now_wall_s = house.now_wall_s()
        with house.writing() as session:
            note(session, now_wall_s, self.account.actor, action, subject, f"token {self.token.id}")

    def note_list(self, house: House, action: str, subject: str) -> None:
        """Note that a list is read that tells of people; its parts, and the same list again soon, are one look."""
        note_looks(house, self.account.actor, action, [f"token {self.token.id}: {subject}"])

    def note_written(self, session: Session, now_wall_s: float, action: str, subject: str) -> None:
        """Note what is written, in the transaction that writes it; other writers wait until that has ended."""
        note(session, now_wall_s, self.account.actor, action, subject, f"token {self.token.id}")


class Permits:
    """Lets a request on whose token permits something and whose account still may, and no other."""

    def __init__(self, permit: Permit) -> None:
        self.permit = permit

    def __call__(self, request: Request) -> Caller:
        """The caller.

        Raises:
            ApiError: There is no good token, it does not permit that, its account may not any more, or it asks too often.
        """
        house, paces = house_of(request), paces_of(request)
        now_wall_s = house.now_wall_s()
        came_from = address(request)
        _require_pace(paces.refused.would_wait_s(came_from, now_wall_s))
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            paces.refused.wait_s(came_from, now_wall_s)
            raise ApiError(
                401,
                "Send a token: 'Authorization: Bearer ...'. A page of your account makes one.",
                headers={"www-authenticate": "Bearer"},
            )
        with house.reading() as session:
            use = token_use(session, secret.strip(), now_wall_s)
        if use is None:
            paces.refused.wait_s(came_from, now_wall_s)
            raise ApiError(
                401,
                "There is no such token, or it has ended, was revoked, or its account is closed.",
                headers={"www-authenticate": 'Bearer error="invalid_token"'},
            )
        _require_pace(paces.tokens.wait_s(str(use.token.id), now_wall_s))
        if use.due:
            with house.writing() as session:
                note_used(session, use.token.id, now_wall_s)
        if request.method not in SAFE and house.simulated:
            raise ApiError(403, "Everything here is simulated, and nothing of it can be changed.")
        caller = Caller(use.account, ASKS_FOR[self.permit], use.token)
        if self.permit not in use.token.permits:
            raise ApiError(
                403,
                f"The token does not permit {self.permit}: make another one that does.",
                headers={"www-authenticate": f'Bearer error="insufficient_scope", scope="{self.permit}"'},
            )
        if not caller.may(caller.right):
            raise ApiError(403, f"No role of the token's account gives {self.permit} any more.")
        return caller


def permits(permit: Permit) -> Any:
    """What a route names that only some tokens open."""
    return Depends(Permits(permit))


def without_token() -> None:
    """Names a route that is open without a token."""


WithoutToken = Depends(without_token)


def paces_of(request: Request) -> Paces:
    """How often who may ask."""
    paces: Paces = request.app.state.paces
    return paces


def permit_of(route: APIRoute) -> Permit | None:
    """What a route asks for; None of one that is open without a token.

    Raises:
        RuntimeError: It names neither, or both.
    """
    called = list(called_by(route.dependant))
    named = [call.permit for call in called if isinstance(call, Permits)]
    if len(named) + called.count(without_token) != 1:
        raise RuntimeError(f"{route.path} must name what opens it, once")
    return named[0] if named else None


def require_permits(routes: list[BaseRoute]) -> None:
    """Let no API come to be in which a route does not name what opens it.

    Raises:
        RuntimeError: There is one.
    """
    for route in routes:
        if not isinstance(route, APIRoute):
            raise RuntimeError(f"{route} is no route that can name what opens it")  # noqa: TRY004
        permit_of(route)


def _require_pace(wait_s: float) -> None:
    if wait_s > 0.0:
        raise ApiError(
            429,
            f"Too many requests: wait {wait_s:.1f} s.",
            headers={"retry-after": str(int(wait_s) + 1)},
        )
