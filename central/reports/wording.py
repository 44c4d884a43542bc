"""How times, values and verdicts are put into words on pages and in tables."""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from central.reports.language import gettext, later, ngettext
from central.scoring.clauses.respond_within_s import NAME as RESPOND
from central.scoring.moments import stay_se_s
from central.scoring.staff_in_front import MAY_BE_STAFF
from central.scoring.verdict import Outcome, Verdict
from central.scoring.wait import Wait
from central.statistics.desk_day import DeskDay
from central.statistics.service_level import ServiceLevel
from central.statistics.share import ShareOf
from central.statistics.waiting import Waiting
from protocol.measurements import Call, CameraHealth, Encounter, Health
from protocol.rings_by_time import CONTINUOUS
from protocol.standard import AREAS, CLAUSES, Limits, area_of

NOTHING = "\N{EN DASH}"
"""Stands where there is no value."""

FEW_ENCOUNTERS = 3
"""Up to so many visits of a day are shown in full at once; more are a list to open."""

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "pass": ("✓", later("met")),
    "fail": ("✕", later("not met")),
    "indeterminate": ("?", later("cannot be told")),
    "not_applicable": (NOTHING, later("not applicable")),
}
"""Sign and words of each outcome: never colour alone."""

REACTIONS = {
    "turned": later("turned to the customer"),
    "smiled": later("smiled"),
    "stood_up": later("stood up"),
}

WORST_FIRST: tuple[Outcome, ...] = ("fail", "indeterminate", "pass")
"""By which an area is marked: with its worst outcome; where nothing applied it has no mark."""

HOST_AT_ARRIVAL = {
    "present": later("at the desk"),
    "absent": later("not at the desk"),
    "on_phone": later("on the telephone"),
    "with_customer": later("with another customer"),
    "unknown": later("not visible"),
}

HAPPENED = {"never": later("never"), "earlier": later("since it was switched on"), "now": later("now")}

CALL_OUTCOMES = {
    "answered": later("answered"),
    "abandoned": later("caller gave up"),
    "unknown": later("not known"),
}
ELSEWHERE = {"possible": later("elsewhere, or given up"), "likely": later("answered elsewhere")}
"""How a call ended that may have been answered at another telephone, or by a machine."""


def clock_time(wall_s: float, timezone: str) -> str:
    """A time of day: ``14:03:27``; in an hour that the day has twice, with which of them: ``02:03:27 CEST``."""
    local = datetime.fromtimestamp(wall_s, ZoneInfo(timezone))
    return f"{local:%H:%M:%S}{_which_of_two(local)}"


def hour_and_minute(wall_s: float, timezone: str) -> str:
    """A time of day: ``14:03``; in an hour that the day has twice, with which of them."""
    local = datetime.fromtimestamp(wall_s, ZoneInfo(timezone))
    return f"{local:%H:%M}{_which_of_two(local)}"


def moment(wall_s: float, timezone: str) -> str:
    """A day and a time of day: ``2026-09-21 14:03``."""
    return (
        f"{datetime.fromtimestamp(wall_s, ZoneInfo(timezone)):%Y-%m-%d} {hour_and_minute(wall_s, timezone)}"
    )


def _which_of_two(local: datetime) -> str:
    """The zone of a time that comes twice, on the day on which clocks are set back; nothing of any other."""
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f" {local:%Z}" if twice else ""


def camera_rate(camera: CameraHealth) -> str:
    """What a camera reached: ``door: 14.8 of 15 frames a second, 3 dropped``."""
    rate = f"{camera.frame_rate_hz:.1f}"
    if camera.asked_hz is not None:
        rate = gettext("{part} of {whole}").format(part=rate, whole=f"{camera.asked_hz:g}")
    text = gettext("{name}: {rate} frames a second, {dropped} dropped")
    return text.format(name=camera.name, rate=rate, dropped=camera.dropped)


def machine_lines(health: Health) -> list[str]:
    """What a desk's health says of the desk itself, one fact a line."""
    lines = [
        gettext("clock set") if health.clock == "synced" else gettext("clock not set"),
        gettext("{count} measurements wait there").format(count=health.spooled),
    ]
    if health.memory_mb is not None:
        lines.append(gettext("{size} MB of memory").format(size=f"{health.memory_mb:.0f}"))
    if health.machine is not None:
        machine = health.machine
        if machine.temperature_c is not None:
            lines.append(gettext("processor {degrees} °C").format(degrees=f"{machine.temperature_c:.0f}"))
        if machine.free_mb is not None:
            lines.append(gettext("{size} MB free on its disk").format(size=f"{machine.free_mb:.0f}"))
        lines.extend(
            f"{gettext(what)} {gettext(HAPPENED[when])}"
            for what, when in (
                (later("under-voltage"), machine.under_voltage),
                (later("slowed down"), machine.slowed_down),
            )
            if when is not None
        )
    return lines


def duration(seconds: float, se_s: float | None = None) -> str:
    """A length of time in the two units that matter: ``3.2 s``, ``4 min 10 s``, ``8 h 12 min``; below a minute with its standard error, if told.

    From a minute on, times are given in whole seconds, in which the errors of moments do not show.
    """
    if seconds < 60:
        return f"{seconds:.1f} s" if not se_s else f"{seconds:.1f} ± {se_s:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def percent(share: float) -> str:
    """A share: ``92 %``. Rounded towards the middle, so that only all is 100 % and only none is 0 %."""
    rounded = round(share * 100)
    if 0.0 < share < 1.0:
        rounded = min(99, max(1, rounded))
    return f"{rounded} %"


def clause_title(clause: str) -> str:
    """A clause's name for people."""
    return gettext(CLAUSES[clause].title)


def clause_caution(clause: str) -> str:
    """What whoever asks for a clause should know of people who cannot do it; empty where there is nothing."""
    caution = CLAUSES[clause].caution
    return gettext(caution) if caution else ""


def asked(clause: str, limits: Limits) -> str:
    """What a clause asks: ``at most 5 s``."""
    return _in_words(clause, CLAUSES[clause].asked(limits))


def measured_value(verdict: Verdict) -> str:
    """A verdict's value with its standard error: ``3.2 ± 0.1 s``."""
    if verdict.value is None:
        return NOTHING
    return _in_words(verdict.clause, CLAUSES[verdict.clause].written(verdict.value, verdict.se))


_LIMITS = (
    (re.compile(r"at most (.+)"), later("at most {}")),
    (re.compile(r"at least (.+)"), later("at least {}")),
    (re.compile(r"(\S+) to (.+)"), later("{} to {}")),
    (re.compile(r"left open"), later("left open")),
)
"""How protocol.standard writes limits, each with the same in the reader's language."""


def _in_words(clause: str, text: str) -> str:
    """What protocol.standard has written of a clause, in the reader's language."""
    unit = CLAUSES[clause].unit
    text = text.replace(unit, gettext(unit))
    for pattern, words in _LIMITS:
        if found := pattern.fullmatch(text):
            return gettext(words).format(*found.groups())
    return text


_NUMBER = re.compile(r"\d+%")


def why(verdict: Verdict) -> str:
    """Why a verdict came out as it did; numbers in the reason stand where the language wants them."""
    return gettext(", but ").join(_reason(part) for part in verdict.reason.split(", but "))


def why_in_general(reason: str) -> str:
    """Why verdicts came out so, in a reason of which the numbers were left out: dots stand in their place."""
    parts = (_reason(part.replace("{}", "0%")) for part in reason.split(", but "))
    return gettext(", but ").join(parts).replace("0%", "\N{HORIZONTAL ELLIPSIS}")


def _reason(text: str) -> str:
    pattern = _NUMBER.sub("{}", text)
    words = gettext(pattern)
    first, colon, second = text.partition(": ")
    if words == pattern and colon:
        return gettext("{}: {}").format(_reason(first), _reason(second))
    return words.format(*_NUMBER.findall(text))


def counted(count: int, what: str) -> str:
    """So many of what a share is of: ``23 visits``."""
    return {
        "visits": ngettext("{} visit", "{} visits", count),
        "calls": ngettext("{} call", "{} calls", count),
    }[what].format(count)


def interval(share: ShareOf | None) -> str:
    """A share with its interval, or its bare counts when they are few."""
    if share is None:
        return NOTHING
    if share.small:
        return gettext("{part} of {whole}").format(part=share.part, whole=share.whole)
    low, high = round(share.low * 100), round(share.high * 100)
    # A text within another one is not found by whoever gathers what is to be translated.
    reach = gettext("{low} to {high}").format(low=low, high=high)
    return f"{percent(share.share)} ({reach})"


def estimate(value: float, low: float, high: float) -> str:
    """A share that was estimated, with its interval, all three between 0 and 1: ``78 % (60 to 90)``."""
    # Cut as the share is, so that no end stands on the wrong side of it.
    ends = gettext("{low} to {high}").format(low=percent(low)[:-2], high=percent(high)[:-2])
    return f"{percent(value)} ({ends})"


def points(value: float, low: float, high: float) -> str:
    """A difference of two shares in points of a hundred, with its interval: ``-12 (-20 to -4)``."""
    ends = gettext("{low} to {high}").format(low=f"{low * 100:+.0f}", high=f"{high * 100:+.0f}")
    return f"{value * 100:+.0f} ({ends})"


def wait_text(wait: Wait) -> str:
    """How long a customer waited, and how it ended."""
    seconds = duration(wait.seconds, wait.se_s)
    return {
        "reaction": seconds,
        "left": gettext("left after {seconds}").format(seconds=seconds),
        "cut": gettext("{seconds}, then not watched").format(seconds=seconds),
        "unseen": gettext("not observed"),
    }[wait.end]


def stay_text(encounter: Encounter) -> str:
    """How long a customer stayed, from coming near to when they were last seen."""
    return duration(encounter.last_seen_s - encounter.came_near_s, stay_se_s(encounter))


def reaction_text(wait: Wait) -> str:
    """The reaction that ended a wait, or what there was in its place."""
    if wait.kind is not None:
        return gettext(REACTIONS[wait.kind])
    return gettext("host not visible") if wait.end == "unseen" else gettext("not attended to")


def by_area(verdicts: Sequence[Verdict]) -> tuple[tuple[str, Outcome], ...]:
    """The worst outcome of each area of conduct that an encounter was judged in: ``("smile", "fail")``.

    The wait has a mark of its own and is left out.
    """
    found: dict[str, set[Outcome]] = {}
    for verdict in verdicts:
        if verdict.clause != RESPOND:
            found.setdefault(area_of(verdict.clause), set()).add(verdict.outcome)
    return tuple(
        (gettext(word), next(outcome for outcome in WORST_FIRST if outcome in found[area]))
        for area, word in AREAS.items()
        if found.get(area, set()) & set(WORST_FIRST)
    )


def median_text(waiting: Waiting) -> str:
    """The median wait, or what is known of it."""
    if waiting.median_s is not None:
        return duration(waiting.median_s)
    if waiting.longer_than_s is not None:
        return gettext("over {duration}").format(duration=duration(waiting.longer_than_s))
    return NOTHING


def encounter_remarks(encounter: Encounter) -> tuple[str, ...]:
    """What a fair reader wants to know beside the numbers."""
    remarks = []
    if encounter.party_size > 1:
        remarks.append(gettext("party of {count}").format(count=encounter.party_size))
    if encounter.host_at_arrival != "present":
        where = gettext(HOST_AT_ARRIVAL[encounter.host_at_arrival])
        remarks.append(gettext("host {where} on arrival").format(where=where))
    if encounter.simultaneous_max > 1:
        remarks.append(gettext("{count} visits at once").format(count=encounter.simultaneous_max))
    if encounter.posture is not None and encounter.posture.leans:
        leans = encounter.posture.leans
        times = {1: gettext("once"), 2: gettext("twice")}.get(
            leans, gettext("{count} times").format(count=leans)
        )
        remarks.append(gettext("host leant forward {times}").format(times=times))
    if encounter.on_phone_share:
        share = percent(encounter.on_phone_share)
        remarks.append(gettext("host on the telephone for {share} of it").format(share=share))
    if encounter.may_be_staff is not None:
        remarks.append(gettext(MAY_BE_STAFF[encounter.may_be_staff]))
    if encounter.ended_by == "gap":
        remarks.append(gettext("the camera failed before its end"))
    if encounter.ended_by == "end":
        remarks.append(gettext("the desk was switched off before its end"))
    return tuple(remarks)


def outcome_text(call: Call) -> str:
    """How a call ended."""
    elsewhere = call.answered_elsewhere
    return gettext(CALL_OUTCOMES[call.outcome] if elsewhere is None else ELSEWHERE[elsewhere])


def rings_text(call: Call) -> str:
    """In which ring a call was answered, or how often it rang."""
    if call.cadence == CONTINUOUS:
        return gettext("rang without a pause")
    if call.answered_ring is not None:
        return gettext("in ring {number}").format(number=call.answered_ring)
    return ngettext("rang once", "rang {count} times", call.rings_begun).format(count=call.rings_begun)


def headline(day: DeskDay) -> str:
    """The day's visits in one sentence."""
    outcomes = [encounter.response.outcome for encounter in day.encounters]
    if not outcomes:
        return gettext("No customer came near the desk.")
    parts = [
        gettext("{count} attended to in time").format(count=outcomes.count("pass")),
        gettext("{count} not").format(count=outcomes.count("fail")),
    ]
    if open_ := outcomes.count("indeterminate"):
        parts.append(gettext("{count} cannot be told").format(count=open_))
    total = counted(len(outcomes), "visits")
    return gettext("{total}: {parts}.").format(total=total, parts=gettext(", ").join(parts))


def service_level_lines(level: ServiceLevel) -> tuple[tuple[str, str], ...]:
    """Both service-level formulas, each with its name and its counts."""
    lines = []
    if level.of_answered is not None:
        answered = level.answered_in_time + level.answered_late
        lines.append(
            (
                gettext("of answered calls, in time"),
                _share_of(level.of_answered, level.answered_in_time, answered),
            )
        )
    if level.of_offered is not None:
        ended = level.answered_in_time + level.abandoned_in_time
        offered = ended + level.answered_late + level.abandoned_late
        lines.append(
            (
                gettext("of all calls, answered or given up in time"),
                _share_of(level.of_offered, ended, offered),
            )
        )
    if level.unknown:
        lines.append((gettext("calls whose outcome is not known"), str(level.unknown)))
    return tuple(lines)


def _share_of(share: float, part: int, whole: int) -> str:
    counts = gettext("{part} of {whole}").format(part=part, whole=whole)
    return f"{percent(share)} ({counts})"
