"""The receipt of a consignment: in a minute, done once, every line counted, nothing lost that was typed."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from evenhand_travel import Travel

pytestmark = pytest.mark.django_db
WORKER = {"Accept": "application/json"}
GOOD, NOTHING = "good", "later"


def form_of(client: Any, ref: str, language: str = "en") -> dict[str, str]:
    """Return the hidden fields of a receipt's form."""
    page = client.get(f"/{language}/receipts/{ref}").content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    return {name: html.unescape(value) for name, value in fields.items() if name != "csrfmiddlewaretoken"}


def send(client: Any, travel: Travel, given: Mapping[str, Any], **more: Any) -> Any:
    return client.post(f"/en/receipts/{travel.ref}", given, **more)


def test_all_is_here_and_good_with_one_button(travel: Travel, reader: Any) -> None:
    client = reader("focal-tcd")
    answer = send(client, travel, form_of(client, travel.ref) | {"all": "yes"})
    assert answer.status_code == 302
    assert travel.state() == [(600, 0, 0, 0), (200, 0, 0, 0)]
    said = client.get("/en/receipts").content.decode()
    assert "Line 1" in said
    assert "600 doses, all good" in said


def test_a_receipt_sent_twice_is_counted_once_and_answered_the_same(travel: Travel, reader: Any) -> None:
    client = reader("focal-tcd")
    form = form_of(client, travel.ref) | {
        "is-1": "part", "damaged-1": "1", "why_damaged-1": "wet", "missing-1": "2", "why_missing-1": "theft", "is-2": GOOD,
    }  # fmt: skip
    first = send(client, travel, form, headers=WORKER).json()
    after = travel.state()
    again = send(client, travel, form, headers=WORKER).json()
    assert after == [(300, 100, 200, 0), (200, 0, 0, 0)] == travel.state()
    assert first == again
    assert first["state"] == "done"
    assert len(first["said"]) == 2


def test_damaged_and_missing_keep_each_its_own_cause(travel: Travel, reader: Any) -> None:
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.consignments import get_consignment

    client = reader("focal-tcd")
    send(client, travel, form_of(client, travel.ref) | {
        "is-1": "part", "good-1": "3", "damaged-1": "1", "why_damaged-1": "wet", "missing-1": "2", "why_missing-1": "theft",
        "is-2": NOTHING, "note": "the lid was open",
    })  # fmt: skip
    found = {(one.what, one.quantity, one.cause) for one in get_consignment(PUBLIC, travel.ref).differences}
    assert found == {("damaged", 100, "wet"), ("missing", 200, "theft")}
    assert travel.state()[1] == (0, 0, 0, 200)


def test_a_part_of_a_box_is_counted_in_base_units(travel: Travel, reader: Any) -> None:
    client = reader("focal-tcd")
    part = {"is-1": "part", "unit-1": "dose", "damaged-1": "30", "why_damaged-1": "broken", "is-2": NOTHING}
    assert send(client, travel, form_of(client, travel.ref) | part).status_code == 302
    assert travel.state()[0] == (570, 30, 0, 0)


WRONG = [
    ({"is-1": "part", "good-1": "4", "damaged-1": "1", "why_damaged-1": "wet"}, "good-1", "6 boxes are on the way"),
    ({"is-1": "part", "damaged-1": "7", "why_damaged-1": "wet"}, "good-1", "Count again"),
    ({"is-1": "part", "damaged-1": "1"}, "why_damaged-1", "Choose why"),
    ({"is-1": "part", "missing-1": "2", "why_missing-1": "wet"}, "why_missing-1", "Choose why"),
    ({"is-1": "part", "missing-1": "2", "why_missing-1": "other"}, "why_missing-1", "note"),
    ({"is-1": "part"}, "damaged-1", "Say how many"),
    ({"is-1": "part", "damaged-1": "-1", "why_damaged-1": "wet"}, "damaged-1", "is no number"),
    ({"is-1": "part", "damaged-1": "NaN", "why_damaged-1": "wet"}, "damaged-1", "is no number"),
    ({"is-1": "part", "damaged-1": "1e99999999", "why_damaged-1": "wet"}, "damaged-1", "is no number"),
    ({"is-1": "part", "damaged-1": "9" * 300, "why_damaged-1": "wet"}, "damaged-1", "is no number"),
    ({"is-1": "part", "damaged-1": "'; DROP TABLE x", "why_damaged-1": "wet"}, "damaged-1", "is no number"),
    ({"is-1": "part", "damaged-1": "<b>1</b>", "why_damaged-1": "wet"}, "damaged-1", "is no number"),
    ({"is-1": "part", "damaged-1": "\u202e1", "why_damaged-1": "wet"}, "damaged-1", "is no number"),
    ({"is-1": "part", "damaged-1": "😀", "why_damaged-1": "wet"}, "damaged-1", "is no number"),
    ({"is-1": "part", "damaged-1": "1", "unit-1": "elephant", "why_damaged-1": "wet"}, "main", "Count in one"),
    ({"is-1": "stolen"}, "is-1-good", "Say whether"),
    ({"is-1": GOOD, "on": "2999-01-01"}, "on", "has not come yet"),
    ({"is-1": GOOD, "on": "yesterday"}, "on", "no date"),
    ({"is-1": GOOD, "on": "2020-01-01"}, "is-1-good", "left on"),
    ({"is-1": GOOD, "note": "x" * 3000}, "note", "too long"),
    ({"is-1": GOOD, "note": "a\u202eb"}, "note", "unseen"),
    ({"is-1": GOOD, "request_id": "\u00e9" * 20}, "main", "lost its number"),
]


@pytest.mark.parametrize(("given", "where", "words"), WRONG, ids=[f"{i}-{one[1]}" for i, one in enumerate(WRONG)])
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    travel: Travel, reader: Any, given: dict[str, str], where: str, words: str
) -> None:
    client = reader("focal-tcd")
    answer = send(client, travel, form_of(client, travel.ref) | {"is-2": NOTHING} | given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert travel.state() == [(0, 0, 0, 600), (0, 0, 0, 200)]
    assert words in html.unescape(page)
    if where != "main":
        assert f'href="#{where}"' in page
        assert f'id="{where}"' in page
    typed = given.get("damaged-1", "")
    if typed and len(typed) < 200:
        assert f'value="{html.escape(typed)}"' in page
    assert "<b>1</b>" not in page


def test_a_line_that_is_refused_is_named_and_those_done_before_are_said(travel: Travel, reader: Any) -> None:
    from evenhand.actions.receipts import receive_consignment

    client = reader("focal-tcd")
    form = form_of(client, travel.ref) | {"is-1": GOOD, "is-2": GOOD}
    receive_consignment(
        travel.cast("focal-tcd"), consignment=travel.ref, line=2, missing="200", unit="piece", cause="theft"
    )
    answer = send(client, travel, form, headers=WORKER).json()
    assert answer["state"] == "refused"
    assert "Line 1" in answer["said"][0]
    assert "Line 2" in answer["problems"][0]
    assert "received already" in answer["problems"][0]
    assert travel.state() == [(600, 0, 0, 0), (0, 0, 200, 0)]


def test_only_who_receives_it_may_say_what_came(travel: Travel, reader: Any) -> None:
    for name in ("focal-ken", "nurse-moissala", "donor-unicef", "task-force", "auditor"):
        client = reader(name)
        assert client.get(f"/en/receipts/{travel.ref}").status_code == 403, name
        assert send(client, travel, {"is-1": GOOD, "request_id": "12345678", "lines": "1"}).status_code == 403, name
    assert travel.state() == [(0, 0, 0, 600), (0, 0, 0, 200)]
    assert reader("focal-tcd").get("/en/receipts/CN-0000000000").status_code == 404


def test_whoever_is_signed_out_meanwhile_finds_the_words_again(travel: Travel, reader: Any) -> None:
    client, public = reader("focal-tcd"), reader("")
    form = form_of(client, travel.ref) | {"is-1": "part", "damaged-1": "2", "note": "sehr nass"}
    answer = send(public, travel, form)
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]
    assert travel.state()[0] == (0, 0, 0, 600)
    assert public.get("/en/receipts/token").json()["who"] == ""
    assert client.get("/en/receipts/token").json()["who"] == "u-focal-tcd"


def test_the_list_has_what_is_on_its_way_to_me_and_below_me_alone(travel: Travel, reader: Any) -> None:
    assert travel.ref in reader("focal-tcd").get("/en/receipts").content.decode()
    for name in ("focal-ken", "nurse-moissala", "donor-unicef"):
        assert travel.ref not in reader(name).get("/en/receipts").content.decode(), name
    assert reader("").get("/en/receipts").status_code == 302


def test_a_page_asks_the_database_few_questions(travel: Travel, reader: Any) -> None:
    client = reader("focal-tcd")
    for address in ("/en/receipts", f"/en/receipts/{travel.ref}"):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        signing_in = [
            one
            for one in asked
            if "django_session" in one["sql"] or "access_user" in one["sql"] or "role" in one["sql"]
        ]
        assert len(asked) - len(signing_in) <= 12, [one["sql"][:90] for one in asked]


def test_what_is_all_counted_or_has_not_left_says_so(planned: Travel, reader: Any) -> None:
    client = reader("focal-tcd")
    assert "It has not left yet" in client.get(f"/en/receipts/{planned.ref}").content.decode()
    assert planned.ref in client.get("/en/receipts").content.decode()


def test_a_photo_is_kept_as_evidence_about_the_consignment(travel: Travel, reader: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from evenhand.lookups.evidence import list_evidence

    client = reader("focal-tcd")
    png = (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4"
        b"\0\0\0\0IEND\xaeB`\x82"
    )
    form = form_of(client, travel.ref) | {"all": "yes"}
    send(client, travel, form | {"photo": SimpleUploadedFile("a.png", png)})
    (kept,) = list_evidence(travel.cast.viewers["focal-tcd"], about=travel.ref)
    assert (kept.kind, kept.public) == ("photo", False)


def test_a_text_that_calls_itself_a_photo_is_refused_and_the_receipt_stands(travel: Travel, reader: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = reader("focal-tcd")
    form = form_of(client, travel.ref) | {"all": "yes"}
    answer = send(client, travel, form | {"photo": SimpleUploadedFile("a.png", b"<script>alert(1)</script>")})
    assert answer.status_code == 422
    assert "The photo was not kept" in answer.content.decode()
    assert travel.state() == [(600, 0, 0, 0), (200, 0, 0, 0)]


def test_the_worker_is_served_at_the_root_and_never_kept(reader: Any) -> None:
    answer = reader("").get("/sw.js")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript; charset=utf-8", "no-cache")


def test_the_scripts_of_receipts_weigh_little() -> None:
    import gzip
    from importlib.resources import files

    assets = files("evenhand.web") / "assets"
    assert sum(len(gzip.compress((assets / name).read_bytes(), 9)) for name in ("sw.js", "receipt.js")) <= 4096
