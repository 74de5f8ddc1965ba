"""What every look at the ground answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "unsafe"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Say one thing about an installation.

    Attributes
    ----------
    level
        "ok"; "warning": it works, and something would be better; "unsafe": entries, keys or people may come to harm.
    what
        What was found.
    why
        Why it matters; "" where it is ok.
    what_to_do
        What would be better; "" where it is ok.
    """

    level: Level
    what: str
    why: str = ""
    what_to_do: str = ""
