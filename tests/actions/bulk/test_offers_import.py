"""Offers by the file: what counts enters the book, what was paid is paid, and what contradicts itself is refused."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_cast import Cast

from evenhand.actions.bulk.importing import dry_run, import_file
from evenhand.actions.bulk.sending import Sent
from evenhand.records.models import Offer
from evenhand.stockbook.models import Account, Entry

pytestmark = pytest.mark.django_db
MONEY = "donor,resource,quantity,unit,firmness,said_on,paid,paid_on,to\n"


def sent(text: str, **said: Any) -> Sent:
    return Sent("offers", text.encode(), filename="offers.csv", **said)


# India committed 1,000.50 dollars on 1 January and paid 400.25 of them to UNICEF on 3 February:
#     outside −100050 → committed 60025 → paid/UNICEF 40025
def test_what_was_paid_was_committed_before(cast: Cast) -> None:
    text = (
        MONEY
        + "IND,USD,1000.50,USD,commitment,2026-01-01,400.25,2026-02-03,UNICEF\nIND,USD,500,USD,pledge,2026-01-02,,,\n"
    )
    done = import_file(cast("donor-ind"), sent(text))
    assert done.facts["paid"] == {"USD": 40025}
    assert dict(Account.objects.values_list("stage", "balance")) == {
        "outside": -100050,
        "committed": 60025,
        "paid": 40025,
    }
    entries = Entry.objects.order_by("seq").values_list("verb", "quantity", "typed", "unit", "happened")
    assert list(entries) == [
        ("commit", 100050, "1000.5", "USD", "2026-01-01"),
        ("pay", 40025, "400.25", "USD", "2026-02-03"),
    ]
    assert sorted(Offer.objects.values_list("firmness", "quantity")) == [("commitment", 100050), ("pledge", 50000)]


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("IND,USD,10,USD,commitment,2026-01-01,11,,UNICEF", "paid", "part of the quantity"),
        ("IND,USD,10,USD,pledge,2026-01-01,5,,UNICEF", "firmness", "a commitment and no pledge"),
        ("IND,USD,10,USD,commitment,2026-01-01,5,,", "to", "say who was paid"),
        ("IND,USD,10,USD,commitment,2026-01-01,5,,UNICEFF", "to", "no party 'UNICEFF'; did you mean 'UNICEF'?"),
        ("IND,vaccine-measles,10,,commitment,2026-01-01,5,,UNICEF", "paid", "only money is paid"),
        ("IND,USD,10,USD,commitment,2027-01-01,,,", "said_on", "has not come yet"),
        ("IND,USD,10.0051,USD,commitment,2026-01-01,,,", "quantity", "only whole ones"),
    ],
)
def test_money_that_contradicts_itself_is_refused(cast: Cast, row: str, column: str, sentence: str) -> None:
    found = [(one.column, one.text) for one in dry_run(cast("donor-ind"), sent(MONEY + row + "\n")).problems]
    assert any(where == column and sentence in text for where, text in found), found


@pytest.mark.parametrize(
    ("columns", "row", "sentence"),
    [
        ("for", "NAMM", "no group or party 'NAMM'"),
        ("for,not_for", "NAM,NAM", "stands both"),
        ("from,until", "2026-05-01,2026-04-01", "before it begins"),
        ("expires", "2026-01-01", "is past"),
        ("unit_value", "2.15", "needs its currency"),
        ("unit_value,currency", "2.15,mask-surgical", "no currency 'mask-surgical'"),
        ("currency", "USD", "without the value"),
    ],
)
def test_an_offer_that_the_single_action_refuses_is_refused(cast: Cast, columns: str, row: str, sentence: str) -> None:
    text = f"donor,resource,quantity,firmness,{columns}\nIND,vaccine-measles,10,pledge,{row}\n"
    found = [one.text for one in dry_run(cast("donor-ind"), sent(text)).problems]
    assert any(sentence in one for one in found), found


def test_an_offer_that_is_there_stays_and_one_that_differs_is_changed_elsewhere(cast: Cast) -> None:
    text = "donor,resource,quantity,firmness\nIND,vaccine-measles,10,pledge\n"
    import_file(cast("donor-ind"), sent(text))
    ref = Offer.objects.get().ref
    named = f"offer,donor,resource,quantity,firmness\n{ref},IND,vaccine-measles,{{}},pledge\n"
    assert dry_run(cast("donor-ind"), sent(named.format(10))).same == 1
    assert "evenhand offer change" in dry_run(cast("donor-ind"), sent(named.format(11))).problems[0].text
    unknown = named.format(10).replace(ref, "OF-0000000000")
    assert "no offer 'OF-0000000000'" in dry_run(cast("donor-ind"), sent(unknown)).problems[0].text


def test_a_price_that_is_no_exact_price_of_one_is_refused(cast: Cast) -> None:
    text = "donor,resource,quantity,unit,firmness,unit_value,currency\nIND,mask-surgical,1,carton,pledge,0.000001,USD\n"
    assert Entry.objects.count() == 0
    assert dry_run(cast("donor-ind"), sent(text)).sound  # 5E-10 has few digits
    text = "donor,resource,quantity,unit,firmness,unit_value,currency\nIND,box-of-three,1,box,pledge,1,USD\n"
    from evenhand.records.models import Resource

    Resource.objects.create(key="box-of-three", name="x", kind="goods", base_unit="piece", packs={"box": 3})
    assert "no exact price of one" in dry_run(cast("donor-ind"), sent(text)).problems[0].text
