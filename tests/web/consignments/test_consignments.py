"""The pages of consignments: what everybody reads, what only those with a part in it do, the code on a box, the papers."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from evenhand_travel import Travel

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.consignments import list_consignments
from evenhand.lookups.reach import today

pytestmark = pytest.mark.django_db
EVERYBODY = (
    "",
    "focal-tcd",
    "focal-ken",
    "nurse-moissala",
    "donor-unicef",
    "task-force",
    "board-aze",
    "auditor",
    "operator",
)
NOT_OF_ROWS = (
    "django_session", "access_user", "access_roleheld", "usersessions",  # signing in
    "access_version", "records_translation", 'FROM "records_membership"',  # kept by version, but inside a test's transaction
    '"name" AS "name"',
)  # fmt: skip


def rows(client: Any, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).content.decode())))


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_reads_what_travels_and_few_its_papers(travel: Travel, reader: Any, name: str) -> None:
    client = reader(name)
    assert travel.ref in client.get("/en/consignments").content.decode()
    page = client.get(f"/en/consignments/{travel.ref}").content.decode()
    part = name in ("focal-tcd", "donor-unicef", "task-force", "auditor")
    assert ("1182" in page) is part
    assert (f"{travel.ref}/manifest.pdf" in page) is part
    assert (f"/en/receipts/{travel.ref}" in page) is (name == "focal-tcd")
    assert ("/en/act/consignment/return" in page) is (name in ("donor-unicef", "task-force"))


@pytest.mark.parametrize("name", EVERYBODY)
def test_what_a_page_offers_is_what_the_action_allows(planned: Travel, reader: Any, name: str) -> None:
    from evenhand.actions.consignments import dispatch_consignment
    from evenhand.errors import NotAllowed

    page = reader(name).get(f"/en/consignments/{planned.ref}").content.decode()
    offered = "/en/act/consignment/dispatch" in page
    try:
        dispatch_consignment(planned.cast(name or "public"), consignment=planned.ref)
    except NotAllowed:
        assert not offered
    else:
        assert offered


def test_a_filter_and_its_data_find_the_same(travel: Travel, reader: Any) -> None:
    client = reader("")
    for query, there in (
        ("", True), ("?origin=UNICEF", True), ("?origin=TCD", False), ("?destination=TCD", True), ("?destination=UNICEF", False),
        ("?state=sent", True), ("?state=closed", False), ("?resource=mask-surgical", True), ("?resource=USD", False),
        ("?late=yes", True), ("?donor=IND", False), ("?search=Chad", True),
    ):  # fmt: skip
        found = rows(client, f"/en/consignments.csv{query}")
        assert [row["ref"] for row in found] == ([travel.ref] if there else []), query
        assert (travel.ref in client.get(f"/en/consignments{query}").content.decode()) is there, query
    (found_all,) = rows(client, "/en/consignments.csv")
    assert found_all["carries"] == "vaccine-measles=600;mask-surgical=200"
    assert rows(client, "/ar/consignments.csv")[0]["carries"] == found_all["carries"]


def test_late_is_what_was_due_before_today_and_has_not_wholly_arrived(travel: Travel) -> None:
    due = list_consignments(PUBLIC)[0].due_on
    assert due is not None
    assert [one.ref for one in list_consignments(PUBLIC, late_on=due)] == []
    assert [one.ref for one in list_consignments(PUBLIC, late_on=due + timedelta(days=1))] == [travel.ref]
    from evenhand.actions.receipts import receive_consignment

    receive_consignment(travel.cast("focal-tcd"), consignment=travel.ref)
    assert list_consignments(PUBLIC, late_on=today()) == []


def test_the_page_shows_the_difference_and_why_with_the_entry_that_proves_it(travel: Travel, reader: Any) -> None:
    from evenhand.actions.receipts import receive_consignment

    receive_consignment(
        travel.cast("focal-tcd"),
        consignment=travel.ref,
        line=1,
        damaged="1",
        missing="2",
        cause="wet",
        note="<i>rain</i>",
    )
    page = reader("").get(f"/en/consignments/{travel.ref}").content.decode()
    assert "wet or mouldy" in page
    assert "rain" not in page
    assert "/en/book/entries/" in page
    own = reader("donor-unicef").get(f"/en/consignments/{travel.ref}").content.decode()
    assert "&lt;i&gt;rain&lt;/i&gt;" in own
    assert "<i>rain</i>" not in own
    (line, _mask) = json.loads(reader("").get(f"/en/consignments/{travel.ref}.json").content)["rows"]
    assert [int(line[name]) for name in ("sent", "good", "damaged", "missing", "on_the_way")] == [600, 300, 100, 200, 0]


def test_the_recipient_may_take_its_receipt_back_and_the_sender_its_dispatch(travel: Travel, reader: Any) -> None:
    from evenhand.actions.receipts import receive_consignment

    done = receive_consignment(travel.cast("focal-tcd"), consignment=travel.ref, line=1)
    receipt = f"/en/act/stock/reverse?entry={done.facts['entries'][0]}"
    assert receipt in reader("focal-tcd").get(f"/en/consignments/{travel.ref}").content.decode()
    for name in ("donor-unicef", "focal-ken", ""):
        assert receipt not in reader(name).get(f"/en/consignments/{travel.ref}").content.decode()
    form = reader("focal-tcd").get(receipt).content.decode()
    assert "600" in form
    assert "vaccine-measles" in form


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "/ar/"), ("fr-CH, fr;q=0.9", "/fr/"), ("zh-CN", "/zh/"), ("de", "/en/"), ("", "/en/")],
)
def test_the_code_on_a_box_leads_to_the_reader_s_language(
    travel: Travel, reader: Any, language: str, expected: str
) -> None:
    answer = reader("").get(f"/c/{travel.ref}", headers={"Accept-Language": language})
    assert answer["Location"] == f"{expected}consignments/{travel.ref}"


def test_the_code_leads_whoever_receives_it_to_the_form(travel: Travel, reader: Any) -> None:
    address = f"/c/{travel.ref.lower()}"
    assert reader("focal-tcd").get(address)["Location"] == f"/en/receipts/{travel.ref}"
    assert reader("focal-ken").get(address)["Location"] == f"/en/consignments/{travel.ref}"
    assert reader("").get("/c/CN-0000000000").status_code == 404
    assert reader("").get("/c/%3Cscript%3E").status_code == 404


def test_papers_are_for_those_with_a_part_in_it(travel: Travel, reader: Any) -> None:
    for what in ("manifest", "labels", "receipt"):
        answer = reader("donor-unicef").get(f"/en/consignments/{travel.ref}/{what}.pdf")
        assert (answer.status_code, answer.content[:4]) == (200, b"%PDF"), what
        assert "no-store" in answer["Cache-Control"]
        assert reader("focal-ken").get(f"/en/consignments/{travel.ref}/{what}.pdf").status_code == 403
        assert reader("").get(f"/en/consignments/{travel.ref}/{what}.pdf").status_code == 302
    for boxes, status in (("3", 200), ("0", 400), ("-1", 400), ("9999999", 400), ("x", 400)):
        assert (
            reader("donor-unicef").get(f"/en/consignments/{travel.ref}/labels.pdf?boxes={boxes}").status_code == status
        )


@pytest.mark.parametrize("name", ["", "focal-tcd", "donor-unicef", "task-force"])
@pytest.mark.parametrize("which", ["consignments", "consignments/{ref}", "desk/stock", "consignments/plan", "receipts"])
def test_a_page_asks_few_questions_however_many_rows(travel: Travel, reader: Any, name: str, which: str) -> None:
    client = reader(name)
    address = f"/en/{which.format(ref=travel.ref)}"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    own = [one["sql"] for one in asked if not any(table in one["sql"] for table in NOT_OF_ROWS)]
    assert len(own) <= 11, "\n".join(one[:140] for one in own)
