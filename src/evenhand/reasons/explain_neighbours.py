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
    if standing.outcome.bound is not None:
        return text + (f"It shares it with {shared}." if others else "It shares it with nobody else.")
    if by_it:
        return text + (f"It ends level with {shared}." if others else "Nobody else ends level with it.")
    place = (
        "at that level"
        if standing.level == standing.waterline
        else "higher"
        if standing.level > standing.waterline
        else "lower"
    )
    text += f"It stands {place}, at {level}" if place != "at that level" else "It stands at that level"
    return f"{text}; {shared} {'end' if others > 1 else 'ends'} at the waterline." if others else f"{text}."


def left_over(standing: Standing) -> list[str]:
    """Return the lots open to it that have packs left over."""
    infinite = len(standing.outcome.water.keys) - 1
    lots = standing.problem.lots
    return [str(lots[s]) for s in range(len(lots)) if standing.open[s] and standing.outcome.water.of_lot[s] == infinite]


def who_stands_lower(standing: Standing, words: LevelWords, lower: Lower) -> str:
    """Say who stands lower and why none of them could have used its packs."""
    if lower.lowest is None:
        more = " by more than a pack" if standing.given_lots and not standing.problem.terms.divisible else ""
        return f"Nobody stands lower{more}."
    tables, many = standing.problem.tables, len(lower.rows)
    first = names_of(tables, lower.rows[: _MOST_NAMES + 1])
    text = f"{sentence(count(many, 'recipient'))} {'stands' if many == 1 else 'stand'} lower"
    text += (
        f" ({first[0]}, at {words.say(lower.lowest)})"
        if many == 1
        else f" ({listed(first, most=_MOST_NAMES, total=many)})"
    )
    text += "." if many == 1 else f", the lowest at {words.say(lower.lowest)}."
    if not lower.why:
        return f"{text} It receives nothing that could have gone to {'it' if many == 1 else 'them'} instead."
    why = {reason: many for reason, many in lower.why.items() if reason != "nothing"}
    if len(why) < len(lower.why):
        return text  # an altered plan: nothing can be said for it
    exchange = ", not even through exchanges" if standing.outcome.bound is None else ""
    if many == 1:
        return f"{text} It could not have used the packs of {standing.name}{exchange}: {_WHY_ONE[next(iter(why))]}."
    parts = [f"{number(k)} {_WHY_MANY[reason][k > 1]}" for reason, k in sorted(why.items(), key=lambda pair: -pair[1])]
    if len(parts) == 1 and many > 1:
        parts = [f"{'both' if many == 2 else 'all'} {_WHY_MANY[next(iter(why))][1]}"]
    return f"{text} None of them could have used its packs{exchange}: {listed(parts, most=len(parts))}."


_WHY_ONE = {
    "earmark": "they are earmarked for others",
    "handles": "it cannot handle them",
    "shelf life": "it could not use them before they expire",
    "full": "it can take no more",
    "shipment": "the smallest shipment, or the limit on lots, stands against moving a single pack",
    "several": "for each lot it gets, an earmark, a capability, shelf life or lack of room stands against it",
}
_WHY_MANY = {
    "earmark": ("is left out by the earmarks", "are left out by the earmarks"),
    "handles": ("cannot handle them", "cannot handle them"),
    "shelf life": ("could not use them before they expire", "could not use them before they expire"),
    "full": ("can take no more", "can take no more"),
    "shipment": (
        "could not be sent a single pack, for the smallest shipment or the limit on lots",
        "could not be sent a single pack, for the smallest shipment or the limit on lots",
    ),
    "several": (
        "is kept from each lot by an earmark, a capability, shelf life or lack of room",
        "are kept from each lot by an earmark, a capability, shelf life or lack of room",
    ),
}
