"""Saying a sentence in the reader's language, from where no web framework is known.

`figures` and `reasons` give every sentence that people read through `say`; who shows it (a page, a paper) sets a translator
for the context, and without one the sentence comes back as it is written in the source: plain English. Called from
everywhere above; calls nothing. Must never import Django: `import evenhand` in a notebook stays light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Protocol, runtime_checkable


@runtime_checkable
class Translator(Protocol):
    """Be asked for sentences in one language; Django's `translation` module and any gettext catalogue are such."""

    def gettext(self, message: str, /) -> str:
        """Return a sentence in the language."""
        ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """Return the sentence that fits a number in the language."""
        ...


_TRANSLATOR: ContextVar[Translator | Callable[[str], str] | None] = ContextVar("translator", default=None)


def say(sentence: str) -> str:
    """Return a sentence in the reader's language; fill its named placeholders afterwards.

    Examples
    --------
    >>> say("{count} members").format(count=120)
    '120 members'
    >>> with speaking({"held lower": "tenus plus bas"}.__getitem__):
    ...     say("held lower")
    'tenus plus bas'
    """
    translator = _TRANSLATOR.get()
    if translator is None:
        return sentence
    return translator.gettext(sentence) if isinstance(translator, Translator) else translator(sentence)


def say_count(singular: str, plural: str, number: int) -> str:
    """Return the sentence that fits a number: two forms in English, up to six elsewhere.

    Examples
    --------
    >>> say_count("{count} lot", "{count} lots", 1).format(count=1)
    '1 lot'
    """
    translator = _TRANSLATOR.get()
    if isinstance(translator, Translator):
        return translator.ngettext(singular, plural, number)
    sentence = singular if number == 1 else plural
    return sentence if translator is None else translator(sentence)


@contextmanager
def speaking(translator: Translator | Callable[[str], str] | None) -> Iterator[None]:
    """Have `say` speak through a translator inside the block; None for the source's own English."""
    token: Token[Translator | Callable[[str], str] | None] = _TRANSLATOR.set(translator)
    try:
        yield
    finally:
        _TRANSLATOR.reset(token)
