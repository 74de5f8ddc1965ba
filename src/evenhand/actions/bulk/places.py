"""Places by the hundred thousand: the rules of `place register`, column by column.

Used by `importing`. A district may stand in the same file as its province, whatever their order.
"""

from __future__ import annotations

import polars as pl

from evenhand.access.rights import shared_list
from evenhand.actions.bulk.known import Known
from evenhand.actions.bulk.listed import compare, one_line, refuse_lookalikes
from evenhand.actions.bulk.weighing import Outcome, Weighing
from evenhand.actions.bulk.writing import day_text, insert

RIGHT = "place register"


def weigh_places(weighing: Weighing) -> Outcome:
    """Return what rows of places would do."""
    known, problems, frame = weighing.known, weighing.problems, weighing.frame
    notes: list[str] = []
    _ask(weighing, frame["country"])
    north, east = (weighing.column(name, pl.Float64).cast(pl.Float64) for name in ("latitude", "longitude"))
    problems.add_all(
        north.is_null() != east.is_null(), "latitude", lambda _: "give both latitude and longitude, or neither"
    )
    valid_from = weighing.column("valid_from", pl.Date).to_frame().select(day_text("valid_from")).to_series()
    rows = pl.DataFrame([
        frame["key"], one_line(frame["name"], 200, problems, notes), frame["country"],
        weighing.column("level", pl.Int64).fill_null(0), weighing.column("parent").alias("parent_id"), north, east, valid_from,
    ])  # fmt: skip
    given = ["key", *(name for name in rows.columns if name.removesuffix("_id") in frame.columns and name != "key")]
    already = compare("place", rows.select(given), known.places, problems)
    refuse_lookalikes(
        "place", rows["key"].set(already, None) if already.any() else rows["key"], known.places["key"], {}, problems
    )
    _check_tree(weighing, rows, known)

    def write() -> None:
        insert("records_place", rows, but=already)

    return Outcome(added=rows.height - int(already.sum()), same=int(already.sum()), write=write, notes=notes)


def _ask(weighing: Weighing, countries: pl.Series) -> None:
    """Ask for the right over each state that there is, and over the lists that all share for the others."""
    states = weighing.known.parties.filter(pl.col("kind") == "state")["key"]
    ours = countries.is_in(states.implode()).fill_null(value=False)
    if not ours.all():
        weighing.ask(shared_list(weighing.doing.viewer), (RIGHT,))
    weighing.require_over(countries.set(~ours, None), (RIGHT,))


def _check_tree(weighing: Weighing, rows: pl.DataFrame, known: Known) -> None:
    """Report countries that are none, and places that lie in another country or on the wrong level."""
    problems = weighing.problems
    key, country, level, parent = rows["key"], rows["country"], rows["level"], rows["parent_id"].alias("parent")
    odd = (level == 0) & (
        (country != key) | ~key.str.contains(r"^[A-Z]{3}$").fill_null(value=False) | parent.is_not_null()
    )
    problems.add_all(
        odd, "level",
        lambda i: (
            f"{key[i]} at level 0 is a country: its key is its ISO 3166 alpha-3 code, such as TCD, its country is itself, "
            "and it is in no other place. Give the level of what is not a country"
        ),
    )  # fmt: skip
    named = pl.concat([parent.drop_nulls().unique(), country.drop_nulls().unique()]).unique()
    ours = rows.filter(key.is_in(named.implode()).fill_null(value=False)).select("key", "country", "level")
    everywhere = pl.concat([known.places.select("key", "country", "level"), ours]).unique("key", keep="first")
    problems.expect_known(country.set(level == 0, None).alias("country"), everywhere["key"], "place")
    problems.expect_known(parent, everywhere["key"], "place")
    above = parent.to_frame("key").join(everywhere, on="key", how="left", maintain_order="left")
    wrong = above["country"].is_not_null() & ((above["country"] != country) | (above["level"] >= level))
    problems.add_all(
        wrong, "parent",
        lambda i: (
            f"{key[i]} (level {level[i]} in {country[i]}) cannot be in {parent[i]} (level {above['level'][i]} in "
            f"{above['country'][i]}); name a place of the same country, higher up"
        ),
    )  # fmt: skip
