"""Fonts for papers: found where systems keep them, never shipped; and which of them can show a text.

Called by `sheet`. Noto covers every language that Evenhand speaks; DejaVu all but Chinese; without either a PDF has its own
Helvetica, which knows western letters alone. What no font can show is refused with advice, so that nobody prints a label of
empty boxes; a mere symbol becomes a box.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from evenhand.errors import OptionRefused

FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts",
    "~/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
CORE = "helvetica"
"""The font that every reader of PDF brings."""

INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u2060\ufeff\u00ad")
TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f\u061c"))
"""Signs that turn the direction of what follows: in a name they could make a label read as another."""


@dataclass(frozen=True, slots=True)
class Face:
    """Declare one font: the files it may lie in, the best first, and which of a collection it is.

    Attributes
    ----------
    files
        (regular, bold, number within a collection).
    package
        What a person installs to have it, "" for what others bring along.
    """

    name: str
    files: tuple[tuple[str, str, int], ...]
    package: str = ""


FACES: tuple[Face, ...] = (
    Face(
        "text",
        (("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", 0), ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", 0)),
        "Noto Sans",
    ),
    Face(
        "arabic",
        (
            ("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf", 0),
            ("NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf", 0),
        ),
        "Noto Sans Arabic",
    ),
    Face(
        "chinese",
        (
            (
                "NotoSansCJK-Regular.ttc",
                "NotoSansCJK-Bold.ttc",
                2,
            ),  # the third of the collection is for simplified Chinese
            ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf", 0),
            ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf", 0),
            ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", 0),
        ),
        "Noto Sans CJK",
    ),
    Face("others", (("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", 0),)),
)


@dataclass(frozen=True, slots=True)
class Font:
    """Hold one font that was found: its name, its files, which of a collection, and the letters that it has."""

    name: str
    regular: Path
    bold: Path | None
    number: int
    letters: frozenset[int]


@lru_cache(maxsize=8)
def find_fonts(folder: str = "") -> tuple[Font, ...]:
    """Return the fonts that were found, in the order in which a letter is looked for in them.

    Parameters
    ----------
    folder
        Where to look; "" for where systems keep fonts.

    Raises
    ------
    OptionRefused
        The folder that was named does not exist.
    """
    if folder and not Path(folder).is_dir():
        raise OptionRefused(
            f"the setting fonts names {folder}, which is no folder; leave it empty to use the system's fonts"
        )
    wanted = {name for face in FACES for regular, bold, _ in face.files for name in (regular, bold)}
    found = dict(_files([folder] if folder else FOLDERS, wanted))
    fonts: list[Font] = []
    for face in FACES:
        for regular, bold, number in face.files:
            if regular in found and all(font.regular != found[regular] for font in fonts):
                path = found[regular]
                fonts.append(Font(face.name, path, found.get(bold), number, _letters(path, number)))
                break
    return tuple(fonts)


def _files(folders: Iterable[str], wanted: set[str]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for place, below, names in os.walk(Path(folder).expanduser()):
            below.sort()
            yield from ((name, Path(place) / name) for name in sorted(wanted.intersection(names)))


def _letters(path: Path, number: int) -> frozenset[int]:
    from fontTools.ttLib import (  # type: ignore[import-untyped]  # it ships no types
        TTFont,
        TTLibError,
    )

    try:
        with (
            path.open("rb") as file,
            TTFont(file, fontNumber=number if path.suffix == ".ttc" else -1, lazy=True) as font,
        ):
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError) as error:
        raise OptionRefused(f"the font {path} cannot be read; name another folder in the setting fonts") from error


def fonts_for(text: str, fonts: tuple[Font, ...]) -> tuple[str, list[Font]]:
    r"""Return a text as it can be shown, and the fonts that it takes.

    Raises
    ------
    OptionRefused
        No font has some of its letters.

    Examples
    --------
    >>> fonts_for("Chad\u202e, Tchad", ())
    ('Chad, Tchad', [])
    >>> fonts_for("Чад", ())
    Traceback (most recent call last):
        ...
    evenhand.errors.OptionRefused: no font here has the letters Ч а д of 'Чад'; install Noto Sans, ...
    """
    text = " ".join(unicodedata.normalize("NFC", text).translate(TURNING).split())
    used: list[Font] = []
    shown: list[str] = []
    lacking: list[str] = []
    for letter in text:
        if unicodedata.category(letter)[0] == "C" and letter not in INVISIBLE:
            continue
        font = next((font for font in fonts if ord(letter) in font.letters), None)
        if font is not None or (not fonts and _western(letter)):
            shown.append(letter)
            if font is not None and font not in used:
                used.append(font)
        elif unicodedata.category(letter)[0] in "LMN":
            lacking.append(letter)
        elif letter not in INVISIBLE:
            shown.append(_instead(fonts))
    if lacking:
        raise OptionRefused(_advice(text, lacking, fonts))
    return "".join(shown), used


def _instead(fonts: tuple[Font, ...]) -> str:
    return "\u25a1" if any(0x25A1 in font.letters for font in fonts[:1]) else "?"


def _western(letter: str) -> bool:
    return letter in "\u2013\u2014\u2026" or ord(letter) < 0x100


def _advice(text: str, lacking: list[str], fonts: tuple[Font, ...]) -> str:
    letters = list(dict.fromkeys(lacking))
    told = " ".join(letters[:8]) + (f" and {len(letters) - 8:,} more" if len(letters) > 8 else "")
    had = {font.name for font in fonts}
    missing = (
        ", ".join(face.package for face in FACES if face.package and face.name not in had) or "a font that has them"
    )
    shown = text if len(text) <= 40 else text[:37] + "..."
    how = " (Debian: apt-get install fonts-noto-core fonts-noto-cjk)" if sys.platform == "linux" else ""
    return (
        f"no font here has the letters {told} of '{shown}'; install {missing}{how}, name a folder that has them in the "
        "setting fonts, or print the page in a browser"
    )
