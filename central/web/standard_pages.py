"""The service standards, to read: what each asks, clause by clause."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from central.web.access import needs
from central.web.house import house_of
from central.web.rendering import show
from protocol.standard import CLAUSES, limits_of
from protocol.standards_folder import find_standard, standard_names
from protocol.toml_file import BadFileError

router = APIRouter()


@router.get("/standards", dependencies=[needs("read_standards")])
def standards_page(request: Request) -> Response:
    """Every standard there is; one whose file cannot be used is told with the reason."""
    folder = house_of(request).settings.standards.folder
    good, bad = [], []
    for name in standard_names(folder):
        try:
            good.append((name, find_standard(name, folder)))
        except BadFileError as error:
            bad.append((name, str(error)))
    return show(
        request, "standards.html.j2", good=good, bad=bad, used=house_of(request).settings.standards.default
    )


@router.get("/standards/{name}", dependencies=[needs("read_standards")])
def standard_page(request: Request, name: str) -> Response:
    """One standard, clause by clause."""
    folder = house_of(request).settings.standards.folder
    if name not in standard_names(folder):
        raise HTTPException(404)
    standard = find_standard(name, folder)
    asked = [(clause, limits_of(standard, clause)) for clause in CLAUSES]
    return show(request, "standard.html.j2", standard=standard, asked=asked)
