"""Offers by the thousand: the rules of `offer make`, and what was paid of money already.

Used by `importing`. Every row is an offer of its own. Money that was paid was committed first: of a commitment the book
gets its whole quantity as committed on the day it was said, and what was paid as paid on the day it was paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl

from evenhand.actions.action import account
from evenhand.actions.bulk.evidence import link_sources
from evenhand.actions.bulk.known import in_chunks
from evenhand.actions.bulk.quantities import Units, base_units, plain, read_units, typed
from evenhand.actions.bulk.weighing import Outcome, Weighing
from evenhand.actions.bulk.writing import day_text, insert, moment
from evenhand.actions.typed import DIGITS
from evenhand.ledger.stages import counted_from, entered_stage
from evenhand.records.models import Offer
from evenhand.records.quantities import plain_number, value_of
from evenhand.stockbook.posting import Posting

RIGHTS = ("offer make", "import entries")
COMPARED = ("donor_id", "resource_id", "typed", "unit", "firmness")


def weigh_offers(weighing: Weighing) -> Outcome:
    """Return what rows of offers would do."""
    known, frame = weighing.known, weighing.frame
    require_over_donors(weighing, frame["donor"], RIGHTS)
    weighing.problems.expect_known(frame["donor"], known.parties["key"], "party")
    weighing.problems.expect_known(frame["resource"], known.resource_keys, "resource")
    rows = _rows(weighing)
    again = _find_again(weighing, rows)
    fresh = ~again
    sums = rows.filter(fresh)
    outcome = Outcome(added=int(fresh.sum()), same=int(again.sum()))
    outcome.facts |= {
        "paid": {
            key: int(total or 0)
            for key, total in sums.group_by("resource_id", maintain_order=True).agg(pl.col("paid").sum()).rows()
            if total
        }
    }

    def write() -> None:
        insert("records_offer", sums.drop("paid", "paid_typed", "paid_on", "to", "number", "evidence"))
        weighing.doing.post(list(_postings(weighing, sums)))
        link_sources(weighing, sums["ref"], sums["evidence"])

    outcome.write = write
    return outcome


def require_over_donors(weighing: Weighing, donors: pl.Series, rights: tuple[str, ...]) -> None:
    """Refuse unless who imports may speak for each donor.

    A donor that belongs to no group and has no account here (a fund, a company) cannot speak for itself: the secretariat of
    any group may record what it gave.
    """
    from evenhand.access.models import RoleHeld
    from evenhand.access.rights import may, shared_list

    known, viewer = weighing.known, weighing.doing.viewer
    outside: list[str] = []
    if may(viewer, rights[-1], shared_list(viewer)) and viewer.groups("secretariat"):
        speaking = set(RoleHeld.objects.exclude(party="").values_list("party", flat=True))
        for donor in donors.drop_nulls().unique(maintain_order=True).to_list():
            target = known.target(donor)
            if not target.groups and not speaking & set(target.parties):
                outside.append(donor)
    theirs = donors.is_in(outside).fill_null(value=False)
    if theirs.any():
        weighing.ask(shared_list(viewer), (rights[-1],))
    if not theirs.all():
        weighing.require_over(donors.set(theirs, None), rights)


def _rows(weighing: Weighing) -> pl.DataFrame:
    known, problems, frame, doing = weighing.known, weighing.problems, weighing.frame, weighing.doing
    units = read_units(frame["resource"], weighing.column("unit"), known, problems)
    retired = known.parties.filter(pl.col("retired_on").is_not_null())["key"]
    donor = frame["donor"]
    problems.add_all(
        donor.is_in(retired.implode()), "donor", lambda i: f"{donor[i]} was retired; it takes part in nothing new"
    )
    quantity = base_units(frame["quantity"], units, known, problems)
    if "programme" in frame.columns:
        problems.expect_known(frame["programme"], known.programmes, "programme")
    said_on = weighing.column("said_on", pl.Date).fill_null(doing.today)
    _refuse_future(weighing, "said_on", said_on)
    values = _values(weighing, units, said_on)
    return pl.DataFrame([
        _refs(weighing), donor.alias("donor_id"), frame["resource"].alias("resource_id"), quantity,
        typed(frame["quantity"]).alias("typed"), units.unit,
        units.size.fill_null(1).alias("pack_size"), frame["firmness"], _text(said_on.alias("said_on")),
        *_window(weighing), *_earmarks(weighing), weighing.column("conditions").fill_null("").alias("conditions"),
        *values, weighing.column("programme").alias("programme_id"), *_paid(weighing, units, quantity, said_on),
        weighing.column("evidence"),
    ]).with_columns(
        min_packs=pl.lit(1), withdrawn=pl.lit(value=False), made_at=pl.lit(moment(doing.at)),
        number=pl.int_range(pl.len()),
    )  # fmt: skip


def _refs(weighing: Weighing) -> pl.Series:
    own = weighing.refs("OF")
    return weighing.column("offer").fill_null(own).alias("ref")


def _text(days: pl.Series) -> pl.Series:
    return days.to_frame().select(day_text(days.name)).to_series()


def _refuse_future(weighing: Weighing, name: str, days: pl.Series) -> None:
    today = weighing.doing.today
    weighing.problems.add_all(
        days > today,
        name,
        lambda i: f"{name} is {days[i]}, which has not come yet; give today, {today}, or an earlier day",
    )


def _window(weighing: Weighing) -> list[pl.Series]:
    first, last = (weighing.column(name, pl.Date) for name in ("from", "until"))
    expires, today = weighing.column("expires", pl.Date), weighing.doing.today
    add = weighing.problems.add_all
    add(
        last < first,
        "until",
        lambda i: f"the window ends on {last[i]}, before it begins on {first[i]}; change the two about",
    )
    add(expires < first, "expires", lambda i: f"it expires on {expires[i]}, before it can be had on {first[i]}")
    past = f"which is past; give today, {today}, or a later day"
    add(expires < today, "expires", lambda i: f"expires is {expires[i]}, {past}")
    add(last < today, "until", lambda i: f"until is {last[i]}, {past}")
    return [_text(first.alias("window_from")), _text(last.alias("window_until")), _text(expires)]


def _say(sentence: str, _index: int) -> str:
    return sentence


def _earmarks(weighing: Weighing) -> list[pl.Series]:
    """Return who offers are for and not for; distinct texts are looked at once each."""
    known = {*weighing.known.groups.to_list(), *weighing.known.parents}
    meant, excepted = weighing.column("for"), weighing.column("not_for")
    for column in (meant, excepted):
        for text in column.drop_nulls().unique().to_list():
            unknown = [name for name in text.split(";") if name not in known]
            if unknown:
                weighing.problems.add_all(
                    column == text, column.name, partial(_say, f"no group or party '{unknown[0]}'")
                )
    both = [
        (index, sorted({*meant[index].split(";")} & {*excepted[index].split(";")}))
        for index in (meant.is_not_null() & excepted.is_not_null()).arg_true().to_list()
    ]
    for index, names in both:
        if names:
            weighing.problems.add(index, "for", f"{names[0]} stands both in for and in not_for; leave it out of one")
    return [meant.fill_null("").alias("meant_for"), excepted.fill_null("").alias("not_for")]


def _values(weighing: Weighing, units: Units, said_on: pl.Series) -> list[pl.Series]:
    """Return what one base unit is worth; in the file it is what one of the row's units is worth."""
    worth, currency = weighing.column("unit_value", pl.Decimal(38, 6)), weighing.column("currency")
    valued_on = weighing.column("valued_on", pl.Date)
    problems, height = weighing.problems, weighing.frame.height
    problems.add_all(
        worth.is_null() & (currency.is_not_null() | valued_on.is_not_null()), "unit_value",
        lambda _: "a currency or a day of a value was given without the value; say unit_value too",
    )  # fmt: skip
    if worth.null_count() == height:
        return [pl.Series(name, [text], dtype=pl.String).new_from_index(0, height)
                for name, text in (("unit_value", ""), ("currency", ""), ("valued_on", None))]  # fmt: skip
    money = [one.key for one in weighing.known.resources.values() if one.kind == "money"]
    problems.add_all(
        worth.is_not_null() & currency.is_null(), "currency", lambda _: "a value needs its currency, such as USD"
    )
    problems.expect_known(currency, pl.Series(money, dtype=pl.String), "currency")
    texts: list[str] = []
    for index, (value, size) in enumerate(zip(worth.to_list(), units.size.to_list(), strict=True)):
        texts.append(_worth_of_one(value, size) if value else "")
        if value and size and not texts[-1]:
            problems.add(
                index,
                "unit_value",
                f"{plain(value)} for {size:,} base units is no exact price of one; give the price of one",
            )
    days = valued_on.fill_null(said_on)
    _refuse_future(weighing, "valued_on", days)
    return [pl.Series("unit_value", texts), currency.fill_null("").alias("currency"),
            _text(days.set(worth.is_null(), None).alias("valued_on"))]  # fmt: skip


def _worth_of_one(value: Decimal, size: int | None) -> str:
    """Return the price of one base unit, "" where no number of few digits is it exactly."""
    one = value / Decimal(size or 1)
    exact = one * (size or 1) == value and len(one.normalize().as_tuple().digits) <= DIGITS
    return plain_number(one) if exact else ""


def _paid(weighing: Weighing, units: Units, quantity: pl.Series, said_on: pl.Series) -> list[pl.Series]:
    """Return what was paid of money, in base units, when and to whom."""
    problems, known, frame = weighing.problems, weighing.known, weighing.frame
    to, paid_on = weighing.column("to"), weighing.column("paid_on", pl.Date)
    height = frame.height
    if "paid" not in frame.columns:
        none = pl.Series("paid", [0]).new_from_index(0, height)
        return [none, none.cast(pl.String).alias("paid_typed"), paid_on, to]
    paid = base_units(frame["paid"], units, known, problems, least=0).fill_null(0)
    some = paid > 0
    kinds = {one.key: one.kind for one in known.resources.values()}
    kind = frame["resource"].replace_strict(kinds, default="", return_dtype=pl.String)
    problems.add_all(
        some & (kind != "money"), "paid", lambda i: f"{frame['resource'][i]} is {kind[i]}; only money is paid"
    )
    problems.add_all(
        paid > quantity,
        "paid",
        lambda i: f"{paid[i]:,} base units were paid of {quantity[i]:,}; what was paid is part of the quantity",
    )
    problems.add_all(
        some & (frame["firmness"] != "commitment"), "firmness",
        lambda i: f"some of it was paid, so it is a commitment and no {frame['firmness'][i]}",
    )  # fmt: skip
    problems.add_all(some & to.is_null(), "to", lambda _: "say who was paid: the party's key")
    problems.expect_known(to, known.parties["key"], "party")
    days = paid_on.fill_null(said_on)
    _refuse_future(weighing, "paid_on", days)
    return [paid.alias("paid"), typed(frame["paid"]).alias("paid_typed"), days.alias("paid_on"), to]


def _find_again(weighing: Weighing, rows: pl.DataFrame) -> pl.Series:
    """Return which rows are there already; one that says something else than the offer it names is reported."""
    named = weighing.column("offer").is_not_null()
    found: dict[str, tuple[Any, ...]] = {}
    own = rows["ref"].filter(~named)
    # A file is imported in one piece: where its first row is not there, none is.
    there = own if Offer.objects.filter(ref__in=own.head(1).to_list()).exists() else own.head(0)
    for refs in (there, rows["ref"].filter(named)):
        for chunk in in_chunks(refs.to_list()):
            for ref, *said in Offer.objects.filter(ref__in=chunk).values_list("ref", *COMPARED):
                found[ref] = tuple(said)
    again = rows["ref"].is_in(list(found))
    for index in (again | named).arg_true().to_list():
        row = rows.row(index, named=True)
        if row["ref"] not in found:
            weighing.problems.add(index, "offer", f"no offer '{row['ref']}'; leave the column empty for a new one")
        elif tuple(row[name] for name in COMPARED) != found[row["ref"]]:
            weighing.problems.add(
                index,
                "offer",
                f"{row['ref']} is there already and says something else; change it with: evenhand offer change",
            )
    return again | named


def _postings(weighing: Weighing, rows: pl.DataFrame) -> Iterator[Posting]:
    """Return the entries of new offers, in the order of the file: what counts enters the book, what was paid is paid."""
    resources = weighing.known.resources
    ranks = Offer.FIRMNESS
    for row in rows.iter_rows(named=True):
        kind = resources[row["resource_id"]].kind
        if ranks.index(row["firmness"]) < ranks.index(counted_from(kind)):
            continue
        stage, number, ref = entered_stage(kind), row["number"], row["ref"]
        shared: dict[str, Any] = {
            "resource": row["resource_id"], "unit": row["unit"], "currency": row["currency"],
            "valued_on": row["valued_on"] or "", "concerns": ref,
        }  # fmt: skip
        yield Posting(
            entry=weighing.entry(number, 1), verb="commit" if kind == "money" else "offer",
            source=account("outside", ref), target=account(stage, ref), quantity=row["quantity"],
            happened=date.fromisoformat(row["said_on"]), typed=row["typed"],
            value=value_of(row["unit_value"], row["quantity"]), **shared,
        )  # fmt: skip
        if row["paid"]:
            yield Posting(
                entry=weighing.entry(number, 2), verb="pay", source=account(stage, ref),
                target=account("paid", ref, row["to"]), quantity=row["paid"], happened=row["paid_on"],
                typed=row["paid_typed"], value=value_of(row["unit_value"], row["paid"]), **shared,
            )  # fmt: skip
