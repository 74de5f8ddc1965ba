"""Layouts: each rule does what its word says, and a misspelt one is refused before any table meets it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from evenhand.errors import FileUnreadable, NameUnknown
from evenhand.exchange.imports import ImportedTable, list_layouts, load_layout, read_import
from evenhand.exchange.imports.layouts.arrange import make_key, make_slug
from evenhand.exchange.imports.words import PLAIN_KEY
from evenhand.supply.registers import REGISTERS

SENT = """Donor,State,Gave,Owes,Note,Day
 Côte d'Ivoire ,CIV,10.00,0,first,2021-03-02
China,CHN,,5.005,second,1900-01-01
China,CHN,0,2,,2021-05-01
Other,OTH,0,0,void,2021-05-02
"""
TOP = 'table = "offers"\nrequires = ["Donor", "Gave"]\ndecimal = "."\n'
COLUMNS = """
[columns]
donor = { from = "Donor", slug = true }
resource = { constant = "USD" }
quantity = { sum = ["Gave", "Owes"] }
firmness = { constant = "pledge" }
"""
VOID = '[[leave_out]]\nwhere = [{ column = "Gave", zero = true }, { column = "Owes", zero = true }]\nwhy = "nothing was given"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def read(folder: Path, text: str, sent: str = SENT) -> ImportedTable:
    return read_import(sent.encode(), "offers", layout=write(folder, TOP + text))


def test_their_headings_become_our_columns(tmp_path: Path) -> None:
    table = read(tmp_path, COLUMNS + VOID)
    assert table.sound, table.problems
    assert table.frame.select("donor", "resource", "quantity").rows() == [
        ("cote-divoire", "USD", Decimal(10)), ("china", "USD", Decimal("5.005")), ("china", "USD", Decimal(2)),
    ]  # fmt: skip
    assert table.rows.to_list() == [2, 3, 4]
    assert table.notes == ("the file: row 5 was left out: nothing was given",)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ('{ from = "Note" }', ["first", "second", None]),
        ('{ from = ["Note", "State"] }', ["first", "second", "CHN"]),
        ('{ from = "Note", default = "none" }', ["first", "second", "none"]),
        ('{ from = "Note", empty = ["FIRST"], default = "none" }', ["none", "second", "none"]),
        ('{ template = "{State}/{Note}: {Absent}" }', ["CIV/first", "CHN/second", "CHN/"]),
        ('{ from = "Note", prefix = "n-" }', ["n-first", "n-second", None]),
        ('{ from = "Note", cut = 2 }', ["fi", "se", None]),
        ('{ from = "Note", unless_empty = "Gave" }', ["first", None, None]),
        ('{ from = "State", map = "m" }', ["Ivory", "CHN", "CHN"]),
        ('{ from = "State", map = ["n", "m"] }', ["Coast", "CHN", "CHN"]),
        ('{ from = "State", map = "m", unmapped = "other" }', ["Ivory", "other", "other"]),
        ('{ from = "State", map = "m", unmapped = "slug" }', ["Ivory", "chn", "chn"]),
        ('{ from = "State", numbered = true }', ["CIV", "CHN", "CHN-2"]),
        ('{ from = "Donor", key = true }', ["Cote-d-Ivoire", "China", "China"]),
        ('{ from = "Donor", map = "states", unmapped = "key" }', ["CIV", "CHN", "CHN"]),
        ('{ from = "Owes", round = 2 }', ["0", "5.00", "2"]),
    ],
)
def test_each_rule_does_what_its_word_says(rule: str, values: list[str | None], tmp_path: Path) -> None:
    maps = '\n[maps.m]\nciv = "Ivory"\n[maps.n]\nCIV = "Coast"\n'
    table = read(tmp_path, f"{COLUMNS}conditions = {rule}\n{VOID}{maps}")
    assert table.sound, table.problems
    assert table.frame["conditions"].to_list() == values


def test_what_is_rounded_is_said_with_how_much_it_changed(tmp_path: Path) -> None:
    columns = COLUMNS.replace('"Owes"] }', '"Owes"], round = 2 }')
    notes = read(tmp_path, columns + VOID).notes
    assert notes[1] == (
        "the file, column quantity: 1 numbers had more than 2 decimals and were rounded; together they changed by -0.005"
    )


def test_a_hash_depends_on_the_row_and_on_nothing_else(tmp_path: Path) -> None:
    rule = 'conditions = { from = "State", hash = 6 }\n'
    keys = read(tmp_path, COLUMNS + rule + VOID).frame["conditions"].to_list()
    lines = SENT.splitlines(keepends=True)
    turned = read(tmp_path, COLUMNS + rule + VOID, "".join([lines[0], *lines[:0:-1]])).frame["conditions"].to_list()
    assert len(set(keys)) == 3
    assert sorted(keys) == sorted(turned)


def test_one_of_their_rows_can_become_several_of_ours(tmp_path: Path) -> None:
    two = (
        '[[rows]]\nwhere = [{ column = "Gave", zero = false }]\ncolumns.firmness = { constant = "commitment" }\n'
        'columns.quantity = { from = "Gave" }\n'
        '[[rows]]\ncolumns.firmness = { constant = "statement" }\ncolumns.quantity = { constant = "1" }\n'
    )
    table = read(tmp_path, COLUMNS + two + VOID)
    assert table.frame.select("firmness", "quantity").rows() == [
        ("commitment", Decimal(10)), ("statement", Decimal(1)), ("statement", Decimal(1)), ("statement", Decimal(1)),
    ]  # fmt: skip
    assert table.rows.to_list() == [2, 2, 3, 4]


def test_conditions_choose_by_text_and_by_its_absence(tmp_path: Path) -> None:
    left = '[[leave_out]]\nwhere = [{ column = "State", is = ["chn"] }, { column = "Note", is = "" }]\nwhy = "x"\n'
    assert read(tmp_path, COLUMNS + VOID + left).rows.to_list() == [2, 3]
    kept = '[[leave_out]]\nwhere = [{ column = "State", is_not = ["CIV", ""] }]\nwhy = "x"\n'
    assert read(tmp_path, COLUMNS + VOID + kept).rows.to_list() == [2]


def test_companions_come_once_each(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        COLUMNS
        + VOID
        + '[companions.parties.columns]\nkey = { from = "Donor", slug = true }\nname = { from = "Donor" }\n'
        'kind = { constant = "state" }\n',
    )
    assert table.companions["parties"].rows() == [
        ("cote-divoire", "Côte d'Ivoire", "state"),
        ("china", "China", "state"),
    ]


def test_problems_name_their_heading_beside_our_column(tmp_path: Path) -> None:
    table = read(tmp_path, COLUMNS + VOID, SENT.replace("2021-05-01", "x").replace("10.00", "ten"))
    assert [str(problem) for problem in table.problems] == [
        "the file, row 2, column quantity (from Gave, Owes): quantity is 'ten', which is not a number; write a number above 0"
    ]


def test_a_file_without_a_heading_that_the_layout_needs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        FileUnreadable, match="the file has no column 'Gave', which the layout mine needs; its headings"
    ):
        read(tmp_path, COLUMNS, "Donor,State\nChina,CHN\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("table = ", "is no TOML"),
        ('table = "offer"', "names no table; did you mean 'offers'?"),
        ('table = "offers"\ncolums = {}', "has 'colums', which is no rule; did you mean 'columns'?"),
        (
            'table = "offers"\n[columns]\ndoner = { from = "x" }',
            "columns.doner, is no column of offers; did you mean 'donor'?",
        ),
        ('table = "offers"\n[columns]\ndonor = { form = "x" }', "has 'form', which is no rule; did you mean 'from'?"),
        ('table = "offers"\n[columns]\ndonor = { slug = true }', "needs one of from, constant, template, sum"),
        ('table = "offers"\n[columns]\ndonor = { from = "x", constant = "y" }', "and only one"),
        ('table = "offers"\n[columns]\ndonor = { from = "x", map = "state" }', "names a map 'state' that is not there"),
        ('table = "offers"\n[companions.partys.columns]\nkey = {}', "has companions 'partys'; did you mean 'parties'?"),
        ('table = "offers"\ncolumns = "x"', "has a value of the wrong kind"),
        ('extends = "ocha"', "no layout 'ocha'"),
    ],
)
def test_a_layout_that_is_wrong_is_refused_before_any_table_meets_it(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises((FileUnreadable, NameUnknown)) as refusal:
        load_layout(write(tmp_path, text))
    assert sentence in str(refusal.value)


def test_a_layout_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"there is no layout .*none\.toml; the shipped ones are cerf-cbpf, "):
        load_layout(tmp_path / "none.toml")
    with pytest.raises(NameUnknown, match="no layout 'cerf'"):
        load_layout("cerf")


@pytest.mark.parametrize("name", list_layouts())
def test_every_shipped_layout_says_what_it_is_and_fills_every_required_column(name: str) -> None:
    layout = load_layout(name)
    assert layout.title
    assert layout.source.startswith("https://")
    assert layout.notes
    assert layout.requires
    for row_set in layout.row_sets:
        required = {column.name for column in REGISTERS[layout.table].columns if column.required}
        assert required <= set(row_set.columns)
    for register, sets in layout.companions.items():
        required = {column.name for column in REGISTERS[register].columns if column.required}
        assert all(required <= set(row_set.columns) for row_set in sets)


def test_keys_are_plain_whatever_the_name() -> None:
    import re

    for name in ("Côte d'Ivoire", "ZIV Aplicaciones y Tecnología, S.L. ", "中国", "-", "a" * 100, "ł/ø", "Москва 1"):
        assert re.fullmatch(PLAIN_KEY, make_key(name))
        assert re.fullmatch(PLAIN_KEY, make_slug(name))
    assert make_slug("中国") != make_slug("日本")
