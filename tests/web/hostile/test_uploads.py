"""Files that are not what they say, or far more than they seem: refused quickly, in little memory, with nothing kept or written.

Sent as people send them: through the pages of imports and of evidence, and through the API. What each kind of file can do inside
is tried in `tests/exchange/hostile`.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from database_harness import FreshDatabase
from django.core.files.uploadedfile import SimpleUploadedFile
from evenhand_cast import Cast
from evenhand_matrix import browser_of, fields_of, form_of, records

pytestmark = pytest.mark.django_db
SECONDS, MEGABYTES = 2.0, 256
SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
PNG = b"\x89PNG\r\n\x1a\n"


def workbook(**parts: bytes | str) -> bytes:
    """Return a small workbook, with some parts replaced or put in."""
    made = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": SHEET.format(""),
        **{name.replace("__", "/"): body for name, body in parts.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in made.items():
            packed.writestr(name, body)
    return out.getvalue()


def many_members() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(5000):
            packed.writestr(f"xl/{number}.xml", "")
    return out.getvalue()


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

TABLES: dict[str, Callable[[], bytes]] = {
    # name → bytes: each is refused as a table of needs
    "program.csv": lambda: b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 100,
    "photo.csv": lambda: PNG + bytes(500),
    "page.csv": lambda: b"<!doctype html><script>alert(1)</script>",
    "nothing-but-nul.csv": lambda: b"\0" * 100_000,
    "100,000-columns.csv": lambda: b",".join(b"c%d" % n for n in range(100_000)) + b"\n" + b"1," * 99_999 + b"1\n",
    "one-endless-line.csv": lambda: b"party,resource,quantity,why\n" + b'"' + b"x" * 15_000_000,
    "headings-only-nonsense.csv": lambda: b"a,b,c\n1,2,3\n",
    "bomb.xlsx": lambda: workbook(xl__worksheets__sheet1_xml="", **{"xl/worksheets/sheet1.xml": SHEET.format(" " * 300_000_000)}),
    "bomb.csv.gz": lambda: gzip.compress(b"0" * 300_000_000),
    "laughs.xlsx": lambda: workbook(**{"xl/worksheets/sheet1.xml": LAUGHS + SHEET.format("<row><c t='inlineStr'><is><t>&j;</t></is></c></row>")}),
    "outside.xlsx": lambda: workbook(**{"xl/worksheets/sheet1.xml": OUTSIDE + SHEET.format("<row><c t='inlineStr'><is><t>&a;</t></is></c></row>")}),
    "macros.xlsx": lambda: workbook(**{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(4000)}),
    "many-members.xlsx": many_members,
    "paths.xlsx": lambda: workbook(**{"../../../../tmp/evenhand-was-here": b"x", "/etc/cron.d/x": b"x"}),
    "half.xlsx": lambda: workbook()[:400],
    "pdf.xlsx": lambda: b"%PDF-1.7\n" + workbook(),
    "broken.parquet": lambda: b"PAR1" + b"\xff" * 5000 + b"PAR1",
    "old.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
}  # fmt: skip

PAPERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    # name → as which kind of evidence, bytes: each is refused
    "page.png": ("photo", lambda: b"<html><script>alert(1)</script></html>"),
    "drawing.svg": ("photo", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "program.pdf": ("document", lambda: b"MZ" + bytes(5000)),
    "script.pdf": ("document", lambda: b"#!/bin/sh\nrm -rf /\n"),
    "table.png": ("table", lambda: PNG + bytes(500)),
    "paper.jpg": ("photo", lambda: b"%PDF-1.7\n" + bytes(500)),
}


def send_table(browser: Any, name: str, body: bytes) -> Any:
    return browser.post("/en/desk/import/needs", {"file": SimpleUploadedFile(name, body)})


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_a_file_that_is_no_table_of_needs_is_refused_within_two_seconds(cast: Cast, name: str, settings: Any) -> None:
    browser, body = browser_of("own"), TABLES[name]()
    waiting = Path(settings.EVENHAND.folder) / "incoming"
    before, there = records(), set(waiting.glob("*"))
    began = time.process_time()
    answer = send_table(browser, name, body)
    assert time.process_time() - began < SECONDS
    if answer.status_code == 302:  # it can be read; then its preview says what is wrong with every row
        answer = browser.get(answer["Location"])
        assert 'name="step" value="do"' not in answer.content.decode(), "it could be done"
    else:
        assert answer.status_code in (413, 422), answer.content.decode()[:500]
        assert set(waiting.glob("*")) == there, "it was kept"
    page = answer.content.decode()
    assert "root:" not in page
    assert "<script>alert(1)</script>" not in page
    assert records() == before
    assert not Path("/tmp/evenhand-was-here").exists()


@pytest.mark.parametrize("name", PAPERS)
def test_evidence_that_is_not_what_it_says_is_refused(cast: Cast, approved_need: Any, name: str) -> None:
    kind, make = PAPERS[name]
    about, before = approved_need("TCD", "vaccine-measles", "1000"), records()
    given = {"about": about, "title": "A paper", "kind": kind, "source": "the ministry"}
    answer = browser_of("own").post(
        form_of("evidence attach"), fields_of(given) | {"file": SimpleUploadedFile(name, make())}
    )
    assert answer.status_code == 422
    assert "by what it holds" in answer.content.decode()
    assert records()[1] == before[1]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("both.png", PNG + b"\0\0\0\rIHDR<script>alert(1)</script>"),
        ("both.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>"),
    ],
)
def test_a_file_that_is_two_things_goes_out_to_be_kept_and_never_shown(
    cast: Cast, approved_need: Any, name: str, body: bytes
) -> None:
    about = approved_need("TCD", "vaccine-measles", "1000")
    kind = "photo" if name.endswith("png") else "document"
    given = {
        "about": about,
        "title": "A paper",
        "kind": kind,
        "source": "x",
        "filename": '"; filename=a.html',
        "public": True,
    }
    browser = browser_of("own")
    sent = browser.post(
        form_of("evidence attach"), fields_of(given) | {"file": SimpleUploadedFile('a"\r\nX-A: b.html', body)}
    )
    if sent.status_code == 422:
        return  # what cannot be read as what it begins as is not kept at all
    from evenhand.records.models import Evidence

    ref = Evidence.objects.get().ref
    answer = browser.get(f"/api/v1/evidence/{ref}/file")
    assert answer.content == body
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="{ref}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "X-A" not in answer


def test_a_file_in_the_api_is_refused_alike(cast: Cast) -> None:
    from evenhand_recipes import RECIPES

    given = RECIPES["evidence attach"].made("TCD") | {
        "kind": "photo", "file": base64.b64encode(b"<html><script>alert(1)</script>").decode(),
    }  # fmt: skip
    before = records()
    answer = browser_of("own").post("/api/v1/evidence/attach", json.dumps(given), content_type="application/json")
    assert answer.status_code == 409
    assert records() == before


@pytest.mark.parametrize(
    "path", ["/en/desk/import/needs", "/en/act/evidence/attach", "/api/v1/evidence/attach", "/en/receipts/x"]
)
def test_more_than_is_taken_is_refused_before_it_is_read(cast: Cast, path: str, settings: Any) -> None:
    """The length that is announced is believed only to refuse by; what comes without one is not read at all."""
    browser = browser_of("own")
    for length in (str(2**40), str(128 * 2**20)):
        answer = browser.generic("POST", path, b"x", CONTENT_LENGTH=length)
        assert answer.status_code in (400, 413), length


CHILD = """
import resource, sys
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
sys.path[:0] = {path!r}
from evenhand_cast import make_cast
from evenhand_matrix import browser_of
from django.core.files.uploadedfile import SimpleUploadedFile
make_cast()
browser = browser_of("own")
good = b"party,resource,quantity,why\\nTCD,vaccine-measles,100,an outbreak\\n"
for _ in range(2):
    browser.post("/en/desk/import/needs", {{"file": SimpleUploadedFile("good.csv", good)}})
body = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
answer = browser.post("/en/desk/import/needs", {{"file": SimpleUploadedFile({name!r}, body)}})
print(answer.status_code, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bomb.xlsx", "bomb.csv.gz", "100,000-columns.csv", "laughs.xlsx"])
def test_a_bomb_takes_little_memory(fresh_database: FreshDatabase, name: str) -> None:
    import sys

    folders = [str(Path(__file__).parents[2] / "cast")]
    process = fresh_database.start(CHILD.format(path=folders, name=name), text=False)
    said, complaint = process.communicate(TABLES[name](), timeout=120)
    assert process.returncode == 0, complaint.decode()
    status, megabytes = map(int, said.decode().split()[-2:])
    assert status in (302, 422), sys.stdout
    assert megabytes <= MEGABYTES
