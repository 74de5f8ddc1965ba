"""Write HTML and SVG with everything from outside escaped.

Text is escaped unless it is `Markup`, and only this module turns text into `Markup`: a name from a table can never become
a tag. What is written is well-formed XML and HTML at once, so that both kinds of reader accept it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066\u2067]"
)
"""Characters XML forbids, and those that turn the direction of the text around them: a name must not reorder a
page. Isolates that `words.isolate` sets are kept: they end where their paragraph does."""


class Markup(str):
    """Text that is already HTML or SVG."""

    __slots__ = ()


Child = str | int | None


def clean(text: str) -> str:
    r"""Return text without control characters and direction overrides.

    Examples
    --------
    >>> clean("Cha\u202ed")
    'Chad'
    """
    return UNPRINTABLE.sub("", text)


def escape(text: Child) -> Markup:
    """Return text made harmless; `Markup` passes unchanged, None is nothing.

    Examples
    --------
    >>> escape("<b>")
    '&lt;b&gt;'
    """
    if isinstance(text, Markup):
        return text
    return Markup("" if text is None else html.escape(clean(str(text)), quote=True))


def join(*children: Child | Iterable[Child], between: str = "") -> Markup:
    """Join pieces, escaping what is not yet markup."""
    pieces: list[str] = []
    for child in children:
        if child is None or isinstance(child, str | int):
            pieces.append(escape(child))
        else:
            pieces.extend(escape(piece) for piece in child)
    return Markup(between.join(pieces))


def tag(name: str, /, *children: Child | Iterable[Child], **attributes: Child) -> Markup:
    """Return an element. `cls` is written class, a trailing `_` is dropped, `_` inside becomes "-"; None is left out.

    Examples
    --------
    >>> tag("th", "A & B", scope="row", cls="n")
    '<th scope="row" class="n">A &amp; B</th>'
    >>> tag("path", d="M0 0h9")
    '<path d="M0 0h9"/>'
    """
    written = "".join(
        f' {"class" if key == "cls" else key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = join(*children)
    if not inner and name in MAY_CLOSE:
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{inner}</{name}>")


MAY_CLOSE = frozenset(("br", "circle", "meta", "path"))
"""Elements that may be written <name/>: void ones of HTML, and shapes of SVG. HTML misreads any other."""


def own(text: Child) -> Markup:
    """Isolate a name from the direction of the text around it.

    Examples
    --------
    >>> own("تشاد")
    '<bdi>تشاد</bdi>'
    """
    return tag("bdi", text)
