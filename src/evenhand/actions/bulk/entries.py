"""Facts that already happened, by the hundred thousand: each row with the moves that must have come before it.

Used by `importing`. Rows that name no offer get one for each donor and resource of the file, so that the donor stays on
every unit. What reached a recipient was sent in a consignment of its own and offered before that: a row "received" makes all
three, on its own day. A row of a later stage ("used") takes from what rows of an earlier stage brought in, where the file has
any for the same donor, resource and recipient; else it brings in its own.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from evenhand.actions.bulk.evidence import link_sources
from evenhand.actions.bulk.facts import GOODS, MONEY, Book, book_facts
from evenhand.actions.bulk.known import in_chunks
from evenhand.actions.bulk.offers import require_over_donors
from evenhand.actions.bulk.quantities import base_units, read_units, typed
from evenhand.actions.bulk.weighing import Outcome, Weighing
from evenhand.actions.bulk.writing import insert, moment
from evenhand.records.models import Offer
from evenhand.stockbook.models import Entry

LONGEST_ID = 60
"""Characters of an id that the sender chose: it leaves room for the moves before the fact itself."""


def weigh_entries(weighing: Weighing) -> Outcome:
    """Return what rows of facts would do."""
    known, problems, frame = weighing.known, weighing.problems, weighing.frame
    offers = _named_offers(weighing)
    recipient, donor = weighing.column("recipient"), _donors(weighing, offers)
    weighing.require_over(recipient, ("import entries",))
    if recipient.null_count():
        require_over_donors(weighing, donor.set(recipient.is_not_null(), None), ("import entries",))
    for named in (donor, recipient):
        problems.expect_known(named, known.parties["key"], "party")
    problems.expect_known(frame["resource"], known.resource_keys, "resource")
    units = read_units(frame["resource"], weighing.column("unit"), known, problems)
    quantity = base_units(frame["quantity"], units, known, problems)
    _check_words(weighing, donor, recipient)
    entry = _chosen_ids(weighing)
    if problems.total:
        return Outcome(added=frame.height)
    rows = pl.DataFrame([
        weighing.column("offer").fill_null(_offer_refs(weighing, donor)).alias("offer"), donor, recipient.fill_null("").alias("recipient"),
        frame["resource"], frame["verb"], frame["happened"], quantity, typed(frame["quantity"]).alias("typed"), units.unit,
        entry, pl.int_range(frame.height, eager=True).alias("number"),
    ])  # fmt: skip
    done = _done_before(weighing, rows)
    fresh = rows.filter(~done)
    book = book_facts(weighing, fresh, rows, offers)
    outcome = Outcome(added=fresh.height, same=rows.height - fresh.height)
    made = set(fresh["offer"].unique().to_list()) - set(offers)
    outcome.facts |= {"offers": len(made), "consignments": len(book.consignments), "entries": len(book.postings)}
    outcome.write = lambda: _write(weighing, book, fresh)
    return outcome


def _named_offers(weighing: Weighing) -> dict[str, Offer]:
    """Return the offers that rows name; one that does not exist is reported, without a suggestion."""
    named = weighing.column("offer")
    found: dict[str, Offer] = {}
    for chunk in in_chunks(named.drop_nulls().unique().to_list()):
        found |= Offer.objects.in_bulk(chunk)
    weighing.problems.expect_known(named, pl.Series(list(found), dtype=pl.String), "offer", suggesting=False)
    resource = weighing.frame["resource"]
    other = {ref: offer.resource_id for ref, offer in found.items()}
    of = named.replace_strict(other, default=None, return_dtype=pl.String)
    weighing.problems.add_all(
        (of != resource).fill_null(value=False), "resource", lambda i: f"{named[i]} is of {of[i]}, not of {resource[i]}"
    )
    return found


def _donors(weighing: Weighing, offers: dict[str, Offer]) -> pl.Series:
    given, named = weighing.column("donor"), weighing.column("offer")
    of = named.replace_strict({ref: one.donor_id for ref, one in offers.items()}, default=None, return_dtype=pl.String)
    weighing.problems.add_all(
        (of != given).fill_null(value=False), "donor", lambda i: f"{named[i]} is of {of[i]}, not of {given[i]}"
    )
    weighing.problems.add_all(
        given.is_null() & named.is_null(), "donor", lambda _: "say who gave it, or of which offer it was"
    )
    return of.fill_null(given).alias("donor")


def _check_words(weighing: Weighing, donor: pl.Series, recipient: pl.Series) -> None:
    """Report words that do not fit the kind of resource, a missing recipient, and days that have not come."""
    frame, problems = weighing.frame, weighing.problems
    kinds = {key: one.kind for key, one in weighing.known.resources.items()}
    kind = frame["resource"].replace_strict(kinds, default=None, return_dtype=pl.String)
    verb = frame["verb"]
    money = kind == "money"
    wrong = (money & ~verb.is_in(list(MONEY))) | (~money & ~verb.is_in(list(GOODS)))
    problems.add_all(
        wrong.fill_null(value=False), "verb",
        lambda i: f"{frame['resource'][i]} is {kind[i]}, which is never {verb[i]}; say one of {', '.join(MONEY if kind[i] == 'money' else GOODS)}",
    )  # fmt: skip
    alone = recipient.is_null() & ~verb.is_in(["offered", "committed", "withdrawn", "expired"])
    problems.add_all(alone, "recipient", lambda i: f"say who it was {verb[i]} for: the recipient's key")
    named = weighing.column("offer")
    problems.add_all(
        named.is_not_null() & verb.is_in(["offered", "committed"]), "verb",
        lambda i: f"{named[i]} is an offer already; raise it with: evenhand offer change {named[i]}",
    )  # fmt: skip
    today, happened = weighing.doing.today, frame["happened"]
    problems.add_all(
        happened > today,
        "happened",
        lambda i: f"happened is {happened[i]}, which has not come yet; facts are entered once they are",
    )
    retired = weighing.known.parties.filter(pl.col("retired_on").is_not_null())["key"]
    for values in (donor, recipient):
        problems.add_all(values.is_in(retired.implode()), values.name, partial(_say_retired, values))


def _say_retired(values: pl.Series, index: int) -> str:
    return f"{values[index]} was retired; it takes part in nothing new"


def _chosen_ids(weighing: Weighing) -> pl.Series:
    """Return the ids that the sender chose; each stands for one row."""
    entry = weighing.column("entry")
    problems = weighing.problems
    problems.add_all(
        entry.str.len_chars() > LONGEST_ID,
        "entry",
        lambda i: f"the id '{entry[i][:20]}...' is too long; use at most {LONGEST_ID} characters",
    )
    twice = entry.is_not_null() & ~entry.is_first_distinct()
    problems.add_all(
        twice, "entry", lambda i: f"the id '{entry[i]}' stands in a row above already; every row needs its own"
    )
    return entry


def _offer_refs(weighing: Weighing, donor: pl.Series) -> pl.Series:
    """Return the ref of the offer that a row is of where it names none: one for each donor and resource of the file."""
    pairs = pl.DataFrame([donor, weighing.frame["resource"]])
    distinct = pairs.unique(maintain_order=True)
    refs = pl.Series("made", [weighing.sent.ref("OF", number) for number in range(distinct.height)], dtype=pl.String)
    return pairs.join(distinct.with_columns(refs), on=["donor", "resource"], how="left", maintain_order="left")["made"]


def _done_before(weighing: Weighing, rows: pl.DataFrame) -> pl.Series:
    """Return which rows are in the book already, under the id that the sender chose or that the file gives them."""
    none = pl.Series("done", [False]).new_from_index(0, rows.height)
    if not Entry.objects.exists():
        return none
    chosen = rows["entry"].drop_nulls().to_list()
    found: dict[str, tuple[Any, ...]] = {}
    for chunk in in_chunks(chosen):
        for entry, verb, quantity, resource in Entry.objects.filter(entry__in=chunk).values_list(
            "entry", "verb", "quantity", "resource"
        ):
            found[entry] = (verb, quantity, resource)
    again = rows["entry"].is_in(list(found)).fill_null(value=False)
    for index in again.arg_true().to_list():
        row = rows.row(index, named=True)
        verb = (MONEY if row["verb"] in MONEY and row["verb"] not in GOODS else GOODS)[row["verb"]].verb
        if found[row["entry"]] != (verb, row["quantity"], row["resource"]):
            weighing.problems.add(
                index, "entry", f"the id '{row['entry']}' was used before for something else; give a new id"
            )
    unchosen = rows["entry"].is_null()
    first = rows["number"].filter(unchosen).head(1).to_list()
    if first and Entry.objects.filter(entry=weighing.entry(first[0], 1)).exists():
        # This very file was applied before, in one piece: every row without an id of its own is in the book.
        again = again | unchosen
    return again


def _write(weighing: Weighing, book: Book, rows: pl.DataFrame) -> None:
    at = moment(weighing.doing.at)
    made = (
        rows.filter(~pl.col("offer").is_in(list(book.named)))
        .group_by("offer", maintain_order=True)
        .agg(pl.col("donor").first(), pl.col("resource").first(), pl.col("happened").min(), pl.col("verb").unique())
    )
    sums: dict[str, int] = {}
    for posting in book.postings:
        if posting.source.stage == "outside":
            sums[posting.source.offer] = sums.get(posting.source.offer, 0) + posting.quantity
    units = {key: one.base_unit for key, one in weighing.known.resources.items()}
    offers = [
        (ref, donor, resource, sums[ref], str(sums[ref]), units[resource], "pledge" if verbs == ["offered"] else "commitment", day.isoformat())
        for ref, donor, resource, day, verbs in made.rows()
    ]  # fmt: skip
    same: dict[str, Any] = dict.fromkeys(("meant_for", "not_for", "conditions", "unit_value", "currency"), "")
    same |= dict.fromkeys(("window_from", "window_until", "expires", "valued_on", "programme_id"))
    same |= {"pack_size": 1, "min_packs": 1, "withdrawn": False, "made_at": at}
    columns = ("ref", "donor_id", "resource_id", "quantity", "typed", "unit", "firmness", "said_on")
    insert("records_offer", pl.DataFrame(offers, schema=_schema(columns, "quantity"), orient="row"), same)
    _write_consignments(book, at)
    weighing.doing.post(book.postings)
    if "evidence" in weighing.frame.columns:
        entries = pl.Series([book.facts.get(number) for number in range(weighing.frame.height)], dtype=pl.String)
        link_sources(weighing, entries, weighing.frame["evidence"])


def _write_consignments(book: Book, at: str) -> None:
    sent = [(ref, origin, to, day.isoformat()) for ref, origin, to, day, *_ in book.consignments]
    same: dict[str, Any] = {
        "carrier": "",
        "waybill": "",
        "code": "",
        "kind": "shipment",
        "due_on": None,
        "programme_id": None,
    }
    columns = ("ref", "origin_id", "destination_id", "leaves_on")
    insert(
        "stockbook_consignment", pl.DataFrame(sent, schema=_schema(columns), orient="row"),
        same | {"cancelled": False, "made_at": at},
    )  # fmt: skip
    lines = [
        (ref, offer, source, quantity, typed, unit)
        for ref, _, _, _, offer, source, quantity, typed, unit in book.consignments
    ]
    of_line = ("consignment_id", "offer_id", "source", "quantity", "typed", "unit")
    insert(
        "stockbook_consignmentline", pl.DataFrame(lines, schema=_schema(of_line, "quantity"), orient="row"),
        {"number": 1, "good_until": None, "mark": ""},
    )  # fmt: skip


def _schema(columns: tuple[str, ...], *whole: str) -> dict[str, Any]:
    return {name: pl.Int64 if name in whole else pl.String for name in columns}
