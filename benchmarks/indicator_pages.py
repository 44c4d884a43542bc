"""How long the pages of indicators take, over a real connection to the running service and its PostgreSQL, with a tenth of a year of 100 desks behind it.

``python -m benchmarks.indicator_pages [--days N]`` fills a database as `benchmarks.showroom_month` does, and asks for the list, for charts of a showroom, a desk and a company, and for
the wall: each first, when the process remembers nothing of that showroom, and again. It fails for no time, which is the machine's.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.showroom_month import SHOWROOMS, TENTH_DAYS, filled_database, row, seconds_of
from central.accounts.roles import Grant
from tests.worlds.pages.service import PagesService

LOOKS = 4
"""At each page: showrooms that are asked for by turns."""
PAGES = {
    "list": "/indicators?scope=showroom:{}",
    "chart of a clause, 91 days": "/indicators/respond.within_s?days=91&scope=showroom:{}",
    "chart of a clause, 365 days": "/indicators/respond.within_s?days=365&scope=showroom:{}",
    "chart of the wait, 365 days": "/indicators/wait.median?days=365&scope=showroom:{}",
    "wall": "/wall?scope=showroom:{}",
}
OF_THE_COMPANY = {
    "list of the company": "/indicators?scope=company:North",
    "chart of a clause, company": "/indicators/respond.within_s?days=365&scope=company:North",
    "chart of the wait, company": "/indicators/wait.median?days=365&scope=company:North",
}


def main() -> int:
    """Fill and look."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--days", type=int, default=TENTH_DAYS, help="of measurements (37: a tenth of a year)"
    )
    parser.add_argument(
        "--wait", type=float, default=0.0, help="seconds between the start and the first look"
    )
    parser.add_argument("--company", action="store_true", help="look at the whole company, too")
    asked = parser.parse_args()
    with (
        filled_database(asked.days) as url,
        tempfile.TemporaryDirectory() as folder,
        PagesService(Path(folder), database=url) as service,
    ):
        service.give_account("area", Grant("area_manager"))
        browser = service.browser("area")
        time.sleep(asked.wait)
        print(
            "| page | looks | median, s | 95 % within, s | longest, s |\n|---|---|---|---|---|",
            flush=True,
        )
        for name, page in PAGES.items():
            # Each page is first asked for of showrooms that no page before it was asked for.
            begins = 1 + list(PAGES).index(name) * LOOKS % SHOWROOMS
            of = [(begins + number - 1) % SHOWROOMS + 1 for number in range(LOOKS)]
            for words in ("first", "again"):
                print(
                    row(f"{name}, {words}", [seconds_of(browser, page.format(each)) for each in of]),
                    flush=True,
                )
        for name, page in OF_THE_COMPANY.items() if asked.company else ():
            for words in ("first", "again"):
                print(row(f"{name}, {words}", [seconds_of(browser, page)]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
