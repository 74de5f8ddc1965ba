"""Topics of sentences: which words say so, and which never do."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evenhand.statements
from evenhand.statements.topics import find_topics, name_of_topic

TABLES = Path(evenhand.statements.__file__).parent / "tables"


def codes_of(sentence: str) -> dict[str, str]:
    """Return the codes of a sentence's topics with the words that say so."""
    return {f"{one.scheme} {one.code}": one.words for one in find_topics(sentence)}


@pytest.mark.parametrize(
    ("sentence", "code", "words"),
    [
        ("They hailed assistance to more than 80 countries during the pandemic.", "dac 12264", "pandemic"),
        ("They hailed assistance to more than 80 countries during the pandemic.", "sdg 3", "pandemic"),
        ("UNICEF will provide learning materials to pupils.", "dac 111", "learning materials"),
        ("UNHCR will send 900 family tents to Iriba.", "dac 72010", "tents"),
        ("The school meals that WFP goes on serving", "dac 11250", "school meals"),
        ("a need for shelter, clean water and so on", "sdg 6", "clean water"),
        ("They exchanged views on the climate change.", "sdg 13", "climate change"),
        ("help lent to veterinary services", "dac 31195", "veterinary"),
        ("the fight against foot-and-mouth disease", "dac 31195", "foot-and-mouth disease"),
        ("Universities offered scholarships.", "dac 11420", "Universities"),
    ],
)
def test_a_phrase_of_the_tables_says_what_a_sentence_is_about(sentence: str, code: str, words: str) -> None:
    assert codes_of(sentence)[code] == words


@pytest.mark.parametrize(
    "sentence",
    [
        "Health Minister Marcella Joubert said she appreciated so generous a gesture.",
        "He held talks with the Minister of Agriculture and Land Reclamation.",
        "The World Food Programme and the World Health Organization were present.",
        "The Ministry of Science and Education told our correspondent.",
        "money of the Education Above All foundation",
        "The refugee chief was decorated.",
        "The guest thanked for the hospitality.",
        "",
    ],
)
def test_names_of_offices_and_bodies_are_no_topics(sentence: str) -> None:
    assert codes_of(sentence) == {}


def test_the_longest_phrase_says_it_alone() -> None:
    assert codes_of("Brazil makes animal vaccines at home.") == {
        "dac 311": "animal vaccines",
        "dac 31195": "animal vaccines",
    }


def test_a_purpose_brings_its_sector() -> None:
    assert list(codes_of("a cholera outbreak")) == ["dac 122", "dac 12250", "sdg 3"]


def test_every_code_of_the_tables_has_a_name_and_every_purpose_its_sector() -> None:
    for scheme, table, most in (("dac", "sectors", 5), ("sdg", "sdgs", 2)):
        with (TABLES / f"{table}.csv").open(encoding="utf-8") as file:
            codes = [row["code"] for row in csv.DictReader(file) if row["code"]]
        assert len(codes) == len(set(codes))
        assert all(name_of_topic(scheme, code) and len(code) <= most for code in codes)
        if scheme == "dac":
            assert {code[:3] for code in codes} <= set(codes)
        else:
            assert codes == [str(number) for number in range(1, 18)]


PIECES = st.lists(
    st.sampled_from(["clean water", "Ministry of Health", "vaccine", "vaccines", ",", "the", "Schools", "’s", "\n", "é", "tents", "and"]), max_size=12
).map(" ".join)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(PIECES | st.text(max_size=60), st.integers(0, 1000))
def test_every_topic_points_at_the_exact_words_and_stands_once(sentence: str, at: int) -> None:
    topics = find_topics(sentence, at)
    assert all(sentence[one.start - at : one.end - at] == one.words for one in topics)
    assert len({(one.scheme, one.code) for one in topics}) == len(topics)
    assert topics == find_topics(sentence, at)
