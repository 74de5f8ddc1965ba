"""A spreadsheet from its template to the records: nothing changes until it was looked at, and then what was looked at is done."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from evenhand_cast import Cast

from evenhand.access.models import ActionLine
from evenhand.records.models import Need, Party
from evenhand.web.imports import kept

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
GOOD = "party,resource,quantity,why\nTCD,vaccine-measles,40 box,an outbreak\nTCD,mask-surgical,2 carton,the rains\n"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep what is sent in a folder of the test."""
    monkeypatch.setattr(kept, "_folder", lambda: tmp_path / "incoming")
    return tmp_path / "incoming"


def send(browser: Client, text: str | bytes, register: str = "needs", name: str = "needs.csv", **more: str) -> Any:
    body = text.encode() if isinstance(text, str) else text
    return browser.post(f"/en/desk/import/{register}", {"file": SimpleUploadedFile(name, body), **more})


def test_a_focal_point_sends_its_own_needs_looks_at_them_and_does_it_once(
    cast: Cast, reader: Reader, folder: Path
) -> None:
    browser = reader("focal-tcd")
    sent = send(browser, GOOD)
    assert sent.status_code == 302
    page = browser.get(sent["Location"]).content.decode()
    assert "Nothing is saved yet" in page
    assert re.search(r'<span class="num"><bdi>2</bdi></span> New', page)
    assert page.count('<td class="new">') == 8
    assert not Need.objects.exists()
    assert browser.post(sent["Location"], {"step": "do", "reason": "the yearly list"}).status_code == 302
    assert sorted(Need.objects.values_list("party", "typed", "state")) == [
        ("TCD", "2", "submitted"), ("TCD", "40", "submitted"),
    ]  # fmt: skip
    assert list(folder.iterdir()) == []
    again = send(browser, GOOD)
    page = browser.get(again["Location"]).content.decode()
    assert "was done before" in page
    assert 'value="do"' not in page
    browser.post(again["Location"], {"step": "do"})
    assert Need.objects.count() == 2
    assert ActionLine.objects.filter(name="import records").count() == 1


def test_what_is_wrong_stands_in_its_cell_and_in_a_list_and_nothing_is_offered(cast: Cast, reader: Reader) -> None:
    browser = reader("task-force")
    sent = send(
        browser,
        "party,resource,quantity,why\nTDC,vaccine-measles,40 box,=cmd|' /C calc'!A0\nTCD,vaccine-measles,minus three,<b>x</b>\n",
    )
    page = browser.get(sent["Location"]).content.decode()
    assert 'value="do"' not in page
    assert page.count('<td class="wrong">') >= 1
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    listed = browser.get(sent["Location"] + "/problems.csv").content.decode("utf-8-sig")
    assert listed.startswith("row,column,problem")
    assert "minus three" in listed
    assert browser.post(sent["Location"], {"step": "do"}).status_code == 422
    assert not Need.objects.exists()


def test_an_unknown_party_is_told_with_the_nearest_in_its_cell(cast: Cast, reader: Reader) -> None:
    browser = reader("task-force")
    sent = send(browser, "party,resource,quantity,why\nTDC,vaccine-measles,40 box,an outbreak\n")
    page = browser.get(sent["Location"]).content.decode()
    cell = page.partition('<td class="wrong">')[2].partition("</td>")[0]
    assert "TDC" in cell
    assert "did you mean" in cell
    assert "TCD" in cell


def test_a_focal_point_may_not_send_another_members_needs(cast: Cast, reader: Reader) -> None:
    answer = send(reader("focal-tcd"), GOOD.replace("TCD", "KEN"))
    assert answer.status_code == 422
    assert "KEN" in answer.content.decode().partition('class="errors"')[2].partition("</ul>")[0]
    assert not Need.objects.exists()


def test_what_was_sent_is_seen_in_the_session_that_sent_it_and_for_an_hour(
    cast: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = reader("focal-tcd")
    address = send(browser, GOOD)["Location"]
    assert reader("focal-tcd").get(address).status_code == 302
    assert browser.get(address).status_code == 200
    later = time.time() + kept.HOUR + 1
    monkeypatch.setattr(kept.time, "time", lambda: later)
    assert browser.get(address).status_code == 302
    assert browser.get(address + "/problems.csv").status_code == 404


def test_files_that_nobody_came_back_to_are_removed(cast: Cast, reader: Reader, folder: Path) -> None:
    browser = reader("focal-tcd")
    for number in range(kept.MOST_A_SESSION + 2):
        send(browser, GOOD.replace("an outbreak", f"outbreak {number}"))
    assert len(list(folder.iterdir())) == kept.MOST_A_SESSION
    address = send(browser, GOOD)["Location"]
    browser.post(address, {"step": "give-up"})
    assert len(list(folder.iterdir())) == kept.MOST_A_SESSION - 1
    assert all(one.stat().st_mode & 0o077 == 0 for one in folder.iterdir())


def test_a_question_is_asked_on_the_page_and_its_answer_reads_the_file_anew(cast: Cast, reader: Reader) -> None:
    browser = reader("focal-tcd")
    address = send(browser, "party,resource,quantity,why,by\nTCD,vaccine-measles,40 box,an outbreak,03/04/2027\n")[
        "Location"
    ]
    page = browser.get(address).content.decode()
    assert "Only you can say" in page
    assert 'name="days"' in page
    assert browser.post(address, {"step": "answer", "days": "day-first"}).status_code == 302
    assert "Only you can say" not in browser.get(address).content.decode()
    browser.post(address, {"step": "do"})
    assert str(Need.objects.get().by_when) == "2027-04-03"


def test_rows_that_repeat_another_are_asked_about(cast: Cast, reader: Reader) -> None:
    browser = reader("focal-tcd")
    row = "TCD,vaccine-measles,40 box,an outbreak\n"
    address = send(browser, f"party,resource,quantity,why\n{row}{row}")["Location"]
    page = browser.get(address).content.decode()
    assert page.count(">repeated<") == 2
    assert 'value="do"' not in page
    browser.post(address, {"step": "answer", "identical": "keep"})
    assert browser.post(address, {"step": "do"}).status_code == 302
    assert Need.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("needs.csv", b""),
        ("needs.xlsx", b"PK\x03\x04 not a workbook"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 100),
        ("letter.pdf", b"%PDF-1.7 letter"),
        ("needs.csv", b"name,colour\nx,blue\n"),
        ("needs.csv", b"party,resource,quantity,why\n"),
        ("../../etc/passwd", b"root:x:0:0"),
        ("needs.csv", "party,resource,quantity,why\nTCD,vaccine-measles,1e999,\u202ex\n".encode()),
        ("needs.csv", b"\x00" * 1000),
        ("n\u202eeeds.csv", b'"' * 5000),
    ],
)
def test_a_file_of_the_wrong_kind_gets_a_sentence_and_changes_nothing(
    cast: Cast, reader: Reader, name: str, body: bytes
) -> None:
    browser = reader("focal-tcd")
    answer = send(browser, body, name=name)
    if answer.status_code == 302:
        answer = browser.get(answer["Location"])
        assert answer.status_code == 200
    else:
        assert answer.status_code == 422
    page = answer.content.decode()
    assert 'class="errors"' in page or 'class="notice warn"' in page
    assert 'value="do"' not in page
    assert not Need.objects.exists()


def test_no_file_and_a_wrong_choice_are_said_at_their_fields(cast: Cast, reader: Reader) -> None:
    answer = reader("focal-tcd").post("/en/desk/import/needs", {"days": "yesterday", "constants": "x" * 3000})
    errors = answer.content.decode().partition('class="errors"')[2].partition("</ul>")[0]
    assert answer.status_code == 422
    for label in ("File: ", "How days are written: ", "What is the same in every row: "):
        assert label in errors


def test_a_file_that_is_too_large_is_refused_at_its_field(cast: Cast, reader: Reader, settings: Any) -> None:
    from dataclasses import replace

    settings.EVENHAND = replace(settings.EVENHAND, values={**settings.EVENHAND.values, "largest_file": "1"})
    answer = send(reader("focal-tcd"), b"x" * (2**20 + 1))
    assert answer.status_code == 422
    assert "larger than 1 MiB" in answer.content.decode()


def test_a_filled_template_comes_back_in(cast: Cast, reader: Reader) -> None:
    browser = reader("task-force")
    answer = browser.get("/en/desk/import/parties/template.xlsx")
    assert answer.status_code == 200
    headings = pl.read_excel(io.BytesIO(answer.content), sheet_name="parties", has_header=False).row(0)
    row = {"key": "TCD-sarh", "name": "Sarh hospital", "kind": "facility", "parent": "TCD"}
    columns = [str(one) for one in headings if str(one) in row]
    sheet = io.BytesIO()
    pl.DataFrame({name: [row[name]] for name in columns}).write_excel(sheet, worksheet="parties")
    address = send(browser, sheet.getvalue(), "parties", "parties.xlsx")["Location"]
    assert browser.post(address, {"step": "do"}).status_code == 302
    assert Party.objects.get(pk="TCD-sarh").parent_id == "TCD"


def test_needs_are_approved_at_once_only_by_who_may(cast: Cast, reader: Reader) -> None:
    assert 'name="approved"' not in reader("focal-tcd").get("/en/desk/import/needs").content.decode()
    browser = reader("task-force")
    address = send(browser, GOOD, approved="on")["Location"]
    browser.post(address, {"step": "do"})
    assert set(Need.objects.values_list("state", flat=True)) == {"approved"}
    send(reader("focal-tcd"), GOOD.replace("40", "50"), approved="on")
    assert Need.objects.filter(state="approved").count() == 2
