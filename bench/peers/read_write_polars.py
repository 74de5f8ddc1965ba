"""Peer, as a script of its own: read the same three tables with Polars and write as many rows. It shares nothing out.

    python read_write_polars.py INPUT_FOLDER OUTPUT_FOLDER plan.csv=ROWS recipients.csv=ROWS ...

Each file is written with the rows of needs, over and over until it has as many as asked.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl


def main(source: Path, out: Path, wanted: list[str]) -> None:
    """Read three tables, write the rows wanted."""
    needs = pl.read_csv(source / "needs.csv")
    pl.read_csv(source / "lots.csv")
    pl.read_csv(source / "groups.csv")
    out.mkdir(parents=True, exist_ok=True)
    for item in wanted:
        name, rows = item.split("=")
        times = -(-int(rows) // len(needs))
        pl.concat([needs] * times).head(int(rows)).write_csv(out / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
