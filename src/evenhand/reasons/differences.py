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
    parts = [
        f"{amount(more.height, 'recipient')} {'gets' if more.height == 1 else 'get'} more",
        f"{less.height:,} less",
    ]
    same = everybody - more.height - less.height
    said = [f"Compared with {the(left)}, {', '.join(parts)} and {same:,} the same."]
    most = [
        f"{_who(name, key)} gets {_units(abs(Fraction(gap)))} {word}, the largest {kind}"
        for rows, word, kind in ((more, "more", "gain"), (less, "less", "loss"))
        for key, name, gap in rows.select("recipient", "name", "difference").head(1).iter_rows()
    ]
    return [*said, f"{'; '.join(most)}."]


def _who(name: str, key: str) -> str:
    return key if name == key else f"{name} ({key})"


def tell_lowest(before: Side, after: Side) -> list[str]:
    """Say how the lowest level changes, and who stands there."""
    (low, who_before), (high, who_after) = before.lowest(), after.lowest()
    old, new = six_decimals(low), six_decimals(high)
    if old == new:
        return [f"The lowest level stays at {new}{_named(after, who_after)}."]
    verb = "rises" if high > low else "falls"
    return [f"The lowest level {verb} from {old}{_named(before, who_before)} to {new}{_named(after, who_after)}."]


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
    word = "more" if other > one else "less"
    apart = f"{_start(the(right))} hands out {_units(abs(other - one))} {word} than {the(left)}"
    return [f"{apart}: {exact(other)}, not {exact(one)}."]


def _units(quantity: Fraction) -> str:
    return amount(quantity, "service unit")


def tell_left_over(before: Outcome, after: Outcome) -> list[str]:
    """Say of which lots more or less is left over than before; lots of one side alone count only where packs are left."""
    old, new = _left_over(before), _left_over(after)
    more = {lot: rest - old.get(lot, Fraction(0)) for lot, rest in new.items() if rest > old.get(lot, 0)}
    less = {lot: old[lot] - rest for lot, rest in new.items() if lot in old and rest < old[lot]}
    return [
        f"{word} is left over: {listed([_packs(packs, lot) for lot, packs in lots.items()], most=5)}."
        for word, lots in (("More", more), ("Less", less))
        if lots
    ]


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
    for kind, key, one, other in (
        ("Recipients", "recipient", before.needs, after.needs),
        ("Lots", "lot", before.lots, after.lots),
    ):
        for side, mine, others in ((left, one, other), (right, other, one)):
            alone = mine[key].filter(~mine[key].is_in(others[key].implode())).to_list()
            if alone:
                said.append(f"{kind} only in {the(side)}: {listed(alone, most=5)}.")
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
        mine = f"Levels are counted by the rule of {the(left)}, {one.rule}"
        said.append(f"{mine}; {the(right)} was made by {other.rule}.")
    elif one.rule == "floor-then-weighted" and one.floor != other.floor:
        mine = f"Levels are counted with the floor of {the(left)}, {one.floor}"
        said.append(f"{mine}; that of {the(right)} is {other.floor}.")
    if before.claim != after.claim:
        said.append(f"{_start(the(left))} is {before.claim}; {the(right)} is {after.claim}.")
    return said
