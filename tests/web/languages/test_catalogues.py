"""The catalogues hold what the source says, no more and no less; what is translated fits its places and plural forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from hypothesis import given
from hypothesis import strategies as st

from evenhand.web.languages import FOLDER, LANGUAGES, SOURCE
from evenhand.web.languages.compiling import DRAFT, compile_one, is_translated, to_bytes
from evenhand.web.languages.extracting import PLURALS, _in_template, extract_all, merge, read_catalog, write_catalog
from evenhand.web.languages.speaking import count_drafts

OTHERS = [language for language in LANGUAGES if language != SOURCE]
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
KEPT = {language: FOLDER / language / "LC_MESSAGES" / "django.po" for language in OTHERS}
languages = pytest.mark.parametrize("language", OTHERS)


@pytest.fixture(scope="module")
def source() -> Catalog:
    return extract_all()


def messages(catalog: Catalog) -> Iterator[Message]:
    return (one for one in catalog if one.id)


def names(catalog: Catalog) -> set[tuple[object, str | None]]:
    return {(one.id if isinstance(one.id, str) else tuple(one.id), one.context) for one in messages(catalog)}


@languages
def test_nothing_is_missing_and_nothing_obsolete(language: str, source: Catalog) -> None:
    kept = read_catalog(KEPT[language])
    assert names(kept) == names(source), "run: make words"
    assert not kept.obsolete


@languages
def test_the_places_of_a_translation_are_those_of_its_source(language: str) -> None:
    wrong = []
    for one in messages(read_catalog(KEPT[language])):
        if is_translated(one.string):
            source, said = ([one.id], [one.string]) if isinstance(one.id, str) else (list(one.id), list(one.string))
            wanted = set(PLACES.findall(source[-1]))
            for form, text in enumerate(said):
                found = set(PLACES.findall(text))
                # A form that is for one number alone may say it in words: "one member", two members in Arabic.
                fits = found == wanted if len(said) == 1 or form == len(said) - 1 else found <= wanted
                if not fits:
                    wrong.append((one.id, text))
    assert wrong == []


@languages
def test_every_plural_form_is_there_or_none(language: str) -> None:
    forms, expression = PLURALS[language]
    kept = read_catalog(KEPT[language])
    assert kept.num_plurals == forms
    assert kept.plural_expr.strip("()") == expression.strip("()")
    for one in messages(kept):
        if one.pluralizable:
            assert len(one.string) == forms, one.id
            assert is_translated(one.string) or not any(one.string), f"{one.id} has some of its forms only"


def test_arabic_has_six_forms_and_each_number_takes_its_own() -> None:
    from gettext import c2py

    form = c2py(PLURALS["ar"][1])
    assert [form(number) for number in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)] == [
        0,
        1,
        2,
        3,
        3,
        4,
        4,
        5,
        5,
        3,
        4,
    ]


@languages
@given(number=st.integers(0, 10**6))
def test_the_plural_forms_are_those_of_cldr(language: str, number: int) -> None:
    from gettext import c2py

    from babel import Locale

    order = {"ar": ("zero", "one", "two", "few", "many", "other"), "ru": ("one", "few", "many"), "zh": ("other",)}
    tags = order.get(language, ("one", "other"))
    tag = Locale.parse({"zh": "zh_Hans"}.get(language, language)).plural_form(number)
    wanted = tag if tag in tags else "other"  # "many" of French and Spanish is for millions in words
    assert tags[c2py(PLURALS[language][1])(number)] == wanted


@languages
def test_what_a_machine_made_says_so_and_is_counted(language: str) -> None:
    kept = read_catalog(KEPT[language])
    marked = [one for one in messages(kept) if DRAFT in one.user_comments]
    assert all(is_translated(one.string) for one in marked)
    assert count_drafts(language) == len(marked)
    assert all(one.user_comments in ([], [DRAFT]) for one in messages(kept)), (
        "a comment that is no draft mark is misspelt"
    )


def test_english_is_the_source_and_has_no_drafts() -> None:
    assert count_drafts(SOURCE) == 0


def test_no_translation_leads_out_of_the_page() -> None:
    """A translator may not bring in markup or characters that turn the direction of what follows."""
    for language, file in KEPT.items():
        for one in messages(read_catalog(file)):
            said = "".join([one.string] if isinstance(one.string, str) else one.string)
            source = "".join([one.id] if isinstance(one.id, str) else one.id)
            assert not set(said) & set("\u202a\u202b\u202c\u202d\u202e"), (language, source)
            assert ("<" in said) <= ("<" in source), (language, source)


def test_merging_keeps_what_is_translated_and_its_mark(tmp_path: Path) -> None:
    file, template = tmp_path / "django.po", Catalog(charset="utf-8")
    for word in ("Need", "Offer"):
        template.add(word, locations=[("a.py", 0)])
    template.add(("{n} need", "{n} needs"), locations=[("a.py", 0)])
    first = merge(template, file, "ar")
    first["Need"].string, first["Need"].user_comments = "احتياج", [DRAFT]
    assert write_catalog(file, first, "ar")
    template.delete("Offer")
    template.add("Round", locations=[("b.py", 0)])
    again = merge(template, file, "ar")
    assert (again["Need"].string, again["Need"].user_comments, again["Round"].string) == ("احتياج", [DRAFT], "")
    assert "Offer" not in again
    write_catalog(file, again, "ar")
    assert not write_catalog(file, merge(template, file, "ar"), "ar"), "made twice, the same bytes"
    assert to_bytes(read_catalog(file)) == to_bytes(read_catalog(file))


def test_a_catalogue_is_compiled_when_it_changed_and_not_otherwise(tmp_path: Path) -> None:
    po, mo = tmp_path / "django.po", tmp_path / "django.mo"
    catalog = Catalog(locale="fr", charset="utf-8")
    catalog.add("Need", "Besoin")
    write_catalog(po, catalog, "fr")
    assert (compile_one(po, mo), compile_one(po, mo)) == (True, False)
    catalog["Need"].string = "Le besoin"
    write_catalog(po, catalog, "fr")
    assert compile_one(po, mo)


def test_templates_are_read_as_django_reads_them() -> None:
    text = (
        '{% load i18n %}<p>{% translate "Needs" %}</p>{{ _("Offers")|upper }}\n'
        '{% translate "open" context "state of a round" %}\n'
        '{% blocktranslate count n=n trimmed %}\n  {{ n }} "lot"\n{% plural %}\n  {{ n }} lots\n{% endblocktranslate %}'
    )
    assert [(one, context) for one, context, _ in _in_template(text, "x.html")] == [
        ("Needs", None), ("Offers", None), ("open", "state of a round"), (('%(n)s "lot"', "%(n)s lots"), None),
    ]  # fmt: skip
