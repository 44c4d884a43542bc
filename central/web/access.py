"""Who may see and do what: the one place where a page's right is asked for.

Every page names what it needs, as `needs` ``(right)`` or `Anyone`; a page that names nothing does not come to be (`require_named`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Form, HTTPException, Request
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute

from central.accounts.account_book import Account
from central.accounts.logins import login_of, note_seen
from central.accounts.roles import Right, may, may_at
from central.desks.registry import RegisteredDesk, desks, stays
from central.reports.language import gettext
from central.showrooms.premises import Showroom, showrooms
from central.web.browser import LOGIN, cookie, is_our_form
from central.web.headers import SAFE
from central.web.house import house_of

OF_EVERYBODY = frozenset({"/login", "/login/passkey", "/logout", "/language"})
"""Forms that change nothing but what the browser keeps, and the log-in: they are taken where all is simulated, too."""


class NotLoggedInError(Exception):
    """Nobody is logged in at this browser."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever is logged in, and the right by which they are here."""

    account: Account
    right: Right

    def may(self, right: Right) -> bool:
        """Whether another page is open to them, wherever their grants reach."""
        return may(self.account.grants, right)

    def desks(self, session: Session) -> tuple[RegisteredDesk, ...]:
        """The desks that their right reaches."""
        return tuple(desk for desk in desks(session) if self._reaches(desk))

    def stays(self, session: Session) -> tuple[RegisteredDesk, ...]:
        """The desks in each place that their right reaches, also where they stand no more: who moved a desk sees there what was there."""
        return tuple(stay for stay in stays(session) if self._reaches(stay))

    def desk(self, session: Session, device: str, at_wall_s: float | None = None) -> RegisteredDesk:
        """One desk where it stands, or stood at a Unix time; where their right does not reach it, it is not there for them."""
        for desk in desks(session, at_wall_s):
            if desk.device == device and self._reaches(desk):
                return desk
        raise HTTPException(404)

    def showrooms(self, session: Session, right: Right | None = None) -> tuple[Showroom, ...]:
        """The showrooms that their right, or another one, reaches."""
        grants, asked = self.account.grants, right or self.right
        return tuple(
            place for place in showrooms(session) if may_at(grants, asked, place.company, place.name)
        )

    def showroom(self, session: Session, number: str) -> Showroom:
        """The showroom that a form names; where their right does not reach it, it is not there for them."""
        for place in self.showrooms(session):
            if str(place.id) == number:
                return place
        raise HTTPException(404)

    def _reaches(self, desk: RegisteredDesk) -> bool:
        return may_at(self.account.grants, self.right, desk.company, desk.showroom)


class Needs:
    """Lets a request on whose account has a right, and nobody else's."""

    def __init__(self, right: Right) -> None:
        self.right = right

    def __call__(self, request: Request) -> Viewer:
        """The viewer.

        Raises:
            NotLoggedInError: Nobody is logged in.
            HTTPException: The account has no such right.
        """
        viewer = viewer_of(request, self.right)
        if viewer is None:
            raise NotLoggedInError
        request.state.viewer = viewer
        if not viewer.may(self.right):
            raise HTTPException(403)
        return viewer


def viewer_of(request: Request, right: Right = "log_in") -> Viewer | None:
    """Whoever is logged in at a browser; None where nobody is. What they may is not looked at."""
    house = house_of(request)
    secret = cookie(request, LOGIN)
    if secret is None:
        return None
    now_wall_s = house.now_wall_s()
    with house.reading() as session:
        login = login_of(session, secret, house.limits, now_wall_s)
    if login is None:
        return None
    if login.due and "x-deskside-live" not in request.headers:
        # A page that renews itself is nobody who is there.
        with house.writing() as session:
            note_seen(session, secret, now_wall_s)
    return Viewer(login.account, right)


def anyone() -> None:
    """Names a page that is open before a log-in."""


def our_form(request: Request, form: Annotated[str, Form()] = "") -> None:
    """Refuse a form that was not written for this browser.

    Raises:
        HTTPException: It was not.
    """
    if house_of(request).simulated and request.url.path not in OF_EVERYBODY:
        raise HTTPException(403, gettext("Everything here is simulated, and nothing of it can be changed."))
    if not is_our_form(request, form):
        raise HTTPException(
            403, gettext("This form has become old. Go back, load the page anew, and send it again.")
        )


def needs(right: Right) -> Any:
    """What a page names that only some accounts may see."""
    return Depends(Needs(right))


Anyone = Depends(anyone)
OurForm = Depends(our_form)


def right_of(route: APIRoute) -> Right | None:
    """The right that a route asks for; None of one that is open to anyone.

    Raises:
        RuntimeError: It names neither, or both, or takes a form without looking whose it is.
    """
    called = list(called_by(route.dependant))
    rights = [call.right for call in called if isinstance(call, Needs)]
    if len(rights) + called.count(anyone) != 1:
        raise RuntimeError(f"{route.path} must name who may see it, once")
    if not SAFE.issuperset(route.methods or ()) and our_form not in called:
        raise RuntimeError(f"{route.path} takes a form and does not look whose it is")
    return rights[0] if rights else None


def require_named(routes: list[BaseRoute]) -> None:
    """Let no application come to be in which a route does not name who may see it.

    Raises:
        RuntimeError: There is one.
    """
    for route in routes:
        if not isinstance(route, APIRoute):
            raise RuntimeError(f"{route} is no page that can name who may see it")  # noqa: TRY004
        right_of(route)


def called_by(dependant: Any) -> Iterator[Any]:
    """Everything that a route calls before it does its work, however deep."""
    for inner in dependant.dependencies:
        yield inner.call
        yield from called_by(inner)
