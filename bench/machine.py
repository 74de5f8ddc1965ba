"""What was measured on: the processor, the memory and the versions, and nothing that names the machine."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("evenhand", "polars", "numpy", "ortools", "scipy", "cvxpy", "cvxpy-leximin")


def describe_machine() -> str:
    """Return one sentence: processor, cores, memory, system, Python."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {_memory_gib():.0f} GiB of memory, "
        f"{platform.system()} on {platform.machine()}, Python {platform.python_version()}"
    )


def describe_versions() -> str:
    """Return every package that is named, with its version."""
    return ", ".join(f"{name} {_version(name)}" for name in PACKAGES)


def _processor() -> str:
    """Return the model as Linux gives it; family and model number tell apart what a virtual machine calls alike."""
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor() or "unknown processor"
    text = info.read_text(encoding="utf-8")
    found = dict(re.findall(r"^(model name|cpu family|model|cpu MHz)\s*:\s*(.+)$", text, flags=re.MULTILINE))
    name = re.sub(r"\((?:R|TM)\)", "", found.get("model name", "unknown processor")).strip()
    return f"{name} (family {found.get('cpu family', '?')}, model {found.get('model', '?')})"


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
