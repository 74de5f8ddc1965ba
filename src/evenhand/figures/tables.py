"""Tables of a page: caption, heads with a scope, groups of rows, a frame that scrolls sideways and can be reached by keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evenhand.figures.markup import Child, Markup, join, tag


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head; `number` columns stand at the end side, `small` is written beneath."""

    words: str
    number: bool = False
    small: str = ""


def head(*heads: Head) -> Markup:
    """Return the table's head row."""
    cells = (
        tag("th", h.words, tag("small", h.small) if h.small else None, scope="col", cls="n" if h.number else None)
        for h in heads
    )
    return tag("thead", tag("tr", cells))


def cell(*words: Child, cls: str | None = None) -> Markup:
    """Return a cell."""
    return tag("td", *words, cls=cls)


def number(words: Child) -> Markup:
    """Return a cell that holds a number."""
    return tag("td", words, cls="n")


def group(words: str, under: str, columns: int) -> Markup:
    """Return the row that heads a group."""
    small = tag("small", under) if under else None
    return tag("tr", tag("th", words, small, scope="rowgroup", colspan=columns), cls="group")


def table(
    ident: str,
    caption: str,
    under: str,
    heads: tuple[Head, ...],
    bodies: Iterable[Iterable[Markup]],
    *,
    big: bool = True,
) -> Markup:
    """Return a table in its frame; each body is a group of rows."""
    written = [tag("tbody", rows) for rows in (list(body) for body in bodies) if rows]
    inner = tag(
        "table",
        tag("caption", tag("b", caption), under, id=ident),
        head(*heads),
        written,
        cls="big" if big else None,
    )
    return tag("div", inner, cls="scroll", tabindex="0", role="region", aria_labelledby=ident)


def frame(picture: Markup, label: str) -> Markup:
    """Return a picture in a frame that scrolls sideways on small screens."""
    return join(
        tag("p", "Swipe the picture sideways to see all of it.", cls="hint small soft"),
        tag("div", picture, cls="scroll", tabindex="0", role="region", aria_label=label),
    )
