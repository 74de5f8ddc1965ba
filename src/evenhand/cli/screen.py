"""How an answer looks: on a terminal (Rich), as plain text when piped, as JSON for machines.

Called by the door in `evenhand.cli` alone. Plain text has no colour, no box and no grouping of thousands, and its
columns never depend on the width of a window: it is made for grep and for a diff.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from evenhand.cli.answer import Answer, Heading, Kind, Listing

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDE = 100
"""A terminal of so many columns is wide."""
WIDE_BAR, NARROW_BAR = 24, 12
PLAIN_ROWS = 20
"""Rows of a listing in plain text and in JSON, unless `--all`."""
PROSE_COLUMNS = 100
"""Where prose is wrapped in plain text, whatever the window."""
TAKEN_BY_OTHERS = 20
"""Lines of a terminal that the rest of an answer takes, a second listing of a few rows included."""
LEAST_ROWS = 8
WORDS = ("text", "key")
"""Kinds of column that start at the left."""
LEAST_WORDS = 24
"""Columns of a terminal that text gets before a spare column does."""
GAP = 2
"""Columns of a terminal between two of a table."""


def rows_that_fit(*, everything: bool, as_json: bool) -> int | None:
    """Return how many rows a listing may show here, None for all of them."""
    if everything:
        return None
    if as_json or not sys.stdout.isatty():
        return PLAIN_ROWS
    from rich.console import Console

    return max(LEAST_ROWS, Console().height - TAKEN_BY_OTHERS)


def show(answer: Answer, *, as_json: bool) -> None:
    """Write an answer to stdout, and notes and refusals to stderr."""
    if answer.error is not None:
        sys.stderr.write(f"{answer.headline}\n")
    for note in answer.notes:
        sys.stderr.write(f"note: {note}\n")
    if as_json:
        sys.stdout.write(json.dumps(answer.as_json(), ensure_ascii=False, indent=1, default=_as_json) + "\n")
    elif answer.error is not None:
        return
    elif answer.raw:
        sys.stdout.write(answer.raw)
    elif sys.stdout.isatty():
        _show_on_terminal(answer)
    else:
        sys.stdout.write("".join(f"{line}\n" for line in plain_lines(answer)))


def plain_lines(answer: Answer) -> Iterable[str]:
    r"""Yield an answer as plain text.

    Examples
    --------
    >>> print(*plain_lines(Answer("check", "The plan holds.", facts={"lines": "12"}, closing=["Done."])), sep="\n")
    The plan holds.
    lines  12
    <BLANKLINE>
    Done.
    """
    if answer.headline:
        yield answer.headline
    width = max(map(len, answer.facts), default=0)
    for key, value in answer.facts.items():
        first, *others = value.splitlines() or [""]
        yield f"{key:<{width}}  {first}".rstrip()
        yield from (f"{'':<{width}}  {line}".rstrip() for line in others)
    for listing in answer.listings:
        if not listing.rows:
            continue
        if not listing.plain:
            yield ""
        yield from _plain_listing(listing)
    for place, passage in enumerate(answer.passages):
        if place or answer.headline:
            yield ""
        if passage.title:
            yield passage.title
        for line in passage.text.splitlines():
            yield from textwrap.wrap(line, PROSE_COLUMNS, break_long_words=False, break_on_hyphens=False) or [""]
    if answer.closing:
        yield ""
        yield from answer.closing


def _plain_listing(listing: Listing) -> Iterable[str]:
    if listing.title:
        yield listing.title
    shown = [place for place, head in enumerate(listing.headings) if head.kind != "bar"]
    heads = [listing.headings[place] for place in shown]
    rows = [
        [_one_line(cell_text(row[place], listing.headings[place].kind, grouped=False)) for place in shown]
        for row in listing.rows
    ]
    names = [head.label or head.name for head in heads]  # plain text keeps the names of the files' columns
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    for row in rows if listing.plain else [names, *rows]:
        cells = (
            cell.ljust(width) if head.kind in WORDS else cell.rjust(width)
            for cell, width, head in zip(row, widths, heads, strict=True)
        )
        yield "  ".join(cells).rstrip()
    if listing.more:
        yield f"... and {listing.more:,} more (--all)"


def cell_text(value: Any, kind: Kind, *, grouped: bool) -> str:
    """Return one value as text.

    Examples
    --------
    >>> cell_text(1234567.5, "amount", grouped=True), cell_text(1234567.0, "amount", grouped=False)
    ('1,234,567.5', '1234567')
    >>> cell_text(0.25, "share", grouped=True), cell_text(0.25, "share", grouped=False)
    ('25.0 %', '0.250000')
    >>> cell_text(12, "change", grouped=False), cell_text(None, "text", grouped=False)
    ('+12', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | list):
        return ", ".join(str(part) for part in value)
    if kind == "share" and grouped:
        return f"{float(value) * 100:.1f} %"
    if kind in ("share", "number"):
        return f"{float(value):.6f}"
    if isinstance(value, int):
        number = f"{value:,}" if grouped else str(value)
    elif isinstance(value, float | Fraction | Decimal):
        exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value
        number = f"{exact:,.6f}" if grouped else f"{exact:.6f}"
        number = number.rstrip("0").rstrip(".")
    else:
        return str(value)
    return f"+{number}" if kind == "change" and value > 0 else number


def _show_on_terminal(answer: Answer) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    if answer.headline:
        console.print(Text(answer.headline, style="bold red" if answer.exit_code else "bold"))
    if answer.facts:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for key, value in answer.facts.items():
            grid.add_row(Text(key, style="dim"), Text(value))
        console.print(grid)
    for listing in answer.listings:
        if not listing.rows:
            continue
        if not listing.plain:
            console.print()
        _terminal_listing(console, listing)
    for place, passage in enumerate(answer.passages):
        if place or answer.headline:
            console.print()
        if passage.title:
            console.print(Text(passage.title, style="bold" if passage.text else "bold reverse"))
        if passage.text:
            console.print(Text(passage.text))
    if answer.closing:
        console.print()
        for sentence in answer.closing:
            console.print(Text(sentence))


def _terminal_listing(console: Console, listing: Listing) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=listing.title or None,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        show_header=not listing.plain,
        padding=(0, 1, 0, 0),
    )
    bar = WIDE_BAR if console.width >= WIDE else NARROW_BAR
    shown = _shown(listing, console.width)
    columns = [[_cell(row[place], listing.headings[place], bar) for row in listing.rows] for place in shown]
    for place, cells in zip(shown, columns, strict=True):
        head = listing.headings[place]
        words = head.short or head.label or head.name.replace("_", " ")
        # Keys, numbers and bars stay whole, whatever the width: half a number is a wrong number. Names and sentences give.
        whole = not listing.plain and (place == shown[0] or head.kind != "text")
        table.add_column(
            words,
            justify="left" if head.kind in (*WORDS, "bar") else "right",
            no_wrap=whole,
            min_width=max((cell.cell_len for cell in (Text(words), *cells)), default=0) if whole else None,
        )
    for row in zip(*columns, strict=True):
        table.add_row(*row)
    console.print(table)
    if listing.more:
        console.print(Text(f"... and {listing.more:,} more (--all)", style="dim"))


def _shown(listing: Listing, width: int) -> list[int]:
    """Return which columns a terminal of a width shows: the spare ones only where everything still fits beside them."""
    shown = [place for place, head in enumerate(listing.headings) if head.narrow]
    if listing.plain:
        return shown
    bar = WIDE_BAR if width >= WIDE else NARROW_BAR

    def least(place: int) -> int:
        head = listing.headings[place]
        longest = max((_cell(row[place], head, bar).cell_len for row in listing.rows), default=0)
        longest = min(longest, LEAST_WORDS) if head.kind == "text" and place else longest
        return max(longest, len(head.short or head.label or head.name)) + GAP

    needed = {place: least(place) for place in shown}
    for place in reversed([place for place in shown if listing.headings[place].spare]):
        if sum(needed[one] for one in shown) <= width + GAP:
            break
        shown.remove(place)
    return shown


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text


def _cell(value: Any, head: Heading, bar: int) -> Text:
    from rich.text import Text

    if head.kind == "bar":
        return _bar(*value, cells=bar)
    text = cell_text(value, head.kind, grouped=True)
    return Text(text, no_wrap=True, overflow="ellipsis") if head.name == "name" else Text(text)


def _bar(before: float, after: float, *, cells: int) -> Text:
    """Draw coverage: what was there before, what the plan adds, what is still missing."""
    from rich.text import Text

    held = round(min(1.0, max(0.0, before)) * cells)
    filled = max(held, round(min(1.0, max(0.0, after)) * cells))
    bar = Text("█" * held, style="blue")
    bar.append("█" * (filled - held), style="bright_cyan")
    bar.append("·" * (cells - filled), style="dim")
    return bar


def _as_json(value: object) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
