"""The languages in which the light speaks."""

from typing import Literal

Language = Literal["en", "de", "zh-Hans"]
"""Language tags (BCP 47)."""
