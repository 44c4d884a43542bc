"""Promises in words: what is promised, what stands against it, and why nothing can be said of it."""

from collections.abc import Mapping

from central.promises.weighing import UNITS, AgainstPromise, Capability, Level, Side, SideKind, Unheld
from central.reports.indicator_wording import REASONS
from central.reports.language import gettext, later
from central.reports.wording import NOTHING, interval
from central.statistics.share import SMALL_SAMPLE

SIDE_WORDS: dict[SideKind, str] = {
    "industry": later("Industry standard"),
    "competitors": later("Competitors"),
    "customers": later("Customer needs"),
    "resources": later("Own resources"),
}
WITHIN = {
    "s": later("within {number} s"),
    "rings": later("by ring {number}"),
    "h": later("within {number} hours"),
}


def side_words(side: SideKind) -> str:
    """What a side is called."""
    return gettext(SIDE_WORDS[side])


def level_words(code: str, level: Level) -> str:
    """A level as people say it: ``90 % within 5 s``."""
    return f"{words_of_rate(level.share)} {within_words(code, level.within)}".strip()


def within_words(code: str, within: float | None) -> str:
    """What is promised beside the share: ``within 5 s``; empty where there is no such number."""
    unit = UNITS.get(code, "")
    return gettext(WITHIN[unit]).format(number=f"{within:g}") if unit and within is not None else ""


def why_not_words(code: str, measured: Capability) -> str:
    """Why nothing can be said of a promise; empty where something can."""
    why: Unheld | None = measured.why_not
    if why is None:
        return ""
    if why != "other_limit":
        return gettext(REASONS[why])
    asked = within_words(code, measured.asked) if measured.asked else NOTHING
    return gettext(
        "The standard in force asks for another number ({asked}): what is measured says nothing of this promise."
    ).format(asked=asked)


def measured_words(measured: Capability) -> str:
    """What was measured, with its interval and number of cases; a dash where nothing was."""
    return NOTHING if measured.share is None else interval(measured.share)


def public_why_not(measured: Capability) -> str:
    """Why customers read no rate, in a sentence for them; empty where they read one."""
    match measured.why_not:
        case None:
            return ""
        case "few" | "no_data" | "all_censored":
            return gettext("There are too few cases yet for a rate: {least} are needed.").format(
                least=SMALL_SAMPLE
            )
        case "one_host" | "profile":
            return gettext("No rate is shown, for it would be that of few people.")
        case "other_limit":
            return gettext("What is measured was changed since this was promised: no rate is shown.")
        case _:
            return gettext("Nothing measures it at this time: no rate is shown.")


def refusal_words(
    refusal: AgainstPromise, code: str, promised: Level, sides: Mapping[SideKind, Side], measured: Capability
) -> str:
    """Why a promise cannot be published, in a sentence."""
    said = level_words(code, promised)
    match refusal.kind:
        case "side_missing":
            assert refusal.side is not None  # noqa: S101  (of this kind it is named)
            return gettext("A side is missing: {side}. Enter its value, source and date.").format(
                side=side_words(refusal.side)
            )
        case "below_industry":
            return gettext("It is below the industry standard: {promised} is less than {industry}.").format(
                promised=said, industry=level_words(code, sides["industry"].level)
            )
        case "beyond_resources":
            return gettext(
                "It is beyond what the own resources were said to bear: {promised} is more than {resources}."
            ).format(promised=said, resources=level_words(code, sides["resources"].level))
        case "not_measured":
            return gettext("Nothing measured bears it: {reason}").format(reason=why_not_words(code, measured))
        case _:
            assert measured.share is not None  # noqa: S101  (of this kind it is there)
            return gettext(
                "It is beyond what is measured: {low} is the lower end of the interval ({share} of {cases} cases), and {promised} is promised."
            ).format(
                low=words_of_rate(measured.share.low),
                share=words_of_rate(measured.share.share),
                cases=measured.share.whole,
                promised=words_of_rate(promised.share),
            )


def words_of_rate(share: float) -> str:
    """A share to a tenth of a percent: what is compared is not rounded until it is the same."""
    return f"{round(share * 100, 1):g} %"
