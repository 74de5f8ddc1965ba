"""Templates can be opened, filled and sent back, explain every column in every language, and hold no formula."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evenhand.errors import FileUnreadable, NameUnknown
from evenhand.exchange.imports import read_import
from evenhand.exchange.templates import write_template
from evenhand.exchange.templates.words import EXAMPLES, heading_names
from evenhand.supply.meanings import meaning_of
from evenhand.supply.registers import MEMBER_NEEDS, REGISTERS

LISTS = {"parties": {"TCD": "Chad", "KEN": "Kenya"}, "resources": ["mask-surgical", "=1+1", "@SUM(A1)", "-2+3"]}


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_a_template_filled_with_its_own_examples_reads_back_sound(name: str) -> None:
    book = opened(write_template(name))
    sheet = book[name]
    for place, (_, column) in enumerate(heading_names(REGISTERS[name].columns, 3), start=1):
        sheet.cell(2, place, EXAMPLES[name][column.name])
    filled = io.BytesIO()
    book.save(filled)
    table = read_import(filled.getvalue(), name)
    assert table.sound, table.problems
    assert table.frame.height == 1
    assert set(table.frame.columns) == {heading for heading, _ in heading_names(REGISTERS[name].columns, 3)}


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_every_heading_has_a_note_in_both_languages(name: str) -> None:
    table = REGISTERS[name]
    sheet = opened(write_template(name))[name]
    for cell in sheet[1]:
        column = table.column(cell.value)
        assert column is not None
        for language in ("en", "fr"):
            assert meaning_of(column, table, language).meaning in cell.comment.text


def test_the_sheet_that_explains_names_every_column_in_each_language() -> None:
    book = opened(write_template("needs"))
    assert book.sheetnames == ["needs", "How to fill - Comment remplir", "Lists - Listes"]
    rows = [[str(cell or "") for cell in row] for row in book.worksheets[1].iter_rows(values_only=True)]
    for column in MEMBER_NEEDS.columns:
        told = [row for row in rows if row[0].rstrip("123") == column.name]
        assert len(told) == (6 if column.numbered else 2)
        assert any(column.meaning in row[1] for row in told)
    assert any("vital" in row[1] for row in rows)


def test_lists_offer_choices_and_what_the_caller_knows() -> None:
    book = opened(write_template("needs", lists=LISTS))
    rules = {str(rule.sqref): rule for rule in book["needs"].data_validations.dataValidation}
    lists = book["Lists - Listes"]
    headings = {cell.value: cell.column for cell in lists[1] if cell.value}
    assert set(headings) == {"parties", "resources", "priority"}
    column = headings["resources"]
    assert [cell.value for (cell,) in lists.iter_rows(2, 5, column, column)] == LISTS["resources"]
    priority = [name for name, _ in heading_names(MEMBER_NEEDS.columns, 3)].index("priority")
    letter = openpyxl.utils.get_column_letter(priority + 1)
    rule = rules[f"{letter}2:{letter}10001"]
    assert (rule.type, rule.errorStyle or "stop") == ("list", "stop")
    parties = rules["B2:B10001"]
    assert parties.errorStyle == "warning"
    assert parties.formula1 == "'Lists - Listes'!$A$2:$A$3"


def test_no_cell_of_a_template_is_a_formula_or_a_link() -> None:
    with zipfile.ZipFile(io.BytesIO(write_template("needs", lists=LISTS))) as file:
        for name in file.namelist():
            if name.startswith("xl/worksheets/sheet"):
                xml = file.read(name)
                assert b"<f>" not in xml
                assert b"<hyperlink" not in xml
        assert b"=1+1" in file.read("xl/sharedStrings.xml")


def test_the_heading_stays_in_sight_and_keys_stay_text() -> None:
    sheet = opened(write_template("needs"))["needs"]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].number_format == "@"


def test_sheets_run_from_right_to_left_where_that_is_wanted() -> None:
    for right_to_left in (False, True):
        with zipfile.ZipFile(io.BytesIO(write_template("needs", right_to_left=right_to_left))) as file:
            assert (b'rightToLeft="1"' in file.read("xl/worksheets/sheet1.xml")) is right_to_left


def test_one_language_is_enough_and_an_unknown_one_is_refused() -> None:
    assert opened(write_template("places", languages=["fr"])).sheetnames == ["places", "Comment remplir", "Listes"]
    for languages in (["ru"], []):
        with pytest.raises(NameUnknown, match="no language"):
            write_template("places", languages=languages)
    with pytest.raises(NameUnknown, match="no table 'place'; did you mean 'places'"):
        write_template("place")


def test_the_same_template_is_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "needs.xlsx"
    data = write_template(MEMBER_NEEDS, path, lists=LISTS)
    assert path.read_bytes() == data == write_template("needs", lists=LISTS)


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=re.escape(f"{tmp_path} cannot be written: Is a directory")):
        write_template("needs", tmp_path)
