"""Tables as they come: what is refused, what is only said, and that no record is ever lost."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import polars as pl
import pytest

from evenhand.errors import InputRefused
from evenhand.matching import match, prepare

NOBODY = pl.DataFrame({"record": ["a"], "shoe_size": ["42"]})


def test_a_table_without_ids_is_refused_with_what_would_work() -> None:
    with pytest.raises(InputRefused, match=r"no column 'record'.*did you mean 'records'"):
        prepare(pl.DataFrame({"records": ["a"], "given_name": ["x"]}))


def test_a_table_that_says_nothing_of_anybody_is_refused() -> None:
    with pytest.raises(InputRefused, match="no column says anything of a person"):
        prepare(NOBODY)


def test_doubled_and_missing_ids_are_all_counted_and_the_first_are_named() -> None:
    table = pl.DataFrame({"record": ["a", "", "a", None] + ["b"] * 40, "given_name": ["x"] * 44})
    with pytest.raises(InputRefused) as refused:
        prepare(table)
    assert refused.value.total == 2 + 1 + 39
    sentence = refused.value.sentence
    assert "row 4, column record: 'a' stands in row 2 already" in sentence
    assert "row 3, column record: the id of the record is missing" in sentence


def test_what_cannot_be_read_is_said_with_its_row_and_the_record_stays() -> None:
    table = pl.DataFrame(
        {
            "record": ["a", "b", "c"],
            "given_name": ["Ada", "---", ""],
            "family_name": ["Lovelace", None, ""],
            "birth_date": ["1915-12-10", "1990-02-31", "1990"],
        }
    )
    prepared = prepare(table)
    assert prepared.frame["record"].to_list() == ["a", "b", "c"]
    said = prepared.problems.select("row", "column").rows()
    assert (3, "birth_date") in said
    assert (3, "given_name") in said
    assert (4, "given_name") in said
    assert all(row != 2 for row, _ in said)


def test_a_whole_name_is_taken_apart_and_the_parts_come_first() -> None:
    table = pl.DataFrame(
        {
            "record": ["a", "b", "c", "d"],
            "full_name": ["Ada Lovelace", "Lovelace, Ada", "Madonna", "Wrong Name"],
            "given_name": [None, None, None, "Grace"],
        }
    )
    frame = prepare(table).frame
    assert frame["given"].to_list() == ["ada", "ada", "madonna", "grace"]
    assert frame["family"].to_list() == ["lovelace", "lovelace", None, "name"]


def test_tables_of_any_make_are_read() -> None:
    rows = {"record": [2, 1], "given_name": ["Ada", "Grace"], "birth_year": [1915, 1906]}
    ours = prepare(pl.DataFrame(rows)).frame
    assert prepare(pd.DataFrame(rows)).frame.equals(ours)
    assert ours["birth"].to_list() == ["19060000", "19150000"]


def test_phones_meet_whatever_their_prefix_and_notation() -> None:
    table = pl.DataFrame({"record": list("abcd"), "phone": ["+962 79 012 3456", "0790123456", "079-012-3456", "12"]})
    assert prepare(table).frame["phone"].to_list() == ["790123456"] * 3 + [None]


@pytest.mark.slow
def test_a_hundred_thousand_rows_of_every_error_lose_nothing() -> None:
    many = 100_000
    names = ["", "---", "محمد", "Мухаммед", "Mohammed", "x" * 500, "a\x00b", "=1+1", "\u202eabc", "O'Brien; DROP TABLE"]
    births = ["", "1990-02-31", "1990", "31/12/1985", "tomorrow", "-1", "19850101", "9" * 30, "1985-1-1", "٠"]
    table = pl.DataFrame(
        {
            "record": [str(number) for number in range(many)],
            "given_name": [names[number % 10] for number in range(many)],
            "family_name": [names[(number // 10) % 10] for number in range(many)],
            "birth_date": [births[(number // 100) % 10] for number in range(many)],
            "phone": ["123" if number % 3 else f"07{number:08}" for number in range(many)],
        }
    )
    prepared = prepare(table)
    assert prepared.frame.height == many
    assert prepared.problems.filter(pl.col("column") == "birth_date").height == many // 10 * 5
    found = match(replace(prepared))
    assert sorted(found.clusters["record"]) == sorted(table["record"])
