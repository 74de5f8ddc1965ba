"""Facts that already happened: the moves before them, where units come from, and that nothing is made or lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from evenhand_cast import Cast
from evenhand_stock import make_gift
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.actions.bulk.importing import dry_run, import_file
from evenhand.actions.bulk.sending import Sent
from evenhand.actions.reversals import reverse_entry
from evenhand.errors import InputRefused
from evenhand.records.models import Evidence, EvidenceLink, Offer
from evenhand.stockbook.auditing import audit_book
from evenhand.stockbook.models import Account, Consignment, ConsignmentLine, Entry
from evenhand.stockbook.travelling import lines_of

pytestmark = pytest.mark.django_db
HEADING = "happened,verb,donor,recipient,resource,quantity,unit\n"


def sent(*rows: str, heading: str = HEADING, **said: Any) -> Sent:
    return Sent("entries", (heading + "\n".join(rows) + "\n").encode(), filename="facts.csv", **said)


def apply(cast: Cast, *rows: str, **said: Any) -> Any:
    return import_file(cast("task-force"), sent(*rows, **said))


def refused(cast: Cast, *rows: str, **said: Any) -> list[tuple[int, str]]:
    return [(one.row, one.text) for one in dry_run(cast("task-force"), sent(*rows, **said)).problems]


def balances() -> dict[str, int]:
    """Stage with its holder → units, all offers together; what is empty left out."""
    found: Counter[str] = Counter()
    for stage, holder, balance in Account.objects.values_list("stage", "holder", "balance"):
        found["/".join(filter(None, (stage, "" if holder.startswith("CN-") else holder)))] += balance
    return {key: balance for key, balance in found.items() if balance}


# 40 boxes of 100 reached Chad in January. To be received they were sent, and to be sent they were offered:
#     outside −4000 → offered 0 → in transit 0 → received/TCD 4000
def test_what_was_received_was_offered_and_sent_before(cast: Cast) -> None:
    done = apply(cast, "2026-01-10,received,IND,TCD,vaccine-measles,40,box")
    assert balances() == {"outside": -4000, "received/TCD": 4000}
    entries = list(Entry.objects.order_by("seq").values_list("verb", "quantity", "typed", "unit", "happened"))
    assert entries == [
        ("offer", 4000, "4000", "dose", "2026-01-10"),
        ("dispatch", 4000, "40", "box", "2026-01-10"),
        ("receive", 4000, "40", "box", "2026-01-10"),
    ]
    offer, consignment = Offer.objects.get(), Consignment.objects.get()
    assert (offer.donor_id, offer.quantity, offer.firmness, str(offer.said_on)) == (
        "IND",
        4000,
        "commitment",
        "2026-01-10",
    )
    assert (consignment.origin_id, consignment.destination_id) == ("IND", "TCD")
    line = lines_of(consignment)[0]
    assert (line.sent, line.good, line.state) == (4000, 4000, "closed")
    assert done.facts["consignments"] == 1
    assert audit_book().holds


def test_every_row_of_one_donor_and_resource_is_of_one_offer(cast: Cast) -> None:
    apply(
        cast, "2026-01-10,received,IND,TCD,vaccine-measles,10,box", "2026-01-05,received,IND,KEN,vaccine-measles,5,box",
        "2026-01-07,received,UNICEF,KEN,vaccine-measles,1,box",
    )  # fmt: skip
    assert sorted(Offer.objects.values_list("donor", "quantity")) == [("IND", 1500), ("UNICEF", 100)]
    assert Offer.objects.get(donor="IND").said_on.isoformat() == "2026-01-05"
    assert ConsignmentLine.objects.count() == 3
    assert balances() == {"outside": -1600, "received/TCD": 1000, "received/KEN": 600}


def test_the_entry_names_the_row_of_the_file(cast: Cast) -> None:
    apply(
        cast, "2026-01-10,received,IND,TCD,vaccine-measles,40,box", "2026-01-11,received,IND,KEN,vaccine-measles,1,box"
    )
    fact = Entry.objects.get(verb="receive", target__holder="KEN")
    assert fact.entry.split(":")[1] == "3"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["offered,IND,,vaccine-measles,10,"], {"outside": -10, "offered": 10}),
        (["allocated,IND,TCD,vaccine-measles,10,"], {"outside": -10, "allocated/TCD": 10}),
        (["dispatched,IND,TCD,vaccine-measles,10,"], {"outside": -10, "in-transit": 10}),
        (["damaged,IND,TCD,vaccine-measles,10,"], {"outside": -10, "damaged": 10}),
        (["missing,IND,TCD,vaccine-measles,10,"], {"outside": -10, "missing": 10}),
        (["used,IND,TCD,vaccine-measles,10,"], {"outside": -10, "used/TCD": 10}),
        (["expired,IND,TCD,vaccine-measles,10,"], {"outside": -10, "expired/TCD": 10}),
        (["expired,IND,,vaccine-measles,10,"], {"outside": -10, "expired": 10}),
        (["returned,IND,TCD,vaccine-measles,10,"], {"outside": -10, "returned/TCD": 10}),
        (["withdrawn,IND,,vaccine-measles,10,"], {"outside": -10, "withdrawn": 10}),
        (["committed,IND,,USD,10,USD"], {"outside": -1000, "committed": 1000}),
        (["paid,IND,TCD,USD,10,USD"], {"outside": -1000, "paid/TCD": 1000}),
        (["spent,IND,TCD,USD,10,USD"], {"outside": -1000, "spent/TCD": 1000}),
        # later stages take from what earlier rows brought, whatever their order in the file
        (["used,IND,TCD,vaccine-measles,4,", "received,IND,TCD,vaccine-measles,10,"],
         {"outside": -10, "received/TCD": 6, "used/TCD": 4}),
        (["offered,IND,,vaccine-measles,10,", "allocated,IND,TCD,vaccine-measles,8,", "dispatched,IND,TCD,vaccine-measles,5,",
          "received,IND,TCD,vaccine-measles,3,", "damaged,IND,TCD,vaccine-measles,1,"],
         {"outside": -10, "offered": 2, "allocated/TCD": 3, "in-transit": 1, "received/TCD": 3, "damaged": 1}),
        # good + damaged + missing = sent: what was damaged never was among what arrived well
        (["received,IND,TCD,vaccine-measles,9,", "damaged,IND,TCD,vaccine-measles,1,"],
         {"outside": -10, "received/TCD": 9, "damaged": 1}),
        # what one recipient used is not what another received
        (["received,IND,KEN,vaccine-measles,10,", "used,IND,TCD,vaccine-measles,4,"],
         {"outside": -14, "received/KEN": 10, "used/TCD": 4}),
        (["committed,IND,,USD,10,USD", "paid,IND,TCD,USD,6,USD", "spent,IND,TCD,USD,2,USD", "returned,IND,TCD,USD,1,USD"],
         {"outside": -1000, "committed": 400, "paid/TCD": 300, "spent/TCD": 200, "returned/TCD": 100}),
        # one receipt out of two consignments
        (["dispatched,IND,TCD,vaccine-measles,5,", "dispatched,IND,TCD,vaccine-measles,6,", "received,IND,TCD,vaccine-measles,8,"],
         {"outside": -11, "in-transit": 3, "received/TCD": 8}),
    ],
)  # fmt: skip
def test_each_fact_brings_the_moves_before_it(cast: Cast, rows: list[str], expected: dict[str, int]) -> None:
    apply(cast, *(f"2026-01-10,{row}" for row in rows))
    assert balances() == expected
    assert audit_book().holds


@pytest.mark.parametrize(
    ("rows", "row", "sentence"),
    [
        (
            ["2026-01-10,received,IND,TCD,vaccine-measles,3,", "2026-01-11,used,IND,TCD,vaccine-measles,4,"],
            3,
            "holds 3 then",
        ),
        (
            ["2026-01-11,received,IND,TCD,vaccine-measles,9,", "2026-01-10,used,IND,TCD,vaccine-measles,4,"],
            3,
            "holds 0 then",
        ),
        (["2026-01-10,received,,TCD,vaccine-measles,3,"], 2, "say who gave it"),
        (["2026-01-10,received,IND,,vaccine-measles,3,"], 2, "say who it was received for"),
        (["2026-01-10,paid,IND,TCD,vaccine-measles,3,"], 2, "never paid"),
        (["2026-01-10,received,IND,TCD,USD,3,USD"], 2, "never received"),
        (["2027-01-10,received,IND,TCD,vaccine-measles,3,"], 2, "has not come yet"),
        (["2026-01-10,received,IND,TDC,vaccine-measles,3,"], 2, "did you mean 'TCD'?"),
        (["2026-01-10,received,IDN,TCD,vaccine-measles,3,"], 2, "did you mean 'IND'?"),
    ],
)
def test_what_cannot_have_happened_is_refused(cast: Cast, rows: list[str], row: int, sentence: str) -> None:
    found = refused(cast, *rows)
    assert any(where == row and sentence in text for where, text in found), found
    with pytest.raises(InputRefused):
        apply(cast, *rows)
    assert not Entry.objects.exists()


# --- of an offer that there is ---------------------------------------------------------------------------------------

OF = "happened,verb,offer,recipient,resource,quantity\n"


def test_facts_of_an_offer_move_what_it_holds_and_bring_in_nothing(cast: Cast) -> None:
    gift = make_gift("IND", "vaccine-measles", 1000, allocated={"TCD": 400})
    apply(
        cast, f"2026-03-01,received,{gift},TCD,vaccine-measles,300", f"2026-03-02,used,{gift},TCD,vaccine-measles,100",
        f"2026-03-02,dispatched,{gift},KEN,vaccine-measles,600", heading=OF,
    )  # fmt: skip
    assert balances() == {
        "outside": -1000,
        "allocated/TCD": 100,
        "received/TCD": 200,
        "used/TCD": 100,
        "in-transit": 600,
    }
    assert Offer.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("used,{gift},TCD,vaccine-measles,1", "offered"),
        ("received,{gift},TCD,vaccine-measles,2000", "holds 1,000"),
        ("offered,{gift},,vaccine-measles,5", "offer change"),
        ("received,{gift},TCD,mask-surgical,5", "is of vaccine-measles"),
        ("received,OF-0000000000,TCD,vaccine-measles,5", "no offer 'OF-0000000000'"),
    ],
)
def test_more_than_the_offer_holds_is_refused(cast: Cast, row: str, sentence: str) -> None:
    gift = make_gift("IND", "vaccine-measles", 1000)
    text = f"2026-03-01,{row}".format(gift=gift)
    if sentence == "offered":  # nothing was received: what was used was sent first, and there is enough
        apply(cast, text, heading=OF)
        assert balances() == {"outside": -1000, "offered": 999, "used/TCD": 1}
        return
    found = refused(cast, text, heading=OF)
    assert any(sentence in said for _, said in found), found


# --- ids, evidence, twice --------------------------------------------------------------------------------------------

CHOSEN = "entry,happened,verb,donor,recipient,resource,quantity,evidence\n"


def test_an_id_that_the_sender_chose_counts_once_in_whatever_file_it_comes(cast: Cast) -> None:
    first = "w-1182,2026-01-10,received,IND,TCD,vaccine-measles,10,https://who.int/1182"
    apply(cast, first, heading=CHOSEN)
    assert Entry.objects.get(entry="w-1182").verb == "receive"
    done = apply(cast, first, "w-1183,2026-01-11,received,IND,TCD,vaccine-measles,5,", heading=CHOSEN)
    assert (done.facts["added"], done.facts["same"]) == (1, 1)
    assert balances() == {"outside": -15, "received/TCD": 15}
    found = refused(cast, first.replace(",10,", ",11,"), heading=CHOSEN)
    assert "was used before for something else" in found[0][1]


def test_an_id_stands_for_one_row(cast: Cast) -> None:
    rows = [f"w-1,2026-01-1{day},received,IND,TCD,vaccine-measles,10," for day in (0, 1)]
    assert "stands in a row above already" in refused(cast, *rows, heading=CHOSEN)[0][1]


def test_the_address_that_proves_a_row_is_linked_with_its_entry_and_kept_once(cast: Cast) -> None:
    rows = [f"w-{n},2026-01-10,received,IND,TCD,vaccine-measles,{n},https://who.int/1182" for n in (1, 2)]
    apply(cast, *rows, heading=CHOSEN)
    link = Evidence.objects.get(kind="link")
    assert link.source == "https://who.int/1182"
    assert sorted(EvidenceLink.objects.filter(evidence=link).values_list("about", flat=True)) == ["w-1", "w-2"]


def test_the_same_facts_with_another_option_move_nothing_twice(cast: Cast) -> None:
    row = "2026-01-10,received,IND,TCD,vaccine-measles,40,box"
    apply(cast, row)
    done = apply(cast, row, public=True)
    assert (done.repeated, done.facts["added"]) == (False, 0)
    assert balances() == {"outside": -4000, "received/TCD": 4000}


def test_an_imported_entry_is_reversed_like_any_other(cast: Cast) -> None:
    apply(cast, "2026-01-10,received,IND,TCD,vaccine-measles,40,box")
    fact = Entry.objects.get(verb="receive").entry
    reverse_entry(cast("focal-tcd", reason="typed twice"), entry=fact)
    assert balances() == {"outside": -4000, "in-transit": 4000}


VERBS = ("offered", "allocated", "dispatched", "received", "damaged", "missing", "used", "expired", "returned")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(VERBS), st.sampled_from(["IND", "UGA"]), st.sampled_from(["TCD", "KEN"]),
            st.integers(1, 40), st.integers(1, 9),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_whatever_is_taken_nothing_is_made_or_lost(cast: Cast, facts: list[Any]) -> None:
    """A file is refused whole or taken whole; then the book holds, and each word's sum is the file's own."""
    from django.db import transaction

    rows = [
        f"2026-01-0{day},{verb},{donor},{'' if verb == 'offered' else to},vaccine-measles,{units},"
        for verb, donor, to, units, day in facts
    ]
    point = transaction.savepoint()
    try:
        run = dry_run(cast("task-force"), sent(*rows, identical="keep"))
        if not run.sound:
            with pytest.raises(InputRefused):
                apply(cast, *rows, identical="keep")
            assert not Entry.objects.exists()
            return
        apply(cast, *rows, identical="keep")
        assert audit_book(pages=False).holds
        assert sum(Account.objects.values_list("balance", flat=True)) == 0
        words = {"allocated": "allocate", "dispatched": "dispatch", "received": "receive", "used": "distribute"}
        for word, verb in words.items():
            said = sum(units for one, _, _, units, _ in facts if one == word)
            booked = sum(Entry.objects.filter(verb=verb).values_list("quantity", flat=True))
            assert booked >= said  # and more only where a later word took it for granted
        for word in ("damaged", "missing", "used", "expired", "returned"):
            said = sum(units for one, _, _, units, _ in facts if one == word)
            held = sum(Account.objects.filter(stage=word).values_list("balance", flat=True))
            assert held == said
    finally:
        transaction.savepoint_rollback(point)
