"""Names in any script: which spellings meet, and which stay apart."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.matching.births import read_births
from evenhand.matching.letters import latin, names, to_latin
from evenhand.matching.sounds import sounds

ALIKE = [
    ("محمد", "Mohammed", "Muhammad", "Мухаммед", "Mohamed", "محمّد", "MUHAMMED"),
    ("يوسف", "Yusuf", "Youssef", "Yousef", "Юсуф"),
    ("أحمد", "احمد", "Ahmed", "Ахмед", "Ahmad", "Ahmet"),
    ("حسين", "Hussein", "Husayn", "Хусейн", "حسین"),
    ("إبراهيم", "ابراهيم", "Ibrahim", "Ebrahim", "Ибрагим".replace("г", "х")),
    ("فاطمة", "فاطمه", "Fatima", "Fatimah", "Fatma"),
    ("عبد الرحمن", "Abdul Rahman", "Abdurrahman", "Abd al-Rahman", "Abdel Rahman"),
    ("علي", "Ali", "على", "Али"),
    ("Евгений", "Evgeniy", "Yevgeny", "Evgeny"),
    ("张伟", "Zhang Wei", "ZhangWei"),
    ("Müller", "Muller", "MULLER"),
    ("O'Brien", "O’Brien", "OBrien"),
    ("Jamal", "جمال", "Джамал", "Djamal"),
]
APART = [("Mohammed", "Ahmed"), ("Fatima", "Khadija"), ("Peter", "Paul"), ("Zhang", "Wang"), ("Rosa", "Maria")]


def keys(*spellings: str) -> list[str]:
    return sounds(names(pl.Series(list(spellings)))).to_list()


@pytest.mark.parametrize("spellings", ALIKE, ids=lambda one: one[1])
def test_spellings_of_one_name_meet(spellings: tuple[str, ...]) -> None:
    assert len(set(keys(*spellings))) == 1, keys(*spellings)


@pytest.mark.parametrize("pair", APART, ids=lambda one: one[0])
def test_different_names_stay_apart(pair: tuple[str, str]) -> None:
    one, other = keys(*pair)
    assert one != other


def test_a_name_of_marks_alone_is_unknown_and_a_particle_alone_is_a_name() -> None:
    assert names(pl.Series(["-", " . ", "؟", "", None, "Al", "van der"])).to_list()[:6] == [None] * 5 + ["al"]
    assert names(pl.Series(["van der"])).to_list() == ["van der"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_any_text_becomes_latin_letters_and_the_order_of_rows_does_not_matter(texts: list[str]) -> None:
    found = latin(pl.Series(texts, dtype=pl.String)).to_list()
    assert all(one is None or (one.isascii() and one == one.strip() and one == one.lower()) for one in found)
    again = latin(pl.Series(texts[::-1], dtype=pl.String)).to_list()
    assert again[::-1] == found
    keyed = sounds(names(pl.Series(texts, dtype=pl.String)))
    named = names(pl.Series(texts, dtype=pl.String))
    assert (keyed.is_null() == named.is_null()).all()


def test_the_article_stands_apart_in_arabic_script() -> None:
    assert to_latin("الحسن") == "al hsn"


BIRTHS = [
    ("1990-03-02", "19900302"), ("19900302", "19900302"), ("2/3/1990", "19900302"), ("1990/3/2", "19900302"),
    ("1990", "19900000"), ("1990-03", "19900300"), ("1990-03-02T00:00:00", "19900302"), ("02.03.1990", "19900302"),
    ("١٩٩٠-٠٣-٠٢", "19900302"), ("2000-02-29", "20000229"), ("1990-03-02 00:00:00", "19900302"),
]  # fmt: skip
IMPOSSIBLE = ["1990-02-31", "1900-02-29", "1990-13-01", "9999-01-01", "0", "yesterday", "1990-00-05", "31/12/90", "-5"]


@pytest.mark.parametrize(("written", "read"), BIRTHS)
def test_a_day_of_birth_is_read_as_it_is_written(written: str, read: str) -> None:
    births, impossible = read_births(pl.DataFrame({"birth_date": [written]}))
    assert (births.to_list(), impossible.to_list()) == ([read], [False])


@pytest.mark.parametrize("written", IMPOSSIBLE)
def test_an_impossible_day_of_birth_is_said_and_left_out(written: str) -> None:
    births, impossible = read_births(pl.DataFrame({"birth_date": [written]}))
    assert (births.to_list(), impossible.to_list()) == ([None], [True])


def test_a_birth_in_parts_is_put_together() -> None:
    table = pl.DataFrame(
        {"birth_year": ["1990", "1990", None], "birth_month": ["3", None, "3"], "birth_day": ["2", None, "2"]}
    )
    births, impossible = read_births(table)
    assert births.to_list() == ["19900302", "19900000", None]
    assert impossible.to_list() == [False, False, False]
