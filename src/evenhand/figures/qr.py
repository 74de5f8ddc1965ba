"""A QR code as SVG: one path, readable by a camera from paper and screen.

Called by pages and papers of consignments. Dark modules are ink on paper whatever the page's colours are: a code that follows
a theme is a code that no camera reads.
"""

from __future__ import annotations

from evenhand.figures.markup import Markup, clean, tag
from evenhand.wording import say

QUIET = 4
"""Empty modules around the code, as ISO/IEC 18004 asks for."""


def draw_qr(text: str, *, ident: str = "qr", title: str = "", error: str = "m") -> Markup:
    """Draw a text, usually an address, as a QR code.

    Parameters
    ----------
    error
        How much may be damaged: "l" 7%, "m" 15%, "q" 25%, "h" 30%.

    Examples
    --------
    >>> draw_qr("https://example.org/c/CN-1").startswith('<svg class="qr"')
    True
    """
    import segno  # only servers draw codes: the engine's install stays small

    code = segno.make(text, error=error, micro=False, boost_error=False)
    rows = [list(row) for row in code.matrix]
    size = len(rows) + 2 * QUIET
    pieces = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                pieces.append(f"M{x + QUIET} {y + QUIET}h{run - x}v1h-{run - x}z")
            x = max(run, x + 1)
    return tag(
        "svg",
        tag("title", clean(title or say("QR code: {text}").format(text=text)), id=f"{ident}-t"),
        tag("path", cls="f-paper", d=f"M0 0h{size}v{size}h-{size}z"),
        tag("path", cls="f-ink", d="".join(pieces)),
        cls="qr",
        viewBox=f"0 0 {size} {size}",
        shape_rendering="crispEdges",
        role="img",
        aria_labelledby=f"{ident}-t",
    )
