"""Pages: walking a list in any order gives every row once; what comes in between disturbs nobody; counts are the lists'."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from evenhand_cast import NOW, TODAY, Cast
from evenhand_recipes import move
from evenhand_seen import World, add_evidence, add_need, add_round
from evenhand_stock import make_gift
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.access.models import ActionLine
from evenhand.access.viewers import PUBLIC
from evenhand.database.writing import writing
from evenhand.errors import OptionRefused
from evenhand.ledger.entries import AccountKey
from evenhand.lookups import (
    actions,
    changes,
    consignments,
    evidence,
    gaps,
    lapsing,
    needs,
    offers,
    overdue,
    parties,
    places,
    promises,
    resources,
    rounds,
    snapshot,
    stock,
)
from evenhand.lookups.paging import By, Orders, cursor, in_order, page_of, place_in
from evenhand.records.models import Code, Need, Offer, Party, Place
from evenhand.stockbook.models import Consignment, ConsignmentLine, Entry
from evenhand.stockbook.posting import Posting, post

pytestmark = pytest.mark.django_db
LISTS: dict[str, tuple[Callable[..., list[Any]], Callable[..., int], Orders]] = {
    "needs": (needs.list_needs, needs.count_needs, needs.ORDERS),
    "offers": (offers.list_offers, offers.count_offers, offers.ORDERS),
    "consignments": (consignments.list_consignments, consignments.count_consignments, consignments.ORDERS),
    "parties": (parties.list_parties, parties.count_parties, parties.ORDERS),
    "places": (places.list_places, places.count_places, places.ORDERS),
    "resources": (resources.list_resources, resources.count_resources, resources.ORDERS),
    "entries": (stock.list_entries, stock.count_entries, stock.ORDERS),
    "actions": (actions.list_actions, actions.count_actions, actions.ORDERS),
    "evidence": (evidence.list_evidence, evidence.count_evidence, evidence.ORDERS),
    "rounds": (rounds.list_rounds, rounds.count_rounds, rounds.ORDERS),
    "gaps": (gaps.list_gaps, gaps.count_gaps, gaps.ORDERS),
    "promises": (promises.list_promises, promises.count_promises, promises.ORDERS),
    "overdue": (overdue.list_overdue, overdue.count_overdue, overdue.ORDERS),
    "lapsing": (lapsing.list_lapsing, lapsing.count_lapsing, needs.ORDERS),
    "expiring": (lapsing.list_expiring, lapsing.count_expiring, lapsing.ORDERS),
}


@pytest.fixture
def many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A few of everything, with values that are equal and values that are missing."""
    for number in range(7):
        Place.objects.create(key=f"P{number}", name="A place" if number % 2 else "Another", country="TCD")
        Party.objects.create(
            key=f"TCD-{number}",
            name="A clinic",
            kind="facility",
            parent_id="TCD",
            place_id="P1" if number % 2 else None,
        )
        Code.objects.create(of="party", key=f"TCD-{number}", scheme="x", code=f"code{number}")
        need = add_need(
            f"TCD-{number}", "approved", "an outbreak", quantity=100 + number // 2, held=number,
            by_when=TODAY + timedelta(days=number % 3) if number % 2 else None, valid_until=TODAY + timedelta(days=number),
            made_at=NOW - timedelta(seconds=number // 2, microseconds=number % 2),
        )  # fmt: skip
        gift = make_gift(
            "UNICEF" if number % 2 else "IND", "vaccine-measles", 900, allocated={f"TCD-{number}": 500},
            expires=TODAY + timedelta(days=number // 2) if number % 3 else None,
            window_until=TODAY - timedelta(days=1) if number % 2 else None,
        )  # fmt: skip
        add_evidence([need], "a letter", public=True)
        add_round("NAM", need, gift, published=1, state="published", word="x")
        ref = f"CN-MANY{number}"
        Consignment.objects.create(
            ref=ref, origin_id="UNICEF", destination_id=f"TCD-{number}", made_at=NOW, cancelled=number == 6,
            due_on=TODAY if number % 2 else None,
        )  # fmt: skip
        ActionLine.objects.create(
            id=f"line-{number}", name="need approve", by="u-focal-tcd", about=need, at=NOW + timedelta(minutes=number // 3),
            digest="0", given={}, answer={},
        )  # fmt: skip
        travel(number, gift, ref)
    book = snapshot.read_book(None)
    for module in (gaps, promises):  # in a transaction it would be read anew for every page
        monkeypatch.setattr(module, "read_book", lambda as_of: book)
    return cast


def travel(number: int, gift: str, ref: str) -> None:
    """Let a consignment of two lines stay planned, leave, arrive in part, be closed, be taken back, by its number."""
    second = make_gift("UNICEF", "mask-surgical", 300, allocated={f"TCD-{number}": 300})
    if number == 6:
        return
    entries = {}
    for place, (offer, units) in enumerate(((gift, 400), (second, 200)), 1):
        source, road = f"allocated/{offer}/TCD-{number}", f"in-transit/{offer}/{ref}"
        ConsignmentLine.objects.create(
            consignment_id=ref, number=place, offer_id=offer, source=source, quantity=units, typed="4", unit="box"
        )
        if number == 0 or (number == 5 and place == 2):
            continue
        entries[place] = move(offer, "dispatch", source, road, units, concerns=ref)
        if number in (2, 3, 5) and not (number == 2 and place == 2):
            move(offer, "receive", road, f"received/{offer}/TCD-{number}", units, concerns=ref)
        if number == 4:
            take_back(entries[place])


def take_back(entry: str) -> None:
    """Reverse an entry, as an action would."""
    row = Entry.objects.get(entry=entry)
    back = Posting(
        f"{entry}:back", "reverse", AccountKey.read(row.target_id), AccountKey.read(row.source_id), row.resource_id,
        row.quantity, TODAY, concerns=row.concerns, reverses=entry,
    )  # fmt: skip
    with writing():
        post([back], action="back", by="u-recipe", recorded=NOW)


def viewer_of(cast: Cast, name: str) -> Any:
    return cast.viewers["auditor"] if name == "actions" else PUBLIC


def walk(list_: Callable[..., list[Any]], viewer: Any, order: str, most: int, **chosen: Any) -> Iterator[Any]:
    """Every row of every page, one page after the other."""
    after = ""
    while page := list_(viewer, order=order, after=after, most=most + 1, **chosen):
        yield from page[:most]
        if len(page) <= most:
            return
        after = cursor(page[most - 1], order)


@pytest.mark.parametrize("name", LISTS)
def test_walking_all_pages_gives_every_row_once_and_in_order(many: Cast, name: str) -> None:
    list_, count, orders = LISTS[name]
    viewer = viewer_of(many, name)
    keys = {orders.key.of(row) for row in list_(viewer)}
    for order in (sign + one for one in orders.by for sign in ("", "-")):
        rows = list_(viewer, order=order)
        assert len(rows) == count(viewer) == len(keys) > 1
        assert {orders.key.of(row) for row in rows} == keys
        for most in (1, 3, len(rows)):
            assert list(walk(list_, viewer, order, most)) == rows, order
        values = [orders.by[order.removeprefix("-")].of(row) for row in rows]
        if not isinstance(values[0], str):  # texts stand in the order of the database
            assert values == sorted(values, reverse=order.startswith("-")), order


@pytest.mark.parametrize("order", ["ref", "-made_at", "by_when", "-quantity"])
def test_a_row_that_comes_in_between_hides_and_repeats_none(many: Cast, order: str) -> None:
    before = [row.ref for row in needs.list_needs(PUBLIC, order=order)]
    met = []
    for row in walk(needs.list_needs, PUBLIC, order, 2):
        met.append(row.ref)
        if len(met) < 7:  # some of them come where the reader has been, some where it has not
            add_need("KEN", "approved", "new", quantity=len(met) * 37, made_at=NOW - timedelta(minutes=len(met) - 3))
    assert [ref for ref in met if ref in before] == before
    assert len(met) == len(set(met))


CHOICES: dict[str, list[dict[str, Any]]] = {
    "needs": [{"party": "TCD"}, {"group": "NAM"}, {"group": "EU"}, {"state": "lapsed"}, {"search": "outbreak"}],
    "offers": [{"state": one} for one in offers.STATES] + [{"group": "NAM"}, {"search": "india"}],
    "consignments": [{"state": one} for one in consignments.STATES] + [{"group": "NAM"}, {"donor": "IND"}],
    "parties": [{"kind": "facility"}, {"search": "clinic"}, {"search": "code3"}, {"group": "NAM"}],
    "places": [{"search": "another"}, {"level": 0}],
    "resources": [{"search": "measles"}, {"kind": "money"}],
    "entries": [{"party": "TCD"}, {"donor": "IND"}, {"verb": "receive"}, {"search": "clinic"}, {"search": "CN-MANY3"}],
    "actions": [{"name": "need approve"}, {"search": "approve"}],
    "evidence": [{"kind": "document"}, {"search": "letter"}],
    "rounds": [{"party": "TCD"}, {"search": "xtitle"}],
    "gaps": [{"by": by} for by in gaps.BY] + [{"search": "clinic"}, {"party": "TCD"}],
    "promises": [{"by": by} for by in promises.BY]
    + [{"donor": "IND"}, {"search": "india"}, {"since": "2026-01", "until": "2026-03"}],
    "overdue": [{"party": "IND"}, {"group": "NAM"}, {"search": "india"}],
    "lapsing": [{"within_days": 2}, {"group": "NAM"}],
    "expiring": [{"within_days": 1}, {"party": "TCD"}, {"group": "NAM"}],
}


@pytest.mark.parametrize("name", CHOICES)
def test_what_is_counted_is_what_is_listed_and_a_page_is_a_part_of_it(many: Cast, name: str) -> None:
    list_, count, _ = LISTS[name]
    viewer = viewer_of(many, name)
    order = "" if name != "lapsing" else "valid_until"
    for chosen in CHOICES[name]:
        rows = list_(viewer, **chosen)
        assert count(viewer, **chosen) == len(rows), chosen
        assert list(walk(list_, viewer, order, 2, **chosen)) == rows, chosen


@pytest.mark.parametrize("who", ["public", "focal-tcd", "nurse-moissala", "task-force", "auditor"])
def test_a_count_tells_nobody_of_a_draft(world: World, who: str) -> None:
    viewer = PUBLIC if who == "public" else world.cast.viewers[who]
    for list_, count, _ in LISTS.values():
        assert count(viewer) == len(list_(viewer))
        assert count(viewer, search="canary") == len(list_(viewer, search="canary"))


def test_every_state_of_a_consignment_is_what_its_lines_say(many: Cast) -> None:
    found = {row.ref: row.state for row in consignments.list_consignments(PUBLIC)}
    assert set(found.values()) == set(consignments.STATES)
    for state in consignments.STATES:
        chosen = [row.ref for row in consignments.list_consignments(PUBLIC, state=state)]
        assert chosen == [ref for ref, one in found.items() if one == state]


def test_every_state_of_an_offer_is_what_its_entries_say(many: Cast) -> None:
    given = {"donor_id": "IND", "quantity": 5, "typed": "5", "unit": "dose", "said_on": TODAY, "made_at": NOW}
    for firmness in Offer.FIRMNESS:
        for resource in ("vaccine-measles", "USD"):
            for withdrawn in (False, True):
                Offer.objects.create(
                    ref=f"OF-{firmness[:2]}{resource[:2]}{withdrawn:d}", firmness=firmness, resource_id=resource,
                    withdrawn=withdrawn, **given,
                )  # fmt: skip
    make_gift("IND", "USD", 900)
    make_gift("IND", "USD", 900, allocated={"TCD": 900})
    found = {row.ref: row.state for row in offers.list_offers(PUBLIC)}
    assert set(found.values()) == set(offers.STATES)
    for state in offers.STATES:
        chosen = [row.ref for row in offers.list_offers(PUBLIC, state=state)]
        assert chosen == [ref for ref, one in found.items() if one == state]


def written(*said: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


NO_CURSORS = (
    "?", "é", "AAAA", written("ref", "ND-1"), written("quantity", 1, "ND-1"), written("made_at", "2026-01-01", "ND-1"),
    written("ref", 7, "ND-1"), written("ref", "a\0b", "ND-1"), written("ref", "ND-1", None), written(), "W" * 5000,
    base64.urlsafe_b64encode(b"[" * 400).decode(),
)  # fmt: skip


def test_a_cursor_that_is_of_no_use_is_refused() -> None:
    for after in NO_CURSORS:
        with pytest.raises(OptionRefused, match="begin at the first page"):
            needs.list_needs(PUBLIC, after=after, most=5)
    for number in (2**63, -(2**63) - 1, True, 1.5, "7"):
        with pytest.raises(OptionRefused, match="begin at the first page"):
            needs.list_needs(PUBLIC, order="quantity", after=written("quantity", number, "ND-1"), most=5)
    with pytest.raises(OptionRefused, match="does not belong to this list in the order '-ref'"):
        needs.list_needs(PUBLIC, order="-ref", after=written("ref", "ND-1", "ND-1"))


def test_an_order_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionRefused, match="no order 'quantty'; did you mean 'quantity'"):
        needs.list_needs(PUBLIC, order="-quantty")
    with pytest.raises(OptionRefused, match="-1 rows cannot be listed"):
        needs.list_needs(PUBLIC, most=-1)


def test_a_search_that_is_too_long_is_refused() -> None:
    with pytest.raises(OptionRefused, match="a search of 201 letters is too long"):
        needs.list_needs(PUBLIC, search="x" * 201)


class Row:
    """A row of a list that is sorted in Python."""

    orders = Orders(
        {"share": By("", "share", Fraction), "day": By("", "day", date, date.max), "at": By("", "at", datetime)},
        default="share",
        key=By("", "name"),
    )

    def __init__(self, name: str, share: Fraction, day: date | None, at: datetime) -> None:
        self.name, self.share, self.day, self.at = name, share, day, at


ROWS = st.lists(
    st.builds(Row, st.text(max_size=4), st.fractions(), st.none() | st.dates(), st.datetimes(timezones=st.just(UTC))),
    unique_by=lambda row: row.name,
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(ROWS, st.sampled_from(["", "-share", "day", "-day", "at", "-at"]), st.integers(1, 5))
def test_a_list_that_is_sorted_in_python_is_walked_whole(rows: list[Row], order: str, most: int) -> None:
    """Halves of letters, which no cursor can hold, do not come out of any table."""
    stood = in_order(rows, Row.orders, order)
    after, met = "", []
    while page := page_of(stood, Row.orders, order, after, most):
        met += page
        after = cursor(page[-1], order)
        if "\0" in page[-1].name:
            return
        place = place_in(Row.orders, order or "share", after)
        assert place == (Row.orders.chosen(order)[1].of(page[-1]), page[-1].name)
    assert met == stood


def test_a_change_is_told_when_it_is_public_and_never_who_did_it(world: World) -> None:
    told = {"need approve": ("approved", "draft"), "round publish": ("published", "unpublished")}
    for at, (name, refs) in enumerate(told.items()):
        for one in refs:
            ActionLine.objects.create(
                id=f"line-{name}-{one}", name=name, by="u-CANARYwriter", for_party="TCD", about=world[one],
                reason="CANARYreason", at=NOW + timedelta(hours=at), digest="0", given={}, answer={},
            )  # fmt: skip
    found = changes.list_changes(PUBLIC)
    assert [(one.kind, one.what, one.ref) for one in found] == [
        ("round", "published", world["published"]),
        ("need", "approved", world["approved"]),
        ("offer", "made", world["gift"]),
    ]
    assert "CANARY" not in repr(found)
    assert Need.objects.filter(pk=world["draft"]).exists()


def test_changes_are_walked_whole(many: Cast) -> None:
    all_of_them = changes.list_changes(PUBLIC, most=None)
    assert len(all_of_them) == 7
    assert {one.party for one in all_of_them} == {f"TCD-{number}" for number in range(7)}
    met, after = [], ""
    while page := changes.list_changes(PUBLIC, after=after, most=2):
        met += page
        after = cursor(page[-1])
    assert met == all_of_them == sorted(all_of_them, key=lambda one: (one.at, one.mark), reverse=True)
