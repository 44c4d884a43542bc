"""Where the files lie that come with the software, in a checkout as in an installed wheel."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]

CHECKOUT = _ROOT if (_ROOT / "Makefile").exists() else None
"""The checkout this software runs from; None where it is installed."""
STANDARDS = _ROOT / "firmware_config" / "standards"
"""The service standards."""
EXAMPLE_DESK = _ROOT / "firmware_config" / "desk.toml"
"""The settings a desk is flashed with, to copy from."""
EXAMPLE_CENTRAL = _ROOT / "firmware_config" / "central.toml"
"""The settings of a central service, to copy from."""
EXAMPLE_STANDARD = STANDARDS / "eight-teeth.toml"
"""A service standard, to copy from."""
