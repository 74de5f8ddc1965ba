"""From an English sentence of the engine or an action to the same in the reader's language, when it is shown.

Errors, explanations and notes are made where no catalogue is known, and some were stored years ago. Here a sentence is
compared with the templates in the catalogue (`source_sentences` read them off the source), its values are taken out,
translated where they are words or sentences themselves, and put into the translation. What nobody knows is shown in English
and marked so. Called by pages, forms, API and papers. Must never lose or change a value: when in doubt, English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from string import Formatter
from typing import Final

from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override, pgettext

from evenhand.web.languages import FOLDER, SOURCE, vocabulary
from evenhand.web.languages.formats import amount, day, isolated, language_of
from evenhand.web.languages.phrases import Phrases

CONTEXT: Final = "sentence"
"""The context under which templates stand in the catalogues."""

MOST_TRIES: Final = 50
"""Places where a piece may stand, before one gives up keeping brackets whole."""

MOST_AT_ONCE: Final = 4
"""Sentences in a row that one template may say; besides all of a text."""

DEEPEST: Final = 4
"""A value that is a sentence may hold another, so deep."""

LONGEST: Final = 20_000
"""Characters; a longer text is shown as it is."""

KEPT: Final = 2_000
REF = re.compile(r"[A-Z]{2}-[0-9A-Z]{10}")
NUMBER = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+|-?[0-9]{4,15}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
END_OF_SENTENCE = re.compile(r"(?<=[.!?])(?= +[A-Z0-9'{])")
LIST = re.compile(r"(, and |, or |, | and | or |;)")
QUOTES = "'\"“‘”’"


@dataclass(frozen=True, slots=True)
class Template:
    """Hold one sentence with named places: its fixed pieces, and the names between them, one fewer."""

    text: str
    pieces: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Template:
        """Return a template from its text.

        Examples
        --------
        >>> Template.read("{ref} is {state}").pieces
        ('', ' is ', '')
        """
        pieces, names, last = [], [], ""
        for fixed, name, _, _ in Formatter().parse(text):
            last += fixed
            if name is not None:
                pieces.append(last)
                names.append(name)
                last = ""
        return cls(text, (*pieces, last), tuple(names))

    @property
    def fixed(self) -> int:
        """Return how many characters of it are fixed: the more, the surer it is meant."""
        return sum(map(len, self.pieces))

    def match(self, sentence: str) -> dict[str, str] | None:
        """Return the values that make a sentence of this template, None where none do.

        Fixed pieces are looked for from left to right, each as early as it can stand; for pieces in a row that finds a way
        wherever there is one, in time that grows with the sentence alone, whatever somebody typed into it. Where that cuts
        through brackets, a way that does not is taken, if there is one.
        """
        values = self._match(sentence, whole_brackets=False)
        if values is None or ("(" not in sentence and ")" not in sentence) or all(map(_closed, values.values())):
            return values
        return self._match(sentence, whole_brackets=True) or values

    def _match(self, sentence: str, *, whole_brackets: bool) -> dict[str, str] | None:
        first, last = self.pieces[0], self.pieces[-1]
        if not self.names:
            return {} if sentence == first else None
        if not sentence.startswith(first) or not sentence.endswith(last) or len(sentence) < len(first) + len(last):
            return None
        at, end = len(first), len(sentence) - len(last)
        values: dict[str, str] = {}
        for name, piece in zip(self.names, (*self.pieces[1:-1], None), strict=True):
            until = end if piece is None else sentence.find(piece, at, end)
            tries = MOST_TRIES if whole_brackets and piece else 0
            while tries and at <= until and not _closed(sentence[at:until]):
                until, tries = sentence.find(piece or "", until + 1, end), tries - 1
            if until < at or values.setdefault(name, sentence[at:until]) != sentence[at:until]:
                return None
            at = until + len(piece or "")
        return values


class Recogniser:
    """Know a set of templates, and tell which of them a sentence is."""

    def __init__(self, templates: Iterable[str]) -> None:
        self._by_first_word: dict[str, list[tuple[int, str, Template]]] = {}
        self._others: list[tuple[int, str, Template]] = []
        for template in sorted(map(Template.read, templates), key=lambda one: (-one.fixed, one.text)):
            word, space, _ = template.pieces[0].partition(" ")
            known = (template.fixed, max(template.pieces, key=len), template)
            if space:
                self._by_first_word.setdefault(word, []).append(known)
            else:
                self._others.append(known)

    def find(self, sentence: str) -> tuple[Template, Mapping[str, str]] | None:
        """Return the template with the longest fixed text that a sentence is made of, and its values; None if none is."""
        best: tuple[Template, Mapping[str, str]] | None = None
        most = -1
        for templates in (self._by_first_word.get(sentence.partition(" ")[0], ()), self._others):
            for fixed, longest, template in templates:  # the longest first
                if fixed <= most:
                    break
                if longest in sentence and (values := template.match(sentence)) is not None:
                    best, most = (template, values), fixed
                    break
        return best


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what is shown of a text, piece by piece: the words, and whether they are in the reader's language."""

    pieces: tuple[tuple[str, bool], ...]

    @property
    def whole(self) -> bool:
        """Say whether all of it is in the reader's language."""
        return all(known for _, known in self.pieces)


def in_language(text: str, language: str | None = None) -> SafeString:
    """Return a text of the engine as a page shows it: in the reader's language, what nobody knows in English and marked so.

    Parameters
    ----------
    text
        One or several sentences or lines, as an error or an explanation holds them.
    language
        The reader's, where it is not the one the page is in.
    """
    code = language_of(language)
    if code == SOURCE:
        return escape(text)
    said = _said(text, code, True)
    shown = (piece if known else f'<span lang="en" dir="ltr">{escape(piece)}</span>' for piece, known in said.pieces)
    return mark_safe("".join(shown))  # noqa: S308 -- every value and every unknown sentence is escaped


def in_plain_text(text: str, language: str | None = None) -> str:
    """Return a text of the engine in the reader's language without markup, for the API and papers; values are isolated."""
    code = language_of(language)
    return text if code == SOURCE else "".join(piece for piece, _ in _said(text, code, False).pieces)


def is_known(text: str, language: str) -> bool:
    """Say whether all of a text can be said in a language."""
    return language == SOURCE or _said(text, language, False).whole


@lru_cache(maxsize=KEPT)
def _said(text: str, language: str, markup: bool) -> Said:
    if len(text) > LONGEST:
        return Said(((text, False),))
    with override(language):
        speaker = _Speaker(recogniser_of(language), escape if markup else str, _in_bdi if markup else isolated)
        return Said(tuple(speaker.lines(text)))


@cache
def recogniser_of(language: str) -> Recogniser:
    """Return the recogniser of the sentences that a language's catalogue has a translation of."""
    file = FOLDER / language / "LC_MESSAGES" / "django.mo"
    if not file.is_file():
        return Recogniser(())
    with file.open("rb") as opened:
        known = read_mo(opened)
    return Recogniser([str(one.id) for one in known if one.string and _context(one) == CONTEXT])


def _context(message: Message) -> str:
    context: str | bytes | None = message.context  # Babel reads it from a compiled catalogue as bytes
    return context.decode() if isinstance(context, bytes) else context or ""


class _Speaker:
    """Say texts in the language that is active."""

    def __init__(self, recogniser: Recogniser, plain: Callable[[str], str], apart: Callable[[str], str]) -> None:
        self.recogniser = recogniser
        self.plain = plain
        self.apart = apart

    def lines(self, text: str) -> list[tuple[str, bool]]:
        """Return the pieces of a text: all of it at once where it is known, else line by line, sentence by sentence."""
        if "\n" in text:
            whole = self.sentence(text)
            if whole is not None:
                return [(whole, True)]
            pieces: list[tuple[str, bool]] = []
            for number, line in enumerate(text.split("\n")):
                pieces += [("\n", True)] * (number > 0) + self.lines(line)
            return pieces
        return self._sentences(END_OF_SENTENCE.split(text))

    def _sentences(self, parts: list[str], depth: int = 0) -> list[tuple[str, bool]]:
        """Return sentences in a row, cut so that the templates that say them have the most fixed text in all."""
        best: list[tuple[int, list[tuple[int, str | None]]]] = [(0, [])]
        for end in range(1, len(parts) + 1):
            score, way = best[end - 1]
            choices = [(score, [*way, (end - 1, None)])]
            starts = set(range(max(0, end - MOST_AT_ONCE), end)) | ({0} if end == len(parts) else set())
            for start in sorted(starts):
                found = self._found("".join(parts[start:end]).strip(" "))
                if found is not None:
                    score, way = best[start]
                    choices.append((score + found[0].fixed + 1, [*way, (start, "")]))
            best.append(max(choices, key=lambda one: one[0]))
        pieces: list[tuple[str, bool]] = []
        ends = [*(start for start, _ in best[-1][1][1:]), len(parts)]
        for (start, known), end in zip(best[-1][1], ends, strict=True):
            joined = "".join(parts[start:end])
            said = None if known is None else self.sentence(joined.strip(" "), depth)
            if said is not None:
                pieces.append((" " * (len(joined) - len(joined.lstrip(" "))) + said, True))
            elif pieces and not pieces[-1][1]:  # what nobody knows stays together
                pieces[-1] = (pieces[-1][0] + joined, False)
            else:
                pieces.append((joined, not joined.strip()))
        return pieces

    def _found(self, text: str) -> tuple[Template, Mapping[str, str], Callable[[str], str]] | None:
        """Return the template that makes a sentence, its values, and what finishes it; None where none is translated."""
        stopped = text.endswith(".")
        for begun, finish in (
            (text, str), (text[:1].lower() + text[1:], _capitalised),
            (text.removesuffix(".") if stopped else "", _stopped), (text + " ", str.rstrip),
            (text[:1].upper() + text[1:], _uncapitalised),
        ):  # fmt: skip
            found = self.recogniser.find(begun) if begun else None
            if found is not None:
                return None if pgettext(CONTEXT, found[0].text) == found[0].text else (*found, finish)
        return None

    def sentence(self, text: str, depth: int = 0) -> str | None:
        """Return one sentence in the language, None where no template of a translated sentence makes it."""
        found = self._found(text)
        if found is None:
            return None
        template, values, finish = found
        about = next((one for one in values.values() if REF.fullmatch(one)), "")
        shown = {
            name: self.value(
                values[name],
                depth,
                about,
                quoted=bool(before and behind) and before[-1] in QUOTES and behind[0] in QUOTES,
            )
            for before, name, behind in zip(template.pieces, template.names, template.pieces[1:], strict=False)
        }
        try:
            return finish(self.plain(pgettext(CONTEXT, template.text)).format(**shown))
        except (KeyError, IndexError, ValueError):  # a translator's slip must not take the page down
            return None

    def value(self, text: str, depth: int, about: str = "", *, quoted: bool) -> str:
        """Return a value as it stands in a sentence; what was typed, between quotes, stays as it was typed."""
        if not text or quoted:
            return self.apart(text)
        if "\n" in text:
            return "".join(piece if known else self.apart(piece) for piece, known in self.lines(text))
        return self.known(text, depth, about) or self.apart(text)

    def known(self, text: str, depth: int, about: str = "") -> str | None:
        """Return a value in the language: a word, a number, a day, a phrase, a sentence or several, a list; None if it is none."""
        word = vocabulary.find_word(text, about)
        if word:
            return self.plain(word)
        if NUMBER.fullmatch(text):
            return self.apart(amount(int(text.replace(",", "")))) if "," in text else self.apart(text)
        if DAY.fullmatch(text):
            try:
                return self.apart(day(date.fromisoformat(text)))
            except ValueError:
                return None
        if depth >= DEEPEST:
            return None
        phrase = Phrases(lambda inner: self.known(inner, depth + 1), self.plain, self.apart).say(text)
        if phrase is not None:
            return phrase
        if " " in text:
            parts = END_OF_SENTENCE.split(text)
            if len(parts) > 1:
                pieces = self._sentences(parts, depth + 1)
                if all(known for _, known in pieces):
                    return "".join(piece for piece, _ in pieces)
            inner = self.sentence(text.strip(" "), depth + 1)
            if inner is not None:
                return inner + " " * text.endswith(" ")
        return self._list(text) or None

    def _list(self, text: str) -> str:
        """Return a list of words that are all known, with the language's own "and", "or" and comma; else ""."""
        parts = LIST.split(text)
        if len(parts) < 3:
            return ""
        words = [vocabulary.find_word(part) for part in parts[::2]]
        if not all(words):
            return ""
        between = {
            ", and ": gettext(", and "), ", or ": gettext(", or "), ", ": gettext(", "), " and ": gettext(" and "),
            " or ": gettext(" or "), ";": "; ",
        }  # fmt: skip
        joined = words[0]
        for separator, word in zip(parts[1::2], words[1:], strict=True):
            joined += between[separator] + word
        return self.plain(joined)


def _closed(text: str) -> bool:
    return text.count("(") == text.count(")")


def _stopped(text: str) -> str:
    return text + gettext(".")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


def _in_bdi(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>" if text else ""
