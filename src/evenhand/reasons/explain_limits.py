"""The sentences on what stopped a recipient from getting more, and on what did not.

Called by `explain`. `limits.LIMITS` holds the words of `limited_by`; here each becomes a sentence with its lots and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from evenhand.allocation.eligibility import CAPABILITY, EARMARK, TOO_SLOW, split_names, usable_days
from evenhand.allocation.limits import LIMITS
from evenhand.reasons.closed_lots import pack_worth, text_of
from evenhand.reasons.explain_parts import lots_words
from evenhand.reasons.neighbours import Rows
from evenhand.reasons.standing import Standing, amount_of, find_place
from evenhand.reasons.wording import LevelWords, amount, count, exact, listed, percent, sentence

_NO_LOT = {
    "handles": "Every lot with packs is closed to it; some require {what}, which it cannot handle.",
    "shelf life": "Every lot with packs is closed to it; of some it could not use one pack before they expire.",
    "expired": "Every lot with packs is closed to it; some expire before anybody could use them.",
    "earmark": "Every lot with packs is earmarked for others.",
    "none has packs": "No lot in this round has packs.",
}


def what_stopped_it(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    """Say what keeps it from more: `limited_by`, as a sentence."""
    limit, _, what = standing.limit.partition(": ")
    if limit == "no lot":
        reason, _, what = what.partition(": ")
        text = _NO_LOT.get(reason, "No lot is open to it.").format(what=what)
        return f"No lot is open to it. {text}"
    say = _SAID.get(limit)
    if say is None:
        return f"{sentence(LIMITS.get(limit, limit))}."
    return say(standing, words, level_with)


def _waterline(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    if standing.barriers and set(standing.barriers) >= set(np.flatnonzero(standing.open & ~standing.at_cap).tolist()):
        return f"The packs themselves. {_barrier_words(standing)}"
    if standing.unlimited and standing.barriers:
        words_of_lots = f"The conditions of the lots themselves. {_barrier_words(standing)}"
        return f"{words_of_lots} Of the others open to it, no single pack could be moved to help."
    said = ["The waterline."]
    if standing.waterline is not None:
        others = len(level_with)
        level = words.say(standing.level)
        if others and standing.outcome.bound is None:
            said.append(f"At {level} it stands level with {count(others, 'other')}.")
        else:
            said.append(f"It stands at {level}.")
    if standing.problem.terms.divisible:
        said.append("Anything more for it would have to come from a recipient that stands no higher.")
    elif standing.outcome.bound is None:
        said.append("One more pack for it would have to come from a recipient that stands no higher.")
    else:
        said.append("The packs differ, or have conditions of their own, and no single pack could be moved to help.")
    return " ".join([*said, _barrier_words(standing)]).strip()


def _above(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    if standing.waterline is None:
        return "It already stands as high as the lots open to it would bring it."
    level, line = words.compare(standing.level, standing.waterline)
    if standing.level == standing.waterline:
        return f"It already stands at {line}, and the lots open to it went to recipients that stood no higher."
    if standing.level > standing.waterline:
        if standing.problem.terms.divisible:
            return f"It already stands above the waterline: at {level}, when the lots open to it raise nobody above {line}."
        return f"It already stands above the waterline: at {level}, when no pack open to it went to a recipient above {line}."
    return f"It stands at {level}. {_barrier_words(standing) or 'No single pack could be moved to help.'}"


def _target_met(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    have = standing.held + standing.received
    if have == standing.target:
        return "Nothing: it has all it needs."
    return f"Nothing: it has all it needs, {percent(have / standing.target)} of its target."


def _capacity(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    if not standing.capacity:
        return "Its capacity. It can take nothing now."
    most = amount(standing.capacity, "service unit")
    if not standing.room:
        return f"Its capacity. It can take no more than {most} now, and gets as much."
    return f"Its capacity. It can take no more than {most} now; the {exact(standing.room)} still free are less than one pack."


def _less_than_a_pack(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    return (
        f"The size of a pack. What it can still take, {amount(standing.room, 'service unit')}, is less than one pack."
    )


def _earmark(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    lots = _higher_lots(standing, EARMARK)
    named = sentence(lots_words(lots))
    if len(lots) == 1:
        text = f"An earmark. {named} was shared out at a higher level, and is meant for others."
    else:
        text = f"An earmark. {named} were shared out at a higher level, and are meant for others."
    return " ".join([text, _within(standing, words)]).strip()


def _handles(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    what = standing.limit.partition(": ")[2]
    lots = _higher_lots(standing, CAPABILITY)
    named = sentence(lots_words(lots))
    if len(lots) == 1:
        text = f"A capability. {named} was shared out at a higher level, and requires {what}, which it cannot handle."
    else:
        text = f"A capability. {named} were shared out at a higher level, and require {what}, which it cannot handle."
    return " ".join([text, _within(standing, words)]).strip()


def _shelf_life(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    capped = np.flatnonzero(standing.at_cap).tolist()
    lots = [str(standing.problem.lots[s]) for s in capped] + _higher_lots(standing, TOO_SLOW)
    rate, named, one = amount_of(standing.problem, "per_week", standing.row), lots_words(lots), len(lots) == 1
    if rate is None:
        text = (
            f"Shelf life. It could use no more of {named} before it expires."
            if one
            else f"Shelf life. It could use no more of {named} before they expire."
        )
    else:
        pace = amount(Fraction(rate), "service unit")
        text = (
            f"Shelf life. It could use no more of {named} before it expires, at {pace} a week."
            if one
            else f"Shelf life. It could use no more of {named} before they expire, at {pace} a week."
        )
    return " ".join([text, _within(standing, words)]).strip()


def _within(standing: Standing, words: LevelWords) -> str:
    """Say how it stands among the lots that are left for it."""
    if standing.waterline is None or standing.place < 0:
        return ""
    line, level = words.compare(standing.waterline, standing.level)
    if standing.level > standing.waterline and not standing.received:
        return (
            f"The other lots went to recipients that stand lower than it: it is at {level}, their waterline at {line}."
        )
    if standing.outcome.bound is not None:
        return f"Of the lots open to it, no single pack could be moved to help. {_barrier_words(standing)}".strip()
    if standing.by_its_own:
        return "The other lots open to it went to recipients that stand lower."
    if standing.problem.terms.divisible:
        return "Of the lots open to it, anything more would have to come from a recipient that stands no higher."
    return "Of the lots open to it, one more pack would have to come from a recipient that stands no higher."


def _higher_lots(standing: Standing, reason: int) -> list[str]:
    """Return the lots closed for a reason that were shared out at a higher level than it is held to."""
    problem = standing.problem
    reasons = problem.eligibility.reasons[problem.eligibility.class_of[standing.row]]
    higher = (standing.outcome.water.of_lot > standing.place) & (reasons == reason)
    return [str(problem.lots[s]) for s in np.flatnonzero(higher).tolist()]


def _barrier_words(standing: Standing) -> str:
    """Say which open lots it cannot take one more pack of, though nothing is closed."""
    said = []
    for barrier, text in _BARRIERS.items():
        lots = [str(standing.problem.lots[s]) for s, kind in standing.barriers.items() if kind == barrier]
        if lots:
            most = count(standing.problem.terms.max_lots or 0, "lot")
            said.append(text.format(named=sentence(lots_words(lots)), room=exact(standing.room), most=most))
    return " ".join(said)


_BARRIERS = {
    "less than a pack": "{named}: one pack is more than the {room} it can still take.",
    "minimum shipment": "{named}: the smallest shipment is more than it can still take.",
    "lot limit": "{named}: a recipient may get no more than {most}.",
}
_Say = Callable[[Standing, LevelWords, Rows], str]


def _minimum(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    return f"The smallest shipment. What is left for it is less than a lot may send. {_barrier_words(standing)}".strip()


def _lot_limit(standing: Standing, words: LevelWords, level_with: Rows) -> str:
    most = standing.problem.terms.max_lots or 0
    return f"The limit on lots. A recipient may get no more than {count(most, 'lot')}, and it gets {count(len(standing.given), 'lot')}."


_SAID: dict[str, _Say] = {
    "waterline": _waterline,
    "above the waterline": _above,
    "target met": _target_met,
    "capacity": _capacity,
    "less than a pack": _less_than_a_pack,
    "earmark": _earmark,
    "handles": _handles,
    "shelf life": _shelf_life,
    "minimum shipment": _minimum,
    "lot limit": _lot_limit,
}


def what_did_not_stop_it(standing: Standing) -> str:
    """Name the conditions of this round that did not stand in its way; "" where there are none."""
    tables, problem = standing.problem.tables, standing.problem
    stocked = np.flatnonzero(problem.packs > 0).tolist()
    closed = {reason for lot in standing.closed for reason in lot.reasons}
    said = []
    required = sorted({n for s in stocked for n in split_names(text_of(tables.lots, "requires", s))})
    if required and "handles" not in closed:
        said.append(f"Not what it can handle: it has what the lots require ({listed(required)}).")
    if any(text_of(tables.lots, c, s) for c in ("for", "not_for") for s in stocked) and "earmark" not in closed:
        said.append("Not an earmark: none leaves it out.")
    said.extend(_pace(standing, stocked))
    if not standing.full and amount_of(problem, "capacity", standing.row) is not None:
        said.append(f"Not its capacity: it could take {exact(standing.room)} more.")
    least = not problem.terms.divisible and any(problem.least[s] > 1 for s in stocked if standing.open[s])
    if least and "minimum shipment" not in {*closed, *standing.barriers.values()}:
        said.append("Not a smallest shipment.")
    most = problem.terms.max_lots
    if most is not None and len(standing.given) < most:
        said.append(f"Not the limit of {count(most, 'lot')}: it gets {count(len(standing.given), 'lot')}.")
    return " ".join(said)


def _pace(standing: Standing, stocked: Sequence[int]) -> list[str]:
    """Say that it could have used more in time, where its weekly use is known and does not bind."""
    rate = amount_of(standing.problem, "per_week", standing.row)
    if rate is None or standing.at_cap.any() or any("shelf life" in lot.reasons for lot in standing.closed):
        return []
    days = usable_days(standing.problem.tables.lots, standing.problem.terms.day)
    given = {find_place(standing.problem.lots, lot.lot): lot.service_units for lot in standing.given}
    usable = {
        s: Fraction(rate) * (days[s] or 0) / 7
        for s in stocked
        if days[s] is not None and (days[s] or 0) >= 0 and standing.open[s]
    }
    if not usable or any(usable[s] < pack_worth(standing.problem, s) for s in usable):
        return []
    tightest = min(usable, key=lambda s: (usable[s] - given.get(s, Fraction(0)), s))
    gets = given.get(tightest, Fraction(0))
    pace, could, lot = exact(Fraction(rate)), exact(Fraction(int(usable[tightest]))), standing.problem.lots[tightest]
    if not gets:
        return [
            f"Not the pace: at {pace} a week it could use {could} of lot {lot} before it expires, and gets none of it."
        ]
    return [
        f"Not the pace: at {pace} a week it could use {could} of lot {lot} before it expires, and gets {exact(gets)} of it."
    ]
