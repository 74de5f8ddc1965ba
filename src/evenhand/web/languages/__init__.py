"""The six languages of the pages: catalogues, formats of numbers and dates, vocabularies, sentences of the engine.

`<language>/LC_MESSAGES/django.po` are the catalogues, one for pages, forms, API and engine; their compiled twins are made
by `compiling`, never committed. Used by `web` and `api`. Must never be imported by what stands below the pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

LANGUAGES: Final = {
    "ar": "العربية", "zh": "中文", "en": "English", "fr": "Français", "ru": "Русский", "es": "Español",
}  # fmt: skip
"""Language → its own name, in the order of the United Nations."""

SOURCE: Final = "en"
"""The language in which sentences stand in the source."""

FROM_RIGHT_TO_LEFT: Final = frozenset({"ar"})

FOLDER: Final = Path(__file__).parent
"""Where the catalogues lie; Django's setting LOCALE_PATHS names it."""
