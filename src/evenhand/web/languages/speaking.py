"""The reader's language for the time of one request, and what Django does not know about ours.

`Speaking` is a middleware below Django's LocaleMiddleware: it lets the engine's `say` speak the language of the page. Chinese
is "zh" in our addresses and "zh-hans" in the catalogues of Django and of what is installed beside it; `join_chinese` brings
the two together. Must never keep a language beyond its request.
"""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

import django
from django.apps import apps
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import trans_real

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.names import Names, read_names
from evenhand.web.languages import FOLDER, SOURCE
from evenhand.web.languages.compiling import DRAFTS
from evenhand.web.languages.formats import language_of
from evenhand.wording import speaking

CHINESE: Final = "zh"
CHINESE_TO_DJANGO: Final = "zh_Hans"

_HERE: ContextVar[dict[str, Names] | None] = ContextVar("names", default=None)


class Speaking:
    """Answer each request with the engine speaking the language that the page is in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        language = translation.get_language() or SOURCE
        if language == CHINESE:
            join_chinese()
        here = _HERE.set({})
        try:
            with speaking(None if language == SOURCE else translation):
                return self.get_response(request)
        finally:
            _HERE.reset(here)


def names_here() -> Names:
    """Return what everything public is called in the reader's language, read once for a request."""
    language = language_of()
    kept = _HERE.get()
    if kept is None:
        return read_names(PUBLIC, language)
    if language not in kept:
        kept[language] = read_names(PUBLIC, language)
    return kept[language]


@cache
def join_chinese() -> None:
    """Give "zh" the sentences that Django and the installed applications have for simplified Chinese; ours come first."""
    joined = trans_real.translation(CHINESE)
    folders = [Path(django.__file__).parent / "conf" / "locale", *(Path(one.path) / "locale" for one in apps.get_app_configs())]  # fmt: skip
    for folder, code in (*((one, CHINESE_TO_DJANGO) for one in folders), (FOLDER, CHINESE)):
        file = folder / code / "LC_MESSAGES" / "django.mo"
        if file.is_file():
            with file.open("rb") as opened:
                joined.merge(catalogues.GNUTranslations(opened))


@cache
def count_drafts(language: str) -> int:
    """Return how many translations into a language no person has read yet."""
    file = FOLDER / language / "LC_MESSAGES" / "django.mo"
    if language == SOURCE or not file.is_file():
        return 0
    with file.open("rb") as opened:
        return int(catalogues.GNUTranslations(opened).info().get(DRAFTS.lower(), "0"))
