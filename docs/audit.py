"""Asks whether something is known to be wrong with a package of the lock, where the service that knows can be reached."""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
PATIENCE_S = 10
"""How long a question may wait for its answer; the first one that nobody answers ends the asking."""

AWAY = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|ServiceError|ProxyError|SSLError|HTTPError|JSONDecodeError|[Cc]ould not connect"
)
"""How pip-audit's last words tell that nobody answered, or that what answered is no such service."""


def main() -> int:
    """Say what was found; 1 where something is known, 0 where nothing is or nobody could be asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lock", type=Path, default=LOCK, help="the packages, pinned and hashed")
    options.add_argument("--osv-url", help="another service that answers as OSV does")
    given = options.parse_args()
    asked = [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--require-hashes",
        "--requirement",
        str(given.lock),
    ]
    how = [
        "--vulnerability-service",
        "osv",
        "--format",
        "json",
        "--progress-spinner",
        "off",
        "--timeout",
        str(PATIENCE_S),
    ]
    where = ["--osv-url", given.osv_url] if given.osv_url else []
    done = subprocess.run([*asked, *how, *where], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        if not AWAY.search(done.stderr):
            print(f"The lock was not looked through:\n{done.stderr}", file=sys.stderr)
            return 1
        why = done.stderr.strip().splitlines()[-1].partition(":")
        print(f"No data on vulnerabilities, none were looked for: {why[0].rpartition('.')[2]}")
        return 0
    known = [(each["name"], each["version"], flaw) for each in packages for flaw in each.get("vulns", ())]
    for name, version, flaw in known:
        mended = ", ".join(flaw.get("fix_versions", ())) or "no version"
        print(f"{name} {version}: {flaw['id']}, mended in {mended}", file=sys.stderr)
    print(f"{len(packages)} packages, {len(known)} known vulnerabilities")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())
