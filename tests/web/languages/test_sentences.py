"""What the engine says in English is found again in the catalogue, with every value as it was, and nothing made up.

A sentence is a template with values put in. The laws: putting values into any template of the source and looking the result
up gives back a template and values that say the very same sentence; and no reader ever meets unescaped text.
"""

from __future__ import annotations

import ast
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evenhand
from evenhand.errors import EvenhandError, InputRefused, NameUnknown, Problem, StockShort
from evenhand.web.languages import LANGUAGES, SOURCE, sentences
from evenhand.web.languages.sentences import Recogniser, Template, in_language, in_plain_text
from evenhand.web.languages.source_sentences import _Reader, read_sentences

PACKAGE = Path(evenhand.__file__).parent
ALL = [one.template for one in read_sentences(PACKAGE)]
KNOWN = Recogniser(ALL)
OTHERS = [language for language in LANGUAGES if language != SOURCE]


def fill(template: Template, values: dict[str, str]) -> str:
    return template.text.format(**values)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), text=st.sampled_from(ALL))
def test_a_sentence_of_the_source_is_always_found_and_says_the_same(data: st.DataObject, text: str) -> None:
    """Whatever the values are: quotes, commas, other sentences, right-to-left letters, nothing."""
    template = Template.read(text)
    sentence = fill(template, {name: data.draw(st.text(max_size=30)) for name in template.names})
    found = KNOWN.find(sentence)
    assert found is not None
    assert fill(found[0], dict(found[1])) == sentence
    assert found[0].fixed >= template.fixed, "the one that says more itself wins"


@settings(max_examples=300, deadline=None)
@given(data=st.data(), text=st.sampled_from(ALL))
def test_plain_values_come_back_as_they_were_put_in(data: st.DataObject, text: str) -> None:
    """Values of letters that stand in no template cannot be mistaken."""
    template = Template.read(text)
    values = {name: data.draw(st.text("ΑΒΓΔ0123456789", min_size=1, max_size=12)) for name in template.names}
    found = KNOWN.find(fill(template, values))
    assert found is not None
    if found[0] == template:
        assert found[1] == values


@pytest.mark.parametrize(
    ("template", "sentence", "values"),
    [
        ("{ref} is {state}", "ND-1 is draft", {"ref": "ND-1", "state": "draft"}),
        ("{ref} is {state}", "ND-1 was draft", None),
        ("no {kind} '{name}'", "no party 'it's'", {"kind": "party", "name": "it's"}),
        ("{a} and {a}", "x and x", {"a": "x"}),
        ("{a} and {a}", "x and y", None),
        ("abc", "abc", {}),
        ("abc", "abcd", None),
        ("ab{x}bc", "abc", None),
        ("write {{x}}", "write {x}", {}),
    ],
)
def test_a_template_matches_or_not(template: str, sentence: str, values: dict[str, str] | None) -> None:
    assert Template.read(template).match(sentence) == values


def test_looking_up_a_hostile_text_takes_no_longer_than_it_is_long() -> None:
    """A regular expression with many open places would take hours for this one."""
    sentence = "no " + "'" * 200 + "; it is one of " * 200 + "!"
    begun = time.perf_counter()
    KNOWN.find(sentence * 10)
    assert time.perf_counter() - begun < 2


def read(source: str, file: str = "actions/a.py") -> list[str]:
    return _Reader(file, frozenset({"ActionRefused"}), {}).read(ast.parse(source))


@pytest.mark.parametrize(
    ("source", "templates"),
    [
        ("raise ActionRefused(f'{row.ref} is {row.state}; only a draft can go')", ["{ref} is {state}; only a draft can go"]),
        ("raise ActionRefused(f'{a.ref} comes before {b.ref}')", ["{ref} comes before {ref_2}"]),
        ("raise ActionRefused(f'{n:,} of {n:,} are here')", ["{n} of {n} are here"]),
        ("raise ActionRefused(f'it {\"was\" if x else \"were\"} there')", ["it was there", "it were there"]),
        ("raise ActionRefused(f'no need {k}{suggest(k, ks)}')", ["no need {k}", "no need {k}; did you mean '{near}'?"]),
        ("def f():\n what = 'by somebody else'\n raise ActionRefused(f'it was used {what}')",
         ["by somebody else", "it was used {what}"]),
        ("raise ActionRefused(f'write {{x}} here')", ["write {{x}} here"]),
        ("raise ValueError('nobody reads this')", []),
        ("log('nobody reads this')", []),
    ],
)  # fmt: skip
def test_sentences_are_read_off_the_source(source: str, templates: list[str]) -> None:
    assert sorted(read(source)) == sorted(templates)


def test_in_reasons_every_sentence_is_for_people() -> None:
    source = '"""Docstring of this."""\ndef f(x):\n    """Docstring of that."""\n    return f"It stands at {x}. Nobody lower."'
    assert read(source, "reasons/a.py") == ["It stands at {x}. Nobody lower."]
    assert read(source, "ledger/a.py") == []


def test_every_template_can_be_filled_and_holds_words() -> None:
    for text in ALL:
        assert fill(Template.read(text), dict.fromkeys(Template.read(text).names, "x"))
    assert len(ALL) > 700


KNOWN_ERRORS = [
    NameUnknown("party", "TDC", ["TCD"]), NameUnknown("party", "Atlantis", []), StockShort("offered/OF-1", 3, 1000),
]  # fmt: skip


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("error", KNOWN_ERRORS, ids=str)
def test_an_error_is_known_by_its_sentence(language: str, error: EvenhandError) -> None:
    """It is said in the language exactly where the catalogue has a translation of it."""
    assert KNOWN.find(error.sentence) is not None
    translated = sentences.recogniser_of(language).find(error.sentence) is not None
    assert (in_plain_text(error.sentence, language) != error.sentence) == translated


def test_a_name_that_does_not_exist_is_told_in_arabic() -> None:
    said = in_language(NameUnknown("party", "TDC", ["TCD"]).sentence, "ar")
    assert "طرف" in said
    assert "<bdi>TDC</bdi>" in said
    assert "<bdi>TCD</bdi>" in said
    assert "<span" not in said


def test_what_was_typed_is_shown_as_it_was_typed() -> None:
    """A word of a closed list, a number, a date: between quotes they are somebody's own."""
    for typed in ("draft", "2026-03-02", "1,000"):
        assert f"<bdi>{typed}</bdi>" in in_language(f"no party '{typed}'", "fr")


def test_what_nobody_knows_is_english_and_says_so() -> None:
    assert in_language("Quite <unheard> of.", "ar") == '<span lang="en" dir="ltr">Quite &lt;unheard&gt; of.</span>'
    assert in_language("Quite <unheard> of.", "en") == "Quite &lt;unheard&gt; of."
    assert in_plain_text("Quite <unheard> of.", "ar") == "Quite <unheard> of."


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None)
@given(data=st.data(), text=st.sampled_from(ALL))
def test_no_value_becomes_markup(language: str, data: st.DataObject, text: str) -> None:
    template = Template.read(text)
    hostile = st.sampled_from(["<script>", "\u202e", "a&b", "{x}", "%s", "{0}", "'\"><img>", "draft"])
    values = {name: data.draw(hostile) for name in template.names}
    shown = in_language(fill(template, values), language)
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<bdi>", "</bdi>", '<span lang="en" dir="ltr">', "</span>"}


def test_problems_of_a_file_are_told_line_by_line() -> None:
    error = InputRefused([Problem("needs", 7, "packs", "no party 'TDC'"), Problem("needs", 9, "", "quite unheard of")])
    said = in_language(error.sentence, "fr")
    assert "TDC" in said
    assert "quite unheard of" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_is_never_lost(language: str) -> None:
    said = in_language("ND-7K2M9QX4PD is draft; only a need that is submitted can be approved", language)
    assert "ND-7K2M9QX4PD" in said
