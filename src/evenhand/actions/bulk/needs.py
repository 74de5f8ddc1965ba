"""Needs by the hundred thousand: the rules of `need draft` and `need submit`, column by column.

Used by `importing`. A row that names a need corrects it, by the single action itself; every other row is a new need, which
is submitted, or approved where who imports may approve and says so.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from evenhand.actions.bulk.known import in_chunks
from evenhand.actions.bulk.quantities import base_units, plain, read_units, typed
from evenhand.actions.bulk.weighing import Outcome, Weighing
from evenhand.actions.bulk.writing import day_text, insert, moment
from evenhand.actions.needs import LONGEST, USUAL, approve_need, correct_need
from evenhand.records.models import Need

RIGHTS = ("need submit", "need approve")
UNSAID: dict[str, Any] = {
    "place_id": None, "by_when": None, "priority": "normal", "held": 0, "capacity": None, "weight": "1", "weight_source": "",
    "tiers": "[]", "per_week": None, "programme_id": None,
}  # fmt: skip
"""What an empty cell of these columns means."""

COMPARED = ("party_id", "resource_id", "typed", "unit")


def weigh_needs(weighing: Weighing) -> Outcome:
    """Return what rows of needs would do."""
    frame, sent = weighing.frame, weighing.sent
    weighing.require_over(frame["party"], ("need approve",) if sent.approved else RIGHTS)
    rows = _rows(weighing)
    named = weighing.column("need").is_not_null()
    already = _find_again(weighing, rows, named)
    fresh = ~named & ~already
    outcome = Outcome(added=int(fresh.sum()), same=int(already.sum()))
    outcome.facts["state"] = "approved" if sent.approved else "submitted"
    corrections = [index for index in named.arg_true().to_list() if _differs(weighing, rows, index)]
    outcome.changed = len(corrections)
    outcome.same += int(named.sum()) - len(corrections)

    def write() -> None:
        approved_at = moment(weighing.doing.at) if sent.approved else None
        # A column that the file lacks is one value, said once, and not a million of them.
        constants = {name: value for name, value in UNSAID.items() if name not in rows.columns} | {
            "state": outcome.facts["state"],
            "replaces_id": None,
            "made_at": moment(weighing.doing.at),
            "approved_at": approved_at,
        }
        insert("records_need", rows, constants, but=~fresh)
        for index in corrections:
            _correct(weighing, rows, index)

    outcome.write = write
    return outcome


def _rows(weighing: Weighing) -> pl.DataFrame:
    """Return the rows as the table holds them, every rule checked."""
    known, problems, frame = weighing.known, weighing.problems, weighing.frame
    problems.expect_known(frame["party"], known.parties["key"], "party")
    retired = known.parties.filter(pl.col("retired_on").is_not_null())["key"]
    party = frame["party"]
    problems.add_all(
        party.is_in(retired.implode()), "party", lambda i: f"{party[i]} was retired; it takes part in nothing new"
    )
    problems.expect_known(frame["resource"], known.resource_keys, "resource")
    if "place" in frame.columns:
        problems.expect_known(frame["place"], known.places["key"], "place")
    if "programme" in frame.columns:
        problems.expect_known(frame["programme"], known.programmes, "programme")
    units = read_units(frame["resource"], weighing.column("unit"), known, problems)
    columns = {"quantity": base_units(frame["quantity"], units, known, problems)}
    for name in ("held", "capacity", "per_week", *(one for one in frame.columns if one.startswith("tier_"))):
        if name in frame.columns:
            columns[name] = base_units(frame[name], units, known, problems, least=0)
    rows = pl.DataFrame([
        _refs(weighing), party.alias("party_id"), weighing.column("place").alias("place_id"),
        frame["resource"].alias("resource_id"), columns["quantity"], typed(frame["quantity"]).alias("typed"),
        units.unit, _days(weighing, "by").alias("by_when"), weighing.column("why"),
        *_given(weighing, "priority"), _valid_until(weighing),
        *(columns[name].fill_null(0) if name == "held" else columns[name] for name in ("held", "capacity", "per_week") if name in columns),
        *_weights(weighing), *_tiers(weighing, columns), weighing.column("programme").alias("programme_id"),
    ])  # fmt: skip
    return rows.drop([name for name in UNSAID if name in rows.columns and (rows[name].null_count() == rows.height)])


def _given(weighing: Weighing, name: str) -> list[pl.Series]:
    """Return a column that the file has, its empty cells filled; none where it has none."""
    return [weighing.frame[name].fill_null(UNSAID[name])] if name in weighing.frame.columns else []


def _refs(weighing: Weighing) -> pl.Series:
    own = weighing.refs("ND")
    given = weighing.column("need")
    return own if given.null_count() == len(given) else given.fill_null(own).alias("ref")


def _days(weighing: Weighing, name: str) -> pl.Series:
    return weighing.column(name, pl.Date).to_frame().select(day_text(name)).to_series()


def _valid_until(weighing: Weighing) -> pl.Series:
    today = weighing.doing.today
    days = weighing.column("valid_until", pl.Date).fill_null(today + USUAL)
    weighing.problems.add_all(
        (days < today) | (days > today + LONGEST), "valid_until",
        lambda i: f"a need cannot be valid until {days[i]}; give a day from {today} to {today + LONGEST}, and renew it later",
    )  # fmt: skip
    return days.to_frame("valid_until").select(day_text("valid_until")).to_series()


def _weights(weighing: Weighing) -> list[pl.Series]:
    if "weight" not in weighing.frame.columns:
        return []
    weight = weighing.column("weight", pl.Decimal(38, 6))
    source = weighing.column("weight_source").fill_null("").alias("weight_source")
    weighing.problems.add_all(
        weight >= 10**6,
        "weight",
        lambda i: f"the weight '{plain(weight[i])}' is not usable; write a number above 0, such as 1.25",
    )
    weighing.problems.add_all(
        (weight != 1) & (source == ""), "weight",
        lambda _: "a weight other than 1 needs its source; say who measured it and when",
    )  # fmt: skip
    return [typed(weight).fill_null("1").alias("weight"), source]


def _tiers(weighing: Weighing, columns: dict[str, pl.Series]) -> list[pl.Series]:
    """Return the sizes of groups as JSON; together they are no more than the quantity."""
    names = sorted(
        (name for name in columns if name.startswith("tier_")), key=lambda name: int(name.removeprefix("tier_"))
    )
    if not names:
        return []
    sizes = pl.DataFrame([columns[name] for name in names])
    total = sizes.select(pl.sum_horizontal(pl.all())).to_series()
    quantity = columns["quantity"]
    weighing.problems.add_all(
        total > quantity, names[0],
        lambda i: f"the tiers add up to {total[i]:,}, more than the {quantity[i]:,} needed in all",
    )  # fmt: skip
    listed = sizes.select(pl.concat_list(pl.all().cast(pl.String)).list.drop_nulls().list.join(", ")).to_series()
    return [("[" + listed + "]").alias("tiers")]


def _find_again(weighing: Weighing, rows: pl.DataFrame, named: pl.Series) -> pl.Series:
    """Return which rows of this very file were imported before; the ref of each is made from the file."""
    found: dict[str, tuple[str, ...]] = {}
    own = rows["ref"].filter(~named)
    # A file is imported in one piece: where its first row is not there, none is.
    there = Need.objects.filter(ref__in=own.head(1).to_list()).exists()
    for chunk in in_chunks(own.to_list()) if there else ():
        for ref, *said in Need.objects.filter(ref__in=chunk).values_list("ref", *COMPARED):
            found[ref] = tuple(said)
    again = rows["ref"].is_in(list(found)) & ~named
    for index in again.arg_true().to_list():
        row = rows.row(index, named=True)
        if tuple(row[name] for name in COMPARED) != found[row["ref"]]:
            weighing.problems.add(
                index, "", "this file was imported before, and this row then said something else; it was not changed"
            )
    return again


def _differs(weighing: Weighing, rows: pl.DataFrame, index: int) -> bool:
    """Say whether a row that names a need says something else than that need; report what no correction can change."""
    row = UNSAID | rows.row(index, named=True)
    need = Need.objects.filter(pk=row["ref"], party_id=row["party_id"]).first()
    if need is None:
        # Whether such a need of somebody else exists is not for this person to know.
        weighing.problems.add(index, "need", f"no need '{row['ref']}' of {row['party_id']}")
        return False
    if need.resource_id != row["resource_id"]:
        weighing.problems.add(
            index, "resource", f"{need.ref} is for {need.resource_id}; a correction keeps the resource"
        )
        return False
    by_when = need.by_when.isoformat() if need.by_when else None
    now = (need.quantity, need.unit, need.why, need.held, by_when, need.priority)
    return now != tuple(row[name] for name in ("quantity", "unit", "why", "held", "by_when", "priority"))


def _correct(weighing: Weighing, rows: pl.DataFrame, index: int) -> None:
    row = UNSAID | rows.row(index, named=True)
    done = weighing.act_on_row(
        index, correct_need, need=row["ref"], quantity=row["typed"], unit=row["unit"], why=row["why"], held=str(row["held"]),
        by_when=weighing.frame["by"][index] if "by" in weighing.frame.columns else None, priority=row["priority"],
    )  # fmt: skip
    if done is not None and weighing.sent.approved:
        weighing.act_on_row(index, approve_need, need=done.ref)
