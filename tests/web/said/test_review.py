"""The queue of what a machine read: accepted, rejected and merged in few presses, without a script; keeping what was tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evenhand.records.models import Evidence
from evenhand.said.models import Meeting, Reading, Statement

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
TEXT = "President of Uganda Ali Okello announced on March 3, 2026 that Uganda will send 70 nurses to Kenya."


def fields(client: Client, path: str) -> tuple[str, dict[str, str]]:
    """Return a page and the hidden fields of its form."""
    text = client.get(path).content.decode()
    return text, dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


def press(client: Client, step: str, *refs: str, reason: str = "", **more: str) -> Any:
    """Tick and press."""
    _, hidden = fields(client, "/en/desk/said")
    return client.post("/en/desk/said", hidden | {"step": step, "tick": list(refs), "reason": reason} | more)


def test_what_waits_stands_with_its_words_and_is_counted_on_the_desk(register: Any, reader: Reader) -> None:
    client = reader("task-force")
    text, _ = fields(client, "/en/desk/said")
    assert f'value="{register.grown}"' in text
    assert "60 doctors" in text
    assert register.given not in re.findall(r'name="tick"[^>]*value="([^"]+)"', text)
    assert 'href="/en/desk/said"><span class="num"><bdi>1</bdi>' in client.get("/en/desk").content.decode()


def test_what_is_ticked_is_accepted_once(register: Any, reader: Reader) -> None:
    client = reader("task-force")
    _, hidden = fields(client, "/en/desk/said")
    for _ in range(2):
        response = client.post("/en/desk/said", hidden | {"step": "accept", "tick": register.grown})
        assert response.status_code == 302
    assert Statement.objects.get(pk=register.grown).state == "accepted"
    assert "60 doctors" in reader("").get("/en/statements").content.decode()


def test_rejecting_needs_a_reason_and_says_so_at_the_row(register: Any, reader: Reader) -> None:
    client = reader("task-force")
    response = press(client, "reject", register.grown)
    assert response.status_code == 422
    assert f'href="#r-{register.grown}"' in response.content.decode()
    assert Statement.objects.get(pk=register.grown).state == "proposed"
    assert press(client, "reject", register.grown, reason="not the words of the document").status_code == 302
    assert Statement.objects.get(pk=register.grown).state == "rejected"


def test_nothing_ticked_and_what_is_no_step_is_refused(register: Any, reader: Reader) -> None:
    client = reader("task-force")
    for step, refs in (
        ("accept", ()),
        ("reject", ()),
        ("merge", ()),
        ("", (register.grown,)),
        ("drop", (register.grown,)),
        ("accept", ("ND-0000000000",)),
    ):
        assert press(client, step, *refs, reason="x").status_code == 422, step
    assert Statement.objects.get(pk=register.grown).state == "proposed"


def test_a_likeness_is_merged_by_one_press(register: Any, reader: Reader) -> None:
    client = reader("task-force")
    response = press(client, f"merge {register.grown} {register.promised}", reason="the same announcement")
    assert response.status_code == 302
    assert Statement.objects.get(pk=register.grown).merged_into_id == register.promised


def test_a_meeting_is_confirmed_with_the_statements(register: Any, reader: Reader) -> None:
    Meeting.objects.filter(pk=register.meeting).update(state="proposed")
    assert press(reader("task-force"), "accept", register.meeting, register.grown).status_code == 302
    assert Meeting.objects.get(pk=register.meeting).state == "confirmed"


@pytest.mark.parametrize(("who", "status"), [("", 302), ("focal-tcd", 403), ("donor-ind", 403), ("board-uga", 403), ("auditor", 200), ("task-force", 200)])  # fmt: skip
def test_the_queue_is_for_who_reviews(register: Any, reader: Reader, who: str, status: int) -> None:
    assert reader(who).get("/en/desk/said").status_code == status


def test_an_auditor_reads_and_decides_nothing(register: Any, reader: Reader) -> None:
    client = reader("auditor")
    assert 'name="step"' not in client.get("/en/desk/said").content.decode()
    client.post("/en/desk/said", {"step": "accept", "tick": register.grown})
    assert Statement.objects.get(pk=register.grown).state == "proposed"


# ── keeping what was tried ───────────────────────────────────────────────────────────────────────────────────────────


def kept(client: Client, **sent: Any) -> str:
    """Try a text, and return the address under which it can be kept."""
    text = client.post("/en/statements/try", sent or {"text": TEXT}).content.decode()
    found = re.search(r'href="(/en/statements/try/[^"?]+)', text)
    assert found, "nothing to keep"
    return found[1]


def test_what_was_tried_is_kept_by_who_may_with_the_very_bytes(reader: Reader) -> None:
    client = reader("task-force")
    address = kept(
        client, file=SimpleUploadedFile("../x/readout.txt", TEXT.encode()), address="https://press.example/7"
    )
    page, hidden = fields(client, address + "?source=https://press.example/7")
    assert 'value="https://press.example/7"' in page
    assert TEXT[:40] in page
    response = client.post(address, hidden | {"title": "Nurses", "source": "https://press.example/7", "public": "on"})
    assert (response.status_code, response["Location"]) == (302, "/en/desk/said")
    row = Evidence.objects.get(title="Nurses")
    assert bytes(row.file.body) == TEXT.encode()  # type: ignore[union-attr]
    assert Reading.objects.get(pk=row.pk).text == TEXT
    assert client.get(address).status_code == 302  # it waits no longer


def test_a_focal_point_keeps_for_its_party_and_sees_it_wait(reader: Reader) -> None:
    client = reader("focal-tcd")
    address = kept(client)
    _, hidden = fields(client, address)
    response = client.post(address, hidden | {"title": "Nurses", "public": "on"})
    assert response.status_code == 302
    assert "70 nurses" in client.get(response["Location"]).content.decode()
    assert reader("").get(response["Location"]).status_code == 404
    assert reader("focal-ken").get(response["Location"]).status_code == 404


def test_nobody_else_finds_what_waits_and_the_public_keeps_nothing(reader: Reader) -> None:
    address = kept(reader("task-force"))
    assert reader("").get(address).status_code == 302
    assert reader("board-uga").get(address).status_code == 403
    assert reader("task-force-eu").get(address)["Location"] == "/en/statements/try"
    assert "/en/statements/try/" not in reader("").post("/en/statements/try", {"text": TEXT}).content.decode()


def test_what_is_refused_stays_typed(reader: Reader) -> None:
    client = reader("task-force")
    address = kept(client)
    _, hidden = fields(client, address)
    response = client.post(address, hidden | {"title": "", "publisher": "The Daily"})
    assert response.status_code == 422
    assert 'value="The Daily"' in response.content.decode()
    late = client.post(address, hidden | {"title": "T", "dated": "2999-01-01"})
    assert late.status_code == 422
    assert Evidence.objects.filter(title="T").count() == 0


def test_what_was_taken_for_one_is_taken_apart_by_a_form_and_both_pages_say_so(
    register: Any, reader: Reader, cast: Any
) -> None:
    from evenhand.actions.catalogue import ACTIONS

    def page(who: str, ref: str) -> str:
        return reader(who).get(f"/en/statements/{ref}").content.decode()

    kept, other = register.promised, register.grown
    ACTIONS["statement accept"](cast("task-force"), statement=other)
    ACTIONS["statement merge"](cast("task-force", reason="one speech"), statement=other, into=kept)
    way = f"/en/act/statement/split?statement={other}"
    assert "one speech" in page("", kept)
    assert way not in page("", kept)
    assert way in page("task-force", kept)
    assert way in page("task-force", other)
    client = reader("task-force")
    text, hidden = fields(client, way)
    assert "two statements that were taken for one by mistake" in text
    sent = client.post(way, hidden | {"statement": other, "reason": ""})
    assert sent.status_code == 422
    _, hidden = fields(client, way)
    assert client.post(way, hidden | {"statement": other, "reason": "two speeches"}).status_code == 302
    for ref in (kept, other):
        told = page("", ref)
        assert "one speech" in told
        assert "two speeches" in told
    assert way not in page("task-force", kept)


@pytest.mark.parametrize("kind", ["meeting", "official"])
def test_a_meeting_or_a_person_is_taken_out_again_from_the_page_of_what_stayed(
    register: Any, reader: Reader, cast: Any, kind: str
) -> None:
    from evenhand_said import add_meeting, add_official, add_reading

    from evenhand.actions.catalogue import ACTIONS

    guest = add_official("Alli Okello")
    into, other = {"meeting": register.meeting, "official": register.official}[kind], guest
    meeting = add_meeting(add_reading(), {}, {guest: "TCD"}, title="Somebody else – somebody")
    other = meeting if kind == "meeting" else guest
    ACTIONS[f"{kind} merge"](cast("task-force", reason="much alike"), into=into, **{kind: other})
    text = reader("task-force").get(f"/en/{kind}s/{into}").content.decode()
    assert f"/en/act/{kind}/split?{kind}={other}" in text
    ACTIONS[f"{kind} split"](cast("task-force", reason="two after all"), **{kind: other})
    for ref in (into, other):
        assert "two after all" in reader("").get(f"/en/{kind}s/{ref}").content.decode()


def test_the_buttons_of_review_stand_on_the_pages_for_who_reviews_alone(register: Any, reader: Reader) -> None:
    for path, way in (
        (f"/en/statements/{register.grown}", f"/en/act/statement/accept?statement={register.grown}"),
        (f"/en/statements/{register.given}", f"/en/act/statement/link?statement={register.given}"),
        (f"/en/meetings/{register.meeting}", f"/en/act/meeting/merge?meeting={register.meeting}"),
    ):
        assert way in reader("task-force").get(path).content.decode()
        assert way not in reader("auditor").get(path).content.decode()
        assert way not in reader("").get(path).content.decode()


def test_two_that_a_person_took_apart_are_not_proposed_again(register: Any, reader: Reader, cast: Any) -> None:
    from evenhand_said import add_meeting, add_official, add_reading

    from evenhand.actions.catalogue import ACTIONS
    from evenhand.lookups.reviewing import list_to_review

    viewer = cast.viewers["task-force"]
    twin = add_official("Ali Okelo")
    add_meeting(add_reading(), {twin: "UGA"}, {})

    def proposed() -> set[str]:
        return {one.ref for row in list_to_review(viewer) if row.kind == "official" for one in row.alike} | {
            row.ref for row in list_to_review(viewer) if row.kind == "official"
        }

    assert {register.official, twin} <= proposed()
    ACTIONS["official merge"](cast("task-force", reason="alike"), official=twin, into=register.official)
    ACTIONS["official split"](cast("task-force", reason="brothers"), official=twin)
    assert twin not in proposed()
