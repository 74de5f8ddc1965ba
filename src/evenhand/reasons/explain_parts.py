"""The sentences on what a recipient needed, got, may not have, and how it stands beside others.

Called by `explain`. Every number is the plan's own; nothing is solved here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from evenhand.reasons.closed_lots import ClosedLot, Earmark
from evenhand.reasons.standing import GivenLot, Standing, names_of
from evenhand.reasons.wording import (
    LevelWords,
    amount,
    count,
    exact,
    listed,
    percent,
    percents,
    sentence,
)
from evenhand.supply.tables import Tables

_MOST_LOTS = 8
_MOST_EARMARKS = 5
_MOST_NAMES = 4


def what_it_needed(standing: Standing) -> str:
    """Say its target, what it held and what is missing."""
    held, target = standing.held, standing.target
    wanted, share = amount(target, "service unit"), percent(held / target)
    if not held:
        return f"Its target is {wanted}. It held nothing."
    if held < target:
        short = exact(target - held)
        return f"Its target is {wanted}. It held {exact(held)}, {share} of the target, and was short of {short}."
    return f"Its target is {wanted}. It held {exact(held)}, {share} of the target: all it needs."


def what_it_gets(standing: Standing, words: LevelWords) -> str:
    """Say what it gets, from whom, and where that brings it."""
    before, after = percents(standing.held / standing.target, (standing.held + standing.received) / standing.target)
    if not standing.given:
        return f"Nothing in this round. It stays at {before} of its target{_level_clause(standing, words)}."
    packs = sum((g.packs for g in standing.given), Fraction(0))
    lots = standing.given
    worth = f"worth {amount(standing.received, 'service unit')}" if standing.received != packs else ""
    if len(lots) == 1:
        text = given_words(lots[0], worth=worth)
    else:
        total = f"{amount(packs, 'pack')}, {worth}," if worth else amount(packs, "pack")
        shown = [given_words(lot) for lot in lots[:_MOST_LOTS]]
        if len(lots) > _MOST_LOTS:
            rest = sum((g.packs for g in lots[_MOST_LOTS:]), Fraction(0))
            shown.append(f"and {amount(rest, 'pack')} from {count(len(lots) - _MOST_LOTS, 'other lot')}")
        text = f"{total} from {count(len(lots), 'lot')}: {'; '.join(shown)}"
    return f"{text}. That lifts it from {before} to {after} of its target{_level_clause(standing, words)}."


def given_words(given: GivenLot, *, worth: str = "") -> str:
    """Write what it gets of one lot.

    Examples
    --------
    >>> given_words(GivenLot("AZ-1", "vaccine A", "France", Fraction(240), Fraction(24000), Fraction(12000)))
    '240 packs of vaccine A (24,000 units) from France, lot AZ-1'
    >>> given_words(GivenLot("A", "", "", Fraction(12), Fraction(12), Fraction(12)))
    '12 packs of lot A'
    """
    text = amount(given.packs, "pack") + (f" of {given.resource}" if given.resource else "")
    if given.units != given.packs and given.units != given.service_units:
        text += f" ({amount(given.units, 'unit')})"
    text += f", {worth}," if worth else ""
    if given.donor:
        return f"{text} from {given.donor}, lot {given.lot}"
    return f"{text} {'from' if given.resource or worth else 'of'} lot {given.lot}"


def _level_clause(standing: Standing, words: LevelWords) -> str:
    """Say its level, where the level is not simply the share of its target."""
    level, rule = words.say(standing.level), standing.problem.terms.rule
    if rule == "tiers":
        return f"; in groups, that is {level}"
    if rule == "need-weighted":
        return f"; its level, that share divided by its weight of {exact(standing.weight)}, is {level}"
    if rule == "floor-then-weighted":
        floor = percent(standing.problem.terms.floor)
        return f"; its level, that share with what lies beyond the floor of {floor} divided by its weight of {exact(standing.weight)}, is {level}"
    return ""


def lots_words(lots: Sequence[str], *, most: int = 3) -> str:
    """Name lots.

    Examples
    --------
    >>> lots_words(["A"]), lots_words(["A", "B"]), lots_words(list("ABCDE"))
    ('lot A', 'lots A and B', 'five lots (A, B, C and 2 more)')
    """
    if len(lots) <= most:
        return f"{'lot' if len(lots) == 1 else 'lots'} {listed(lots, most=most)}"
    return f"{count(len(lots), 'lot')} ({listed(lots, most=most)})"


def what_it_may_not_have(standing: Standing) -> str:
    """Say which lots are closed to it and why, grouped; "" where none is."""
    groups: dict[tuple[str, Earmark | tuple[str, ...] | None], list[ClosedLot]] = {}
    for lot in standing.closed:
        for reason in lot.reasons:
            detail = lot.earmark if reason == "earmark" else lot.missing if reason == "handles" else None
            groups.setdefault((reason, detail), []).append(lot)
    earmarks = [(detail, [c.lot for c in lots]) for (_, detail), lots in groups.items() if isinstance(detail, Earmark)]
    earmarks.sort(key=lambda pair: -len(pair[1]))
    said = []
    if earmarks:
        shown = [
            f"{lots_words(lots)}, {earmark_words(standing.problem.tables, e)}" for e, lots in earmarks[:_MOST_EARMARKS]
        ]
        rest = sum(len(lots) for _, lots in earmarks[_MOST_EARMARKS:])
        if rest:
            shown.append(f"and {count(rest, 'lot')} with other earmarks")
        said.append(f"By their earmarks: {'; '.join(shown)}.")
    for (reason, detail), lots in groups.items():
        names, many = lots_words([c.lot for c in lots]), len(lots) > 1
        if reason == "handles" and isinstance(detail, tuple):
            said.append(
                f"{sentence(names)}: {'they require' if many else 'it requires'} {listed(detail)}, which it cannot handle."
            )
        elif reason == "expired":
            said.append(
                f"{sentence(names)}: they expire before anybody could use them."
                if many
                else f"{sentence(names)}: it expires before anybody could use it."
            )
        elif reason == "shelf life":
            said.append(
                f"{sentence(names)}: it could not use one pack before {'they expire' if many else 'it expires'}."
            )
        elif reason == "capacity":
            said.append(f"{sentence(names)}: one pack is more than the {exact(standing.capacity)} it can take.")
        elif reason == "minimum shipment":
            said.append(f"{sentence(names)}: the smallest shipment is more than it can take or use in time.")
    return " ".join(said)


def earmark_words(tables: Tables, earmark: Earmark) -> str:
    """Say whom a lot is meant for."""
    said = []
    if earmark.allowed:
        said.append(f"meant for {listed(party_names(tables, earmark.allowed), most=_MOST_NAMES)}")
    if earmark.barred:
        said.append(f"not meant for {listed(party_names(tables, earmark.barred), most=_MOST_NAMES)}")
    return ", ".join(said)


def party_names(tables: Tables, names: Sequence[str]) -> list[str]:
    """Return groups as they are called and recipients by name."""
    groups = set(tables.groups["group"].unique().to_list())
    single = [name for name in names if name not in groups]
    rows = tables.needs.with_row_index("row").filter(pl.col("recipient").is_in(single))
    known = dict(zip(rows["recipient"].to_list(), names_of(tables, rows["row"].to_numpy()), strict=True))
    return [known.get(name, name) for name in names]
