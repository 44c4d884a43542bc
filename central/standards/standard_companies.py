"""Whose a standard is: who reads it, and for which company somebody writes one."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.accounts.roles import Grant, may_for_company
from central.showrooms.premises import CompanyRow
from central.standards.standard_versions import StandardStepError, StandardVersion, standard_versions


def is_readable(grants: Iterable[Grant], version: StandardVersion) -> bool:
    """Whether a version is for every company, or for one that some grant reaches."""
    return version.company is None or may_for_company(grants, "read_standards", version.company)


def readable_versions(
    session: Session, grants: tuple[Grant, ...], name: str | None = None
) -> tuple[StandardVersion, ...]:
    """Every version, or those of one name, that grants let be read: by name, the latest version first."""
    return tuple(each for each in standard_versions(session, name) if is_readable(grants, each))


def companies_to_write_for(session: Session, grants: tuple[Grant, ...]) -> tuple[str | None, ...]:
    """For whom grants let a standard be written: None, which stands for every company, comes first where it is among them."""
    names = session.scalars(select(CompanyRow.name).order_by(CompanyRow.name))
    return tuple(company for company in (None, *names) if may_for_company(grants, "write_standards", company))


def company_for_draft(session: Session, grants: tuple[Grant, ...], name: str, asked: str) -> str | None:
    """For whom a version of a name is written; None stands for every company.

    Args:
        session: Of the database.
        grants: Of whoever writes it.
        name: Of the standard.
        asked: The company that they name; empty where they name none.

    Raises:
        StandardStepError: It is beyond their grants, the name is another one's, or it takes a company to be named.
    """
    within = companies_to_write_for(session, grants)
    there = standard_versions(session, name)
    if there:
        whose = there[0].company
        if whose not in within or (asked and asked != whose):
            raise StandardStepError(
                "the name {name} is taken by a standard of others: give yours another one", name=name
            )
        return whose
    if asked:
        if asked not in within:
            raise StandardStepError("your roles let you write no standard for {asked}", asked=asked)
        return asked
    if None in within:
        return None
    if len(within) != 1:
        companies = ", ".join(each for each in within if each is not None) or "none"
        raise StandardStepError(
            "name the company that the standard is for; your roles reach: {companies}", companies=companies
        )
    return within[0]
