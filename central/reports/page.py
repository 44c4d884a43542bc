"""The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from datetime import date

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from central.reports import strip, wording
from central.reports.language import gettext, ngettext
from central.reports.report import Report
from central.scoring.clauses.phone_rings import NAME as RINGS
from central.scoring.clauses.respond_within_s import NAME as RESPOND

HEADLINE_CLAUSES = {RESPOND: "visits", RINGS: "calls"}
"""The clauses whose shares stand large at the head of a day, each with what it is a share of."""


def render_page(report: Report) -> str:
    """Write the page."""
    return environment().get_template("report.html.j2").render(report=report)


def environment(*packages: str) -> Environment:
    """What renders our templates: with the words of pages, in the language of the moment.

    Args:
        packages: Whose templates are looked for before those of the reports.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, "central.reports")]),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        {
            "clock": wording.clock_time,
            "hour_and_minute": wording.hour_and_minute,
            "moment": wording.moment,
            "duration": wording.duration,
            "percent": wording.percent,
            "long_date": _long_date,
        }
    )
    environment.globals.update({"words": wording, "strip": strip, "headline_clauses": HEADLINE_CLAUSES})
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment


def _long_date(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"
