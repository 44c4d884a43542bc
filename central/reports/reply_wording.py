"""Reply clocks in words, for pages."""

from central.replies.reply_clock import Counted, ReplyOutcome
from central.reports.language import gettext, later
from central.reports.reply_book import CaseClock
from central.reports.wording import NOTHING, duration

OUTCOMES: dict[ReplyOutcome, tuple[str, str, str]] = {
    "met": ("pass", "✓", later("in time")),
    "missed": ("fail", "✕", later("late")),
    "running": ("not_applicable", "…", later("runs")),
    "closed": ("not_applicable", NOTHING, later("closed without a reply")),
    "unknown": ("indeterminate", "?", later("no deadline can be told")),
}
"""Style, sign and words of each."""
SOON = ("indeterminate", "!", later("due soon"))
WAITED_FOR = ("not_applicable", NOTHING, later("the customer is waited for"))
_COUNTED = {
    "calendar": later("counted: every hour is"),
    "open": later("counted: open"),
    "paused": later("not counted: the customer was waited for"),
    "shut": later("not counted: shut"),
}


def state(each: CaseClock, now_s: float) -> tuple[str, str, str]:
    """Style, sign and words of where a clock is at a Unix time."""
    running = each.clock.outcome == "running"
    if running and each.clock.due_s is None:
        style, sign, text = WAITED_FOR
    elif running and each.warned_s is not None and each.warned_s <= now_s:
        style, sign, text = SOON
    else:
        style, sign, text = OUTCOMES[each.clock.outcome]
    return style, sign, gettext(text)


def why_counted(part: Counted) -> str:
    """Why a stretch is counted, or is not, with the holiday's name where there is one."""
    text = gettext(_COUNTED[part.why])
    return f"{text} ({part.title})" if part.title else text


def length(seconds: float) -> str:
    """A time in hours and minutes, which deadlines are reckoned in; below a minute in seconds.

    >>> length(86400.0), length(5_400.0), length(59.0)
    ('24 h', '1 h 30 min', '59.0 s')
    """
    minutes = round(seconds / 60)
    if minutes < 1 or seconds < 60:
        return duration(seconds)
    hours, rest = divmod(minutes, 60)
    return " ".join(text for count, text in ((hours, f"{hours} h"), (rest, f"{rest} min")) if count)
