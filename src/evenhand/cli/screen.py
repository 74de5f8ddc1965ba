"""How an answer looks: on a terminal (Rich), as plain text when piped, as JSON for machines.

Called by the door in `evenhand.cli` alone. Plain text has no colour, no box and no grouping of thousands, and its
columns never depend on the width of a window: it is made for grep and for a diff.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from evenhand.cli.answer import Answer, Kind, Listing

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

BAR_CELLS = 24
PLAIN_ROWS = 20
"""Rows of a listing in plain text and in JSON, unless `--all`."""
TAKEN_BY_OTHERS = 26
"""Lines of a terminal that the rest of an answer takes."""
LEAST_ROWS = 5


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
    >>> print(*plain_lines(Answer("check", "The plan holds.", facts={"lines": 12}, closing=["Done."])), sep="\n")
    The plan holds.
    lines  12
    <BLANKLINE>
    Done.
    """
    if answer.headline:
        yield answer.headline
    facts = {key: value for key, value in answer.facts.items() if not key.startswith("_")}
    width = max(map(len, facts), default=0)
    for key, value in facts.items():
        yield f"{key.replace('_', ' '):<{width}}  {cell_text(value, 'text', grouped=False)}"
    for listing in answer.listings:
        yield ""
        yield from _plain_listing(listing)
    for place, passage in enumerate(answer.passages):
        if place or answer.headline:
            yield ""
        if passage.title:
            yield passage.title
        yield passage.text
    if answer.closing:
        yield ""
        yield from answer.closing


def _plain_listing(listing: Listing) -> Iterable[str]:
    if listing.title:
        yield listing.title
    shown = [place for place, head in enumerate(listing.headings) if head.kind != "bar"]
    heads = [listing.headings[place] for place in shown]
    rows = [
        [cell_text(row[place], listing.headings[place].kind, grouped=False) for place in shown] for row in listing.rows
    ]
    names = [head.label or head.name for head in heads]  # plain text keeps the names of the files' columns
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    for row in [names, *rows]:
        cells = (
            cell.ljust(width) if head.kind == "text" else cell.rjust(width)
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
        number = f"{float(value):,.6f}" if grouped else f"{float(value):.6f}"
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
    facts = {key: value for key, value in answer.facts.items() if not key.startswith("_")}
    if facts:
        grid = Table.grid(padding=(0, 2))
        for key, value in facts.items():
            grid.add_row(Text(key.replace("_", " "), style="dim"), Text(cell_text(value, "text", grouped=True)))
        console.print(grid)
    for listing in answer.listings:
        console.print()
        _terminal_listing(console, listing)
    for place, passage in enumerate(answer.passages):
        if place or answer.headline:
            console.print()
        if passage.title:
            console.print(Text(passage.title, style="bold"))
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
        title=listing.title or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    shown = [place for place, head in enumerate(listing.headings) if head.narrow]
    for place in shown:
        head = listing.headings[place]
        text = head.kind in ("text", "bar")
        table.add_column(
            head.name.replace("_", " "),
            justify="left" if text else "right",
            no_wrap=head.kind != "text",
            overflow="fold",
        )
    for row in listing.rows:
        cells: list[Text] = []
        for place in shown:
            kind = listing.headings[place].kind
            cells.append(_bar(*row[place]) if kind == "bar" else Text(cell_text(row[place], kind, grouped=True)))
        table.add_row(*cells)
    console.print(table)
    if listing.more:
        console.print(Text(f"... and {listing.more:,} more (--all)", style="dim"))


def _bar(before: float, after: float) -> Text:
    """Draw coverage: what was there before, what the plan adds, what is still missing."""
    from rich.text import Text

    held = round(min(1.0, max(0.0, before)) * BAR_CELLS)
    filled = max(held, round(min(1.0, max(0.0, after)) * BAR_CELLS))
    bar = Text("█" * held, style="blue")
    bar.append("█" * (filled - held), style="bright_cyan")
    bar.append("·" * (BAR_CELLS - filled), style="dim")
    return bar


def _as_json(value: object) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    return str(value)
