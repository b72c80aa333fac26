"""What a benchmark ran on: the machine, and the version_numbers of what takes the time."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

_LIBRARIES = ("biblinkage", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy", "rapidfuzz")
_CPU_INFO = Path("/proc/cpuinfo")


def machine() -> dict[str, Any]:
    """Processors, their model, memory in GB (10**9 bytes), system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processors": os.cpu_count(),
        "model": cpu_model(_CPU_INFO),
        "memory_gb": round(memory / 1e9, 1),
        "system": platform.system(),
    }


def cpu_model(path: Path) -> str:
    """As the kernel calls it on Linux, elsewhere the architecture."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


def version_numbers() -> dict[str, str]:
    """Python's and the libraries' version_numbers."""
    return {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}
