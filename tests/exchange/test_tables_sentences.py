"""What is refused, and the very sentence: each row is a cell or a table as somebody might send it, and what they read."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from evenhand.errors import FileUnreadable, InputRefused
from evenhand.exchange.tables import read_actual, read_tables

NEEDS = "recipient,target\nTCD,100\nKEN,200\n"
LOTS = "lot,packs\nL1,10\n"


def refused(tmp_path: Path, needs: str = NEEDS, lots: str = LOTS, groups: str | None = None) -> list[str]:
    """Write the tables as files, read them, and return the problems as a person sees them."""
    paths = []
    for name, text in (("needs", needs), ("lots", lots), ("groups", groups)):
        path = tmp_path / f"{name}.csv"
        if text is not None:
            path.write_text(text, encoding="utf-8")
        paths.append(None if text is None else path)
    with pytest.raises(InputRefused) as refusal:
        read_tables(*paths)
    return [str(problem) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("0", "target is 0; write a number above 0"),
        ("-5", "target is -5; write a number above 0"),
        ("-0.25", "target is -0.25; write a number above 0"),
        ("", "target is missing; write a number above 0"),
        ('"  "', "target is missing; write a number above 0"),
        ("n/a", "target is missing ('n/a'); write a number above 0"),
        ("NaN", "target is missing ('NaN'); write a number above 0"),
        ("-", "target is missing ('-'); write a number above 0"),
        ("inf", "target is infinite ('inf'); write a number above 0"),
        ("-Infinity", "target is infinite ('-Infinity'); write a number above 0"),
        ('"1,200"', "target is '1,200'; write 1200, or 1.2 if that is meant"),
        ('"1,200,300"', "target is '1,200,300'; write 1200300, without separators"),
        ('"1,200.50"', "target is '1,200.50'; write 1200.50"),
        ('"1.200,50"', "target is '1.200,50'; write 1200.50"),
        ('"12,5"', "target is '12,5'; write 12.5, with a point"),
        ("1 200", "target is '1 200'; write 1200, without separators"),
        ("1\u00a0200", "target is '1\u00a0200'; write 1200, without separators"),
        ("1'200", "target is '1'200'; write 1200, without separators"),
        ("1_000", "target is '1_000'; write 1000, without separators"),
        ("12%", "target is '12%', a percentage; write the number of service units meant"),
        ("1200 doses", "target is '1200 doses'; write 1200, the number alone"),
        ("0x10", "target is '0x10', which is not a number; write a number above 0"),
        ("٣", "target is '٣', which is not a number; write a number above 0"),
        ("many", "target is 'many', which is not a number; write a number above 0"),
        ("1.2.3", "target is '1.2.3', which is not a number; write a number above 0"),
        ("#DIV/0!", "target holds the spreadsheet error #DIV/0!; mend the formula, or write a number above 0"),
        ("1000000000001", "target is 1000000000001; numbers above 1000000000000 are taken for typing errors"),
        ("99999999999999999999", "target is 99999999999999999999; numbers above 1000000000000 are taken for typing errors"),
        ("1e400", "target is 1e400; numbers above 1000000000000 are taken for typing errors"),
        ("0.0000001", "target is 0.0000001; numbers are kept to 6 decimals, so this would become 0"),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_target_is_refused_with_what_would_work(tmp_path: Path, cell: str, sentence: str) -> None:
    assert refused(tmp_path, needs=f"recipient,target\nKEN,7\nTCD,{cell}\n") == [
        f"needs, row 3, column target: {sentence}"
    ]


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("held", "-1", "held is -1; write a number, 0 or more"),
        ("held", "n/a", "held is missing ('n/a'); write a number, 0 or more, or leave the cell empty, which means 0"),
        ("capacity", "lots", ("capacity is 'lots', which is not a number; write a number, 0 or more, or leave the cell empty,"
         " which means target minus held, or 0")),
        ("weight", "0", "weight is 0; write a number above 0"),
        ("per_week", "-0.5", "per_week is -0.5; write a number, 0 or more"),
        ("tier_1", "101", "the tiers together are 101, above the target of 100; raise the target or lower a tier"),
        ("tier_1", "100.5", "the tiers together are 100.5, above the target of 100; raise the target or lower a tier"),
        ("tier_1", "x", "tier_1 is 'x', which is not a number; write a number, 0 or more, or leave the cell empty"),
        ("handles", "a\u200bb", "handles is 'a\\u200bb', with a character that cannot be seen; type it again"),
        ("name", "Ch\x1b[2Jad", "name is 'Ch\\x1b[2Jad', with a character that cannot be seen; type it again"),
        ("name", "#N/A", "name holds the spreadsheet error #N/A; mend the formula"),
    ],
)  # fmt: skip
def test_a_cell_of_needs_that_makes_no_sense_is_refused(tmp_path: Path, column: str, cell: str, sentence: str) -> None:
    assert refused(tmp_path, needs=f"recipient,target,{column}\nTCD,100,{cell}\n") == [
        f"needs, row 2, column {column}: {sentence}"
    ]


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("packs", "2.5", "packs is 2.5; packs are whole"),
        ("packs", "-4", "packs is -4; write a whole number, 0 or more"),
        ("packs", "", "packs is missing; write a whole number, 0 or more"),
        ("packs", "ten", "packs is 'ten', which is not a number; write a whole number, 0 or more"),
        ("min_packs", "0", "min_packs is 0; write a whole number, 1 or more"),
        ("min_packs", "1.5", "min_packs is 1.5; packs are whole"),
        ("pack_size", "0", "pack_size is 0; write a number above 0"),
        ("per_person", "0", "per_person is 0; write a number above 0"),
        ("per_person", "-2", "per_person is -2; write a number above 0"),
        ("expires", "03/04/2021", "expires is '03/04/2021', which could be two dates; write 2021-04-03 or 2021-03-04"),
        ("expires", "3.4.21", "expires is '3.4.21', which could be two dates; write 2021-04-03 or 2021-03-04"),
        ("expires", "04/04/2021", "expires is '04/04/2021'; write 2021-04-04"),
        ("expires", "25/12/2021", "expires is '25/12/2021'; write 2021-12-25"),
        ("expires", "2021-3-2", "expires is '2021-3-2'; write 2021-03-02"),
        ("expires", "20210302", "expires is '20210302'; write 2021-03-02"),
        ("expires", "44257", "expires is '44257'; write 2021-03-02"),
        ("expires", "2 March 2021", "expires is '2 March 2021'; write 2021-03-02"),
        ("expires", '"Mar 2, 2021"', "expires is 'Mar 2, 2021'; write 2021-03-02"),
        ("expires", "2021-03-02 12:30", "expires is '2021-03-02 12:30'; write 2021-03-02"),
        ("expires", "TBD", "expires is missing ('TBD'); write a date such as 2021-03-02, or leave the cell empty, which means never"),
        ("expires", "2021-02-30", ("expires is '2021-02-30', which is not a date; write a date such as 2021-03-02,"
         " or leave the cell empty, which means never")),
        ("arrives", "0021-03-02", "arrives is 0021-03-02; dates before 1900 or after 2199 are taken for typing errors"),
    ],
)  # fmt: skip
def test_a_cell_of_lots_that_makes_no_sense_is_refused(tmp_path: Path, column: str, cell: str, sentence: str) -> None:
    packs = "" if column == "packs" else ",packs"
    assert refused(tmp_path, lots=f"lot,{column}{packs}\nL1,{cell}{packs and ',1'}\n") == [
        f"lots, row 2, column {column}: {sentence}"
    ]


@pytest.mark.parametrize(
    ("needs", "sentences"),
    [
        ("recipient,target\nTCD,1\nKEN,2\nTCD,3\nTCD ,4\n", [
            "needs, row 4, column recipient: recipient is 'TCD', as in row 2 already; one row each",
            "needs, row 5, column recipient: recipient is 'TCD', as in row 2 already; one row each",
        ]),
        ("recipient,target\n,1\nA;B,2\nX\aY,3\n", [
            "needs, row 2, column recipient: recipient is missing; every row needs one",
            "needs, row 3, column recipient: recipient is 'A;B'; ';' separates names, so leave it out of a name",
            "needs, row 4, column recipient: recipient is 'X\\x07Y', with a character that cannot be seen; type it again",
        ]),
        ("recipient,target,tier_1,tier_3\nTCD,9,1,2\n", [
            "needs, column tier_1: the columns are tier_1, tier_3; number them tier_1, tier_2",
        ]),
        ("recipient,target,tier_0\nTCD,9,1\n", ["needs, column tier_0: the columns are tier_0; number them tier_1"]),
        ("recipient,traget\nTCD,9\n", ["needs, column target: the column is missing; did you mean 'traget'?"]),
        ("iso3,people\nTCD,9\n", [
            "needs, column recipient: the column is missing; the headings are 'iso3', 'people'",
            "needs, column target: the column is missing; the headings are 'iso3', 'people'",
        ]),
        ("recipient,target,Target \nTCD,9,9\n", [
            "needs, column target: the column occurs twice ('target' and 'Target'); keep one",
        ]),
        ("recipient,target,per week,per-week\nTCD,9,9,9\n", [
            "needs, column per_week: the column occurs twice ('per week' and 'per-week'); keep one",
        ]),
        ("recipient,target,pop,POP\nTCD,9,9,9\n", ["needs, column pop: the column occurs twice ('pop' and 'POP'); keep one"]),
        ("recipient,target\n", ["needs: needs has no rows; it needs at least one below the heading"]),
        ("recipient,target\nTCD,9,1\nKEN\n\nCIV,3,,\n", [
            "needs, row 2: the row has 3 cells, the heading 2; put quotation marks around a cell that has a comma in it",
            "needs, row 3: the row has 1 cell, the heading 2; fill it up or delete it",
        ]),
        ('recipient,target,name\nTCD,9,"Chad, the"\nKEN,3\n', [
            "needs, row 3: the row has 2 cells, the heading 3; fill it up or delete it",
        ]),
        ('recipient,target,name\nTCD,9,"Chad\nKEN,3,Kenya\n', [
            "needs, row 2: a quotation mark is opened here and never closed; close it, or double it inside a cell",
        ]),
        ('recipient,target,name\nKEN,3,Kenya\nTCD,9,"Ch"ad\n', [
            "needs, row 3: a quotation mark stands inside a quoted cell; double it there",
        ]),
        ("recipient,target\ncode,people\nTCD,9\n", [
            ("needs, row 2, column target: target is 'people', which is not a number; write a number above 0;"
            " if row 2 is a second heading, delete it"),
        ]),
    ],
)  # fmt: skip
def test_a_crooked_table_of_needs_is_refused(tmp_path: Path, needs: str, sentences: list[str]) -> None:
    assert refused(tmp_path, needs=needs) == sentences


def test_a_lot_that_arrives_after_it_expires_is_refused(tmp_path: Path) -> None:
    lots = "lot,packs,arrives,expires\nL1,5,2021-04-01,2021-04-01\nL2,5,2021-05-01,2021-04-01\nL3,5,2021-05-01,\n"
    assert refused(tmp_path, lots=lots) == [
        "lots, row 3, column arrives: arrives is 2021-05-01, after it expires on 2021-04-01; correct one of the two"
    ]


def test_earmarks_and_memberships_must_name_what_is_known(tmp_path: Path) -> None:
    lots = "lot,packs,for,not_for\nL1,2, AMC92 ;;KNE,TCD\nL2,3,AMC29;KEN,Atlantis\n"
    groups = "recipient,group\nTCD,AMC92\nTDC,AMC92\nKEN,TCD\nKEN,\nTCD,AMC92\n"
    assert refused(tmp_path, lots=lots, groups=groups) == [
        "lots, row 2, column for: no group or recipient 'KNE'; did you mean 'KEN'?",
        "lots, row 3, column for: no group or recipient 'AMC29'; did you mean 'AMC92'?",
        "lots, row 3, column not_for: no group or recipient 'Atlantis'",
        "groups, row 3, column recipient: no recipient 'TDC' in needs; did you mean 'TCD'?",
        "groups, row 4, column group: 'TCD' is the name of a group and of a recipient; rename the group",
        "groups, row 5, column group: group is missing; every row needs one",
        (
            "groups, row 6, column group: recipient 'TCD' and group 'AMC92' stand together in row 2 already;"
            " leave one of the two rows out"
        ),
    ]


def test_an_earmark_for_a_group_without_the_table_of_groups_says_so(tmp_path: Path) -> None:
    assert refused(tmp_path, lots="lot,packs,for\nL1,2,AMC92\n") == [
        "lots, row 2, column for: no group or recipient 'AMC92'; if it is a group, give the table of groups too"
    ]


def test_recipients_are_not_called_unknown_because_their_row_could_not_be_read(tmp_path: Path) -> None:
    assert refused(tmp_path, needs="recipient,target\nTCD,1,5\nKEN,1\n", groups="recipient,group\nTCD,A\n") == [
        "needs, row 2: the row has 3 cells, the heading 2; put quotation marks around a cell that has a comma in it"
    ]


def test_every_problem_of_every_table_is_listed_at_once(tmp_path: Path) -> None:
    problems = refused(
        tmp_path,
        needs="recipient,target,held\nTCD,0,-1\nKEN,x,\n",
        lots="lot,packs,expires\nL1,2.5,soon\n",
        groups="recipient,group\nTCD,\n",
    )
    assert [problem.partition(":")[0] for problem in problems] == [
        "needs, row 2, column target",
        "needs, row 2, column held",
        "needs, row 3, column target",
        "lots, row 2, column packs",
        "lots, row 2, column expires",
        "groups, row 2, column group",
    ]


def test_of_many_problems_twenty_are_shown_a_thousand_kept_and_all_counted(tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_text("recipient,target\n" + "".join(f"R{i},-{i}\n" for i in range(5_000)))
    with pytest.raises(InputRefused) as refusal:
        read_tables(tmp_path / "needs.csv", {"lot": ["L1"], "packs": [-1]})
    assert refusal.value.total == 5_001
    assert len(refusal.value.problems) == 1_000
    lines = str(refusal.value).splitlines()
    assert lines[0] == "5,001 problems in the tables; nothing was done."
    assert lines[1] == "needs, row 2, column target: target is 0; write a number above 0"
    assert lines[20] == "needs, row 21, column target: target is -19; write a number above 0"
    assert lines[21:] == ["... and 4,981 more"]


def test_rows_keep_the_number_they_have_in_the_file(tmp_path: Path) -> None:
    needs = 'Needs of the round,,\n,,\nrecipient,target,name\n#adm1+code,#targeted,\nTCD,1,"Ch\nad"\n\n,,\nKEN,-1,\n'
    # Row 5 holds a line break, rows 6 and 7 are empty; KEN stands in row 8.
    assert refused(tmp_path, needs=needs) == ["needs, row 8, column target: target is -1; write a number above 0"]


def test_the_first_row_of_a_dataframe_is_row_two() -> None:
    with pytest.raises(InputRefused, match="needs, row 3, column target: target is -1"):
        read_tables(
            [{"recipient": "TCD", "target": 1}, {"recipient": "KEN", "target": -1}], {"lot": ["L"], "packs": [1]}
        )


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (None, "needs: None is no table; give a path, a dataframe, a list of dicts or a dict of lists"),
        (5, "needs: a value of type int is no table; give a path, a dataframe, a list of dicts or a dict of lists"),
        ([1], "needs, row 2: a value of type int is no row; give dicts"),
        (pl.scan_csv("no such file.csv"), "needs: the lazy dataframe cannot be computed: No such file or directory (os error 2): no such file.csv"),
        ({"recipient": ["A"], "target": [1], "x": ["a\0"]}, "needs, row 2, column x: the cell is 'a\\x00', with a character that no text has; type it again"),
        ({"recipient": "TCD"}, "needs, column recipient: a value of type str is no column; give a list"),
        ({"recipient": ["A"], "target": [1, 2]}, "needs: the columns have different lengths (recipient 1, target 2); make them equal"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(source: object, sentence: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        read_tables(source, {"lot": ["L1"], "packs": [1]})
    assert [str(problem) for problem in refusal.value.problems] == [sentence]


def test_an_unreadable_file_does_not_hide_the_problems_of_the_others(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable) as refusal:
        read_tables(tmp_path / "no.csv", {"lot": ["L1"], "packs": [-1]}, tmp_path / "none.csv")
    assert str(refusal.value).splitlines() == [
        f"there is no file {tmp_path / 'no.csv'}",
        f"there is no file {tmp_path / 'none.csv'}",
        "1 problem in the tables; nothing was done.",
        "lots, row 2, column packs: packs is -1; write a whole number, 0 or more",
    ]


# What happened ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "sentences"),
    [
        ({"recipient": ["TDC"], "units": [5]}, ["actual, row 2, column recipient: no recipient 'TDC' in needs; did you mean 'TCD'?"]),
        ({"recipient": ["TCD"], "lot": ["COVAX-9"], "packs": [5]}, ["actual, row 2, column lot: no lot 'COVAX-9' in lots; did you mean 'COVAX-1'?"]),
        ({"recipient": ["TCD"], "packs": [5]}, ["actual, column packs: packs of which lot? give a column lot, or units instead of packs"]),
        ({"recipient": ["TCD"]}, ["actual: there is neither a column packs nor a column units; give one of them"]),
        ({"recipient": ["TCD"], "lot": [None], "packs": [5]}, ["actual, row 2, column lot: lot is missing; packs need the lot they came from"]),
        ({"recipient": ["TCD"], "units": [None]}, ["actual, row 2, column units: units is missing; write a number, 0 or more"]),
        ({"recipient": ["TCD"], "lot": ["COVAX-1"], "packs": [None], "units": [None]},
         ["actual, row 2, column packs: packs and units are missing; write a number, 0 or more"]),
        ({"recipient": ["TCD"], "units": [-1]}, ["actual, row 2, column units: units is -1; write a number, 0 or more"]),
    ],
)  # fmt: skip
def test_what_happened_must_fit_the_round(actual: dict[str, list[object]], sentences: list[str]) -> None:
    tables = read_tables({"recipient": ["TCD"], "target": [9]}, {"lot": ["COVAX-1"], "packs": [1]})
    with pytest.raises(InputRefused) as refusal:
        read_actual(actual, tables)
    assert [str(problem) for problem in refusal.value.problems] == sentences
