"""Names the processor that a benchmark ran on: no time means anything without it."""

import platform
from pathlib import Path


def processor() -> str:
    """The processor's name, and whether it has AVX-512, which the networks are faster with."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    name = facts.get("model name", platform.machine())
    family = f", family {facts['cpu family']}, model {facts['model']}" if "cpu family" in facts else ""
    flags = facts.get("flags", "").split()
    wide = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "no AVX2"
    return f"{name}{family}, {wide}" if flags else name
