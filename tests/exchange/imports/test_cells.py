"""Cells as people write them: each column is read one way, or asked about, or refused with what would work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from evenhand.exchange.imports import ImportedTable, read_import

NEEDS = "party;resource;quantity;why"
HARD_SPACE, NARROW_SPACE = "\u00a0", "\u202f"


def needs(quantities: Sequence[str], **options: object) -> ImportedTable:
    """Read quantities as a column of a table whose cells are separated by tabs."""
    lines = ["party\tresource\tquantity\twhy", *(f"TCD\tmask\t{quantity}\tbecause" for quantity in quantities)]
    return read_import("\n".join(lines).encode(), "needs", name="sent.tsv", **options)  # type: ignore[arg-type]  # named by the test


def members(dates: Sequence[str], **options: object) -> ImportedTable:
    lines = ["group\tparty\tsince", *(f"NAM\tTCD\t{day}" for day in dates)]
    return read_import("\n".join(lines).encode(), "memberships", name="sent.tsv", **options)  # type: ignore[arg-type]  # as above


def said(table: ImportedTable) -> list[str]:
    return [problem.text for problem in table.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1", "20", "300.5"], ["1", "20", "300.5"]),
        (["1,234", "5"], ["1234", "5"]),
        (["1,234,567"], ["1234567"]),
        (["1,234.5", "1,234"], ["1234.5", "1234"]),
        (["12,34,567"], ["1234567"]),
        (["1 234", "56 789"], ["1234", "56789"]),
        ([f"1{HARD_SPACE}234", f"1{NARROW_SPACE}234{NARROW_SPACE}567"], ["1234", "1234567"]),
        (["1'234", "1’234"], ["1234", "1234"]),
        (["1.234.567", "1.234"], ["1234567", "1234"]),
        (["1.234,5", "1.234"], ["1234.5", "1234"]),
        (["12,5", "1234,75"], ["12.5", "1234.75"]),
        (["1 234,5"], ["1234.5"]),
        (["٥٠٠", "۱۲۳", "१२"], ["500", "123", "12"]),
        (["\u06f1\u066c\u06f0\u06f0\u06f0\u066c\u06f0\u06f0\u06f0"], ["1000000"]),
        (["1e3"], ["1000"]),
        (["+7"], ["7"]),
        ([f"  8{HARD_SPACE}"], ["8"]),
    ],
)
def test_a_column_of_numbers_is_read_the_one_way_that_fits_it(written: list[str], meant: list[str]) -> None:
    table = needs(written)
    assert table.sound, (table.problems, table.questions)
    assert table.frame["quantity"].to_list() == [Decimal(number) for number in meant]


@pytest.mark.parametrize(
    "written", [["1.234"], ["1.234", "5"], ["1,234", "1.234"], ["12.5", "12,5"], ["1,234.5", "1.234,5"]]
)
def test_a_column_that_can_be_read_two_ways_is_asked_about(written: list[str]) -> None:
    table = needs(written)
    assert [question.option for question in table.questions] == ["decimal"]
    assert table.frame["quantity"].null_count() == len(written)
    assert not table.sound
    assert "say decimal" in str(table.refusal())


def test_a_semicolon_table_leaves_one_comma_in_doubt() -> None:
    sent = f"{NEEDS}\nTCD;mask;1,234;because\n".encode()
    assert read_import(sent, "needs").questions[0].text == (
        "the file, column quantity: numbers such as 1,234 can mean 1234 or 1.234: say decimal"
    )
    assert read_import(sent, "needs", decimal=".").frame["quantity"].to_list() == [Decimal(1234)]
    assert read_import(sent, "needs", decimal=",").frame["quantity"].to_list() == [Decimal("1.234")]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("50%", "quantity is '50%', a percentage; write the number of units meant"),
        ("0", "quantity is 0; write a number above 0"),
        ("-4", "quantity is -4; write a number above 0"),
        ("", "quantity is missing; every row needs one"),
        ("n/a", "quantity is missing ('n/a'); write a number above 0"),
        ("many", "quantity is 'many', which is not a number; write a number above 0"),
        ("#DIV/0!", "quantity holds the spreadsheet error #DIV/0!; mend the formula, or write a number above 0"),
        ("1,23,4", "quantity is '1,23,4', which is not a number; write a number above 0"),
        (
            "2000000000000",
            "quantity is '2000000000000.000000'; numbers above 1000000000000 are taken for typing errors",
        ),
    ],
)
def test_a_cell_that_holds_no_quantity_is_refused_with_what_would_work(written: str, sentence: str) -> None:
    assert said(needs([written, "5"])) == [sentence]


def test_a_unit_behind_the_number_is_the_unit_of_the_row() -> None:
    table = needs(["500 boxes", "2 000 doses", "7"])
    assert table.frame["quantity"].to_list() == [Decimal(500), Decimal(2000), Decimal(7)]
    assert table.frame["unit"].to_list() == ["boxes", "doses", None]


def test_a_unit_that_stands_twice_and_differs_is_refused() -> None:
    sent = b"party,resource,quantity,why,unit\nTCD,mask,5 boxes,x,carton\nTCD,mask,5 boxes,x,Boxes\nTCD,mask,5,x,box\n"
    table = read_import(sent, "needs")
    assert said(table) == ["unit is 'carton', but the quantity says 'boxes'; write one of them"]
    assert table.problems[0].row == 2
    assert table.frame["unit"].to_list()[1:] == ["Boxes", "box"]


def test_numbers_are_exact_and_what_is_cut_off_is_said() -> None:
    table = needs(["0.1", "123456789012.345678"])
    assert sum(table.frame["quantity"].to_list()) == Decimal("123456789012.445678")
    assert needs(["0.12345678"]).notes == (
        "sent.tsv, column quantity: 1 number had more than 6 decimals, of which 6 are kept",
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["2021-03-02", "2021-03-02T00:00:00Z", "2021/3/2", "20210302"], [date(2021, 3, 2)] * 4),
        (["13/04/2021", "03/04/2021"], [date(2021, 4, 13), date(2021, 4, 3)]),
        (["04/13/2021", "03/04/2021"], [date(2021, 4, 13), date(2021, 3, 4)]),
        (["31.12.21", "01.02.21"], [date(2021, 12, 31), date(2021, 2, 1)]),
        (["05/05/2021"], [date(2021, 5, 5)]),
        (["2 March 2021", "2nd Mar 2021", "Mar 2, 2021", "2 mars 2021", "2-Mar-21"], [date(2021, 3, 2)] * 5),
        (["1er août 2021", "14 juillet 2021", "3 févr. 2021"], [date(2021, 8, 1), date(2021, 7, 14), date(2021, 2, 3)]),
        (["Feb 2022", "février 2022", "02/2022", "2022-02"], [date(2022, 2, 1)] * 4),
        (["1961"], [date(1961, 1, 1)]),
        (["44257", "44257.0"], [date(2021, 3, 2)] * 2),
    ],
)  # fmt: skip
def test_a_column_of_dates_is_read_the_one_way_that_fits_it(written: list[str], meant: list[date]) -> None:
    table = members(written)
    assert table.sound, (table.problems, table.questions)
    assert table.frame["since"].to_list() == meant


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("Feb 2022", "a month alone was read as its first day: Feb 2022 as 2022-02-01"),
        ("1961", "a year alone was read as its first day: 1961 as 1961-01-01"),
        ("44257", "a number was read as the day that a spreadsheet means by it: 44257 as 2021-03-02"),
        ("13/04/2021", "dates were read day first, as 13/04/2021 shows"),
        ("2021-03-02 14:30", "the time of the day was left out: 2021-03-02 14:30 as 2021-03-02"),
    ],
)
def test_what_a_date_was_taken_for_is_said(written: str, note: str) -> None:
    assert members([written]).notes == (f"sent.tsv, column since: {note}",)


def test_dates_that_can_mean_two_days_are_asked_about_and_the_answer_settles_them() -> None:
    table = members(["03/04/2021", "2021-05-05"])
    assert [question.option for question in table.questions] == ["day_first"]
    assert table.frame["since"].to_list() == [None, date(2021, 5, 5)]
    assert members(["03/04/2021"], day_first=True).frame["since"].to_list() == [date(2021, 4, 3)]
    assert members(["03/04/2021"], day_first=False).frame["since"].to_list() == [date(2021, 3, 4)]


def test_dates_in_both_orders_are_asked_about() -> None:
    table = members(["13/04/2021", "04/13/2021"])
    assert "dates are written in both orders, such as 13/04/2021 and 04/13/2021" in table.questions[0].text
    answered = members(["13/04/2021", "04/13/2021"], day_first=True)
    assert said(answered) == ["since is '04/13/2021', which is not a date; write a date such as 2021-03-02, or leave the cell empty, which means always"]  # fmt: skip


@pytest.mark.parametrize(
    "written", ["soon", "2021-02-30", "32 March 2021", "2021-13-01", "99/99/2021", "n/a", "0001-01-01"]
)
def test_a_cell_that_holds_no_day_is_refused(written: str) -> None:
    table = members([written, "2021-03-02"])
    assert len(table.problems) == 1
    assert (table.problems[0].row, table.problems[0].column) == (2, "since")
    assert table.frame["since"].to_list() == [None, date(2021, 3, 2)]


@pytest.mark.parametrize(
    ("written", "read"), [("State", "state"), (" état ", "state"), ("ETAT", "state"), ("Établissement", "facility")]
)
def test_a_choice_is_understood_in_capitals_and_in_french(written: str, read: str) -> None:
    assert read_import(f"key,name,kind\nTCD,Chad,{written}\n".encode(), "parties").frame["kind"].to_list() == [read]


def test_a_wrong_choice_gets_the_nearest_and_all_others() -> None:
    table = read_import(b"key,name,kind\nTCD,Chad,stat\n", "parties")
    assert said(table) == [
        "kind is 'stat'; write one of state, organisation, facility, team, company; did you mean 'state'?"
    ]


@pytest.mark.parametrize("key", ["../etc", "a b", "-x", "a,b", "a/b", "Côte", "x" * 65, "=1+1"])
def test_a_key_that_cannot_stand_in_an_account_is_refused(key: str) -> None:
    table = read_import(f'key,name,kind\n"{key}",Chad,state\n'.encode(), "parties")
    assert len(table.problems) == 1
    assert "write letters, digits, . _ and - only" in table.problems[0].text


def test_codes_and_measures_are_tidied_or_refused() -> None:
    heading = "key,name,kind,base_unit,packs,codes"
    sound = read_import(
        f"{heading}\nm,Mask,goods,piece, box = 50 ;carton=2000,unspsc:1; atc:J07\n".encode(), "resources"
    )
    assert sound.sound
    assert sound.frame.select("packs", "codes").row(0) == ("box=50;carton=2000", "unspsc:1;atc:J07")
    wrong = read_import(
        f"{heading}\nm,Mask,goods,piece,box=0,J07\nn,Mask,goods,piece,box=1;box=2,\n".encode(), "resources"
    )
    assert [(problem.row, problem.column) for problem in wrong.problems] == [(2, "packs"), (2, "codes"), (3, "packs")]


def test_degrees_have_bounds() -> None:
    sent = b"key,name,kind,latitude,longitude\na,A,state,91,-180\nb,B,state,-12.5,180.5\n"
    assert said(read_import(sent, "parties")) == [
        "latitude is 91; write a number from -90 to 90",
        "longitude is 180.5; write a number from -180 to 180",
    ]


def test_hidden_characters_and_endless_texts_are_refused() -> None:
    table = read_import(f"{NEEDS}\nTCD;mask;1;abc\u202edef\nTCD;mask;1;{'a' * 6000}\n".encode(), "needs")
    assert said(table) == [
        r"why is 'abc\u202edef', with a character that cannot be seen; type it again",
        "why has 6,000 characters; write at most 5,000 and attach the rest",
    ]


def test_a_key_that_occurs_twice_is_refused_with_both_rows() -> None:
    table = read_import(b"key,name,kind\nTCD,Chad,state\nKEN,Kenya,state\nTCD,Tchad,state\n", "parties")
    assert [str(problem) for problem in table.problems] == [
        "the file, row 4, column key: key is 'TCD', as in row 2; every row needs its own"
    ]


def test_all_problems_of_all_columns_come_at_once() -> None:
    sent = b"party,resource,quantity,why,by,priority\nT D,,-1,,never,soon\n"
    table = read_import(sent, "needs")
    assert [problem.column for problem in table.problems] == ["party", "resource", "quantity", "by", "why", "priority"]
    assert str(table.refusal()).startswith("6 problems in the tables; nothing was done.")
