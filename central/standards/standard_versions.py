"""Versions of standards in the database, and the steps that each goes: draft, pilot, active, retired.

The TOML text is the source: what is shown, scored by and sent to desks is read from it. The database itself refuses a change of
what is in use, a step back, and an approval by whoever wrote it (central/database/migrations/versions/v0009_standard_versions.py).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.audit_log import note
from central.database.table import BIG_KEY, Table
from central.showrooms.premises import CompanyRow
from protocol.errors import RefusalError
from protocol.names import LONGEST
from protocol.standard import Standard
from protocol.toml_file import parse

StandardState = Literal["draft", "pilot", "active", "retired"]
"""``draft``: may still be written anew. ``pilot``: approved, and in force in one showroom at most, to be tried. ``active``: for any
showroom. ``retired``: it comes into force nowhere any more."""
STATES: tuple[StandardState, ...] = get_args(StandardState)

TEXT_LIMIT_BYTES = 8192
"""Bytes of a standard's text: those that come along have a thousand. Three of them travel to a desk in one message, which may have
65,536 bytes (protocol/decoding.py), and quotes and line ends are written there with two."""


class StandardStepError(RefusalError):
    """A standard cannot go that step; the text says why, and what to do."""


class StandardVersionRow(Table):
    """One version of one standard."""

    __tablename__ = "standard_version"
    __table_args__ = (
        UniqueConstraint("name", "version", name="standard_version_once"),
        CheckConstraint("state IN ('draft', 'pilot', 'active', 'retired')", name="standard_version_state"),
        CheckConstraint("approved_by <> author", name="standard_version_approved_by_another"),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_wall_s IS NULL)", name="standard_version_approved_once"
        ),
        CheckConstraint(
            "state IN ('draft', 'retired') OR approved_by IS NOT NULL", name="standard_version_approved"
        ),
        CheckConstraint("state <> 'draft' OR approved_by IS NULL", name="standard_version_draft"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST))
    version: Mapped[int] = mapped_column(BigInteger)
    company_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("company.id"))
    """Whose it is, the same for all versions of a name; None of one for every company."""
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    author: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    written_wall_s: Mapped[float] = mapped_column(Double)
    approved_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    approved_wall_s: Mapped[float | None] = mapped_column(Double)
    made_active_wall_s: Mapped[float | None] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class StandardVersion:
    """One version of one standard, free of any database session."""

    id: int
    standard: Standard
    text: str
    """Its TOML, word for word."""
    sha256: str
    """Of the text's UTF-8, in hexadecimal digits."""
    company: str | None
    """Whose it is; None of one for every company."""
    state: StandardState
    author: int
    """Number of the account that wrote it."""
    written_wall_s: float
    approved_by: int | None
    approved_wall_s: float | None
    made_active_wall_s: float | None
    """Since when it is a pilot no more; None of one that never was made active."""


def standard_versions(session: Session, name: str | None = None) -> tuple[StandardVersion, ...]:
    """Every version, or those of one name, by name, the latest version first."""
    chosen = (
        select(StandardVersionRow, CompanyRow.name)
        .outerjoin(CompanyRow, CompanyRow.id == StandardVersionRow.company_id)
        .order_by(StandardVersionRow.name, StandardVersionRow.version.desc())
    )
    if name is not None:
        chosen = chosen.where(StandardVersionRow.name == name)
    return tuple(_version(row, company) for row, company in session.execute(chosen))


def standard_version(session: Session, name: str, version: int) -> StandardVersion | None:
    """One version; None where there is none."""
    row = _row(session, name, version)
    return None if row is None else _of_row(session, row)


def known_version(session: Session, name: str, version: int) -> StandardVersion:
    """One version.

    Raises:
        StandardStepError: There is none.
    """
    return _of_row(session, _known(session, name, version))


def write_standard(
    session: Session,
    text: str,
    author: int,
    now_wall_s: float,
    *,
    beside: Standard | None = None,
    company: str | None = None,
) -> StandardVersion:
    """Keep a new version as a draft.

    Args:
        session: Its transaction takes the version and its entry in the audit log.
        text: The TOML.
        author: Number of the account that wrote it.
        now_wall_s: The present, as Unix time.
        beside: A standard of the same name in the folder that the service is given; its version is taken too.
        company: Whose it is; None of one for every company.

    Raises:
        BadFileError: The text cannot be used; every problem is told with its line.
        StandardStepError: Its version is not above those that there are, it is too long, or its name is another company's.
    """
    standard = read_standard_text(text)
    latest = session.scalar(
        select(func.max(StandardVersionRow.version)).where(StandardVersionRow.name == standard.name)
    )
    taken = max(latest or 0, beside.version if beside is not None and beside.name == standard.name else 0)
    if standard.version <= taken:
        raise StandardStepError(
            "{standard_label} is not new: {standard_name} has version {taken} already, so give it version = {next_version}",
            standard_label=standard.label,
            standard_name=standard.name,
            taken=taken,
            next_version=taken + 1,
        )
    row = StandardVersionRow(
        name=standard.name,
        version=standard.version,
        text=text,
        sha256=text_sha256(text),
        company_id=_key_for(session, standard.name, company, beside),
        state="draft",
        author=author,
        written_wall_s=now_wall_s,
    )
    session.add(row)
    session.flush()
    note(session, now_wall_s, _actor(author), "standard written", standard.label, row.sha256)
    return _of_row(session, row)


def rewrite_draft(
    session: Session, name: str, version: int, text: str, author: int, now_wall_s: float
) -> StandardVersion:
    """Replace the text of a draft; its name and its version stay.

    Raises:
        BadFileError: The text cannot be used; every problem is told with its line.
        StandardStepError: It is no draft any more, another one's, or the text is of another version.
    """
    row = _known(session, name, version)
    if row.state != "draft":
        raise StandardStepError(
            "{name}@{version} is {state} and stays as it is: write version {next_version}",
            name=name,
            version=version,
            state=row.state,
            next_version=version + 1,
        )
    if row.author != author:
        # Else whoever approves could have written the last word themselves.
        raise StandardStepError(
            "{name}@{version} is another one's draft: write a version of your own, or have its author change it",
            name=name,
            version=version,
        )
    standard = read_standard_text(text)
    if (standard.name, standard.version) != (name, version):
        raise StandardStepError(
            "the text is of {standard_label}, not of {name}@{version}: leave name and version, or write a new version",
            standard_label=standard.label,
            name=name,
            version=version,
        )
    row.text, row.sha256, row.written_wall_s = text, text_sha256(text), now_wall_s
    session.flush()
    note(session, now_wall_s, _actor(author), "standard written", standard.label, row.sha256)
    return _of_row(session, row)


def approve_standard(
    session: Session, name: str, version: int, approver: int, now_wall_s: float, *, sha256: str | None = None
) -> StandardVersion:
    """Approve a draft that another one wrote: it may then be tried in a showroom, and never changes again.

    Args:
        session: Its transaction takes the step and its entry in the audit log.
        name: Of the standard.
        version: Of the standard.
        approver: Number of the account that approves.
        now_wall_s: The present, as Unix time.
        sha256: Of the text that the approver has read; None where that is the present one for sure.

    Raises:
        StandardStepError: It is no draft, the approver wrote it, or its text was changed since they read it.
    """
    row = _in_state(session, name, version, "draft", "approved")
    if row.author == approver:
        raise StandardStepError(
            "{name}@{version} was written by the same account: another one approves it",
            name=name,
            version=version,
        )
    if sha256 not in {None, row.sha256}:
        raise StandardStepError(
            "{name}@{version} was changed since you read it: read it again", name=name, version=version
        )
    row.state, row.approved_by, row.approved_wall_s = "pilot", approver, now_wall_s
    return _stepped(session, row, approver, "standard approved", now_wall_s)


def make_standard_active(
    session: Session, name: str, version: int, account: int, now_wall_s: float
) -> StandardVersion:
    """Let a version that was tried come into force in any showroom.

    Raises:
        StandardStepError: It is no pilot.
    """
    row = _in_state(session, name, version, "pilot", "made active")
    row.state, row.made_active_wall_s = "active", now_wall_s
    return _stepped(session, row, account, "standard made active", now_wall_s)


def retire_standard(
    session: Session, name: str, version: int, account: int, now_wall_s: float
) -> StandardVersion:
    """Let a version come into force nowhere any more; a draft is given up by it.

    Raises:
        StandardStepError: It is retired already.
    """
    row = _known(session, name, version)
    if row.state == "retired":
        raise StandardStepError("{name}@{version} is retired already", name=name, version=version)
    row.state = "retired"
    return _stepped(session, row, account, "standard retired", now_wall_s)


def read_standard_text(text: str) -> Standard:
    """The standard that a text holds.

    Raises:
        BadFileError: It cannot be used; every problem is told with its line.
        StandardStepError: It is too long.
    """
    if len(text.encode()) > TEXT_LIMIT_BYTES:
        raise StandardStepError(
            "the text has {count} bytes, and {text_limit_bytes} are allowed: shorten its comments",
            count=len(text.encode()),
            text_limit_bytes=TEXT_LIMIT_BYTES,
        )
    return parse(text, Standard, Path("the text"))


def text_sha256(text: str) -> str:
    """SHA-256 of a standard's text, in hexadecimal digits: by it desk and centre know that they speak of the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def _in_state(
    session: Session, name: str, version: int, state: StandardState, done: str
) -> StandardVersionRow:
    row = _known(session, name, version)
    if row.state != state:
        raise StandardStepError(
            "{name}@{version} is {state}: only a {state_2} is {done}",
            name=name,
            version=version,
            state=row.state,
            state_2=state,
            done=done,
        )
    return row


def _stepped(
    session: Session, row: StandardVersionRow, account: int, action: str, now_wall_s: float
) -> StandardVersion:
    session.flush()
    note(session, now_wall_s, _actor(account), action, f"{row.name}@{row.version}", row.sha256)
    return _of_row(session, row)


def _row(session: Session, name: str, version: int) -> StandardVersionRow | None:
    return session.scalar(
        select(StandardVersionRow).where(
            StandardVersionRow.name == name, StandardVersionRow.version == version
        )
    )


def _known(session: Session, name: str, version: int) -> StandardVersionRow:
    row = _row(session, name, version)
    if row is None:
        every = session.execute(
            select(StandardVersionRow.name, StandardVersionRow.version).order_by(
                StandardVersionRow.name, StandardVersionRow.version
            )
        )
        known = ", ".join(f"{each.name}@{each.version}" for each in every) or "none"
        raise StandardStepError(
            "the database has no standard {name}@{version}; known: {known}",
            name=name,
            version=version,
            known=known,
        )
    return row


def _key_for(session: Session, name: str, company: str | None, beside: Standard | None) -> int | None:
    """The key of the company that a new version of a name belongs to: all versions of one name are one company's, or everybody's."""
    key = None
    if company is not None:
        key = session.scalar(select(CompanyRow.id).where(CompanyRow.name == company))
        if key is None:
            raise StandardStepError("there is no company named {company!r}", company=company)
    held = session.execute(
        select(StandardVersionRow.company_id).where(StandardVersionRow.name == name).limit(1)
    ).first()
    if held is not None and held[0] != key:
        raise StandardStepError(
            "the name {name} is taken by another company: give the standard another one", name=name
        )
    if held is None and key is not None and beside is not None and beside.name == name:
        raise StandardStepError(
            "{name} is a file of this service, for every company: give the company's own standard another name",
            name=name,
        )
    return key


def _of_row(session: Session, row: StandardVersionRow) -> StandardVersion:
    company = None if row.company_id is None else session.get_one(CompanyRow, row.company_id).name
    return _version(row, company)


def _version(row: StandardVersionRow, company: str | None) -> StandardVersion:
    return StandardVersion(
        row.id,
        read_standard_text(row.text),
        row.text,
        row.sha256,
        company,
        cast("StandardState", row.state),
        row.author,
        row.written_wall_s,
        row.approved_by,
        row.approved_wall_s,
        row.made_active_wall_s,
    )


def _actor(account: int) -> str:
    return f"account {account}"
