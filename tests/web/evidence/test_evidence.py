"""Evidence: its page and its file, for whom they are; a file is kept by who gets it, and never run."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from evenhand_giving import Trail

from evenhand.access.models import RoleHeld
from evenhand.web.evidence.sources import sources_of

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]


@pytest.mark.parametrize(("who", "status"), [
    ("", 404), ("focal-ken", 404), ("donor-unicef", 404), ("donor-ind", 200), ("task-force", 200), ("auditor", 200), ("operator", 404),
])  # fmt: skip
def test_what_is_not_public_is_for_who_has_a_part_in_it(trail: Trail, reader: Reader, who: str, status: int) -> None:
    client = reader(who)
    for path in (f"evidence/{trail.receipt}", f"evidence/{trail.receipt}/file", f"evidence/{trail.receipt}.json"):
        assert client.get(f"/en/{path}").status_code == status, path
    assert client.get(f"/en/evidence/{trail.evidence}").status_code == 200


def test_a_file_is_handed_out_to_be_kept_and_can_do_nothing(trail: Trail, reader: Reader) -> None:
    response = reader("donor-ind").get(f"/en/evidence/{trail.receipt}/file")
    assert response.content == b"%PDF-1.7 <script>"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{trail.receipt}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in response["Cache-Control"]
    again = reader("donor-ind").get(f"/en/evidence/{trail.receipt}/file", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    nobody = reader("").get(f"/en/evidence/{trail.receipt}/file", headers={"If-None-Match": response["ETag"]})
    assert nobody.status_code == 404


def test_a_reader_for_the_donor_sees_its_evidence(trail: Trail, reader: Reader) -> None:
    RoleHeld.objects.filter(user__name="donor-ind").update(role="donor-reader")
    assert reader("donor-ind").get(f"/en/evidence/{trail.receipt}/file").status_code == 200


def test_words_of_others_are_text(trail: Trail, reader: Reader) -> None:
    text = reader("").get(f"/ar/evidence/{trail.evidence}").content.decode()
    assert text.count("<h1") == 1
    assert "<i>a thousand</i>" not in text
    assert 'href="javascript' not in text
    assert 'href="https://www.example.org/a?b=1&amp;c=2"' in text
    assert "/file" not in text


@pytest.mark.parametrize("path", ["EV-0000000000", "EV-0000000000/file", "x" * 300])
def test_what_is_none_is_said_in_a_sentence(reader: Reader, path: str) -> None:
    assert reader("").get(f"/en/evidence/{path}").status_code == 404


def test_an_address_that_no_database_takes_is_refused(reader: Reader) -> None:
    assert reader("").get("/en/evidence/%00").status_code == 400


@pytest.mark.parametrize(("source", "links"), [
    ("", []), ("The Daily", [""]), ("https://a.example/x; https://www.b.example/y", ["https://a.example/x", "https://www.b.example/y"]),
    ("javascript:alert(1)", [""]), ("https://", [""]), ("https://[", [""]), ('https://a.example/"onclick=1', [""]), ("HTTPS://A.EXAMPLE", [""]),
])  # fmt: skip
def test_only_addresses_of_the_web_are_followed(source: str, links: list[str]) -> None:
    assert [one.address for one in sources_of(source)] == links


def test_evidence_that_was_read_leads_to_its_marked_text_for_whom_that_is_there(trail: Trail, reader: Reader) -> None:
    from evenhand_said import add_statement

    from evenhand.records.models import Evidence, EvidenceLink
    from evenhand.said.models import Reading, Statement

    statement = add_statement(state="proposed")
    document = Statement.objects.get(pk=statement).evidence_id
    offer = EvidenceLink.objects.get(evidence=trail.evidence).about
    for about in (offer, "TCD"):
        EvidenceLink.objects.create(evidence_id=document, about=about)
    way = f'href="/en/documents/{document}"'
    pages = (f"/en/evidence/{document}", f"/en/offers/{offer}", "/en/parties/TCD")
    for path in pages:
        assert way not in reader("").get(path).content.decode(), path
        assert way in reader("task-force").get(path).content.decode(), path
    assert reader("").get(f"/en/documents/{document}").status_code == 404
    Statement.objects.filter(pk=statement).update(state="accepted")
    for path in pages:
        assert way in reader("").get(path).content.decode(), path
        assert f'href="/en/documents/{trail.evidence}"' not in reader("").get(path).content.decode()
    assert reader("").get(f"/en/documents/{document}").status_code == 200
    assert not Reading.objects.filter(pk=trail.evidence).exists()
    assert Evidence.objects.filter(pk=trail.evidence).exists()
