"""Write the table and draw the picture of `docs/contributions.md` from OCHA's file of contributions.

    python docs/images/draw_contributions.py ../shared/data/pledges/cerf_cbpf_contributions_pledge_paid.csv.gz

prints the table and writes `contributions.svg` beside this file. The file itself is not in the repository.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path

from evenhand.exchange.contributions import DonorKept, Kept, count_kept, read_contributions

HERE = Path(__file__).resolve().parent
LEAST = 100_000_000
"""Donors that paid at least so many US dollars stand in the table, by name."""
WIDE, ROW, LEFT, RIGHT = 640, 22, 150, 150
LONGEST = 100
"""Days at the end of the axis."""


def shown_donors(kept: Kept) -> list[DonorKept]:
    """Return the donors of the table, in the order of their names."""
    return [one for one in kept.donors if one.paid >= LEAST]


def rows_of(kept: Kept) -> list[str]:
    """Return the rows of the table as Markdown, all donors together last."""

    def row(one: DonorKept, name: str) -> str:
        due = "–" if one.share_due is None else f"{float(one.share_due):.1%}"
        days = "–" if one.median_delay is None else f"{float(one.median_delay):g}"
        millions = (f"{float(amount) / 1e6:,.1f}" for amount in (one.paid, one.owed, one.later))
        return f"| {name} | {one.contributions:,} | {' | '.join(millions)} | {float(one.share):.1%} | {due} | {days} | {one.delays:,} |"

    return [*(row(one, one.name) for one in shown_donors(kept)), row(kept.all, f"All {len(kept.donors)} donors")]


def draw(donors: Sequence[DonorKept]) -> str:
    """Return a picture of the median days from pledge to payment, one bar for each donor, in the order of their names."""
    high = ROW * len(donors) + 46
    scale = (WIDE - LEFT - RIGHT) / LONGEST
    size = f'viewBox="0 0 {WIDE} {high}" width="{WIDE}" height="{high}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t" font-family="sans-serif" font-size="13">',
        '<title id="t">Median days from pledge to payment, by donor</title>',
        f'<rect width="{WIDE}" height="{high}" fill="#fff"/>',
    ]
    for days in range(0, LONGEST + 1, 25):
        x = LEFT + days * scale
        parts.append(
            f'<path d="M{x:g} 24V{high - 16}" stroke="#d8d8d8"/><text x="{x:g}" y="16" text-anchor="middle" fill="#555">{days}</text>'
        )
    for place, one in enumerate(donors):
        y, days = 30 + place * ROW, float(one.median_delay or 0)
        x, wide = LEFT + min(days, 0) * scale, max(abs(days) * scale, 1)
        share = f"{float(one.share):.1%} paid"
        parts.append(f'<text x="{LEFT - 10}" y="{y + 13}" text-anchor="end">{escape(short(one.name))}</text>')
        parts.append(f'<rect x="{x:.1f}" y="{y + 2}" width="{wide:.1f}" height="14" fill="#2a6f97"/>')
        parts.append(
            f'<text x="{LEFT + max(days, 0) * scale + 6:.1f}" y="{y + 13}">{days:g} days <tspan fill="#555">· {share}</tspan></text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def short(name: str) -> str:
    """Return a name that fits beside its bar."""
    return {"United States of America": "United States"}.get(name, name)


if __name__ == "__main__":
    kept = count_kept(read_contributions(sys.argv[1]).rows)
    sys.stdout.write("\n".join([*rows_of(kept), ""]))
    (HERE / "contributions.svg").write_text(draw(shown_donors(kept)), encoding="utf-8", newline="\n")
