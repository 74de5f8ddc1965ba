"""What the chapters of a page share: their setting, their frame, and how they print a name."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.figures.markup import Child, Markup, own, tag
from evenhand.figures.standing import Standing
from evenhand.figures.svg import Direction
from evenhand.figures.words import cut


@dataclass(frozen=True, slots=True)
class Setting:
    """What every chapter needs beside the story: who stands where, the page's direction, how many rows it may print."""

    standing: Standing
    direction: Direction
    rows: int


def chapter(ident: str, title: str, *children: Child, band: bool = False) -> Markup:
    """Return a section with its heading; every second one stands on a band."""
    inner = tag("div", tag("h2", title), *children, cls="wrap")
    return tag("section", inner, cls="band" if band else None, id=ident)


def named(name: str, most: int = 90) -> Markup:
    """Return a name, shortened, and isolated from the direction of the words around it.

    Examples
    --------
    >>> named("Chad"), named(" ")
    ('<bdi>Chad</bdi>', '<bdi>no name on file</bdi>')
    """
    return own(cut(name, most) or "no name on file")
