"""What a reader chooses by, the order of what is read, and how many questions the database is asked."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from evenhand_cast import NOW, TODAY, Cast
from evenhand_recipes import move
from evenhand_said import add_meeting, add_official, add_reading, add_sentences, add_statement, add_thread
from evenhand_seen import World, add_evidence, add_need, add_round
from evenhand_stock import make_gift

import evenhand.lookups
from evenhand.access.viewers import PUBLIC
from evenhand.errors import NameUnknown, OptionRefused
from evenhand.lookups import (
    actions,
    changes,
    consignments,
    documents,
    evidence,
    figures,
    gaps,
    groups,
    lapsing,
    meetings,
    money,
    names,
    needs,
    offers,
    officials,
    overdue,
    parties,
    places,
    programmes,
    promises,
    queue,
    resources,
    rounds,
    spoken,
    statements,
    stock,
    users,
)
from evenhand.records.models import Code, Group, Membership, Need, Offer, Party, Place, Programme, Resource, Translation
from evenhand.said.models import StatementLink
from evenhand.stockbook.models import Consignment, ConsignmentLine, EntryNote

pytestmark = pytest.mark.django_db


# --- choosing -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def several(cast: Cast) -> dict[str, str]:
    """Needs of Chad, its clinic, Kenya and France; one lapsed, one withdrawn after it was approved."""
    Programme.objects.create(ref="PG-MEASLES", title="Measles", kind="aid", group_id="NAM")
    return {
        "chad": add_need("TCD", "approved", "x", resource_id="measles-vaccination", programme_id="PG-MEASLES"),
        "clinic": add_need("TCD-moissala", "approved", "x"),
        "kenya": add_need("KEN", "approved", "x", resource_id="mask-surgical"),
        "france": add_need("FRA", "approved", "x", resource_id="vaccine-cold"),
        "lapsed": add_need("LBN", "approved", "x", valid_until=TODAY - timedelta(days=1)),
        "withdrawn": add_need("UGA", "withdrawn", "x", approved_at=NOW),
    }


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, {"chad", "clinic", "kenya", "france", "lapsed", "withdrawn"}),
        ({"party": "TCD"}, {"chad", "clinic"}),
        ({"party": "TCD-moissala"}, {"clinic"}),
        ({"group": "NAM"}, {"chad", "clinic", "kenya", "lapsed", "withdrawn"}),
        ({"group": "EU"}, {"france"}),
        ({"resource": "measles-vaccination"}, {"chad", "clinic", "france", "lapsed", "withdrawn"}),
        ({"resource": "vaccine-cold"}, {"france"}),
        ({"programme": "PG-MEASLES"}, {"chad"}),
        ({"state": "approved"}, {"chad", "clinic", "kenya", "france"}),
        ({"state": "lapsed"}, {"lapsed"}),
        ({"state": "withdrawn"}, {"withdrawn"}),
        ({"state": "draft"}, set()),
        ({"state": "approved", "day": TODAY - timedelta(days=1)}, {"chad", "clinic", "kenya", "france", "lapsed"}),
        ({"state": "lapsed", "day": TODAY + timedelta(days=91)}, {"chad", "clinic", "kenya", "france", "lapsed"}),
        ({"group": "NAM", "resource": "measles-vaccination", "party": "TCD"}, {"chad", "clinic"}),
    ],
)
def test_needs_are_chosen_by_what_a_reader_asks_for(
    several: dict[str, str], chosen: dict[str, Any], found: set[str]
) -> None:
    refs = [need.ref for need in needs.list_needs(PUBLIC, **chosen)]
    assert refs == sorted(several[name] for name in found)


def test_a_party_that_left_its_group_is_found_on_the_days_on_which_it_belonged(several: dict[str, str]) -> None:
    Membership.objects.filter(party="KEN").update(until=(TODAY - timedelta(days=10)).isoformat())
    now, then = (
        {need.party for need in needs.list_needs(PUBLIC, group="NAM", day=day)}
        for day in (None, TODAY - timedelta(days=20))
    )
    assert (now, then - now) == ({"TCD", "TCD-moissala", "LBN", "UGA"}, {"KEN"})


@pytest.mark.parametrize("what", ["party", "group", "resource", "programme"])
def test_a_choice_that_names_nothing_is_refused_and_not_answered_with_nothing(cast: Cast, what: str) -> None:
    with pytest.raises(NameUnknown, match=f"no {what} 'nobody'"):
        needs.list_needs(PUBLIC, **{what: "nobody"})


def test_a_state_that_does_not_exist_is_refused_with_those_that_do(cast: Cast) -> None:
    with pytest.raises(OptionRefused, match="no state of a need 'aproved'; did you mean 'approved'"):
        needs.list_needs(PUBLIC, state="aproved")


def test_a_statement_is_told_as_its_speakers_claim(world: World) -> None:
    offer = offers.get_offer(PUBLIC, world["statement"])
    assert (offer.state, offer.counted, dict(offer.stages)) == ("claimed", False, {})
    assert offer.claim == f"India (statement of {TODAY}): 70 box of vaccine-measles"
    counted = offers.get_offer(PUBLIC, world["gift"])
    assert (counted.state, counted.counted, counted.conditions) == ("open", True, None)
    assert sum(counted.stages.values()) == 4000
    assert [one.ref for one in offers.list_offers(PUBLIC, state="claimed")] == [world["statement"]]


def test_a_donor_follows_its_gift_to_the_last_hand(world: World) -> None:
    path = stock.trace_offer(world.cast.viewers["donor-unicef"], world["gift"])
    assert (path.entered, sum(path.stages.values())) == (4000, 4000)
    (chad,) = path.shares
    assert (chad.party, chad.allocated, chad.sent, chad.received, chad.damaged) == ("TCD", 1000, 600, 400, 50)
    assert [entry.verb for entry in path.history] == ["offer", "allocate", "dispatch", "receive", "damage"]
    assert (path.history[-1].cause, path.history[-1].note, path.history[-1].by) == ("wet", "CANARYnote", "")


def test_a_consignment_says_how_far_it_is_and_what_is_missing_from_it(world: World) -> None:
    (seen,) = consignments.list_consignments(PUBLIC, party="TCD", donor="UNICEF", state="part received")
    (line,) = seen.lines
    assert (line.sent, line.good, line.damaged, line.on_the_way, line.mark) == (600, 400, 50, 150, None)
    (difference,) = seen.differences
    assert (difference.what, difference.quantity, difference.cause, difference.note) == ("damaged", 50, "wet", None)
    assert (seen.dispatched_on, seen.last_received_on, seen.carrier) == ("2026-03-01", "2026-03-01", None)
    assert consignments.list_consignments(PUBLIC, donor="IND") == []


def test_a_vote_is_told_under_the_party_of_its_voter_and_the_voter_to_auditors(world: World) -> None:
    (vote,) = rounds.get_round(PUBLIC, world["published"]).votes
    assert (vote.party, vote.by, vote.approves) == ("AZE", "", True)
    (vote,) = rounds.get_round(world.cast.viewers["auditor"], world["published"]).votes
    assert vote.by == "u-board-aze"


def test_a_plan_that_was_not_published_stays_with_those_who_work_on_it(world: World) -> None:
    assert [one.number for one in rounds.get_round(PUBLIC, world["published"]).proposals] == [1]
    secretariat = world.cast.viewers["task-force"]
    assert [one.number for one in rounds.get_round(secretariat, world["published"]).proposals] == [1, 2]
    assert rounds.read_plan(PUBLIC, world["published"]) == b"publicfolder1"
    assert rounds.read_plan(secretariat, world["published"]) == b"publicfolder2"
    with pytest.raises(NameUnknown, match="no proposal of the round '2'"):
        rounds.read_plan(PUBLIC, world["published"], 2)
    with pytest.raises(NameUnknown, match="did you mean 'needs'"):
        rounds.read_table(PUBLIC, world["published"], "neds")


def test_a_reversal_is_named_beside_the_entry_it_took_back(world: World) -> None:
    from evenhand.actions.reversals import reverse_entry

    reverse_entry(world.cast("focal-tcd", reason="counted twice"), entry="cn:3")
    entry = stock.get_entry(PUBLIC, "cn:3")
    assert stock.get_entry(PUBLIC, entry.reversed_by).reverses == "cn:3"
    (seen,) = consignments.list_consignments(PUBLIC)
    assert (seen.lines[0].damaged, seen.differences) == (0, ())


def test_balances_of_a_past_day_are_those_of_its_evening(world: World) -> None:
    def held(day: Any = None) -> int:
        rows = stock.list_balances(PUBLIC, party="TCD", stage="received", day=day)
        return sum(row.base_units for row in rows)

    gift = world["gift"]
    move(gift, "distribute", f"received/{gift}/TCD", f"used/{gift}/TCD", 100, recorded=NOW + timedelta(days=3))
    assert (held(), held(TODAY), held(TODAY - timedelta(days=1))) == (300, 400, 0)


def test_a_group_is_shown_as_it_is_on_a_day(cast: Cast) -> None:
    Membership.objects.filter(party="KEN").update(until="2026-01")
    assert "KEN" not in [one.party for one in groups.list_members(PUBLIC, "NAM", day=TODAY)]
    assert "KEN" in [one.party for one in groups.list_members(PUBLIC, "NAM", day=TODAY - timedelta(days=40))]
    assert "KEN" in [one.party for one in groups.list_members(PUBLIC, "NAM", history=True)]
    with pytest.raises(NameUnknown, match="did you mean 'NAM'"):
        groups.get_group(PUBLIC, "NAMM")


def test_a_party_stands_where_its_tree_and_its_groups_put_it(cast: Cast) -> None:
    standing = parties.get_standing(PUBLIC, "TCD-mandoul", day=TODAY)
    assert (standing.above, standing.below, standing.groups) == (("TCD",), ("TCD-moissala",), ("NAM",))


def test_everybody_sees_itself(world: World) -> None:
    (own,) = users.list_users(world.cast.viewers["focal-tcd"])
    assert (own.name, own.email, own.roles[0].party) == ("focal-tcd", "canary-tcd@health.example", "TCD")
    assert users.list_users(PUBLIC) == []
    assert len(users.list_users(world.cast.viewers["operator"])) == len(world.cast.viewers)


# --- how many questions ----------------------------------------------------------------------------------------------------


def fill(cast: Cast, number: int) -> None:
    """More of everything, with what hangs on it."""
    Place.objects.create(key=f"P{number}", name="A place", country="TCD")
    Party.objects.create(key=f"TCD-{number}", name="A clinic", kind="facility", parent_id="TCD")
    Resource.objects.create(key=f"R{number}", name="A resource", kind="goods", base_unit="piece")
    Code.objects.create(of="party", key=f"TCD-{number}", scheme="x", code=str(number))
    Translation.objects.create(of="party", key=f"TCD-{number}", field="name", language="fr", text="Une clinique")
    Programme.objects.create(ref=f"PG-{number}", title="A programme", kind="aid")
    Group.objects.create(key=f"G{number}", name="A group")
    Membership.objects.create(group_id=f"G{number}", party_id=f"TCD-{number}", since="2020")
    need = add_need(f"TCD-{number}", "approved", "x")
    gift = make_gift("UNICEF", "vaccine-measles", 900, allocated={f"TCD-{number}": 500})
    Offer.objects.filter(pk=gift).update(unit_value="2", currency="USD")
    add_evidence([need, gift], "a letter", public=True)
    add_round("NAM", need, gift, published=1, state="published", word="x")
    cn = f"CN-MORE{number}"
    Consignment.objects.create(ref=cn, origin_id="UNICEF", destination_id=f"TCD-{number}", made_at=NOW)
    source, road = f"allocated/{gift}/TCD-{number}", f"in-transit/{gift}/{cn}"
    ConsignmentLine.objects.create(
        consignment_id=cn, number=1, offer_id=gift, source=source, quantity=400, typed="4", unit="box"
    )
    move(gift, "dispatch", source, road, 400, concerns=cn)
    move(gift, "receive", road, f"received/{gift}/TCD-{number}", 300, concerns=cn)
    document = add_reading(by="u-task-force")
    host, guest = add_official(f"Elvin {number} Mammadov"), add_official(f"Adoum {number} Kosso")
    met = add_meeting(document, {host: "AZE"}, {guest: f"TCD-{number}"})
    add_sentences(document, host, "AZE")
    told = add_statement(
        document, receivers=(f"TCD-{number}",), meeting_id=met, official_id=host, thread_id=add_thread()
    )
    StatementLink.objects.create(statement_id=told, about=gift)
    add_statement(document, state="proposed", merged_into_id=None)
    add_meeting(document, {host: "AZE"}, {guest: "TCD"}, state="proposed")
    EntryNote.objects.create(entry_id=move(gift, "miss", road, f"missing/{gift}/{cn}", 50), cause="theft", note="x")


LISTS: tuple[Callable[..., Any], ...] = (
    needs.list_needs, offers.list_offers, parties.list_parties, groups.list_groups, places.list_places,
    resources.list_resources, programmes.list_programmes, evidence.list_evidence, rounds.list_rounds,
    consignments.list_consignments, stock.list_balances, stock.list_entries, actions.list_actions, users.list_users,
    figures.list_figures, figures.list_worst_served, figures.list_waiting, money.list_money, money.list_values,
    names.list_translations, gaps.list_gaps, promises.list_promises, overdue.list_overdue, lapsing.list_lapsing, lapsing.list_expiring,
    changes.list_changes, queue.list_queue, statements.list_statements, statements.list_threads, meetings.list_meetings,
    meetings.list_met, officials.list_officials, documents.list_documents, spoken.list_spoken,
)  # fmt: skip

FROM_THE_BOOK = (
    figures.list_figures, figures.list_worst_served, money.list_money, money.list_values, gaps.list_gaps,
    promises.list_promises,
)  # fmt: skip


@pytest.mark.parametrize("lookup", LISTS, ids=lambda lookup: lookup.__name__)
@pytest.mark.parametrize("who", ["public", "task-force", "focal-tcd", "auditor"])
def test_more_rows_ask_the_database_no_more_questions(cast: Cast, lookup: Callable[..., Any], who: str) -> None:
    viewer = PUBLIC if who == "public" else cast.viewers[who]

    def questions() -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = lookup(viewer)
        return len(asked), len(found)

    fill(cast, 1)
    before, few = questions()
    for number in range(2, 6):
        fill(cast, number)
    after, many = questions()
    # What figures are made of is read once for a version (and here, in a transaction, each time), whatever is asked of it.
    assert after == before <= (20 if lookup in FROM_THE_BOOK else 12)
    if lookup not in (actions.list_actions, users.list_users, figures.list_figures, money.list_money, money.list_values,
                      figures.list_worst_served, promises.list_promises, overdue.list_overdue, lapsing.list_lapsing, lapsing.list_expiring,
                      changes.list_changes, queue.list_queue):  # fmt: skip
        assert many > few


def every_list() -> dict[str, Callable[..., Any]]:
    """Every `list_...` that a viewer may ask without naming anything."""
    found = {}
    for module in pkgutil.iter_modules(evenhand.lookups.__path__):
        loaded = import_module(f"evenhand.lookups.{module.name}")
        for name, lookup in inspect.getmembers(loaded, inspect.isfunction):
            asked = list(inspect.signature(lookup).parameters.values())
            own = lookup.__module__ == loaded.__name__ and name.startswith("list_")
            if own and asked and asked[0].name == "viewer" and all(one.default is not one.empty for one in asked[1:]):
                found[f"{module.name}.{name}"] = lookup
    return found


OTHERS = {name: lookup for name, lookup in every_list().items() if lookup not in LISTS}


@pytest.mark.parametrize("name", OTHERS)
def test_more_rows_ask_no_more_questions_of_any_other_list(cast: Cast, name: str) -> None:
    asked = {}
    for number in range(1, 5):
        fill(cast, number)
        for who in ("task-force", "auditor"):
            with CaptureQueriesContext(connection) as questions:
                OTHERS[name](cast.viewers[who])
            asked.setdefault(who, []).append(len(questions))
    assert {who: counted[-1] for who, counted in asked.items()} == {who: counted[0] for who, counted in asked.items()}


def test_a_large_tree_is_reached_in_one_statement(cast: Cast) -> None:
    """A state has tens of thousands of clinics; their keys must not travel to and fro."""
    Party.objects.bulk_create(
        Party(key=f"TCD-c{number}", name="A clinic", kind="facility", parent_id="TCD-mandoul") for number in range(3000)
    )
    Need.objects.bulk_create(
        Need(
            ref=f"ND-C{number}", party_id=f"TCD-c{number}", resource_id="vaccine-measles", quantity=1, typed="1",
            unit="dose", state="draft", why="x", valid_until=TODAY, made_at=NOW,
        )
        for number in range(3000)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        assert len(needs.list_needs(cast.viewers["focal-tcd"])) == 3000
    assert max(len(one["sql"]) for one in asked) < 20_000
    assert needs.list_needs(cast.viewers["focal-ken"]) == []
