"""Searching everything, and what waits for a secretariat: found by name, key, ref or code, and nothing of a stranger's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from evenhand_cast import NOW, TODAY, Cast
from evenhand_seen import World

from evenhand.access.viewers import PUBLIC
from evenhand.errors import OptionRefused
from evenhand.lookups import needs, offers, parties, stock
from evenhand.lookups.queue import count_queue, list_queue
from evenhand.lookups.search import search_everything
from evenhand.records.models import Code, Party, Programme, Resource
from evenhand.stockbook.models import Consignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(world: World) -> World:
    """Codes, accents, and names within names."""
    Code.objects.create(of="party", key="TCD", scheme="m49", code="148")
    Code.objects.create(of="resource", key="mask-surgical", scheme="unspsc", code="42131713")
    Resource.objects.filter(pk="dialysis").update(name="Dialysis session", name_fr="Séance de dialyse à l'ÉTAT")
    Party.objects.create(key="CHADCO", name="Chad Trading", kind="company")
    Programme.objects.create(ref="PG-AID", title="Relief for Chad", kind="aid")
    return world


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Chad", ("party", "TCD", "name")),
        ("chad", ("party", "TCD", "name")),
        ("TCD", ("party", "TCD", "key")),
        ("148", ("party", "TCD", "code")),
        ("42131713", ("resource", "mask-surgical", "code")),
        ("relief chad", ("programme", "PG-AID", "name")),
        ("état séance", ("resource", "dialysis", "name")),
        ("NAM", ("group", "NAM", "key")),
        ("CN-0000000001", ("consignment", "CN-0000000001", "key")),
    ],
)
def test_what_is_called_just_so_is_found_first(named: World, text: str, first: tuple[str, str, str]) -> None:
    found = search_everything(PUBLIC, text)
    assert (found[0].kind, found[0].key, found[0].where) == first


def test_a_need_is_found_by_why_it_is_needed_and_a_draft_by_its_own_party_alone(named: World) -> None:
    assert [one.key for one in search_everything(PUBLIC, "seen by all")] == [named["approved"]]
    assert search_everything(PUBLIC, "CANARYdraft") == []
    assert search_everything(PUBLIC, named["draft"]) == []
    (own,) = search_everything(named.cast.viewers["focal-tcd"], "canarydraft")
    assert (own.kind, own.key, own.where) == ("need", named["draft"], "text")


def test_what_was_said_is_found_by_its_words_speakers_and_sources_as_far_as_it_is_seen(named: World) -> None:
    from evenhand.said.models import Evidence, Official

    Evidence.objects.filter(pk=named["document"]).update(title="The Kampala readout")
    Official.objects.filter(pk=named["host"]).update(name="Elvin Mammadov", spellings=["Elvin Mammadov", "E. Mamedov"])

    def found(who: str, text: str) -> dict[str, tuple[str, str, str]]:
        viewer = named.cast.viewers[who] if who else PUBLIC
        return {one.kind: (one.key, one.name, one.where) for one in search_everything(viewer, text)}

    assert found("", "900 tents")["statement"] == (named["told"], "Elvin Mammadov: “900 tents”", "name")
    assert found("", "kampala readout")["document"] == (named["document"], "The Kampala readout", "name")
    assert found("", "mamedov")["official"] == (named["host"], "Elvin Mammadov", "text")
    assert found("", named["met"])["meeting"][0] == named["met"]
    for hidden in ("proposed", "private", "unread", "rejected"):
        assert found("", named[hidden]) == {}
    assert found("", named["planned"]) == {}
    assert found("", named["private document"]) == {}
    assert found("task-force", named["proposed"])["statement"][0] == named["proposed"]
    assert found("focal-tcd", named["private"])["statement"][0] == named["private"]
    assert "statement" not in found("task-force", named["rejected"])


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("both", "Both sides: “900 tents”"),
        ("narrator", "State news agency: “900 tents”"),
        ("A. B.", "A. B.: “900 tents”"),
    ],
)
def test_a_statement_found_is_told_as_somebodys_words(cast: Cast, speaker: str, name: str) -> None:
    from evenhand_said import add_statement

    ref = add_statement(words="900 tents", speaker=speaker)
    assert [one.name for one in search_everything(PUBLIC, ref)] == [name]


@pytest.mark.parametrize(
    "text", ["chad", "CN-0000000001", "%", "_", "\\", "'; DROP TABLE", "\0chad", "\ud800", "é", "x" * 200]
)
def test_a_search_asks_eight_questions_at_most_whatever_is_typed(named: World, text: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = search_everything(named.cast.viewers["auditor"], text, most=3)
    assert len(asked) <= 8
    assert len(found) <= 3
    assert all("%" in one.name for one in found) or text != "%"


def test_nothing_is_found_by_nothing(named: World) -> None:
    assert search_everything(PUBLIC, "  ") == search_everything(PUBLIC, "Chad", most=0) == []
    with pytest.raises(OptionRefused, match="too long"):
        search_everything(PUBLIC, "x" * 201)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("tcd measles", {"approved"}), ("CHAD", {"approved"}), ("seen", {"approved"}), ("chad mask", set()),
        ("canary", set()), ("%", set()), ("a_l", set()),
    ],
)  # fmt: skip
def test_needs_are_searched_by_ref_party_resource_and_why(named: World, text: str, names: set[str]) -> None:
    assert {row.ref for row in needs.list_needs(PUBLIC, search=text)} == {named[name] for name in names}


def test_other_lists_are_searched_by_what_people_know(named: World) -> None:
    assert {row.key for row in parties.list_parties(PUBLIC, search="chad")} == {"TCD", "CHADCO"}
    assert [row.key for row in parties.list_parties(PUBLIC, search="148")] == ["TCD"]
    assert {row.ref for row in offers.list_offers(PUBLIC, search="india")} == {named["statement"]}
    assert [row.entry for row in stock.list_entries(PUBLIC, search="receive chad")] == ["cn:2"]
    assert [row.entry for row in stock.list_entries(PUBLIC, search="cn-0000000001", order="-seq")] == [
        "cn:3",
        "cn:2",
        "cn:1",
    ]


# --- the secretariat's queue -------------------------------------------------------------------------------------------------


def test_a_queue_holds_what_its_secretariat_has_to_do(world: World) -> None:
    Consignment.objects.filter(pk=world["consignment"]).update(due_on=TODAY - timedelta(days=1))
    found = {(one.kind, one.what): one for one in list_queue(world.cast.viewers["task-force"])}
    assert set(found) == {
        ("need", "check"), ("objection", "answer"), ("round", "publish"), ("consignment", "chase"), ("offer", "firm up"),
    }  # fmt: skip
    assert found["need", "check"].ref in (world["submitted"], world["correction"])
    assert found["objection", "answer"].about == world["published"]
    assert found["round", "publish"].ref == world["unpublished"]
    assert (found["consignment", "chase"].ref, found["consignment", "chase"].party) == (world["consignment"], "TCD")
    assert found["offer", "firm up"].ref == world["statement"]
    counted = count_queue(world.cast.viewers["task-force"])
    assert counted == {"need": 2, "objection": 1, "round": 1, "consignment": 1, "offer": 1}
    assert len(list_queue(world.cast.viewers["task-force"], most=1)) == 5


def test_a_queue_is_its_own_secretariat_s(world: World) -> None:
    other: Any = list_queue(world.cast.viewers["task-force-eu"])
    assert {one.kind for one in other} == {"offer"}  # what is not firm is public
    for who in ("focal-tcd", "donor-unicef", "board-aze", "auditor", "operator"):
        assert list_queue(world.cast.viewers[who]) == []
    assert list_queue(PUBLIC) == []
    assert set(count_queue(PUBLIC).values()) == {0}


def test_what_was_answered_or_has_arrived_waits_no_more(world: World, cast: Cast) -> None:
    from evenhand.rounds.models import Objection

    Objection.objects.update(answer="because", answered_at=NOW)
    Consignment.objects.filter(pk=world["consignment"]).update(due_on=TODAY)
    assert not {"objection", "consignment"} & {one.kind for one in list_queue(world.cast.viewers["task-force"])}
