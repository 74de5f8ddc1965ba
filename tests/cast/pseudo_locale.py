"""A language for tests alone, `xx`: every string of the catalogue with accents and two fifths longer, places kept.

What is still plain English on a page shown in it is not in the catalogue; what no longer fits will not fit in Russian.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from django.conf.locale import LANG_INFO
from django.test import override_settings
from django.utils.translation import trans_real

from evenhand.web.languages import FOLDER, LANGUAGES
from evenhand.web.languages.compiling import to_bytes
from evenhand.web.languages.extracting import read_catalog

LANGUAGE = "xx"
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\{|\}\}|\{\w*\}|<[^>]*>|&\w+;)")
ACCENTS = str.maketrans("aceinosuyACEINOSUY", "àçéîñöšûýÀÇÉÎÑÖŠÛÝ")
LONGER = 0.4


def pseudo(text: str) -> str:
    """Return a string in the language: "Needs" is "[Ñééds~~]"."""
    parts = KEPT.split(text)
    plain = "".join(parts[::2])
    said = "".join(part if place % 2 else part.translate(ACCENTS) for place, part in enumerate(parts))
    return f"[{said}{'~' * math.ceil(LONGER * len(plain.strip()))}]"


def pseudo_catalog() -> Catalog:
    """Return the whole catalogue in the language."""
    made = Catalog(charset="utf-8")
    for one in read_catalog(FOLDER / "django.pot"):
        if one.id:
            said = pseudo(one.id) if isinstance(one.id, str) else tuple(pseudo(form) for form in one.id)
            made.add(one.id, said, context=one.context)
    return made


@contextmanager
def with_pseudo_locale(folder: Path) -> Iterator[None]:
    """Have the language among the others inside the block; its catalogue is written below a folder."""
    file = folder / LANGUAGE / "LC_MESSAGES" / "django.mo"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(to_bytes(pseudo_catalog()))
    known = LANG_INFO.setdefault(
        LANGUAGE, {"bidi": False, "code": LANGUAGE, "name": "Pseudo", "name_local": pseudo("English")}
    )
    assert known["code"] == LANGUAGE
    languages = [*LANGUAGES.items(), (LANGUAGE, "Pseudo")]
    try:
        with override_settings(LANGUAGES=languages, LOCALE_PATHS=[str(FOLDER), str(folder)]):
            trans_real._translations.pop(LANGUAGE, None)
            yield
    finally:
        trans_real._translations.pop(LANGUAGE, None)
