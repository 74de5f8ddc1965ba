"""Opening and freezing: what a round takes, what it refuses by name, and what it counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import NOW, TODAY, Cast
from evenhand_rounds import Rounds, balances

from evenhand.actions.needs import correct_need, withdraw_need
from evenhand.actions.offers import change_offer, withdraw_offer
from evenhand.actions.rounds.freezing import freeze_round
from evenhand.actions.rounds.opening import cancel_round, open_round
from evenhand.errors import ActionRefused, NameUnknown, OptionRefused
from evenhand.records.models import Group, Membership, Need, Offer, Party, Resource
from evenhand.rounds.models import FrozenTable, Round, RoundLot

pytestmark = pytest.mark.django_db
OPENING: dict[str, Any] = {"title": "Measles", "group": "NAM", "resource": "vaccine-measles"}


def rows(ref: str, name: str) -> list[dict[str, str]]:
    body = bytes(FrozenTable.objects.get(round=ref, name=name).body).decode()
    return list(csv.DictReader(io.StringIO(body)))


def frozen(rounds: Rounds, **given: Any) -> str:
    return rounds.at("frozen", made=True, **given)


@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        ({"group": "NAN"}, NameUnknown, "no group 'NAN'; did you mean 'NAM'?"),
        ({"resource": "vaccine-meesles"}, NameUnknown, "did you mean 'vaccine-measles'?"),
        ({"rule": "equal-covrage"}, NameUnknown, "did you mean 'equal-coverage'?"),
        ({"rule": "floor-then-weighted", "floor": "2"}, OptionRefused, "above 0 and at most 1"),
        ({"needs": "ND-0000000000"}, NameUnknown, "no need 'ND-0000000000'"),
        ({"offers": "OF-0000000000"}, NameUnknown, "no offer 'OF-0000000000'"),
        ({"programme": "PG-0000000000"}, NameUnknown, "no programme"),
        ({"title": "  "}, ActionRefused, "the title is empty"),
        ({"max_lots": 0}, ActionRefused, "at least 1 lot"),
        ({"date": TODAY - timedelta(days=1)}, ActionRefused, "which is past"),
        ({"objections_until": TODAY - timedelta(days=1)}, ActionRefused, "which is past"),
        ({"resource": "house"}, ActionRefused, "no member of NAM has an approved need for house"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    cast: Cast, rounds: Rounds, wrong: dict[str, Any], error: Any, sentence: str
) -> None:
    rounds.usual()
    with refused(error, sentence):
        open_round(cast("task-force"), **OPENING | wrong)


def test_a_round_takes_all_that_stands_and_says_what_it_leaves_out(cast: Cast, rounds: Rounds) -> None:
    need, _, offer = rounds.usual()
    far = rounds.offer("1 box", meant_for="FRA")
    done = open_round(cast("task-force"), **OPENING)
    assert (done.facts["needs"], done.facts["lots"]) == (2, 1)
    assert done.facts["left_out"] == [f"{far} is meant for FRA, and nobody with a need in this round is among them"]
    assert set(RoundLot.objects.values_list("offer", flat=True)) == {offer}
    assert Need.objects.get(pk=need).roundneed_set.exists()


def set_need(**changed: Any) -> Callable[[Rounds, str], None]:
    return lambda rounds, ref: Need.objects.filter(pk=ref).update(**changed) and None


def leave(rounds: Rounds, ref: str) -> None:
    Membership.objects.filter(party="TCD").update(until="2025-12-31")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (set_need(state="submitted"), "is submitted; a round serves approved needs"),
        (set_need(state="withdrawn"), "is withdrawn"),
        (set_need(state="corrected"), "was corrected"),
        (set_need(valid_until=TODAY - timedelta(days=1)), "lapsed on 2026-03-01; TCD can renew it"),
        (set_need(resource_id="mask-surgical"), "is a need for mask-surgical"),
        (leave, "TCD, which is no member of NAM"),
        (lambda rounds, ref: Party.objects.filter(pk="TCD").update(retired_on=TODAY), "was retired"),
    ],
)
def test_a_need_that_does_not_stand_is_refused_by_name(
    cast: Cast, rounds: Rounds, spoil: Callable[[Rounds, str], None], sentence: str
) -> None:
    ref, _, _ = rounds.usual()
    spoil(rounds, ref)
    with refused(ActionRefused, sentence) as caught:
        open_round(cast("task-force"), **OPENING, needs=ref)
    assert ref in str(caught.value)


def test_a_draft_is_refused_like_a_need_that_does_not_exist(cast: Cast, rounds: Rounds) -> None:
    ref, _, _ = rounds.usual()
    Need.objects.filter(pk=ref).update(state="draft")
    with refused(NameUnknown, f"no need '{ref}'"):
        open_round(cast("task-force"), **OPENING, needs=ref)


def set_offer(**changed: Any) -> Callable[[Rounds, str], None]:
    return lambda rounds, ref: Offer.objects.filter(pk=ref).update(**changed) and None


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (set_offer(withdrawn=True), "was withdrawn"),
        (set_offer(firmness="statement"), "is a statement; goods can be shared out from a pledge on"),
        (set_offer(pack_size=1000), "has 800 dose open, and a pack of it is 1,000"),
        (set_offer(expires=TODAY - timedelta(days=1)), "expires on 2026-03-01, before anybody could use it"),
        (set_offer(window_until=TODAY - timedelta(days=1)), "could be had until 2026-03-01"),
        (set_offer(meant_for="FRA;UNICEF"), "is meant for FRA;UNICEF"),
        (set_offer(not_for="NAM"), "nobody with a need in this round"),
        (set_offer(resource_id="vaccine-cold"), "offers vaccine-cold"),
    ],
)
def test_an_offer_that_cannot_be_shared_out_is_refused_by_name(
    cast: Cast, rounds: Rounds, spoil: Callable[[Rounds, str], None], sentence: str
) -> None:
    _, _, ref = rounds.usual()
    spoil(rounds, ref)
    with refused(ActionRefused, sentence) as caught:
        open_round(cast("task-force"), **OPENING, offers=ref)
    assert ref in str(caught.value)


def test_needs_and_offers_are_in_one_live_round_only(cast: Cast, rounds: Rounds) -> None:
    need, _, offer = rounds.usual()
    first = rounds.at("published", made=True)
    with refused(ActionRefused, f"{need} is served by the round {first} already"):
        open_round(cast("task-force"), **OPENING, needs=need)
    other = rounds.need("LBN", "100")
    with refused(ActionRefused, f"{offer} is a lot of the round {first} already"):
        open_round(cast("task-force"), **OPENING, needs=other, offers=offer)
    cancel_round(cast("task-force", reason="opened too early"), round=first)
    assert open_round(cast("task-force"), **OPENING, needs=need, offers=offer).ref != first


def test_an_offer_in_a_round_is_neither_changed_nor_withdrawn(cast: Cast, rounds: Rounds) -> None:
    _, _, offer = rounds.usual()
    ref = frozen(rounds)
    for action, given in ((withdraw_offer, {}), (change_offer, {"quantity": "1 box"})):
        with refused(ActionRefused, f"is a lot of the round {ref}"):
            action(cast("donor-ind", reason="sold"), offer=offer, **given)
    cancel_round(cast("task-force", reason="the donor needs it back"), round=ref)
    withdraw_offer(cast("donor-ind", reason="sold"), offer=offer)
    assert balances("offered") == {}


def test_cancelling_needs_a_reason(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("open")
    with refused(ActionRefused, "needs a reason"):
        cancel_round(cast("task-force", reason="  "), round=ref)


def test_a_need_withdrawn_after_opening_stops_the_freeze_by_name(cast: Cast, rounds: Rounds) -> None:
    need, _, _ = rounds.usual()
    ref = rounds.at("open", made=True)
    withdraw_need(cast("focal-tcd", reason="over"), need=need)
    with refused(ActionRefused, f"{need} is withdrawn") as caught:
        freeze_round(cast("task-force"), round=ref)
    assert "cancel the round and open it without them" in str(caught.value)


def test_after_freezing_nothing_changes_the_plan(cast: Cast, rounds: Rounds) -> None:
    from evenhand.actions.rounds.proposing import propose_round

    need, _, offer = rounds.usual()
    ref = frozen(rounds)
    withdraw_need(cast("focal-tcd", reason="over"), need=need)
    Party.objects.filter(pk="TCD").update(name="Tchad", handles="ultra-cold")
    Resource.objects.filter(pk="vaccine-measles").update(per_person="1")
    propose_round(cast("task-force"), round=ref)
    assert Round.objects.get(pk=ref).proposals.get().lines == [[offer, "KEN", 3], [offer, "TCD", 5]]


def test_the_digest_is_the_hash_of_the_three_tables_in_order(rounds: Rounds) -> None:
    import hashlib

    rounds.usual()
    ref = frozen(rounds)
    whole = b"".join(bytes(FrozenTable.objects.get(round=ref, name=name).body) for name in ("needs", "lots", "groups"))
    assert Round.objects.get(pk=ref).frozen_digest == hashlib.sha256(whole).hexdigest()
    for one in FrozenTable.objects.filter(round=ref):
        assert one.sha256 == hashlib.sha256(bytes(one.body)).hexdigest()


def test_several_needs_of_one_party_add_up_in_service_units(rounds: Rounds) -> None:
    """600 doses at 2 a person + 100 persons + 50 doses at 1 a person = 450 persons; held 100 / 2 + 20 = 70."""
    rounds.need("TCD", "600", held="100", per_week="40")
    rounds.need("TCD", "100", "measles-vaccination", held="20", per_week="5")
    rounds.need("TCD", "50", "vaccine-cold", per_week="5")
    rounds.offer()
    row = rows(frozen(rounds, resource="measles-vaccination"), "needs")[0]
    assert (row["target"], row["held"], row["per_week"]) == ("450", "70", "30")


def test_a_round_for_one_vaccine_serves_needs_for_its_family_but_not_for_its_sister(cast: Cast, rounds: Rounds) -> None:
    rounds.need("TCD", "100", "measles-vaccination")
    sister = rounds.need("KEN", "50", "vaccine-cold")
    rounds.offer()
    assert [row["recipient"] for row in rows(frozen(rounds), "needs")] == ["TCD"]
    with pytest.raises(ActionRefused, match="is a need for vaccine-cold"):
        open_round(cast("task-force"), **OPENING, needs=sister)


def test_only_who_can_keep_it_cold_gets_what_must_be_kept_cold(rounds: Rounds) -> None:
    Party.objects.filter(pk="KEN").update(handles="ultra-cold; oral")
    rounds.need("TCD", "100", "measles-vaccination")
    rounds.need("KEN", "100", "measles-vaccination")
    cold = rounds.offer("2 tray", "vaccine-cold")
    rounds.at("posted", made=True, resource="measles-vaccination")
    assert balances("allocated") == {f"{cold}/KEN": 100}


def test_an_earmark_names_groups_states_and_what_stands_below_them(rounds: Rounds, cast: Cast) -> None:
    Group.objects.create(key="AU", name="African Union")
    for party in ("TCD", "KEN"):
        Membership.objects.create(group_id="AU", party_id=party, since="2002")
    rounds.need("TCD", "1000")
    rounds.need("KEN", "600")
    rounds.need("LBN", "600")
    first = rounds.offer(meant_for="AU;EU", not_for="KEN;FRA")
    ref = frozen(rounds)
    lot = rows(ref, "lots")[0]
    assert (lot["lot"], lot["for"], lot["not_for"]) == (first, "AU", "KEN")
    assert [(row["recipient"], row["group"]) for row in rows(ref, "groups")] == [("KEN", "AU"), ("TCD", "AU")]


def test_a_group_with_the_key_of_a_recipient_is_spelled_out(rounds: Rounds, cast: Cast) -> None:
    Group.objects.create(key="TCD", name="The Chad basin")
    Membership.objects.create(group_id="TCD", party_id="LBN", since="2002")
    rounds.need("TCD", "1000")
    rounds.need("LBN", "600")
    rounds.need("KEN", "600")
    rounds.offer(meant_for="TCD")
    assert rows(frozen(rounds), "lots")[0]["for"] == "LBN;TCD"


def test_what_a_clinic_below_holds_counts_for_its_state(rounds: Rounds, cast: Cast) -> None:
    """TCD was allocated 500 doses = 250 persons and sent 100 of them on to its clinic: it still holds 250."""
    from evenhand.actions.consignments import dispatch_consignment, plan_consignment
    from evenhand.actions.receipts import receive_consignment
    from evenhand.actions.stock import distribute_stock

    _, _, offer = rounds.usual()
    rounds.at("posted", made=True)
    for who, origin, destination, quantity in (
        ("task-force", "IND", "TCD", "300"),
        ("focal-tcd", "TCD", "TCD-moissala", "100"),
    ):
        sent = plan_consignment(cast(who), origin=origin, destination=destination, lines=f"{offer}={quantity}").ref
        dispatch_consignment(cast(who), consignment=sent)
        receive_consignment(cast("focal-tcd"), consignment=sent)
    distribute_stock(cast("focal-tcd"), party="TCD-moissala", offer=offer, quantity="40")
    rounds.offer("4 box", donor="UNICEF")
    held = {row["recipient"]: row["held"] for row in rows(frozen(rounds, title="Second"), "needs")}
    assert held == {"KEN": "150", "TCD": "250"}


def test_what_was_lost_on_the_way_no_longer_counts_as_held(rounds: Rounds, cast: Cast) -> None:
    from evenhand.actions.consignments import dispatch_consignment, plan_consignment
    from evenhand.actions.receipts import receive_consignment

    _, _, offer = rounds.usual()
    rounds.at("posted", made=True)
    sent = plan_consignment(cast("task-force"), origin="IND", destination="TCD", lines=f"{offer}=500").ref
    dispatch_consignment(cast("task-force"), consignment=sent)
    rounds.offer("4 box", donor="UNICEF")
    receive_consignment(cast("focal-tcd"), consignment=sent, damaged="100", cause="broken")
    assert {row["recipient"]: row["held"] for row in rows(frozen(rounds), "needs")} == {"KEN": "150", "TCD": "200"}


def test_what_came_before_the_need_was_made_is_left_to_its_declaration(rounds: Rounds, cast: Cast) -> None:
    rounds.usual()
    rounds.at("posted", made=True)
    later = NOW + timedelta(days=30)
    new = rounds.need("TCD", "200", held="60", at=later)
    rounds.offer("1 box", donor="UNICEF")
    ref = rounds.at("frozen", made=True, needs=new, when=later)
    assert [(row["target"], row["held"]) for row in rows(ref, "needs")] == [("100", "30")]


def test_a_correction_does_not_make_a_member_be_served_twice(rounds: Rounds, cast: Cast) -> None:
    from evenhand.actions.needs import approve_need

    need, _, _ = rounds.usual()
    rounds.at("posted", made=True)
    later = NOW + timedelta(days=30)
    new = correct_need(cast("focal-tcd", reason="counted twice", at=later), need=need, quantity="900").ref
    approve_need(cast("task-force", at=later), need=new)
    rounds.offer("1 box", donor="UNICEF")
    ref = rounds.at("frozen", made=True, needs=new, when=later)
    assert [(row["target"], row["held"]) for row in rows(ref, "needs")] == [("450", "250")]


def test_capacity_shrinks_by_what_waits_to_be_used_and_never_exceeds_the_need(rounds: Rounds, cast: Cast) -> None:
    """Room for 600 doses = 300 persons, 250 of it taken by the first round; KEN's room is more than it still needs."""
    rounds.need("TCD", "1000", capacity="600")
    rounds.need("KEN", "600", capacity="100000")
    rounds.offer()
    rounds.at("posted", made=True)
    rounds.offer("8 box", donor="UNICEF")
    capacity = {row["recipient"]: row["capacity"] for row in rows(frozen(rounds), "needs")}
    assert capacity == {"KEN": "150", "TCD": "50"}


def test_weights_and_tiers_reach_the_engine(rounds: Rounds) -> None:
    rounds.need("TCD", "1000", weight="1.5", weight_source="WHO 2025", tiers="200;300")
    rounds.need("TCD", "1000", weight="1", tiers="100")
    rounds.offer()
    row = rows(frozen(rounds, rule="need-weighted"), "needs")[0]
    assert (row["target"], row["weight"], row["tier_1"], row["tier_2"]) == ("1000", "1.25", "150", "150")


def test_packs_are_never_more_than_the_book_holds_when_frozen(rounds: Rounds) -> None:
    from evenhand.actions.action import account
    from evenhand.database.writing import writing
    from evenhand.stockbook.posting import Posting, post

    _, _, offer = rounds.usual()
    ref = rounds.at("open", made=True)
    gone = Posting(
        "gone", "expire", account("offered", offer), account("expired", offer), "vaccine-measles", 250, TODAY
    )
    with writing():
        post([gone], action="a", by="u", recorded=NOW)
    freeze_round(rounds.cast("task-force"), round=ref)
    assert rows(ref, "lots")[0]["packs"] == "5"
    assert RoundLot.objects.get(round=ref).packs == 5


def test_what_can_be_divided_is_shared_out_by_the_dose(rounds: Rounds) -> None:
    rounds.usual()
    rounds.offer("50", donor="UNICEF")
    ref = frozen(rounds, divisible=True)
    assert sorted((row["pack_size"], row["packs"]) for row in rows(ref, "lots")) == [("1", "50"), ("1", "800")]


@pytest.mark.parametrize(
    "name", ["recipient", "1,000", 'Côte d\'Ivoire; "west"', "=SUM(A1)", "#country", " service   units ", "Name"]
)
def test_no_name_of_a_party_disturbs_the_frozen_tables(rounds: Rounds, name: str) -> None:
    Party.objects.filter(pk="KEN").update(name=name)
    rounds.usual()
    table = {row["recipient"]: row for row in rows(frozen(rounds), "needs")}
    assert table["KEN"]["target"] == "300"
    assert table["KEN"]["name"].split() == name.split()


def test_only_the_programme_of_a_round_is_served_by_it(rounds: Rounds) -> None:
    from evenhand.records.models import Programme

    programme = Programme.objects.create(ref="PG-0000000001", title="Measles 2026", kind="aid")
    inside = rounds.need("TCD", "1000", programme=programme.ref)
    rounds.need("KEN", "600")
    offer = rounds.offer(programme=programme.ref)
    rounds.offer("3 box")
    row = Round.objects.get(pk=frozen(rounds, programme=programme.ref))
    assert [one.need_id for one in row.needs.all()] == [inside]
    assert [one.offer_id for one in row.lots.all()] == [offer]


def test_the_day_of_the_round_is_the_engines(rounds: Rounds) -> None:
    import json

    from evenhand.rounds.plan_files import unpack_files

    rounds.usual()
    ref = rounds.at("proposed", made=True, date=date(2026, 4, 1))
    files = unpack_files(bytes(Round.objects.get(pk=ref).proposals.get().folder))
    assert json.loads(files["certificate.json"])["date"] == "2026-04-01"
