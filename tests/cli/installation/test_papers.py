"""Open data and papers at the shell: what is written, what is refused, and that nothing is overwritten."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from evenhand_shell import Shell

from evenhand.cli.papers import read_boxes
from evenhand.errors import OptionRefused


def test_open_data_is_one_file_that_is_never_overwritten(installed: Shell, tmp_path: Path) -> None:
    file = tmp_path / "open.zip"
    done = installed("export", str(file), "--open", "--json")
    assert done.exit_code == 0, done.err
    assert done.result["licence"] == "CC-BY-4.0"
    assert "data/parties.csv" in zipfile.ZipFile(file).namelist()
    again = installed("export", str(file), "--open")
    assert again.exit_code == 2
    assert "exists; give a name that is free" in again.err


def test_a_format_that_open_data_has_not_leaves_no_file(installed: Shell, tmp_path: Path) -> None:
    done = installed("export", str(tmp_path / "open.zip"), "--open", "--format", "xlsx")
    assert done.exit_code == 2
    assert "say parquet or csv" in done.err
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("manifest", "CN-0000000000"), "no consignment 'CN-0000000000'"),
        (("manifest", "CN-0000000000", "--language", "de"), "language is 'de'"),
    ],
)
def test_a_paper_that_cannot_be_is_refused_in_a_sentence(
    installed: Shell, tmp_path: Path, words: tuple[str, ...], refusal: str
) -> None:
    done = installed("consignment", *words, "--out", str(tmp_path / "paper.pdf"))
    assert done.exit_code == 2
    assert refusal in done.err
    assert not (tmp_path / "paper.pdf").exists()


@pytest.mark.parametrize("text", ["many", "1=", "1=a", "1=2=3", "1=2;3"])
def test_boxes_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(OptionRefused, match="say one number for every line, or line=number"):
        read_boxes(text, [1, 2])
