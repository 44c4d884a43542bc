"""What a run did not test, said at its end: every reason to skip, and how many tests had it."""

from collections import Counter
from typing import NoReturn

import pytest


def needs(what: str, how: str) -> NoReturn:
    """Skip the test: this machine lacks a real part that it runs against.

    Args:
        what: The part, as in "mosquitto".
        how: The command or the place to get it.
    """
    pytest.skip(f"needs {what}: {how}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line for each reason."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        _, _, reason = report.longrepr
        reasons[reason.removeprefix("Skipped: ")] += 1
    for reason, tests in reasons.most_common():
        terminalreporter.write_line(
            f"not tested: {tests} {'test' if tests == 1 else 'tests'} {_with_number(reason, tests)}"
        )


def _with_number(reason: str, tests: int) -> str:
    return reason.replace("needs ", "need ", 1) if tests > 1 and reason.startswith("needs ") else reason
