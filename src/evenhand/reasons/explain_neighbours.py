"""The sentences on a recipient's waterline, who shares it, and who stands lower.

Called by `explain`. Every number is the plan's own; nothing is solved here.
"""

from __future__ import annotations

from evenhand.reasons.explain_parts import lots_words
from evenhand.reasons.neighbours import Lower, Rows
from evenhand.reasons.standing import Standing, names_of
from evenhand.reasons.wording import LevelWords, count, listed, number, sentence

_MOST_NAMES = 4


def its_waterline(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    """Say the level it is held to and who shares it."""
    if standing.unlimited:
        left = left_over(standing)
        return f"It is held to none: {lots_words(left)}, open to it, {'has' if len(left) == 1 else 'have'} packs left over."
    if standing.waterline is None:
        if not standing.open.any():
            return "It is held to none: no lot is open to it."
        return "It is held to none: it has as much as it can use of every lot open to it."
    if standing.by_its_own:
        rest = (
            "the other lots open to it were shared out lower"
            if standing.place >= 0
            else ("it has as much as it can use of every lot open to it")
        )
        what = (
            "to which its own lots bring it"
            if standing.problem.terms.divisible
            else "at which it got its own last pack"
        )
        return f"Its waterline is {words.say(standing.waterline)}, the level {what}: {rest}."
    waterline, level = words.compare(standing.waterline, standing.level)
    by_it = (
        not standing.full
        and standing.received
        and standing.limit != "above the waterline"
        and standing.level >= standing.waterline
    )
    line = words.say(standing.waterline) if by_it else waterline
    what = "to which a lot open to it was shared out"
    if not standing.problem.terms.divisible:
        what = "at which a pack of a lot open to it was still given"
    text = f"Its waterline is {line}, the highest level {what}. "
    others = len(level_with)
    names = f"{listed(names_of(standing.outcome.problem.tables, level_with[: _MOST_NAMES + 1]), most=_MOST_NAMES, total=others)}"
    shared = f"{count(others, 'other')} ({names})" if others else ""
    return text + _beside_it(standing, level, shared, others, by_it=bool(by_it))


def _beside_it(standing: Standing, level: str, shared: str, others: int, *, by_it: bool) -> str:
    """Say where it stands beside its waterline, and beside whoever shares that."""
    if standing.outcome.bound is not None:
        return f"It shares it with {shared}." if others else "It shares it with nobody else."
    if by_it:
        return f"It ends level with {shared}." if others else "Nobody else ends level with it."
    at, higher = standing.level == standing.waterline, standing.level > (standing.waterline or 0)
    if not others:
        if at:
            return "It stands at that level."
        return f"It stands higher, at {level}." if higher else f"It stands lower, at {level}."
    if others == 1:
        if at:
            return f"It stands at that level; {shared} ends at the waterline."
        if higher:
            return f"It stands higher, at {level}; {shared} ends at the waterline."
        return f"It stands lower, at {level}; {shared} ends at the waterline."
    if at:
        return f"It stands at that level; {shared} end at the waterline."
    if higher:
        return f"It stands higher, at {level}; {shared} end at the waterline."
    return f"It stands lower, at {level}; {shared} end at the waterline."


def left_over(standing: Standing) -> list[str]:
    """Return the lots open to it that have packs left over."""
    infinite = len(standing.outcome.water.keys) - 1
    lots = standing.problem.lots
    return [str(lots[s]) for s in range(len(lots)) if standing.open[s] and standing.outcome.water.of_lot[s] == infinite]


def who_stands_lower(standing: Standing, words: LevelWords, lower: Lower) -> str:
    """Say who stands lower and why none of them could have used its packs."""
    if lower.lowest is None:
        if standing.given_lots and not standing.problem.terms.divisible:
            return "Nobody stands lower by more than a pack."
        return "Nobody stands lower."
    tables, many = standing.problem.tables, len(lower.rows)
    first = names_of(tables, lower.rows[: _MOST_NAMES + 1])
    how_many, lowest = sentence(count(many, "recipient")), words.say(lower.lowest)
    text = (
        f"{how_many} stands lower ({first[0]}, at {lowest})."
        if many == 1
        else f"{how_many} stand lower ({listed(first, most=_MOST_NAMES, total=many)}), the lowest at {lowest}."
    )
    return f"{text} {_why_none_could(standing, lower, many)}".strip()


def _why_none_could(standing: Standing, lower: Lower, many: int) -> str:
    """Say why none of those who stand lower could have used its packs; "" of an altered plan, for which nothing can be said."""
    if not lower.why:
        if many == 1:
            return "It receives nothing that could have gone to it instead."
        return "It receives nothing that could have gone to them instead."
    why = {reason: many for reason, many in lower.why.items() if reason != "nothing"}
    if len(why) < len(lower.why):
        return ""
    exchanged = standing.outcome.bound is None
    if many == 1:
        because = _WHY_ONE[next(iter(why))]
        if exchanged:
            return f"It could not have used the packs of {standing.name}, not even through exchanges: {because}."
        return f"It could not have used the packs of {standing.name}: {because}."
    ordered = sorted(why.items(), key=lambda pair: -pair[1])
    parts = [_WHY_MANY[reason][k > 1].format(who=number(k)) for reason, k in ordered]
    if len(parts) == 1 and many > 1:
        parts = [_WHY_MANY[next(iter(why))][1].format(who="both" if many == 2 else "all")]
    each = listed(parts, most=len(parts))
    if exchanged:
        return f"None of them could have used its packs, not even through exchanges: {each}."
    return f"None of them could have used its packs: {each}."


_WHY_ONE = {
    "earmark": "they are earmarked for others",
    "handles": "it cannot handle them",
    "shelf life": "it could not use them before they expire",
    "full": "it can take no more",
    "shipment": "the smallest shipment, or the limit on lots, stands against moving a single pack",
    "several": "for each lot it gets, an earmark, a capability, shelf life or lack of room stands against it",
}
_WHY_MANY = {
    "earmark": ("{who} is left out by the earmarks", "{who} are left out by the earmarks"),
    "handles": ("{who} cannot handle them", "{who} cannot handle them"),
    "shelf life": ("{who} could not use them before they expire", "{who} could not use them before they expire"),
    "full": ("{who} can take no more", "{who} can take no more"),
    "shipment": (
        "{who} could not be sent a single pack, for the smallest shipment or the limit on lots",
        "{who} could not be sent a single pack, for the smallest shipment or the limit on lots",
    ),
    "several": (
        "{who} is kept from each lot by an earmark, a capability, shelf life or lack of room",
        "{who} are kept from each lot by an earmark, a capability, shelf life or lack of room",
    ),
}
"""What stands against some of those who stand lower: one of them, and more."""
