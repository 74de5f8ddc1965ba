"""`evenhand people match`: from a file to pairs on the screen, and files in a folder."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest
from bench.persons import make_persons

from evenhand.cli.people_match import match
from evenhand.errors import FileUnreadable, InputRefused, OptionRefused


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("persons") / "persons.csv"
    make_persons(600, seed=2).persons.write_csv(path)
    return path


def test_pairs_are_shown_with_reasons_and_files_are_written(table: Path, tmp_path: Path) -> None:
    answer = match(table, out=tmp_path / "out")
    assert answer.headline.startswith("Compared 600 records: ")
    assert answer.result["clusters"] > 40
    assert "agrees" in str(answer.listings[0].rows[0][4])
    assert pl.read_csv(tmp_path / "out" / "clusters.csv").height == 600
    again = match(table, model=tmp_path / "out" / "model.json")
    assert again.result == answer.result


def test_headings_of_other_registers_are_understood_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv.gz"
    text = "ID,First name,Surname,DoB,favourite colour\n1,Ada,Lovelace,1915-12-10,red\n,,,,\n2,---,Hopper,1990-02-31,\n"
    path.write_bytes(gzip.compress(text.encode()))
    answer = match(path)
    assert answer.result["records"] == 2
    notes = "\n".join(answer.notes)
    assert "favourite colour" in notes
    assert "row 4, column birth_date: '1990-02-31' is no possible day of birth" in notes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("given_name\nAda\n", "record"),
        ("record,given_name\na,Ada\na,Grace\n", "'a' stands in row 2 already"),
        ("record,given_name\n,Ada\n", "the id of the record is missing"),
        ("record,shoe_size\na,42\n", "no column says anything of a person"),
        ("record,given_name,given_name\na,Ada,Bea\n", "twice"),
    ],
)
def test_tables_that_cannot_be_used_are_refused_with_a_sentence(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_text(text)
    with pytest.raises(InputRefused, match=says):
        match(tmp_path / "persons.csv")


def test_an_absent_file_and_a_threshold_that_is_none_are_refused(table: Path, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        match(tmp_path / "absent.csv")
    with pytest.raises(OptionRefused, match="it is a chance"):
        match(table, threshold=7.0)
