"""Folders, plugged-in readers, the page and the command."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from evenhand.cli import main
from evenhand.errors import FileUnreadable, OptionRefused
from evenhand.statements import Document, Text
from evenhand.statements.folder import find_reader, list_files, read_files
from evenhand.statements.resolving import KnownParty, resolve

PROSE = "President of Chad Ali Musa received Ambassador of Japan Ken Ito. The guest said that Japan will send 20 tents to Chad."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "readouts"
    place.mkdir()
    for number in range(3):
        (place / f"{number}.txt").write_text(PROSE.replace("20", str(20 + number)), encoding="utf-8")
    return place


def test_files_come_out_in_the_order_of_their_names(folder: Path) -> None:
    lines = [json.loads(line) for line in read_files(list_files([folder]), jobs=1)]
    assert [(one["file"], one["claims"][0]["quantity"]) for one in lines] == [
        ("0.txt", 20),
        ("1.txt", 21),
        ("2.txt", 22),
    ]


@pytest.mark.slow
def test_several_processes_write_what_one_writes(folder: Path) -> None:
    for number in range(3, 80):
        (folder / f"{number:03}.txt").write_text(PROSE, encoding="utf-8")
    files = list_files([folder])
    assert list(read_files(files, jobs=2)) == list(read_files(files, jobs=1))


def test_another_reader_can_be_plugged_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "a_reader.py").write_text(
        "from evenhand.statements import Document\ndef read(text):\n    return Document(text, notes=('mine',))\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(folder.parent))
    lines = [json.loads(line) for line in read_files(list_files([folder]), reader="a_reader:read", jobs=1)]
    assert {tuple(one["notes"]) for one in lines} == {("mine",)}
    sys.modules.pop("a_reader")


@pytest.mark.parametrize("name", ["nowhere:read", "json", "json:nothing"])
def test_a_reader_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(OptionRefused):
        find_reader(name)


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="there is no file"):
        list_files([tmp_path / "nothing.txt"])


def test_the_command_writes_lines_a_page_and_tables(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, page = tmp_path / "claims.jsonl", tmp_path / "page.html"
    assert main(["read", str(folder), "--out", str(out), "--html", str(page), "--table", "--jobs", "1"]) == 0
    shown = capsys.readouterr().out
    assert "Read 3 documents: 6 sentences, 3 claims about assistance." in shown
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
    assert page.read_text(encoding="utf-8").count('<mark class="promised"') >= 3


def test_the_command_scores_a_reader(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.jsonl"
    assert main(["read", str(folder), "--out", str(gold), "--jobs", "1"]) == 0
    capsys.readouterr()
    assert main(["read", str(folder), "--score", str(gold), "--jobs", "1", "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)["result"]["scores"]
    assert {one["f1"] for one in scores} == {1.0}


def test_what_stands_in_a_text_is_escaped_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "<script>alert(1)</script> The minister met the envoy <b>today</b>.", encoding="utf-8"
    )
    page = tmp_path / "a.html"
    assert main(["read", str(tmp_path / "a.txt"), "--html", str(page)]) == 0
    assert "<script" not in page.read_text(encoding="utf-8")


def test_two_parties_that_fit_are_both_named() -> None:
    known = (KnownParty("a", "Civil Defence Organisation"), KnownParty("b", "Civil Defense Organization"))
    found = resolve("Civil Defence Organization", known)
    assert found.party is None
    assert [key for key, _, _ in found.candidates] == ["a", "b"]


def test_a_document_is_what_a_reader_returns() -> None:
    assert find_reader("")(Text("a", PROSE)).__class__ is Document
