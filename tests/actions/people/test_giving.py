"""A share is given once, however often its card is scanned, in whatever order scans arrive and whatever dies; the book follows."""

from __future__ import annotations

import base64
import hashlib
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from evenhand_cast import NOW
from evenhand_register import (
    DATABASES,
    MEMBERS,
    Register,
    Table,
    nothing_changes,
    open_table,
    people_rows,
    put_in_stock,
)

from evenhand.actions.people import booking
from evenhand.actions.people.booking import settle_gifts
from evenhand.actions.people.entitlements import (
    close_distribution,
    close_entitlement,
    make_entitlement,
    plan_distribution,
)
from evenhand.actions.people.giving import take_back
from evenhand.actions.people.households import (
    correct_record,
    erase_record,
    merge_households,
    merge_persons,
    split_household,
)
from evenhand.errors import (
    ActionRefused,
    CardRefused,
    EvenhandError,
    NameUnknown,
    NotAllowed,
    OptionRefused,
    RepeatDiffers,
    StockShort,
)
from evenhand.lookups.people.giving import count_gifts, hashed, list_cards, list_doubled, list_doubtful, list_outcomes
from evenhand.people.models import Distribution, Gift, GiftPerson, Household, ReadLine, Scan
from evenhand.stockbook.auditing import audit_book
from evenhand.stockbook.models import Account, Entry

pytestmark = pytest.mark.django_db(databases=DATABASES)
SHARE = 2 * 2 + 4 + 10 + 1
"""Of Zenaba, who is pregnant, and Idriss, who is twelve."""


@pytest.fixture
def table(register: Register) -> Table:
    """A table with a thousand masks of one offer."""
    put_in_stock(register.cast, 1000)
    return open_table(register)


def given_entries() -> list[tuple[str, str, int, str]]:
    return list(
        Entry.objects.filter(verb__in=("distribute", "reverse"))
        .order_by("seq")
        .values_list("source_id", "target_id", "quantity", "concerns")
    )


def test_a_card_is_scanned_and_the_book_holds_a_commitment_in_place_of_a_household(
    register: Register, table: Table
) -> None:
    home = register.household().ref
    done = table.scan(table.card(home), "a-1")
    assert (done.ref, done.facts["outcome"], done.facts["quantity"]) == (home, "given", SHARE)
    ((source, target, quantity, concerns),) = given_entries()
    assert (source.split("/")[0], target.split("/")[0], quantity, concerns) == (
        "received",
        "used",
        SHARE,
        done.facts["gift"],
    )
    assert source.endswith("/TCD-moissala")
    gift = Gift.objects.get()
    assert (gift.posted, gift.commitment, gift.household_id) == (True, concerns, home)
    assert home not in repr(list(Entry.objects.values_list()))
    assert (
        ReadLine.objects.filter(
            household=home, purpose="food", fields=["birth_date", "birth_year", "condition"]
        ).count()
        == 1
    )
    assert not audit_book().faults


def test_however_often_and_on_whichever_device_it_is_given_once(register: Register, table: Table) -> None:
    card = table.card(register.household().ref)
    first = table.scan(card, "a-1")
    again = table.scan(card, "a-1")
    assert (again.repeated, dict(again.facts)) == (True, dict(first.facts))
    for number, device in enumerate(("tablet-1", "tablet-2", "tablet-3")):
        later = table.scan(card, f"b-{number}", device)
        assert (later.facts["outcome"], later.facts["first_device"]) == ("again", "tablet-1")
    assert len(given_entries()) == 1
    with pytest.raises(RepeatDiffers):
        table.scan(table.card(register.household().ref), "a-1")


def test_two_gifts_of_one_household_cannot_be_told_from_gifts_of_two(register: Register, table: Table) -> None:
    home, other = register.household().ref, register.household().ref
    second = open_table(register)
    marks = [
        one.scan(one.card(ref), f"{one.distribution[-4:]}-{ref[-4:]}").facts["gift"]
        for one in (table, second)
        for ref in (home, other)
    ]
    assert len(set(marks)) == 4


@pytest.mark.parametrize(("card", "sentence"), [
    ("", "no card's code"), ("HH-0000000000", "no card's code"), ("PN-0123456789.1.ABCDEFGH", "no card's code"),
    ("HH-0123456789.1.00000000", "not made by this register"), ("'; DROP TABLE", "no card's code"), ("HH-0123456789.1.ABCDEFGHJ", "no card's code"),
])  # fmt: skip
def test_forged_cards_are_refused(register: Register, table: Table, card: str, sentence: str) -> None:
    with nothing_changes(CardRefused, sentence):
        table.scan(card, "a-1")


def test_a_card_of_another_household_number_or_key_is_refused(register: Register, table: Table) -> None:
    from evenhand.people.cards import card_code
    from evenhand.people.keyring import new_keyring

    home, other = register.household().ref, register.household().ref
    mark = table.card(home).rpartition(".")[2]
    for card in (f"{other}.1.{mark}", f"{home}.2.{mark}", card_code(new_keyring(), home, 1)):
        with nothing_changes(CardRefused, "not made by this register"):
            table.scan(card, "a-1")
    Household.objects.filter(pk=home).update(card=2)
    with nothing_changes(CardRefused, "replaced by a newer one"):
        table.scan(table.card(home), "a-1")
    assert (
        table.scan(table.card(home, 2).lower().replace("0", "o"), "a-2").facts["outcome"] == "given"
    )  # as it was read out


def test_what_is_not_to_be_given_is_refused_and_says_why(register: Register, table: Table) -> None:
    far = register.household(site="TCD-mandoul").ref
    gone = register.household().ref
    erase_record(register(), record=gone)
    home = register.household().ref
    for card, sentence, read in (
        (table.card(far), "is served at TCD-mandoul", True),
        (table.card(gone), "is erased", True),
        (table.card("HH-0000000000"), "another register", False),
    ):
        with nothing_changes(EvenhandError, sentence, read=read):
            table.scan(card, "a-1")
    with nothing_changes(ActionRefused, "and today is", read=True):
        table.scan(table.card(home), "a-1", who=register(at=NOW + timedelta(days=8)))
    for who, error in (
        ("registrar-ken", NotAllowed),
        ("focal-tcd", NotAllowed),
        ("nurse-tcd", NotAllowed),
        ("auditor", NotAllowed),
        ("public", NotAllowed),
    ):
        with nothing_changes(error):
            table.scan(table.card(home), "a-1", who=register(who))
    close_distribution(register(), distribution=table.distribution)
    with nothing_changes(ActionRefused, "is closed", read=True):
        table.scan(table.card(home), "a-1")
    assert given_entries() == []


@pytest.mark.parametrize("scan", ["", "x" * 37, "a b", "é"])
def test_an_id_that_is_none_is_refused(register: Register, table: Table, scan: str) -> None:
    card = table.card(register.household().ref)
    with nothing_changes(OptionRefused, "the id of a scan"):
        table.scan(card, scan)


def test_stock_that_is_short_gives_nothing_and_says_so(register: Register) -> None:
    put_in_stock(register.cast, SHARE - 1)
    table = open_table(register)
    card = table.card(register.household().ref)
    with nothing_changes(StockShort, f"{SHARE - 1} base units", read=True):
        table.scan(card, "a-1")
    assert given_entries() == []


def test_what_expires_first_is_given_first_and_what_has_expired_never(register: Register) -> None:
    late = put_in_stock(register.cast, 100, request="l", expires=date(2027, 1, 1))
    soon = put_in_stock(register.cast, SHARE - 3, request="s", expires=date(2026, 4, 1))
    gone = put_in_stock(register.cast, 100, request="g", expires=date(2026, 3, 3))
    table = open_table(register)
    table.scan(table.card(register.household().ref), "a-1", who=register(at=NOW + timedelta(days=4)))
    assert [(source.split("/")[1], quantity) for source, _, quantity, _ in given_entries()] == [
        (soon, SHARE - 3),
        (late, 3),
    ]
    assert Account.objects.get(pk=f"received/{gone}/TCD-moissala").balance == 100


def test_what_was_handed_out_without_a_line_is_taken_though_the_book_is_short_and_posted_once_it_is_not(
    register: Register,
) -> None:
    table = open_table(register)
    done = table.scan(table.card(register.household().ref), "a-1", handed_out=True)
    assert (done.facts["outcome"], given_entries(), settle_gifts()) == ("given", [], 1)
    put_in_stock(register.cast, 100)
    assert settle_gifts() == 0
    assert [quantity for _, _, quantity, _ in given_entries()] == [SHARE]
    assert settle_gifts() == 0
    assert len(given_entries()) == 1


def test_two_devices_without_a_line_learn_of_each_other(register: Register, table: Table) -> None:
    home = register.household().ref
    card, early = table.card(home), NOW - timedelta(hours=1)
    table.scan(card, "late", "tablet-2", at=NOW, handed_out=True)
    table.scan(card, "early", "tablet-1", at=early, handed_out=True)
    viewer = register.cast.viewers["registrar-tcd"]
    (one,) = list_outcomes(viewer, table.distribution, "tablet-1")
    (two,) = list_outcomes(viewer, table.distribution, "tablet-2")
    assert (one.outcome, one.doubled) == ("given", False)
    assert (two.outcome, two.doubled, two.first_device, two.first_at) == ("again", True, "tablet-1", early)
    (doubled,) = list_doubled(viewer, table.distribution)
    assert (doubled.household, doubled.quantity, [one.scan for one in doubled.scans]) == (
        home,
        SHARE,
        ["early", "late"],
    )
    assert len(given_entries()) == 1


def state(table: Table) -> tuple[Any, ...]:
    rows = people_rows("PeopleLine", "ReadLine", "Reason", "Scan", "GiftPerson")
    gifts = sorted(Gift.objects.values_list("household", "commitment", "quantity", "scan", "state", "posted"))
    del rows["Gift"]
    entries = sorted(
        Entry.objects.filter(verb="distribute").values_list("entry", "source", "target", "quantity", "concerns")
    )
    counted = sorted(GiftPerson.objects.values_list("gift__commitment", "person"))
    return (
        [*gifts, *counted],
        sorted(Scan.objects.values_list("id", "household", "device", "handed_out")),
        entries,
        rows,
    )


def test_scans_merge_to_the_same_in_whatever_order_they_arrive(register: Register) -> None:
    from django.db import transaction

    put_in_stock(register.cast, 100_000)
    table = open_table(register, "1 piece per household")
    homes = [register.household(MEMBERS[0]).ref for _ in range(8)]
    lot = random.Random(5)
    scans = [
        (
            table.card(lot.choice(homes)),
            f"s-{number}",
            f"tablet-{lot.randrange(3)}",
            NOW - timedelta(minutes=lot.randrange(90)),
        )
        for number in range(24)
    ]
    seen = []
    for _ in range(12):
        lot.shuffle(scans)
        sent = [*scans, *lot.sample(scans, 6)]
        with transaction.atomic(), transaction.atomic(using="people"):
            for card, scan, device, at in sent:
                table.scan(card, scan, device, at=at, handed_out=True)
            seen.append(state(table))
            transaction.set_rollback(True)
            transaction.set_rollback(True, using="people")
    gifts, kept, entries, _ = seen[0]
    assert len(kept) == len(scans)
    assert len(gifts) == 2 * len(entries)  # and as many persons
    assert all(one == seen[0] for one in seen)


def test_what_was_taken_back_can_be_given_anew(register: Register, table: Table) -> None:
    home = register.household().ref
    first = table.scan(table.card(home), "a-1")
    with nothing_changes(ActionRefused, "needs a reason"):
        take_back(register(reason=" "), gift=first.facts["gift"])
    for who in ("registrar-ken", "focal-tcd", "auditor"):
        with nothing_changes(NotAllowed):
            take_back(register(who), gift=first.facts["gift"])
    take_back(register(reason="left on the table"), gift=first.facts["gift"])
    assert [(source.split("/")[0], quantity) for source, _, quantity, _ in given_entries()] == [
        ("received", SHARE),
        ("used", SHARE),
    ]
    with nothing_changes(ActionRefused, "already"):
        take_back(register(), gift=first.facts["gift"])
    second = table.scan(table.card(home), "a-2")
    assert (second.facts["outcome"], second.facts["gift"] == first.facts["gift"]) == ("given", False)
    assert settle_gifts() == 0
    assert len(given_entries()) == 3
    assert not audit_book().faults
    with nothing_changes(NameUnknown, "gift"):
        take_back(register(), gift="HC-NONE")


@pytest.mark.parametrize("dies", ["booking.post", "giving.mark_posted", "giving.post_gifts"])
def test_whatever_dies_in_between_the_row_says_what_is_missing_and_it_is_posted_once(
    register: Register, table: Table, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    card = table.card(register.household().ref)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the machine died")

    with monkeypatch.context() as patched:
        patched.setattr(f"evenhand.actions.people.{dies}", fail)
        with pytest.raises(OSError, match="died"):
            table.scan(card, "a-1")
    assert Gift.objects.count() == 1
    again = table.scan(card, "a-1")  # the device sends it again
    assert (again.repeated, again.facts["outcome"]) == (True, "given")
    assert len(given_entries()) == 1
    assert table.scan(card, "a-2").facts["outcome"] == "again"
    assert settle_gifts() == 0
    assert len(given_entries()) == 1
    assert Gift.objects.get().posted


def test_stock_that_others_took_meanwhile_is_drawn_elsewhere(
    register: Register, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evenhand.actions.stock import distribute_stock

    def fail(*_: object, **__: object) -> None:
        raise OSError("the machine died")

    with monkeypatch.context() as patched:
        patched.setattr(booking, "post", fail)
        with pytest.raises(OSError, match="died"):
            table.scan(table.card(register.household().ref), "a-1")
    (offer,) = {line[0] for line in Gift.objects.get().lines}
    distribute_stock(register.cast("focal-tcd"), party="TCD-moissala", offer=offer, quantity="1000")
    assert settle_gifts() == 1
    other = put_in_stock(register.cast, 50, request="o")
    assert settle_gifts() == 0
    assert [line[0] for line in Gift.objects.get().lines] == [other]


def test_households_that_became_one_get_one_share(register: Register, table: Table) -> None:
    one, two = register.household().ref, register.household().ref
    table.scan(table.card(one), "a-1")
    merge_households(register(), household=two, into=one)
    assert table.scan(table.card(two), "a-2").facts["outcome"] == "again"


def test_the_list_of_a_device_holds_no_name_and_no_ref(register: Register, table: Table) -> None:
    home = register.household().ref
    register.household(site="TCD-mandoul")
    listed = list_cards(register.cast.viewers["registrar-tcd"], table.distribution)
    (one,) = listed.cards
    assert (one.card, one.household, one.quantity) == (
        hashed(table.card(home), listed.salt),
        hashed(home, listed.salt),
        SHARE,
    )
    assert home not in repr(listed)
    assert Distribution.objects.get(pk=table.distribution).salt not in repr(listed)  # it leads to the stock book
    assert [line.household for line in ReadLine.objects.all()] == [home]
    for who in ("focal-tcd", "auditor", "nurse-tcd"):
        with pytest.raises(NotAllowed):
            list_cards(register.cast.viewers[who], table.distribution)
    with pytest.raises(NameUnknown):
        list_cards(register.cast.viewers["registrar-ken"], table.distribution)


def test_everybody_sees_counts_from_ten_on(register: Register) -> None:
    put_in_stock(register.cast, 1000)
    table = open_table(register)
    for number in range(10):
        (told,) = count_gifts(register.cast.viewers["donor-ind"])
        assert (told.households, told.quantity) == ((None, None) if number else (0, 0))
        table.scan(table.card(register.household().ref), f"a-{number}")
    (told,) = count_gifts(register.cast.viewers["donor-ind"])
    assert (told.households, told.quantity) == (10, 10 * SHARE)


@pytest.mark.parametrize(("wrong", "error", "sentence"), [
    ({"terms": "much per person"}, OptionRefused, "is no term"), ({"terms": "2 piece per person rich"}, OptionRefused, "is no term"),
    ({"terms": ""}, OptionRefused, "1 to 20 terms"), ({"terms": "2 kg per person"}, EvenhandError, "no unit 'kg'"),
    ({"terms": "2 piece per person of 9 to 3"}, OptionRefused, "first age"), ({"service": "party"}, OptionRefused, "none of ration"),
    ({"purpose": "war"}, ActionRefused, "no purpose"), ({"resource": "mask-surgicl"}, NameUnknown, "did you mean 'mask-surgical'"),
    ({"registration": "RG-0000000000"}, NameUnknown, "registration"),
])  # fmt: skip
def test_a_rule_that_cannot_be_worked_out_is_refused(
    register: Register, wrong: dict[str, Any], error: type[EvenhandError], sentence: str
) -> None:
    usual: dict[str, Any] = {
        "registration": register.registration, "title": "x", "service": "kit", "resource": "mask-surgical", "terms": "1 piece per person",
        "purpose": "food",
    }  # fmt: skip
    with nothing_changes(error, sentence):
        make_entitlement(register("focal-tcd"), **{**usual, **wrong})
    with nothing_changes(NotAllowed):
        make_entitlement(register(), **usual)


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"site": "KEN"}, "not below TCD"), ({"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 8)}, "no span"),
    ({"first_day": date(2026, 2, 1), "last_day": date(2026, 3, 1)}, "is over"), ({"last_day": date(2026, 9, 1)}, "no span"),
])  # fmt: skip
def test_a_distribution_that_makes_no_sense_is_refused(
    register: Register, wrong: dict[str, Any], sentence: str
) -> None:
    entitled = make_entitlement(
        register("focal-tcd"), registration=register.registration, title="x", service="kit", resource="mask-surgical",
        terms="1 piece per person", purpose="food",
    ).ref  # fmt: skip
    usual: dict[str, Any] = {"site": "TCD-moissala", "first_day": NOW.date(), "last_day": NOW.date()}
    who = register("registrar-ken") if wrong.get("site") == "KEN" else register()
    with nothing_changes(ActionRefused, sentence):
        plan_distribution(who, entitlement=entitled, **{**usual, **wrong})
    close_entitlement(register("focal-tcd"), entitlement=entitled)
    with nothing_changes(ActionRefused, "is closed"):
        plan_distribution(register(), entitlement=entitled, **usual)


def test_a_rule_that_gives_nobody_anything_says_so(register: Register) -> None:
    put_in_stock(register.cast, 10)
    table = open_table(register, "2 piece per person under 2")
    card = table.card(register.household().ref)
    with nothing_changes(ActionRefused, "has nothing to come", read=True):
        table.scan(card, "a-1")


def test_scans_are_never_changed(register: Register, table: Table) -> None:
    from django.db import DatabaseError, transaction

    table.scan(table.card(register.household().ref), "a-1")
    for wrong in (
        lambda: Scan.objects.update(device="x"),
        lambda: Scan.objects.all().delete(),
        lambda: Gift.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(using="people"):
            wrong()


def test_a_corrected_household_gets_the_share_of_what_is_right(register: Register, table: Table) -> None:
    done = register.household()
    correct_record(register(), record=done.facts["persons"][0], fields={"condition": ""})
    assert table.scan(table.card(done.ref), "a-1").facts["quantity"] == SHARE - 10


def test_a_scan_from_tomorrow_is_booked_today(register: Register, table: Table) -> None:
    table.scan(table.card(register.household().ref), "a-1", at=datetime(2027, 1, 1, tzinfo=UTC))
    assert Entry.objects.get(verb="distribute").happened == NOW.date().isoformat()


def test_at_the_table_the_first_answer_counts_whatever_a_clock_says(register: Register, table: Table) -> None:
    card = table.card(register.household().ref)
    assert table.scan(card, "a-1", "tablet-1", at=NOW).facts["outcome"] == "given"
    assert table.scan(card, "b-1", "tablet-2", at=NOW - timedelta(hours=1)).facts["outcome"] == "again"
    assert list_doubled(register.cast.viewers["registrar-tcd"], table.distribution) == []
    table.scan(card, "c-1", "tablet-3", at=NOW - timedelta(hours=2), handed_out=True)  # it was without a line
    (doubled,) = list_doubled(register.cast.viewers["registrar-tcd"], table.distribution)
    assert [(one.scan, one.doubled) for one in doubled.scans] == [("c-1", False), ("a-1", True)]
    assert len(given_entries()) == 1


def test_whoever_was_counted_in_a_gift_is_counted_in_no_other(register: Register, table: Table) -> None:
    one, two = register.household(), register.household()
    table.scan(table.card(one.ref), "a-1")
    merge_households(register(), household=one.ref, into=two.ref)
    only_two = table.scan(table.card(two.ref), "a-2")
    assert only_two.facts["quantity"] == SHARE - 1  # what a household has as such was had already
    three = register.household(*MEMBERS, {**MEMBERS[1], "given_name": "Hawa"})
    table.scan(table.card(three.ref), "a-3")
    apart = split_household(
        register(), household=three.ref, persons=[three.facts["persons"][2]], head=three.facts["persons"][2]
    )
    assert table.scan(table.card(apart.ref), "a-4").facts["outcome"] == "again"
    four, five = register.household(), register.household()
    table.scan(table.card(four.ref), "a-5")
    for mine, same in zip(five.facts["persons"][::-1], four.facts["persons"][::-1], strict=True):
        merge_persons(register(), person=same, into=mine)
    assert table.scan(table.card(five.ref), "a-6").facts["outcome"] == "again"


def test_another_site_gives_the_same_entitlement_to_nobody_a_second_time(register: Register, table: Table) -> None:
    home = register.household().ref
    table.scan(table.card(home), "a-1")
    entitlement = Distribution.objects.get(pk=table.distribution).entitlement_id
    other = plan_distribution(
        register(), entitlement=entitlement, site="TCD-mandoul", first_day=NOW.date(), last_day=NOW.date()
    ).ref
    far = Table(register, other)
    assert far.scan(far.card(home), "b-1", handed_out=True, quantity=SHARE).facts["outcome"] == "again"
    assert Gift.objects.count() == 1


def test_a_household_of_another_registration_is_given_nothing_also_without_a_line(
    register: Register, table: Table
) -> None:
    from evenhand_register import open_one

    other = Register(register.cast, open_one(register.cast, title="Another"))
    card = table.card(other.household().ref)
    for late in (False, True):
        with nothing_changes(ActionRefused, "of another registration"):
            table.scan(card, "a-1", handed_out=late, quantity=5)


def test_what_was_handed_out_is_written_down_whatever_is_odd_about_it(register: Register, table: Table) -> None:
    viewer = register.cast.viewers["registrar-tcd"]
    far = register.household(site="TCD-mandoul").ref
    replaced = register.household().ref
    Household.objects.filter(pk=replaced).update(card=2)
    usual = {"handed_out": True, "quantity": SHARE}
    assert table.scan(table.card(far), "a-1", **usual).facts["doubts"] == ["elsewhere"]
    assert table.scan(table.card(replaced), "a-2", **usual).facts["doubts"] == ["replaced card"]
    home = register.household().ref
    early = table.scan(table.card(home), "a-3", at=datetime(1970, 1, 1, tzinfo=UTC), handed_out=True, quantity=7)
    assert (early.facts["doubts"], early.facts["quantity"]) == (["amount", "another day"], 7)
    assert {entry.happened for entry in Entry.objects.filter(verb="distribute")} == {NOW.date().isoformat()}
    assert [one.scan for one in list_doubtful(viewer, table.distribution)] == ["a-3", "a-1", "a-2"]
    nothing = open_table(register, "1 piece per person under 1")
    with nothing_changes(ActionRefused, "say how much", read=True):
        nothing.scan(nothing.card(home), "b-1", handed_out=True)
    assert nothing.scan(nothing.card(home), "b-2", handed_out=True, quantity=2).facts["quantity"] == 2


def test_a_gift_that_was_taken_back_is_not_posted_when_its_scan_is_sent_again(register: Register) -> None:
    table = open_table(register)
    card = table.card(register.household().ref)
    done = table.scan(card, "a-1", handed_out=True)
    take_back(register(reason="nothing was handed out after all"), gift=done.facts["gift"])
    put_in_stock(register.cast, 100)
    again = table.scan(card, "a-1", handed_out=True)
    assert (again.repeated, again.facts["outcome"], given_entries(), settle_gifts()) == (True, "taken-back", [], 0)


def test_nothing_in_the_book_leads_to_a_device_or_a_card(register: Register, table: Table) -> None:
    home = register.household().ref
    table.scan(table.card(home), "tablet-7-scan-1")
    held = repr(list(Entry.objects.filter(verb="distribute").values_list()))
    listed = list_cards(register.cast.viewers["registrar-tcd"], table.distribution)
    assert "tablet-7" not in held
    for salt in (listed.salt, ""):
        for number in range(3):
            digest = hashlib.sha256(f"{salt}/{table.distribution}/{home}/{number}".encode()).digest()[:16]
            assert base64.b32encode(digest).decode().rstrip("=") not in held


def test_who_became_one_with_others_is_on_a_devices_list_with_every_card(register: Register, table: Table) -> None:
    one, two = register.household().ref, register.household().ref
    merge_households(register(), household=one, into=two)
    listed = list_cards(register.cast.viewers["registrar-tcd"], table.distribution)
    assert {card.card for card in listed.cards} == {hashed(table.card(ref), listed.salt) for ref in (one, two)}
    assert len({card.household for card in listed.cards}) == 1
