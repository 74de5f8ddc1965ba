"""What was said, as everybody reads it: in the words of those who said it, with speaker, day and source, and nothing before it was checked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from evenhand.actions.catalogue import ACTIONS

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]


def page(client: Client, path: str, language: str = "en") -> str:
    response = client.get(f"/{language}/{path}")
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_every_page_has_one_heading_and_escapes_the_words_of_others(
    register: Any, reader: Reader, language: str
) -> None:
    for path in (
        "statements", f"statements/{register.given}", f"statements/{register.promised}", f"documents/{register.document}",
        "meetings", f"meetings/{register.meeting}", f"officials/{register.official}", "officials", "statements/words",
    ):  # fmt: skip
        text = page(reader(""), path, language)
        assert text.count("<h1") == 1, path
        assert "<i>UNICEF" not in text, path
        assert "<b>efforts</b>" not in text, path


def test_a_statement_names_who_said_it_when_and_where(register: Any, reader: Reader) -> None:
    text = page(reader(""), f"statements/{register.given}")
    for said in ("Eva Lund", "1 March 2026", "The Presidency", 'mark class="given"', "500"):
        assert said in text, said
    assert 'href="https://press.example/1?a=b&amp;c=d"' in text
    assert "No record on file" in text


def test_what_is_not_checked_is_seen_by_who_checks_alone(register: Any, reader: Reader) -> None:
    for path in (f"statements/{register.grown}", f"documents/{register.waiting}", f"statements/{register.grown}.json"):
        assert reader("").get(f"/en/{path}").status_code == 404, path
        assert reader("focal-tcd").get(f"/en/{path}").status_code == 404, path
        assert reader("task-force").get(f"/en/{path}").status_code == 200, path
    assert "60 doctors" not in page(reader(""), "statements")
    assert "60 doctors" not in page(reader(""), "statements/feed.atom")
    assert "60 doctors" not in page(reader(""), "statements/words")


def test_the_file_of_a_document_is_public_when_something_of_it_is_accepted(
    register: Any, reader: Reader, cast: Any
) -> None:
    paths = [f"/en/evidence/{register.waiting}", f"/en/evidence/{register.waiting}/file"]
    paths += [f"/en/evidence/{register.waiting}.json", f"/api/v1/evidence/{register.waiting}"]
    for path in paths:
        assert reader("").get(path).status_code == 404, path
        assert reader("focal-tcd").get(path).status_code == 404, path
        assert reader("task-force").get(path).status_code == 200, path
    ACTIONS["statement accept"](cast("task-force", request="a1"), statement=register.grown)
    for path in paths:
        assert reader("").get(path).status_code == 200, path
    ACTIONS["statement reject"](cast("task-force", request="a2", reason="nobody said it"), statement=register.grown)
    for path in paths:
        assert reader("").get(path).status_code == 404, path


def test_evidence_that_was_attached_is_public_at_once_read_or_not(reader: Reader, cast: Any) -> None:
    from datetime import timedelta

    from evenhand_cast import NOW

    words = b"KAMPALA, March 1, 2026\n\nPresident of Uganda Ali Okello said that Uganda will send 60 doctors to Chad."
    done = ACTIONS["evidence attach"](
        cast("task-force", request="e1"), about="TCD", title="More doctors", kind="readout", public=True, file=words
    )
    assert reader("").get(f"/en/evidence/{done.ref}").status_code == 200
    ACTIONS["document read"](cast("task-force", request="e2", at=NOW + timedelta(hours=1)), evidence=done.ref)
    assert reader("").get(f"/en/evidence/{done.ref}/file").status_code == 200
    assert reader("").get(f"/en/documents/{done.ref}").status_code == 404


@pytest.mark.parametrize(("asked", "found"), [
    ("kind=given", {"given"}), ("kind=promised&party=UGA", {"promised"}), ("search=tents", {"given"}), ("search=Eva+Lund", {"given"}),
    ("since=2026-04-01", set()), ("until=2026-03-01&kind=needed", {"needed"}), ("", {"given", "needed", "promised"}), ("party=FRA", set()),
])  # fmt: skip
def test_the_list_is_filtered_by_its_address_alone(register: Any, reader: Reader, asked: str, found: set[str]) -> None:
    rows = json.loads(page(reader(""), f"statements.json?{asked}"))
    listed = rows["rows"] if "rows" in rows else rows["data"]
    assert {one["ref"] for one in listed} == {getattr(register, kind) for kind in found}


def test_a_day_that_is_none_is_told_and_stays_typed(reader: Reader) -> None:
    for path in ("statements", "meetings", "statements/words"):
        response = reader("").get(f"/en/{path}?since=yesterday")
        assert response.status_code == 422, path
        assert "“yesterday” is no date" in response.content.decode(), path
        assert 'value="yesterday"' in response.content.decode(), path


@pytest.mark.parametrize("path", ["statements.csv?since=yesterday", "meetings.json?until=x", "meetings?table=nothing"])
def test_data_that_would_not_be_what_was_asked_for_are_refused(reader: Reader, path: str) -> None:
    assert reader("").get(f"/en/{path}").status_code in (400, 404, 422)


def test_the_data_hold_what_the_page_does(register: Any, reader: Reader) -> None:
    lines = page(reader(""), "statements.csv").lstrip("\ufeff").splitlines()
    rows = list(csv.DictReader(io.StringIO("\n".join(line for line in lines if not line.startswith("#")))))
    assert {row["ref"] for row in rows} == {register.given, register.needed, register.promised}
    assert reader("").get("/en/statements.xlsx").status_code == 200
    assert reader("").get(f"/en/meetings/{register.meeting}.csv").status_code == 200
    assert reader("").get("/en/meetings.json?table=met").status_code == 200


def test_the_feed_is_atom_and_attributes_each(register: Any, reader: Reader) -> None:
    response = reader("").get("/en/statements/feed.atom")
    tree = ElementTree.fromstring(response.content)
    titles = [one.text or "" for one in tree.iter("{http://www.w3.org/2005/Atom}title")][1:]
    assert len(titles) == 3
    assert all(" said on 1 March 2026, in The Presidency: “" in title for title in titles)


ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: Client, path: str) -> dict[str, Any]:
    """Id of an entry → the entry."""
    tree = ElementTree.fromstring(client.get(path).content)
    return {one.findtext(f"{ATOM}id"): one for one in tree.iter(f"{ATOM}entry")}  # type: ignore[misc]


def test_a_corrected_statement_keeps_its_id_in_the_feed_and_is_dated_anew(
    register: Any, reader: Reader, cast: Any
) -> None:
    from datetime import timedelta

    from evenhand_cast import NOW

    from evenhand.actions.catalogue import ACTIONS

    before = entries(reader(""), "/en/statements/feed.atom")
    ref, given = register.promised, {"quantity": "41"}
    for hours in (1, 2):
        acting = cast("task-force", at=NOW + timedelta(hours=hours))
        ref = ACTIONS["statement correct"](acting, statement=ref, **given).ref
        given = {"quantity": "42"}
    after = entries(reader(""), "/en/statements/feed.atom")
    assert set(after) == set(before)
    name = next(one for one in after if one.endswith(register.promised))
    assert after[name].find(f"{ATOM}link").get("href").endswith(ref)  # type: ignore[union-attr]
    assert after[name].findtext(f"{ATOM}published") == before[name].findtext(f"{ATOM}published")
    assert after[name].findtext(f"{ATOM}updated") == (NOW + timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    assert next(iter(after)) == name


def test_a_document_is_never_cut_in_the_feed(cast: Any) -> None:
    from datetime import timedelta

    from evenhand_cast import NOW
    from evenhand_said import add_reading, add_statement

    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.announced import list_announced

    document = add_reading()
    many = {add_statement(document, decided_at=NOW - timedelta(days=day)) for day in range(5)}
    add_statement(decided_at=NOW - timedelta(days=9))
    add_statement(document, state="proposed")
    told = list_announced(PUBLIC, most=2)
    assert {one.statement.ref for one in told} == many
    assert [one.at for one in told] == sorted((one.at for one in told), reverse=True)


def test_meetings_have_a_feed_of_their_own(register: Any, reader: Reader) -> None:
    (one,) = entries(reader(""), "/en/meetings/feed.atom").values()
    assert one.findtext(f"{ATOM}id").endswith(register.meeting)
    assert "Kampala" in one.findtext(f"{ATOM}summary")
    assert "Eva Lund" in one.findtext(f"{ATOM}summary")
    assert "/en/meetings/feed.atom" in page(reader(""), "meetings")


def test_the_document_shows_its_text_with_speakers_and_claims_marked(register: Any, reader: Reader) -> None:
    text = page(reader(""), f"documents/{register.document}?mark={register.given}")
    assert f'id="m-{register.given}"' in text
    assert 'class="turn guest"' in text
    assert 'class="turn host"' in text
    assert "solid line: the host speaks" in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_text_of_a_document_has_its_own_language_and_direction_whatever_the_pages_is(
    register: Any, reader: Reader, language: str
) -> None:
    text = page(reader(""), f"documents/{register.document}", language)
    assert '<div class="marked" lang="en" dir="ltr">' in text
    marked = text.partition('<div class="marked"')[2].partition('class="legend"')[0]
    assert f'<b lang="{language}"><bdi>' in marked  # what we say beside it


def test_a_meeting_shows_what_each_side_said_act_by_act(register: Any, reader: Reader) -> None:
    text = page(reader(""), f"meetings/{register.meeting}")
    host, _, guest = text.partition("The guest’s side")
    assert "Ali Okello" in host
    assert "40 doctors" in host
    assert "She hailed the &lt;b&gt;efforts" in guest
    assert "Praises</h3>" in guest


def test_who_met_whom_is_a_picture_with_its_table(register: Any, reader: Reader) -> None:
    text = page(reader(""), "meetings")
    assert '<title id="met-t">Who met whom</title>' in text
    assert "Uganda and United Nations Children" in text
    assert 'href="/en/meetings.csv?table=met"' in text


def test_a_partys_page_leads_on_to_its_meetings_and_statements(register: Any, reader: Reader) -> None:
    text = page(reader(""), "parties/UGA")
    assert 'href="/en/meetings?party=UGA"' in text
    assert 'href="/en/statements?party=UGA"' in text
    assert "statements?party=FRA" not in page(reader(""), "parties/FRA")


@pytest.mark.parametrize("key", ["UGA", "UNICEF", "TCD", "TCD-moissala", "IND", "FRA"])
@pytest.mark.parametrize("who", ["", "task-force"])
def test_a_party_counts_what_the_lists_list(register: Any, cast: Any, who: str, key: str) -> None:
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.meetings import count_meetings
    from evenhand.lookups.said_of import count_said
    from evenhand.lookups.statements import count_statements

    viewer = cast(who).viewer if who else PUBLIC
    found = count_said(viewer, key)
    assert (found.statements, found.meetings) == (
        count_statements(viewer, party=key),
        count_meetings(viewer, party=key),
    )


def test_a_growing_claim_is_one_thread_with_each_number_on_one_scale(register: Any, reader: Reader, cast: Any) -> None:
    ACTIONS["statement accept"](cast("task-force", request="a2"), statement=register.grown)
    ACTIONS["statement thread"](cast("task-force", request="t1"), statement=register.promised, title="Doctors for Chad")
    from evenhand.said.models import Statement

    thread = Statement.objects.get(pk=register.promised).thread_id
    ACTIONS["statement thread"](cast("task-force", request="t2"), statement=register.grown, thread=thread)
    text = page(reader(""), f"statements/threads/{thread}")
    assert text.index("40 doctors") < text.index("60 doctors")
    assert 'width="66.67"' in text
    assert "Said more than once" in page(reader(""), f"statements/{register.grown}")


def test_a_linked_offer_shows_what_came_of_it(register: Any, reader: Reader, cast: Any) -> None:
    made = ACTIONS["offer make"](
        cast("donor-ind", request="o1"), donor="IND", resource="mask-surgical", quantity="5000", firmness="commitment"
    )
    ACTIONS["statement link"](cast("task-force", request="l1"), statement=register.given, about=made.ref)
    text = page(reader(""), f"statements/{register.given}")
    assert f"/en/offers/{made.ref}" in text
    assert "Committed" in text
    assert "No record on file" not in text


def test_a_party_answers_and_everybody_reads_it(register: Any, reader: Reader, cast: Any) -> None:
    assert "Answer it" in page(reader("donor-ind"), f"statements/{register.given}")
    assert "Answer it" not in page(reader("focal-ken"), f"statements/{register.given}")
    ACTIONS["statement answer"](
        cast("donor-ind", request="r1"), statement=register.given, party="IND", text="It was <u>500</u>, yes."
    )
    text = page(reader(""), f"statements/{register.given}")
    assert "It was &lt;u&gt;500&lt;/u&gt;, yes." in text


def test_a_correction_keeps_what_stood_before(register: Any, reader: Reader, cast: Any) -> None:
    done = ACTIONS["statement correct"](
        cast("task-force", request="c1", reason="the readout says 400"), statement=register.given, quantity="400"
    )
    text = page(reader(""), f"statements/{done.ref}")
    assert "As it stood before it was corrected" in text
    assert "500" in text
    assert "Read it as it stands now" in page(reader(""), f"statements/{register.given}")


@pytest.mark.parametrize("path", [
    "statements/ST-0000000000", "statements/threads/TH-0000000000", "documents/EV-0000000000", "meetings/MT-0000000000",
    "officials/HO-0000000000", "statements/" + "x" * 300,
])  # fmt: skip
def test_what_is_none_is_said_in_a_sentence(reader: Reader, path: str) -> None:
    assert reader("").get(f"/en/{path}").status_code == 404
