"""What belongs to a company or to one of its showrooms: who reaches it, and what a form offers."""

from collections.abc import Iterable

from fastapi import HTTPException

from central.accounts.roles import Right, may_at, may_for_company
from central.showrooms.premises import Showroom
from central.web.access import Viewer


def reaches(viewer: Viewer, right: Right, company: str, showroom: Showroom | None) -> bool:
    """Whether somebody has a right over something: a company's is read by whoever reads anything of it, and written for all of it only.

    Args:
        viewer: Whoever is logged in.
        right: To read or to write.
        company: Whose it is.
        showroom: Of it; None: it is the whole company's.
    """
    grants = viewer.account.grants
    if showroom is not None:
        return may_at(grants, right, showroom.company, showroom.name)
    return (
        may_for_company(grants, right, company)
        if right.startswith("read_")
        else may_at(grants, right, company, "")
    )


def offered_places(viewer: Viewer, right: Right, known: Iterable[Showroom]) -> list[tuple[str, str]]:
    """Over what somebody has a right: the value of a form's choice, and its words; companies first."""
    places = tuple(known)
    companies = sorted({place.company for place in places})
    return [
        *((f"company:{company}", company) for company in companies if reaches(viewer, right, company, None)),
        *(
            (f"showroom:{place.id}", f"{place.company} · {place.name}")
            for place in places
            if reaches(viewer, right, place.company, place)
        ),
    ]


def chosen_place(
    viewer: Viewer, right: Right, known: Iterable[Showroom], chosen: str
) -> tuple[str, int | None]:
    """The company that a form's choice names, and the number of its showroom; None: the whole company.

    Raises:
        HTTPException: It was not offered.
    """
    places = tuple(known)
    if chosen not in {value for value, _ in offered_places(viewer, right, places)}:
        raise HTTPException(404)
    kind, _, name = chosen.partition(":")
    if kind == "company":
        return name, None
    return next(place.company for place in places if place.id == int(name)), int(name)
