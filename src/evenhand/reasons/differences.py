"""Say in plain sentences how the two sides of a comparison differ: who gains, who loses, the lowest level, what is left over.

Called by `comparison`. Neutral words: more and less, never better and worse; a comparison shows, people judge.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from evenhand.allocation.outcome import Outcome, six_decimals
from evenhand.reasons.sides import Side
from evenhand.reasons.wording import amount, exact, listed
from evenhand.supply.columns import NEEDS
from evenhand.supply.tables import Tables

_LOWEST_NAMED = 3


def the(label: str) -> str:
    """Return a label as it stands in a sentence.

    Examples
    --------
    >>> the("plan"), the("this plan")
    ('the plan', 'this plan')
    """
    return label if label.startswith(("the ", "this ")) else f"the {label}"


def _start(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def tell_gains(changes: pl.DataFrame, everybody: int, left: str) -> list[str]:
    """Say how many get more and less, and who most.

    Parameters
    ----------
    changes
        Columns as in `comparison.Comparison`.
    everybody
        Recipients in either of the two.
    """
    more, less = changes.filter(pl.col("difference") > 0), changes.filter(pl.col("difference") < 0)
    if not more.height and not less.height:
        return [f"Everybody gets the same as in {the(left)}."]
    same = everybody - more.height - less.height
    gainers = amount(more.height, "recipient")
    said = (
        f"Compared with {the(left)}, {gainers} gets more, {less.height:,} less and {same:,} the same."
        if more.height == 1
        else f"Compared with {the(left)}, {gainers} get more, {less.height:,} less and {same:,} the same."
    )
    most = [
        (_who(name, key), _units(abs(Fraction(gap))))
        for rows in (more, less)
        for key, name, gap in rows.select("recipient", "name", "difference").head(1).iter_rows()
    ]
    (who, much), (who_else, how_much) = most[0], most[-1]
    if not less.height:
        return [said, f"{who} gets {much} more, the largest gain."]
    if not more.height:
        return [said, f"{who} gets {much} less, the largest loss."]
    return [said, f"{who} gets {much} more, the largest gain; {who_else} gets {how_much} less, the largest loss."]


def _who(name: str, key: str) -> str:
    return key if name == key else f"{name} ({key})"


def tell_lowest(before: Side, after: Side) -> list[str]:
    """Say how the lowest level changes, and who stands there."""
    (low, who_before), (high, who_after) = before.lowest(), after.lowest()
    old, new = six_decimals(low), six_decimals(high)
    if old == new:
        return [f"The lowest level stays at {new}{_named(after, who_after)}."]
    was, is_ = f"{old}{_named(before, who_before)}", f"{new}{_named(after, who_after)}"
    if high > low:
        return [f"The lowest level rises from {was} to {is_}."]
    return [f"The lowest level falls from {was} to {is_}."]


def _named(side: Side, rows: list[int]) -> str:
    if len(rows) > _LOWEST_NAMED:
        return f" ({amount(len(rows), 'recipient')})"
    needs = side.problem.tables.needs[rows]
    names = needs["name"].fill_null(needs["recipient"]) if "name" in needs.columns else needs["recipient"]
    return f" ({listed(names.to_list(), most=5)})"


def tell_total(before: Side, after: Side, left: str, right: str) -> list[str]:
    """Say how much each hands out in all."""
    one, other = before.total(), after.total()
    if one == other:
        return [f"Both hand out {_units(one)} in all."]
    apart = _units(abs(other - one))
    if other > one:
        return [f"{_start(the(right))} hands out {apart} more than {the(left)}: {exact(other)}, not {exact(one)}."]
    return [f"{_start(the(right))} hands out {apart} less than {the(left)}: {exact(other)}, not {exact(one)}."]


def _units(quantity: Fraction) -> str:
    return amount(quantity, "service unit")


def tell_left_over(before: Outcome, after: Outcome) -> list[str]:
    """Say of which lots more or less is left over than before; lots of one side alone count only where packs are left."""
    old, new = _left_over(before), _left_over(after)
    more = {lot: rest - old.get(lot, Fraction(0)) for lot, rest in new.items() if rest > old.get(lot, 0)}
    less = {lot: old[lot] - rest for lot, rest in new.items() if lot in old and rest < old[lot]}
    told = []
    if more:
        told.append(f"More is left over: {listed([_packs(packs, lot) for lot, packs in more.items()], most=5)}.")
    if less:
        told.append(f"Less is left over: {listed([_packs(packs, lot) for lot, packs in less.items()], most=5)}.")
    return told


def _packs(packs: Fraction, lot: str) -> str:
    return f"{amount(packs, 'pack')} of {lot}"


def _left_over(outcome: Outcome) -> dict[str, Fraction]:
    problem, lines = outcome.problem, outcome.lines
    return {
        lot: int(packs) - Fraction(given, pack)
        for lot, packs, given, pack in zip(
            problem.lots.to_list(), problem.packs, lines.given(), lines.pack, strict=True
        )
    }


def tell_tables(before: Tables, after: Tables, left: str, right: str) -> list[str]:
    """Say where two plans were made from different recipients, needs or lots."""
    said: list[str] = []
    for side, mine, others in ((left, before.needs, after.needs), (right, after.needs, before.needs)):
        if alone := _alone(mine["recipient"], others["recipient"]):
            said.append(f"Recipients only in {the(side)}: {alone}.")
    for side, mine, others in ((left, before.lots, after.lots), (right, after.lots, before.lots)):
        if alone := _alone(mine["lot"], others["lot"]):
            said.append(f"Lots only in {the(side)}: {alone}.")
    counted = {"target": "Targets differ", "held": "What is held differs", "weight": "Weights differ"}
    tiers = {c for c in (*before.needs.columns, *after.needs.columns) if (tier := NEEDS.column(c)) and tier.numbered}
    counted |= {tier: f"{tier} differs" for tier in sorted(tiers)}
    told = [
        line
        for column, words in counted.items()
        for line in _tell_column(before.needs, after.needs, "recipient", column, words)
    ]
    if told:
        told.append("Each side's levels are counted from its own needs.")
    return [*said, *told, *_tell_column(before.lots, after.lots, "lot", "packs", "Packs differ")]


def _alone(mine: pl.Series, others: pl.Series) -> str:
    """Name the keys that only one side has; "" where there is none."""
    return listed(mine.filter(~mine.is_in(others.implode())).to_list(), most=5)


def _tell_column(before: pl.DataFrame, after: pl.DataFrame, key: str, column: str, words: str) -> list[str]:
    if column not in before.columns and column not in after.columns:
        return []
    both = _exact(before, key, column).join(_exact(after, key, column), on=key, suffix="_after", maintain_order="left")
    odd = both.filter(pl.col(column).ne_missing(pl.col(f"{column}_after")))[key].to_list()
    return [f"{words} for {amount(len(odd), key)}: {listed(odd, most=5)}."] if odd else []


def _exact(frame: pl.DataFrame, key: str, column: str) -> pl.DataFrame:
    """Return a column of amounts with its key, what is not given filled in."""
    wide = pl.Decimal(38, 6)
    default = pl.lit(1 if column == "weight" else 0, wide)
    return frame.select(
        key, pl.col(column).cast(wide).fill_null(default) if column in frame.columns else default.alias(column)
    )


def tell_terms(before: Outcome, after: Outcome, left: str, right: str) -> list[str]:
    """Say where the rules differ, and what may be claimed for each plan (§4.2)."""
    one, other = before.problem.terms, after.problem.terms
    said: list[str] = []
    if one.rule != other.rule:
        said.append(
            f"Levels are counted by the rule of {the(left)}, {one.rule}; {the(right)} was made by {other.rule}."
        )
    elif one.rule == "floor-then-weighted" and one.floor != other.floor:
        said.append(
            f"Levels are counted with the floor of {the(left)}, {one.floor}; that of {the(right)} is {other.floor}."
        )
    if before.claim != after.claim:
        said.append(f"{_start(the(left))} is {before.claim}; {the(right)} is {after.claim}.")
    return said
