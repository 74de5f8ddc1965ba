"""What stands inside the engine's sentences and is no sentence: counted things, names of lots, lists, what is given by whom.

An explanation says "13 others (Chad, Mali and 11 more)" or "269 packs of vaccine A, worth 13,450 service units, from France, lot
AZ-1". `sentences` takes such values out of a sentence and asks here for them in the reader's language. Must never lose or change a
name or a number: what is not surely one of these comes back as None, and is shown as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from babel import Locale
from django.utils.translation import gettext, npgettext, pgettext

from evenhand.web.languages.formats import amount, plural_number

LONGEST: Final = 2_000
"""Characters; no phrase of the engine is longer."""

NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
"""How the engine writes small counts."""

COUNTED: Final[dict[str, Callable[[int], str]]] = {
    "pack": lambda n: npgettext("counted", "{count} pack", "{count} packs", n),
    "more pack": lambda n: npgettext("counted", "{count} more pack", "{count} more packs", n),
    "service unit": lambda n: npgettext("counted", "{count} service unit", "{count} service units", n),
    "more service unit": lambda n: npgettext("counted", "{count} more service unit", "{count} more service units", n),
    "unit": lambda n: npgettext("counted", "{count} unit", "{count} units", n),
    "lot": lambda n: npgettext("counted", "{count} lot", "{count} lots", n),
    "other lot": lambda n: npgettext("counted", "{count} other lot", "{count} other lots", n),
    "recipient": lambda n: npgettext("counted", "{count} recipient", "{count} recipients", n),
    "other": lambda n: npgettext("counted", "{count} other", "{count} others", n),
    "further change": lambda n: npgettext("counted", "{count} further change", "{count} further changes", n),
    "row": lambda n: npgettext("counted", "{count} row", "{count} rows", n),
    "line": lambda n: npgettext("counted", "{count} line", "{count} lines", n),
}
"""Noun of the engine → it behind a number."""

_NUMBER = rf"(?:[0-9][0-9,]*(?:\.[0-9]+)?|{'|'.join(NUMBERS)})"
_THING = rf"{_NUMBER} (?:{'|'.join(COUNTED)})s?"
COUNT: Final = re.compile(rf"({_NUMBER}) ((?:more |other |further )?[a-z]+(?: [a-z]+)?)", re.IGNORECASE)
SMALL: Final = re.compile("|".join((*NUMBERS, "both", "all")), re.IGNORECASE)
LOT: Final = re.compile(r"lot ([^\s,;:()]+)", re.IGNORECASE)
LOTS: Final = re.compile(r"lots (.+)", re.IGNORECASE)
IN_BRACKETS: Final = re.compile(r"([^()]+) \((.+)\)")
PACKS_OF: Final = re.compile(rf"({_THING}) of ([^,;()]+)", re.IGNORECASE)
WORTH: Final = re.compile(rf"(.+?), worth ({_THING})(,?)")
GIVEN: Final = re.compile(r"(.+?),? from ([^,;:]+), lot ([^\s,;:()]+)")
FROM_LOT: Final = re.compile(r"(.+?),? from lot ([^\s,;:()]+)")
FROM_LOTS: Final = re.compile(rf"(.+?),? from ({_NUMBER} lots?): (.+)")
MEANT: Final = re.compile(r"(.+?), ((?:not )?meant for .+)")
SHARE: Final = re.compile(r"([0-9][0-9.,]*%) of (the .+)")
AND_MORE: Final = re.compile(r"(.+) and ([0-9][0-9,]*) more")
CODE: Final = re.compile(r"[A-Z0-9]{2,}|[A-Za-z0-9]+(?:[._:-][A-Za-z0-9]+)+")

WITH_AND: Final = tuple(
    name.replace("&", "and") for name in (
        "Antigua & Barbuda", "Bosnia & Herzegovina", "Saint Kitts & Nevis", "Saint Vincent & the Grenadines", "Sao Tome & Principe",
        "Trinidad & Tobago", "Turks & Caicos Islands", "Wallis & Futuna", "Svalbard & Jan Mayen", "Saint Pierre & Miquelon",
        "Heard Island & McDonald Islands", "Ascension & Tristan da Cunha", "South Georgia & the South Sandwich Islands",
        "United Kingdom of Great Britain & Northern Ireland",
    )
)  # fmt: skip
"""Names in which "and" joins no two of them."""

Value = Callable[[str], str | None]
"""What returns a value in the reader's language, None where it is not known."""


class Phrases:
    """Say phrases in the language that is active.

    Parameters
    ----------
    known
        Says what stands inside a phrase, where that is known.
    plain, apart
        Make text of ours, and a name or number of somebody's, fit to be shown.
    """

    def __init__(self, known: Value, plain: Callable[[str], str], apart: Callable[[str], str]) -> None:
        self.known = known
        self.plain = plain
        self.apart = apart

    def say(self, text: str) -> str | None:
        """Return a phrase in the language; None where it is none."""
        if len(text) > LONGEST:
            return None
        if "; " in text and len(_split(text, "; ")) > 1 and not FROM_LOTS.fullmatch(text):
            return self._list(text)
        return (
            self._counted(text)
            or self._level(text)
            or self._of_lots(text)
            or self._given(text)
            or self._bracketed(text)
            or self._list(text)
        )

    def _counted(self, text: str) -> str | None:
        """Say "13 others", "two lots", "both"."""
        if SMALL.fullmatch(text):
            folded = text.lower()
            if folded in NUMBERS:
                return self.apart(str(NUMBERS.index(folded)))
            return self.plain(pgettext("counted", "both") if folded == "both" else pgettext("counted", "all"))
        found = COUNT.fullmatch(text)
        if not found:
            return None
        number, noun = found[1].lower(), found[2].lower()
        say = COUNTED.get(noun) or COUNTED.get(noun.removesuffix("s"))
        if say is None:
            return None
        if number in NUMBERS or "." not in number:
            whole = NUMBERS.index(number) if number in NUMBERS else int(number.replace(",", ""))
            return self._filled(say(plural_number(whole)), count=self.apart(amount(whole)))
        return self._filled(
            say(plural_number(float(number.replace(",", "")))), count=self.apart(number)
        )  # every digit of it

    def _level(self, text: str) -> str | None:
        """Say "40.0% of the first group"."""
        said = {
            "the first group": pgettext("phrase", "the first group"), "the rest": pgettext("phrase", "the rest"),
            "the target": pgettext("phrase", "the target"),
        }  # fmt: skip
        if text in said:
            return self.plain(said[text])
        found = SHARE.fullmatch(text)
        group = self.known(found[2]) if found else None
        if not found or not group:
            return None
        return self._filled(pgettext("phrase", "{share} of {group}"), share=self.apart(found[1]), group=group)

    def _of_lots(self, text: str) -> str | None:
        """Say "lot A", "lots A and B", and whom they are meant for."""
        if found := LOT.fullmatch(text):
            return self._filled(pgettext("phrase", "lot {name}"), name=self.apart(found[1]))
        if found := MEANT.fullmatch(text):
            lots, meant = self.say(found[1]), self.known(found[2])
            return f"{lots}{self.plain(gettext(', '))}{meant}" if lots and meant else None
        if found := LOTS.fullmatch(text):
            names = self._list(found[1], sure=True)
            return self._filled(pgettext("phrase", "lots {names}"), names=names) if names else None
        return None

    def _given(self, text: str) -> str | None:
        """Say "24 packs of vaccine A, worth 12 service units, from France, lot A"."""
        if found := FROM_LOTS.fullmatch(text):
            what, lots, gifts = self.say(found[1]), self.say(found[2]), self._list(found[3])
            if what and lots and gifts:
                return self._filled(pgettext("phrase", "{what} from {lots}: {list}"), what=what, lots=lots, list=gifts)
        if (found := GIVEN.fullmatch(text)) and (what := self.say(found[1])):
            donor = self.known(found[2]) or self.apart(found[2])
            return self._filled(
                pgettext("phrase", "{what} from {donor}, lot {lot}"), what=what, donor=donor, lot=self.apart(found[3])
            )
        if (found := FROM_LOT.fullmatch(text)) and (what := self.say(found[1])):
            return self._filled(pgettext("phrase", "{what} from lot {lot}"), what=what, lot=self.apart(found[2]))
        if (found := WORTH.fullmatch(text)) and (what := self.say(found[1])) and (worth := self.say(found[2])):
            said = self._filled(pgettext("phrase", "{what}, worth {worth}"), what=what, worth=worth)
            return said + self.plain(gettext(", ").rstrip()) if found[3] else said
        if (found := PACKS_OF.fullmatch(text)) and (what := self._counted(found[1])):
            resource = self._of_lots(found[2]) or self.apart(found[2])
            return self._filled(pgettext("phrase", "{what} of {resource}"), what=what, resource=resource)
        return None

    def _bracketed(self, text: str) -> str | None:
        """Say "13 others (Chad and Mali)"."""
        found = IN_BRACKETS.fullmatch(text)
        what = self.say(found[1]) if found else None
        if not found or not what:
            return None
        inside = self.known(found[2]) or self._list(found[2], sure=True)
        return f"{what} ({inside})" if inside else None

    def _list(self, text: str, *, sure: bool = False) -> str | None:
        """Say "A, B and C", "A, B and 9 more", "this; that; and something else".

        Parameters
        ----------
        sure
            It is a list of the engine's; else it may be one name with "and" in it, and stays so unless every part is known.
        """
        if "; " in text:
            parts = _split(text, "; ")
            said = [self.known(part) or self.known(part.removeprefix("and ")) for part in parts]
            return self.plain(gettext("; ")).join(filter(None, said)) if len(parts) > 1 and all(said) else None
        if (found := AND_MORE.fullmatch(text)) and (names := self._each(_split(found[1], ", "), sure=True)):
            joined = self.plain(gettext(", ")).join(names)
            more = self.apart(amount(int(found[2].replace(",", ""))))
            return self._filled(pgettext("phrase", "{names} and {count} more"), names=joined, count=more)
        if ", or " in text:  # the ends of one sentence
            ends = [self.known(part) for part in _split(text, ", or ")]
            return self.plain(gettext(", or ")).join(filter(None, ends)) if all(ends) else None
        kept = text
        for name in WITH_AND:
            kept = kept.replace(name, name.replace(" and ", "\0"))
        first, and_, last = kept.rpartition(" and ")
        if not and_:
            return self.apart(text) if sure and _is_name(text) else None
        parts = [part.replace("\0", " and ") for part in (*_split(first, ", "), last)]
        names = self._each(parts, sure=sure)
        if not names:
            return None
        return self.plain(gettext(" and ")).join((self.plain(gettext(", ")).join(names[:-1]), names[-1]))

    def _each(self, parts: list[str], *, sure: bool) -> list[str]:
        """Return the parts of a list in the language, names as they are; none where one is neither known nor a name."""
        is_name = _is_name if sure else _is_surely_a_name
        said = [self.known(part) or (self.apart(part) if is_name(part) else None) for part in parts]
        return [one for one in said if one] if all(said) else []

    def _filled(self, words: str, **values: str) -> str:
        try:
            return self.plain(words).format(**values)
        except (KeyError, IndexError, ValueError):  # a translator's slip must not take the page down
            return " ".join(values.values())


def _is_name(text: str) -> bool:
    """Say whether something can be a name: a code, or words of which the first has a capital letter."""
    return bool(text) and (" " not in text or (text[0].isupper() and len(text) < 100 and not re.search("[:.] ", text)))


def _is_surely_a_name(text: str) -> bool:
    """Say whether something is a code in capitals, or what a country is called in English."""
    return bool(CODE.fullmatch(text)) or text in _countries()


@cache
def _countries() -> frozenset[str]:
    return frozenset(Locale("en").territories.values())


def _split(text: str, separator: str) -> list[str]:
    """Cut a list where a separator stands outside brackets.

    Examples
    --------
    >>> _split("A, B (C, D), E", ", ")
    ['A', 'B (C, D)', 'E']
    """
    parts: list[str] = []
    open_ = False
    for part in text.split(separator):
        if open_:
            parts[-1] += separator + part
        else:
            parts.append(part)
        open_ = parts[-1].count("(") > parts[-1].count(")")
    return parts
