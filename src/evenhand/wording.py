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


Two = tuple[Callable[[str], str], Callable[[str, str, int], str]]
"""What says a sentence, and what says the one that fits a number."""

_SPEAKING: ContextVar[Two | None] = ContextVar("speaking", default=None)


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
    spoken = _SPEAKING.get()
    return sentence if spoken is None else spoken[0](sentence)


def say_count(singular: str, plural: str, number: int) -> str:
    """Return the sentence that fits a number: two forms in English, up to six elsewhere.

    Examples
    --------
    >>> say_count("{count} lot", "{count} lots", 1).format(count=1)
    '1 lot'
    """
    spoken = _SPEAKING.get()
    return (singular if number == 1 else plural) if spoken is None else spoken[1](singular, plural, number)


@contextmanager
def speaking(translator: Translator | Callable[[str], str] | None) -> Iterator[None]:
    """Have `say` speak through a translator inside the block; None for the source's own English."""
    if isinstance(translator, Translator):
        spoken: Two | None = (translator.gettext, translator.ngettext)
    elif translator is None:
        spoken = None
    else:
        one = translator
        spoken = (one, lambda singular, plural, number: one(singular if number == 1 else plural))
    token: Token[Two | None] = _SPEAKING.set(spoken)
    try:
        yield
    finally:
        _SPEAKING.reset(token)
