"""What somebody looks at that tells of people: noted in the audit log before it is shown, once for what is looked at again at once."""

from collections.abc import Iterable

from central.audit.audit_log import note, noted_since
from central.web.house import House

ONE_LOOK_S = 900.0
"""A page that is open renews itself with each visit, and a program reads a list part by part: within a quarter of an hour that is one look."""


def note_looks(house: House, actor: str, action: str, subjects: Iterable[str]) -> None:
    """Note what is looked at, each subject by itself, as far as the same was not noted a moment ago."""
    now_wall_s = house.now_wall_s()
    since_s = now_wall_s - ONE_LOOK_S
    with house.reading() as session:
        new = [subject for subject in subjects if not noted_since(session, since_s, actor, action, subject)]
    if new:
        with house.writing() as session:
            for subject in new:
                note(session, now_wall_s, actor, action, subject)
