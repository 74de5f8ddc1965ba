"""How answers look on a terminal: bars, whole numbers at any width, rows cut to what fits."""

from __future__ import annotations

import re

import pytest

ROUND = ("needs.csv", "lots.csv", "--groups", "groups.csv", "--date", "2021-03-01")


def without_colour(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)


def test_a_terminal_shows_bars_and_grouped_numbers(on_a_terminal, golden) -> None:
    shown = on_a_terminal("allocate", *ROUND)
    assert "70,000" in without_colour(shown)
    assert "█" in shown
    golden("terminal_allocate", without_colour(shown))


@pytest.mark.parametrize("columns", [60, 80, 100, 200])
def test_no_width_cuts_a_number(on_a_terminal, columns: int) -> None:
    shown = without_colour(on_a_terminal("allocate", *ROUND, columns=columns))
    for number in ("70,000", "61,200", "12,000", "13,550", "2,950", "23.8 %", "70.0 %", "1,500"):
        assert number in shown


def test_a_low_terminal_shows_fewer_rows_and_says_how_many_are_missing(on_a_terminal, room) -> None:
    rows = "".join(f"R{number:03},{1000 + number}\n" for number in range(50))
    (room / "many.csv").write_text("recipient,target\n" + rows, encoding="utf-8")
    (room / "one.csv").write_text("lot,packs\nL,20000\n", encoding="utf-8")
    low = without_colour(on_a_terminal("allocate", "many.csv", "one.csv", lines=30))
    assert low.count("\nR0") == 10
    assert "... and 40 more (--all)" in low
    assert without_colour(on_a_terminal("allocate", "many.csv", "one.csv", "--all", lines=30)).count("\nR0") == 50
