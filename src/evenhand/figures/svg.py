"""A small drawing board for pictures in SVG, mirrored by itself for pages that run from right to left.

Figures draw in one direction only; `Picture` turns every coordinate around where the page does. Text is never
flipped: its anchor follows the page's direction, and each text is an isolate of its own, so that "23.7%" stays in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from evenhand.figures.markup import Child, Markup, clean, join, tag
from evenhand.figures.words import END_ISOLATE, FIRST_STRONG, breadth

Direction = Literal["ltr", "rtl"]
Anchor = Literal["start", "middle", "end"]
Cell = tuple[float, float, float, float]
"""start edge, breadth, top, bottom: of one upright cell."""

LETTER = 7.6
"""Widest that a letter of 13 units is drawn on average, in the widest of the usual typefaces."""


def num(value: float) -> str:
    """Write a coordinate to a hundredth.

    Examples
    --------
    >>> num(3.0), num(-0.001), num(2.345)
    ('3', '0', '2.35')
    """
    text = f"{value + 1e-9:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def near(value: float) -> str:
    """Write a coordinate to a tenth: for text, where a hundredth is not seen.

    Examples
    --------
    >>> near(2.345), near(0.96)
    ('2.3', '1')
    """
    return num(round(value, 1))


def text_length(text: str, size: float = 13) -> float:
    """Estimate the length of a text in units of the picture, on the wide side."""
    return breadth(text) * LETTER * size / 13


class Picture:
    """Gather the marks of one picture, from back to front."""

    def __init__(self, width: float, height: float, *, ident: str, direction: Direction = "ltr") -> None:
        self.width = width
        self.height = height
        self.ident = ident
        self.mirrored = direction == "rtl"
        self.marks: list[Markup] = []

    def across(self, x: float, breadth: float = 0.0) -> float:
        """Return where an x stands on the page; a shape of some breadth is given by its start edge."""
        return self.width - x - breadth if self.mirrored else x

    def cells(self, cells: Iterable[Cell], cls: str, **attributes: Child) -> None:
        """Draw many upright cells as one path."""
        pieces = []
        for x, wide, top, bottom in cells:
            if bottom - top > 0.004 and wide > 0:
                pieces.append(f"M{near(self.across(x, wide))} {near(bottom)}V{near(top)}h{near(wide)}V{near(bottom)}z")
        self.path("".join(pieces), cls, **attributes)

    def strokes(self, lines: Iterable[tuple[float, float, float]], cls: str) -> None:
        """Draw many level strokes (start edge, breadth, height) as one path."""
        self.path("".join(f"M{near(self.across(x, wide))} {near(y)}h{near(wide)}" for x, wide, y in lines), cls)

    def uprights(self, lines: Iterable[tuple[float, float, float]], cls: str) -> None:
        """Draw many upright strokes (x, top, bottom) as one path."""
        self.path("".join(f"M{near(self.across(x))} {near(bottom)}V{near(top)}" for x, top, bottom in lines), cls)

    def polyline(self, points: Iterable[tuple[float, float]], cls: str, *, closed: bool = False) -> None:
        """Draw a line through points."""
        written = "L".join(f"{near(self.across(x))} {near(y)}" for x, y in points)
        self.path(f"M{written}{'z' if closed else ''}" if written else "", cls)

    def path(self, d: str, cls: str, **attributes: Child) -> None:
        """Draw a path whose coordinates are already turned to the page's direction."""
        if d:
            self.marks.append(tag("path", cls=cls, d=d, **attributes))

    def circle(self, x: float, y: float, r: float, cls: str) -> None:
        """Draw a dot."""
        self.marks.append(tag("circle", cls=cls, cx=num(self.across(x)), cy=num(y), r=num(r)))

    def text(
        self, x: float, y: float, *words: Child, cls: str | None = None, anchor: Anchor = "start", upright: bool = False
    ) -> None:
        """Write words; `upright` ones are turned by a quarter and hang below their point."""
        inner = join(*words)
        if not inner:
            return
        if self.mirrored:
            inner = join(Markup(FIRST_STRONG), inner, Markup(END_ISOLATE))
        at = {"x": near(self.across(x)), "y": near(y)}
        if upright:
            # Turned text hangs by its last letter in one direction, by its first in the other.
            anchor = "start" if self.mirrored else "end"
            at = {"transform": f"translate({near(self.across(x))} {near(y)})rotate(-90)"}
        self.marks.append(tag("text", inner, cls=cls, text_anchor=None if anchor == "start" else anchor, **at))

    def titled(self, d: str, cls: str, title: str) -> None:
        """Draw a path, already turned to the page's direction, with a title that shows under the pointer."""
        self.marks.append(tag("path", tag("title", clean(title)), cls=cls, d=d))

    def write(self, x: float, y: float, name: str, amount: str, *, start: bool) -> None:
        """Write a name and, softer, its amount; from the start edge on, or up to it."""
        self.text(x, y, f"{name} ", tag("tspan", amount, cls="t-soft"), anchor="start" if start else "end")

    def number(self, x: float, y: float, number: int) -> None:
        """Draw a numbered mark, explained beneath the picture."""
        self.circle(x, y, 10.5, "dot")
        self.marks.append(
            tag("text", number, cls="t-w t-b", x=num(self.across(x)), y=num(y + 4.6), text_anchor="middle")
        )

    def hover(self, cells: Iterable[tuple[Cell, str]]) -> None:
        """Lay invisible cells on top, each with a title that shows under the pointer."""
        marks = []
        for (x, wide, top, bottom), title in cells:
            # What is only pointed at and never seen needs no fine edge.
            d = f"M{near(self.across(x, wide))} {near(bottom)}V{near(top)}h{near(wide)}V{near(bottom)}z"
            marks.append(tag("path", tag("title", title), d=d))
        if marks:
            self.marks.append(tag("g", marks, cls="hit"))

    def hatch(self) -> str:
        """Define the hatching for room that was left dry, and return its reference."""
        name = f"{self.ident}-h"
        pattern = tag(
            "pattern",
            tag("path", cls="void", d="M0 0v7"),
            id=name,
            width=7,
            height=7,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        )
        self.marks.insert(0, tag("defs", pattern))
        return f"url(#{name})"

    def shape(self, points: Iterable[tuple[float, float]]) -> str:
        """Return the path data of a closed shape through points, turned to the page's direction."""
        return "M" + "L".join(f"{num(self.across(x))} {num(y)}" for x, y in points) + "z"

    def box(self, x: float, y: float, wide: float, high: float, cls: str, title: str = "") -> None:
        """Draw one rectangle given by its start edge and top, with a title that shows under the pointer."""
        if wide > 0.004 and high > 0.004:
            told = [tag("title", clean(title))] if title else []
            d = f"M{num(self.across(x, wide))} {num(y)}h{num(wide)}v{num(high)}h{num(-wide)}z"
            self.marks.append(tag("path", *told, cls=cls, d=d))

    def render(self, title: str, description: str, *, cls: str = "wl", sized: bool = False) -> Markup:
        """Return the picture with its title and description for those who do not see it.

        A `sized` one is drawn at its own size, one unit a pixel, and scrolls where the page is narrower; others grow and
        shrink with the page.
        """
        return tag(
            "svg",
            tag("title", clean(title), id=f"{self.ident}-t"),
            tag("desc", clean(description), id=f"{self.ident}-d"),
            self.marks,
            cls=cls,
            viewBox=f"0 0 {num(self.width)} {num(self.height)}",
            width=num(self.width) if sized else None,
            height=num(self.height) if sized else None,
            role="img",
            # A picture at its own size may be one that is never mirrored, on a page that is.
            direction="rtl" if self.mirrored else "ltr" if sized else None,
            aria_labelledby=f"{self.ident}-t {self.ident}-d",
        )
