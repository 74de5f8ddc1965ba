"""Make the table of outlines from a boundary file of one's own: `python -m evenhand.figures.world FILE [OUT]`."""

from __future__ import annotations

import sys
from pathlib import Path

from evenhand.errors import EvenhandError
from evenhand.figures.world.making import NAME, make_table

HERE = Path(__file__).resolve().parent / "outlines.json"


def main(words: list[str]) -> int:
    """Read a boundary file and write the table; return the exit code."""
    if not 1 <= len(words) <= 3:
        sys.stderr.write(
            "Give a GeoJSON file of boundaries; optional: where to write, and what to name as its source.\n"
        )
        return 2
    out = Path(words[1]) if len(words) > 1 else HERE
    try:
        text = make_table(Path(words[0]), source=words[2] if len(words) > 2 else NAME)
    except EvenhandError as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    out.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
