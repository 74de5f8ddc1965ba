"""Evidence is kept once, is what its bytes say, and is attached by who has a part in what it is about."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from action_grid import EVERYBODY, refused
from django.conf import settings as django_settings
from evenhand_cast import NOW, TODAY, Cast
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.access.models import ActionLine
from evenhand.actions.evidence import attach_evidence
from evenhand.actions.needs import draft_need, submit_need
from evenhand.actions.offers import make_offer
from evenhand.actions.programmes import start_programme
from evenhand.configuration import Configuration
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed
from evenhand.records.file_kinds import media_type
from evenhand.records.models import Evidence, EvidenceLink, StoredFile
from evenhand.rounds.models import Round
from evenhand.stockbook.models import Consignment, Entry

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
GIVEN: dict[str, Any] = {"about": "TCD", "title": "Letter of the ministry", "kind": "document", "file": PDF}


def attach(cast: Cast, who: str = "focal-tcd", **given: Any) -> Any:
    return attach_evidence(cast(who), **GIVEN | given)


def zipped(*names: str, first: tuple[str, bytes] = ("[Content_Types].xml", b"<Types/>")) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr(*first)
        for name in names:
            archive.writestr(name, "x")
    return body.getvalue()


ODS = zipped("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"))


def test_evidence_keeps_where_it_comes_from_and_what_it_is_about(cast: Cast) -> None:
    done = attach(
        cast, source="Ministry of health", dated=TODAY, language="fr", confidence="high", public=True,
        about="TCD; TCD-moissala;TCD",
    )  # fmt: skip
    evidence = Evidence.objects.get(pk=done.ref)
    assert (evidence.kind, evidence.source, evidence.dated, evidence.language) == (
        "document",
        "Ministry of health",
        TODAY,
        "fr",
    )
    assert (evidence.confidence, evidence.public, evidence.given_by_id) == ("high", True, "TCD")
    assert list(EvidenceLink.objects.order_by("about").values_list("about", flat=True)) == ["TCD", "TCD-moissala"]
    assert done.facts["media_type"] == "application/pdf"


def test_a_file_is_kept_once_under_its_hash(cast: Cast) -> None:
    first, second = attach(cast), attach(cast, "focal-ken", about="KEN", title="The same letter")
    assert first.ref != second.ref
    kept = StoredFile.objects.get()
    assert (kept.sha256, kept.size, bytes(kept.body)) == (hashlib.sha256(PDF).hexdigest(), len(PDF), PDF)
    assert {row.file_id for row in Evidence.objects.all()} == {kept.sha256}


def test_the_audit_line_holds_the_hash_and_not_the_file(cast: Cast) -> None:
    done = attach(cast, file=PDF + b"x" * 100_000)
    given = ActionLine.objects.get(pk=done.action).given
    assert given["file"].startswith("sha256:")
    assert len(str(given)) < 500


def test_evidence_is_private_unless_it_is_said_to_be_public(cast: Cast) -> None:
    attach(cast)
    assert not Evidence.objects.get().public


def need(cast: Cast) -> str:
    given = {"party": "TCD", "resource": "vaccine-measles", "quantity": "10", "why": "children"}
    return submit_need(cast("focal-tcd"), need=draft_need(cast("focal-tcd"), **given).ref).ref


def offer(cast: Cast) -> str:
    return make_offer(cast("donor-ind"), donor="IND", resource="vaccine-measles", quantity="10").ref


def entry(cast: Cast) -> str:
    offer(cast)
    return Entry.objects.get().entry


def a_round(cast: Cast) -> str:
    return Round.objects.create(
        ref="RD-0000000000", title="March", group_id="NAM", resource_id="vaccine-measles", rule="tiers", date=TODAY,
        opened_by="u", made_at=NOW,
    ).ref  # fmt: skip


def consignment(cast: Cast) -> str:
    return Consignment.objects.create(ref="CN-0000000000", origin_id="IND", destination_id="TCD", made_at=NOW).ref


def programme(cast: Cast) -> str:
    return start_programme(cast("donor-ind"), title="Measles", kind="aid", lead="IND", group="NAM").ref


BOTH_ENDS = ("focal-tcd", "donor-ind", "task-force")
WHO_MAY: tuple[tuple[Callable[[Cast], str], tuple[str, ...]], ...] = (
    (need, ("focal-tcd", "task-force")),
    (offer, ("donor-ind", "task-force")),
    (entry, ("donor-ind", "task-force")),
    (a_round, ("task-force",)),
    (consignment, BOTH_ENDS),
    (programme, ("donor-ind", "task-force")),
    (lambda cast: "TCD-moissala", ("focal-tcd", "nurse-moissala", "task-force")),
    (lambda cast: "vaccine-measles", ("task-force", "task-force-eu")),
    (lambda cast: "UNICEF", ("donor-unicef",)),
)  # fmt: skip


@pytest.mark.parametrize(("target", "allowed"), WHO_MAY)
def test_who_has_a_part_in_it_attaches_evidence(
    cast: Cast, target: Callable[[Cast], str], allowed: tuple[str, ...]
) -> None:
    about = target(cast)
    for who in EVERYBODY:
        if who not in allowed:
            with refused((NotAllowed, NameUnknown)):
                attach(cast, who, about=about)
    for who in allowed:
        ref = attach(cast, who, about=about).ref
        assert EvidenceLink.objects.get(evidence=ref).about == about


def test_the_right_is_asked_for_each_thing_it_is_about(cast: Cast) -> None:
    with refused(NotAllowed):
        attach(cast, about="TCD;KEN")
    both = f"{offer(cast)};{need(cast)}"
    with refused((NotAllowed, NameUnknown)):
        attach(cast, "donor-ind", about=both)
    attach(cast, "task-force", about="TCD;KEN;vaccine-measles")
    assert Evidence.objects.get().given_by_id is None


def test_an_entry_belongs_to_its_donor_its_holder_and_both_ends_of_its_consignment(cast: Cast) -> None:
    from evenhand.ledger.entries import AccountKey
    from evenhand.stockbook.posting import Posting, post

    ref, travels = offer(cast), consignment(cast)
    stages = (("allocate", "offered", "", "allocated", "KEN"), ("dispatch", "allocated", "KEN", "in-transit", travels))
    for verb, source, holder, target, receiver in stages:
        keys = AccountKey(source, ref, holder), AccountKey(target, ref, receiver)
        post([Posting(verb, verb, *keys, "vaccine-measles", 10, TODAY)], action="a", by="u", recorded=NOW)
    for who in ("focal-ken", "donor-ind", "task-force"):
        attach(cast, who, about="allocate")
    with refused(NotAllowed):
        attach(cast, about="allocate")
    attach(cast, about="dispatch")  # Chad awaits the consignment


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ("TDC", "no need, offer, round, consignment, programme, party, resource or entry 'TDC'; did you mean 'TCD'?"),
        ("TCD;ND-0000000000", "no need 'ND-0000000000'"),
        ("OF-0000000000", "no offer"),
        ("RD-0000000000", "no round"),
        ("CN-0000000000", "no consignment"),
        ("PG-0000000000", "no programme"),
        ("nd-0000000000", "no need, offer"),
        ("../../etc/passwd", "no need, offer"),
    ],
)
def test_what_it_is_about_must_exist(cast: Cast, about: str, sentence: str) -> None:
    with refused(NameUnknown, sentence):
        attach(cast, about=about)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"about": " ; "}, "it is about 0 things"),
        ({"about": ";".join(f"TCD{number}" for number in range(51))}, "it is about 51 things"),
        ({"title": ""}, "the title is empty"),
        ({"title": "Letter\u202e"}, "an unseen character"),
        ({"kind": "documant"}, "did you mean 'document'?"),
        ({"confidence": "sure"}, "there is no confidence 'sure'; it is one of low, medium, high"),
        ({"dated": TODAY + timedelta(days=1)}, "dated is 2026-03-03, which has not come yet"),
        ({"language": "French"}, "the language is 'French'"),
        ({"file": b""}, "evidence needs a file, or a source"),
        ({"file": b"", "source": "the ministry", "kind": "photo"}, "a photo is a file; attach it"),
        ({"kind": "photo"}, "the file is application/pdf, by what it holds, and no photo"),
        ({"kind": "photo", "filename": "photo.png"}, "photo.png is application/pdf, by what it holds, and no photo"),
        ({"kind": "table", "file": PNG}, "is image/png, by what it holds, and no table"),
        ({"kind": "link"}, "a link is an address and no file"),
        ({"kind": "link", "file": b"", "source": "www.who.int"}, "that begins with https://"),
        ({"kind": "link", "file": b"", "source": "javascript:alert(1)"}, "is no address to follow"),
        ({"source": " JavaScript:alert(1)"}, "is no address to follow"),
        ({"source": "data:text/html,<script>"}, "is no address to follow"),
    ],
)  # fmt: skip
def test_evidence_that_proves_nothing_is_refused(cast: Cast, wrong: dict[str, Any], sentence: str) -> None:
    with refused(ActionRefused, sentence):
        attach(cast, **wrong)


def test_a_link_and_a_reading_without_file_are_kept(cast: Cast) -> None:
    attach(cast, kind="link", file=b"", source="https://www.who.int/emergencies/2026?x=1")
    attach(cast, kind="readout", file=b"", source="WHO: press briefing")
    assert not StoredFile.objects.exists()


KEPT = {
    "a PDF": (PDF, "application/pdf"),
    "a PNG": (PNG, "image/png"),
    "a JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    "a WebP": (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    "a TIFF": (b"II*\0\x08\0\0\0", "image/tiff"),
    "text": ("12 boîtes reçues\n".encode(), "text/plain"),
    "Arabic text": ("استلمنا ١٢ صندوقا".encode(), "text/plain"),
    "Latin-1": ("12 boîtes reçues".encode("latin-1"), "text/plain"),
    "UTF-16": ("12 boîtes".encode("utf-16"), "text/plain"),
    "CSV with marks": (b"\xef\xbb\xbfparty;quantity\nTCD;<5\n", "text/plain"),
    "a workbook": (zipped("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "a letter": (
        zipped("word/document.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "an OpenDocument sheet": (ODS, "application/vnd.oasis.opendocument.spreadsheet"),
    "Parquet": (b"PAR1\x15\x04\x15PAR1", "application/vnd.apache.parquet"),
}
REFUSED = {
    "a program of Windows": b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff",
    "a program of Linux": b"\x7fELF\x02\x01\x01\0",
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "a page": b"<!DOCTYPE html><html><script>alert(1)</script>",
    "a page after a comment": b"<!-- photo -->\n\n<HTML>",
    "a page with a mark before it": b"\xef\xbb\xbf  <html>",
    "a page in UTF-16": "<html><script>".encode("utf-16"),
    "a picture that runs": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "XML": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
    "text with a script in it": b"hello\n<script src=//evil.example></script>",
    "PHP": b"<?php system($_GET['x']);",
    "a workbook with macros": zipped("xl/workbook.xml", "xl/vbaProject.bin"),
    "an archive": zipped("a.exe", first=("readme.txt", b"x")),
    "an old office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
    "a database": b"SQLite format 3\0\x10\0",
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0",
    "a shortcut": b"L\0\0\0\x01\x14\x02\0",
    "zeros": b"\0" * 100,
}  # fmt: skip


@pytest.mark.parametrize("what", KEPT)
def test_what_a_file_is_its_bytes_say(cast: Cast, what: str) -> None:
    body, kind = KEPT[what]
    assert attach(cast, file=body, filename="innocent.exe").facts["media_type"] == kind


@pytest.mark.parametrize("what", REFUSED)
def test_what_could_run_or_cannot_be_read_is_not_kept_whatever_its_name(cast: Cast, what: str) -> None:
    with refused(ActionRefused, "letter.pdf is, by what it holds, no kind of file that is kept. Those are PDF"):
        attach(cast, file=REFUSED[what], filename="letter.pdf")


def test_a_photo_and_a_table_are_what_they_are_said_to_be(cast: Cast) -> None:
    attach(cast, kind="photo", file=PNG)
    attach(cast, kind="table", file=b"party,quantity\nTCD,5\n")
    attach(cast, kind="table", file=ODS)
    assert Evidence.objects.count() == 3


def test_a_file_above_the_setting_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Configuration({**django_settings.EVENHAND.values, "largest_file": "1"})
    monkeypatch.setattr(django_settings, "EVENHAND", small)
    attach(cast, file=PDF.ljust(2**20))
    with refused(ActionRefused, "the file has 1.0 MiB; at most 1 MiB are kept (setting largest_file)"):
        attach(cast, file=PDF.ljust(2**20 + 1))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_told_and_markup_in_them_is_never_kept(body: bytes) -> None:
    assert isinstance(media_type(body), str)
    for poison in (b"<script>", b"<HTML ", b"< svg>", b"<?xml "):
        if not media_type(body + b" ") or media_type(body + b" ") != "text/plain":
            continue
        assert media_type(body + poison) == ""
