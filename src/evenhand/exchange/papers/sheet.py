"""A sheet of paper in millimetres: text in any script, lines, boxes, a QR code, mirrored where the reader reads leftwards.

Called by `manifest`, `labels` and `receipt`, which say what stands where. Everything is placed from the side at which a
reader begins: `x` counts from the left in English and from the right in Arabic.
"""

from __future__ import annotations

import io
import unicodedata
import weakref
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Literal

import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from evenhand.exchange.papers.fonts import CORE, Font, find_fonts, fonts_for

A4 = (210.0, 297.0)
A6 = (105.0, 148.0)
FROM_RIGHT_TO_LEFT = ("ar",)
APART = "\u200e"
"""What makes its neighbours run from the left; on sheets that run so anyway it is left out."""

LEADING = 1.32
"""Height of a line of text, in heights of its letters; Arabic needs that much."""

POINT = 25.4 / 72
Align = Literal["start", "end", "centre"]
INK, SOFT, HAIR = (20, 24, 28), (90, 98, 106), (170, 176, 182)


class Sheet:
    """Draw on pages of one size, in one language."""

    def __init__(self, size: tuple[float, float], *, title: str, made_at: datetime, language: str, fonts: str) -> None:
        self.width, self.height = size
        self.mirrored = language.partition("-")[0] in FROM_RIGHT_TO_LEFT
        self._fonts = find_fonts(fonts)
        self._added: dict[str, Font] = {}
        self._known: dict[tuple[str, float, float, bool], list[str]] = {}
        self._pdf = FPDF(unit="mm", format=size)
        # fpdf2 keeps the files of its fonts open; a sheet that is refused halfway must not leave them so.
        weakref.finalize(self, _close, self._pdf.fonts)
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        # The day of what it is about and not of printing: the same paper is to be the same bytes.
        self._pdf.set_creation_date(made_at)
        self._pdf.set_producer("Evenhand")
        self._pdf.set_lang(language)
        self._pdf.set_title(title)

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return self._pdf.pages_count

    def add_page(self) -> None:
        """Begin a page."""
        self._pdf.add_page()

    def write(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        size: float = 9,
        bold: bool = False,
        align: Align = "start",
        soft: bool = False,
        most: int = 99,
    ) -> float:
        """Write a text that wraps within a width, cut after so many lines, and return how high it stands.

        Raises
        ------
        OptionRefused
            No font has some of its letters.
        """  # fmt: skip
        high = size * POINT * LEADING
        lines = self.lines(text, width, size=size, bold=bold)
        if len(lines) > most:
            lines = [*lines[: most - 1], lines[most - 1].rstrip() + " ..."]
        self._pdf.set_text_color(*(SOFT if soft else INK))
        side = {"start": "R" if self.mirrored else "L", "end": "L" if self.mirrored else "R", "centre": "C"}[align]
        self._choose(size=size, bold=bold)
        self._turn(text)
        for place, line in enumerate(lines):
            self._pdf.set_xy(self._left(x, width), y + place * high)
            self._pdf.cell(width, high, line, align=side, new_x=XPos.LEFT, new_y=YPos.NEXT)
        return len(lines) * high

    def lines(self, text: str, width: float, *, size: float = 9, bold: bool = False) -> list[str]:
        """Return a text as the lines that it takes within a width, [] for no text."""
        key = (text, width, size, bold)
        if key not in self._known:
            shown = self._ready(text)
            self._set_font(size=size, bold=bold)
            self._turn(text)
            found: object = self._pdf.multi_cell(width, text=shown, dry_run=True, output=MethodReturnValue.LINES)
            self._known[key] = [str(line) for line in found] if shown and isinstance(found, list) else []
        return self._known[key]

    def high(self, text: str, width: float, *, size: float = 9, bold: bool = False) -> float:
        """Return how high a text would stand."""
        return len(self.lines(text, width, size=size, bold=bold)) * size * POINT * LEADING

    def rule(self, x: float, y: float, width: float, *, heavy: bool = False) -> None:
        """Draw a line across."""
        self._pdf.set_draw_color(*(INK if heavy else HAIR))
        self._pdf.set_line_width(0.4 if heavy else 0.15)
        left = self._left(x, width)
        self._pdf.line(left, y, left + width, y)

    def box(self, x: float, y: float, width: float, height: float, *, hair: bool = False) -> None:
        """Draw an empty box."""
        self._pdf.set_draw_color(*(HAIR if hair else INK))
        self._pdf.set_line_width(0.15 if hair else 0.3)
        self._pdf.rect(self._left(x, width), y, width, height)

    def qr(self, x: float, y: float, size: float, text: str) -> None:
        """Draw a QR code with its quiet zone."""
        self._pdf.image(io.BytesIO(_qr_picture(text)), x=self._left(x, size), y=y, w=size, h=size)

    def bytes(self) -> bytes:
        """Return the PDF."""
        return bytes(self._pdf.output())

    def _left(self, x: float, width: float) -> float:
        return self.width - x - width if self.mirrored else x

    def _ready(self, text: str) -> str:
        """Return a text as it can be shown, with the fonts that it takes at hand."""
        shown, used = fonts_for(text if self.mirrored else text.replace(APART, ""), self._fonts)
        for font in dict.fromkeys((*self._fonts[:1], *used)):
            if font.name not in self._added:
                self._added[font.name] = font
                self._pdf.add_font(font.name, "", font.regular, collection_font_number=font.number)
                self._pdf.add_font(font.name, "B", font.bold or font.regular, collection_font_number=font.number)
                order = [one.name for one in self._fonts if one.name in self._added]
                self._pdf.set_fallback_fonts(order[1:], exact_match=False)
        return shown if self._fonts else shown.replace("\u2013", "-").replace("\u2014", "-").replace("\u2026", "...")

    def _set_font(self, *, size: float, bold: bool) -> None:
        self._pdf.set_font(self._fonts[0].name if self._fonts else CORE, "B" if bold else "", size)

    def _turn(self, text: str) -> None:
        """Have a text run as its letters do: what nobody translated keeps its own order on an Arabic sheet too."""
        if self._fonts:
            leftwards = self.mirrored and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
            self._pdf.set_text_shaping(use_shaping_engine=True, direction="rtl" if leftwards else "ltr")

    def _choose(self, *, size: float, bold: bool) -> None:
        """Choose a font, and have the page know it before any text: fpdf2 2.8 forgets it where the first letter is of another."""
        self._set_font(size=size, bold=bold)
        if not self._pdf.current_font_is_set_on_page:
            self._pdf.text(0, 0, " ")


def apart(text: str) -> str:
    r"""Return a code or a day that keeps its own order among words that run from the right.

    Examples
    --------
    >>> apart("2026-03-02") == "\u200e2026-03-02\u200e"
    True
    """
    return f"{APART}{text}{APART}" if text else ""


def _close(fonts: Mapping[str, object]) -> None:
    for font in fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()


@lru_cache(maxsize=8)
def _qr_picture(text: str) -> bytes:
    """Return a QR code as PNG; a sheet of labels holds the picture once."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=8, border=2)
    return picture.getvalue()
