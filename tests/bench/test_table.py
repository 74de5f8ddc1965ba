"""The table of results reads the same on a screen and on a page, and a page can be added to."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.__main__ import main, with_load, write_page
from bench.cases import CASES
from bench.machine import describe_machine, describe_versions
from bench.table import Row, as_markdown, as_text, from_markdown, gibibytes, met, seconds, times

ROWS = [
    Row("40 x 5", "2.10 ms", "90.0 s", "42,857x faster", ">= 1,000x faster", "yes", "one run | of the peer"),
    Row("growth", "1.00 s", "0.50 s (ours)", "2.00x", "<= 2.3x", "no", ""),
]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.000812, "812 us"),
        (0.0034, "3.40 ms"),
        (0.0345, "34.5 ms"),
        (1.5, "1.50 s"),
        (12.34, "12.3 s"),
        (123.4, "123 s"),
    ],
)
def test_a_time_has_three_figures(value: float, text: str) -> None:
    assert seconds(value) == text


def test_ratios_and_memory_are_short() -> None:
    assert [times(value) for value in (0.842, 4.24, 12.34, 1250.4)] == ["0.84x", "4.24x", "12.3x", "1,250x"]
    assert gibibytes(int(1.5 * 2**30)) == "1.50 GiB"
    assert (met(True), met(False)) == ("yes", "no")


def test_what_is_written_reads_back_the_same() -> None:
    assert from_markdown(as_markdown(ROWS)) == ROWS


def test_the_text_table_is_aligned_with_the_note_below() -> None:
    heading, rule, first, note, second = as_text(ROWS).splitlines()
    assert (
        heading.index("Ours") == rule.index("-", len("40 x 5") + 1) == first.index("2.10 ms") == second.index("1.00 s")
    )
    assert note.strip() == "one run | of the peer"


def test_a_case_measured_alone_replaces_its_row_and_keeps_the_others(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    write_page(page, ROWS, keep=False)
    again = Row("growth", "0.90 s", "0.45 s (ours)", "2.00x", "<= 2.3x", "yes", "")
    write_page(page, [again], keep=True)
    assert from_markdown(page.read_text(encoding="utf-8")) == [ROWS[0], again]


def test_rows_of_another_machine_are_not_kept(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    write_page(page, ROWS, keep=False)
    page.write_text(page.read_text(encoding="utf-8").replace(describe_machine(), "another machine"), encoding="utf-8")
    write_page(page, ROWS[1:], keep=True)
    assert from_markdown(page.read_text(encoding="utf-8")) == ROWS[1:]


def test_a_row_measured_beside_other_work_says_so() -> None:
    assert with_load(ROWS[1], 2.5).note == "measured while other work ran (load 2.5)"
    assert with_load(ROWS[0], 2.5).note == "one run | of the peer; measured while other work ran (load 2.5)"
    assert with_load(ROWS[0], 0.1) == ROWS[0]


def test_an_unknown_case_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "z"])
    assert "no case 'z'; there are: a divisible goods against cvxpy-leximin; b " in capsys.readouterr().err


def test_every_row_of_the_issue_has_a_case() -> None:
    assert list(CASES) == list("abcdefghijklmnopq")


def test_the_machine_is_told_without_its_name() -> None:
    import platform

    said = describe_machine() + describe_versions()
    assert "cores" in said
    assert "polars " in said
    assert platform.node() not in said or not platform.node()
