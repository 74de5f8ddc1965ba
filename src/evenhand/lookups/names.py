"""What records are called in a reader's language, and what translations of their words there are.

A name is a translation where somebody gave one; else, for the states and countries of ISO 3166, currencies and languages,
what Unicode's CLDR calls them; else the stored name in its own language. Used by every page, through `{% named %}`, and by the
API. Must never tell of a text that the viewer may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Final

from babel import Locale
from babel.core import get_global
from django.db.models import Model, Q, QuerySet

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import one_of
from evenhand.lookups.evidence import seen_evidence
from evenhand.lookups.needs import seen_needs
from evenhand.lookups.reach import reach_of
from evenhand.lookups.rounds import seen_objections, seen_rounds
from evenhand.lookups.version import of_this_version
from evenhand.records import models as records

LOCALES: Final = {"zh": "zh_Hans"}
STORED: Final = "en"
"""The language of the shipped lists, and of the column `name` of resources."""

NAMED: Final[dict[str, tuple[type[Model], str]]] = {
    "party": (records.Party, "name"), "place": (records.Place, "name"), "group": (records.Group, "name"),
    "resource": (records.Resource, "name"), "programme": (records.Programme, "title"),
}  # fmt: skip
"""The kinds whose names everybody may read: table, and the column of the name."""


@dataclass(frozen=True, slots=True)
class Name:
    """Hold a name as it is shown.

    Attributes
    ----------
    language
        The language it is in, "" where nobody knows.
    draft
        A translation that no person has read.
    """

    text: str
    language: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """Hold one translation of a text of a record."""

    of: str
    key: str
    field: str
    language: str
    text: str
    draft: bool
    source: str


@dataclass(slots=True)
class Names:
    """Know what everything public is called in one language, as of one version of the records."""

    language: str
    translated: Mapping[tuple[str, str], Name]
    _stored: dict[str, dict[str, tuple[str, str, str]]] = field(default_factory=dict)

    def name_of(self, of: str, key: str, stored: str = "") -> Name:
        """Return what something is called.

        Parameters
        ----------
        of
            party, place, group, resource, programme, currency or language.
        key
            Its key, ref or code.
        stored
            Its stored name, where the caller has it; saves a look.
        """
        translated = self.translated.get(("resource" if of == "currency" else of, key))
        if translated is not None:
            return translated
        if of == "language":
            return Name(_locale(self.language).languages.get(key, stored or key), self.language)
        if of in ("party", "place") and self.language != STORED:
            known = _territory(self.language, key)
            if known and (of == "place" or self._look(of, key)[1] == "state"):
                return Name(known, self.language)
        if of in ("resource", "currency"):
            return self._resource(key, stored)
        text, kind, _ = (stored, "", "") if stored else self._look(of, key)
        of_a_list = kind == "state" or (of == "place" and len(key) == 3 and key.isupper())
        return Name(text or key, STORED if of_a_list else "")

    def _resource(self, key: str, stored: str) -> Name:
        code = key if len(key) == 3 and key.isupper() else ""
        currency = _locale(self.language).currencies.get(code) if code and self.language != STORED else None
        if currency:
            return Name(currency, self.language)
        if self.language == "fr":
            french = self._look("resource", key)[2]
            if french:
                return Name(french, "fr")
        return Name(stored or self._look("resource", key)[0] or key, STORED)

    def _look(self, of: str, key: str) -> tuple[str, str, str]:
        """Return the stored name, the kind and the French name; of a kind of record all are read at once."""
        if of not in NAMED:
            return "", "", ""
        if of not in self._stored:
            self._stored[of] = _read(of, Q())
        found = self._stored[of].get(key)
        if found is None:  # made since
            found = self._stored[of][key] = _read(of, Q(pk=key)).get(key, ("", "", ""))
        return found


def read_names(viewer: Viewer, language: Annotated[str, "ar, zh, en, fr, ru or es"] = STORED) -> Names:
    """Return the names of everything public in a language: at most one query for the version, and one when it is new.

    Ask once for a page and keep what comes. Inside a transaction, which may be rolled back, nothing is kept for others.
    """
    return of_this_version(f"names in {language}", lambda: _names_in(language))


def _names_in(language: str) -> Names:
    rows = records.Translation.objects.filter(
        language=language, field__in=("name", "title"), of__in=tuple(NAMED)
    ).values_list("of", "key", "text", "draft")
    return Names(language, {(of, key): Name(text, language, draft) for of, key, text, draft in rows})


def list_translations(
    viewer: Viewer,
    *,
    of: Annotated[str, "only of this kind of record: party, resource, need, ..."] = "",
    key: Annotated[str, "only of this key or ref"] = "",
    language: Annotated[str, "only into this language: ar, zh, en, fr, ru or es"] = "",
    draft: Annotated[bool | None, "only drafts, or only what somebody has read"] = None,
) -> list[Translation]:
    """Return the translations of what a viewer may see, by kind, key, field and language.

    Raises
    ------
    OptionRefused
        There is no such kind or language.
    """
    one_of("kind of record with translations", of, records.Translation.OF)
    one_of("language", language, records.Translation.LANGUAGES)
    chosen = records.Translation.objects.filter(_seen(viewer))
    for column, wanted in (("of", of), ("key", key), ("language", language)):
        chosen = chosen.filter(**{column: wanted}) if wanted else chosen
    if draft is not None:
        chosen = chosen.filter(draft=draft)
    columns = ("of", "key", "field", "language", "text", "draft", "source")
    return [Translation(*row) for row in chosen.order_by("of", "key", "field", "language").values_list(*columns)]


def seen_translations(viewer: Viewer) -> QuerySet[records.Translation]:
    """Return the rows of the translations that a viewer may see, for other lookups."""
    return records.Translation.objects.filter(_seen(viewer))


def _seen(viewer: Viewer) -> Q:
    """Return the condition that the text itself may be seen: names by everybody, other words as their record is."""
    conditions = records.Offer.objects.filter(reach_of(viewer, "see offer conditions").over("donor"))
    seen: dict[str, Callable[[], QuerySet[Any]]] = {
        "need": lambda: seen_needs(viewer), "round": lambda: seen_rounds(viewer),
        "objection": lambda: seen_objections(viewer), "evidence": lambda: seen_evidence(viewer),
        "offer": lambda: conditions,
    }  # fmt: skip
    condition = Q(of__in=tuple(NAMED))
    for of, rows in seen.items():
        condition |= Q(of=of, key__in=rows().values("pk"))
    return condition


def _read(of: str, which: Q) -> dict[str, tuple[str, str, str]]:
    table, column = NAMED[of]
    more = {"party": ("kind",), "resource": ("kind", "name_fr")}.get(of, ())
    rows = table._default_manager.filter(which).values_list("pk", column, *more)
    return {row[0]: (*row[1:], "", "")[:3] for row in rows}


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, language))


@cache
def _territory(language: str, key: str) -> str:
    """Return what CLDR calls a country by its ISO 3166 alpha-3 code; "" where it is none."""
    if len(key) != 3 or not key.isupper():
        return ""
    shorter = get_global("territory_aliases").get(key, [""])[0]
    return str(_locale(language).territories.get(shorter, "")) if len(shorter) == 2 else ""
