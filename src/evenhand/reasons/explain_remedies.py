"""The sentences on what would raise a recipient, what that takes from others, and what another rule would give it.

Called by `explain`; the numbers come from `remedies`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evenhand.reasons.explain_parts import lots_words
from evenhand.reasons.remedies import OtherRule, Remedy, Tried
from evenhand.reasons.standing import Standing
from evenhand.reasons.wording import LevelWords, amount, count, exact, number, percents, sentence

_MOST_TOLD = 4
_RULES = {
    "equal-coverage": "every recipient up to the same share of its target",
    "need-weighted": "faster where the weight is higher",
    "tiers": "everybody's first group before anybody's second",
}


def what_would_raise_it(standing: Standing, words: LevelWords, tried: Tried) -> str:
    """Say which changes would raise it and by how much, which would not, and what others would lose."""
    alike = list(_alike(tried.remedies))
    told = sorted((group for group in alike if group[0].gain > 0), key=lambda group: -group[0].gain)
    said = [_effect_words(standing, words, group) for group in told[:_MOST_TOLD]]
    if len(told) > _MOST_TOLD:
        rest = sum(len(group) for group in told[_MOST_TOLD:])
        said.append(f"{sentence(count(rest, 'further change'))} would raise it by less.")
    idle = [remedy for remedy in tried.remedies if not remedy.gain]
    worse = [remedy for remedy in tried.remedies if remedy.gain < 0]
    if idle:
        said.append(f"Nothing would change for it {_joined(idle)}.")
    if worse:
        most = min(worse, key=lambda remedy: remedy.gain)
        packs, _, worth = _much(standing, most).partition(", worth ")
        ways, same = _joined(worse), len({r.gain for r in worse}) == 1
        if worth and same:
            said.append(f"It would get less, by {packs}, worth {worth}, {ways}.")
        elif worth:
            said.append(f"It would get less, by up to {packs}, worth {worth}, {ways}.")
        elif same:
            said.append(f"It would get less, by {packs}, {ways}.")
        else:
            said.append(f"It would get less, by up to {packs}, {ways}.")
    if not tried.remedies:
        said.append(_nothing_words(standing))
    if tried.left_out:
        left_out = sentence(number(tried.left_out))
        said.append(
            f"{left_out} further change was not worked out."
            if tried.left_out == 1
            else f"{left_out} further changes were not worked out."
        )
    if standing.outcome.bound is not None and tried.remedies:
        said.append("These are differences between plans that are not proved best, each found in the same quick way.")
    return "\n".join(said)


def _alike(remedies: Iterable[Remedy]) -> Iterable[list[Remedy]]:
    """Put together the earmarks whose lifting has the very same effect."""
    groups: dict[object, list[Remedy]] = {}
    for k, remedy in enumerate(remedies):
        effect = (remedy.gain, remedy.level, remedy.losers, remedy.losses, remedy.gainers)
        groups.setdefault(effect if remedy.kind == "earmark" else k, []).append(remedy)
    return groups.values()


def _effect_words(standing: Standing, words: LevelWords, group: Sequence[Remedy]) -> str:
    remedy = group[0]
    action = remedy.action if len(group) == 1 else sentence(_earmarks(group))
    much = _much(standing, remedy, more=True)
    reach = words.instead(remedy.level, remedy.level_before)
    effect = (
        f"{action}, it would get {much}, and reach {reach}."
        if ", worth" in much
        else f"{action}, it would get {much} and reach {reach}."
    )
    return f"{effect} {_others(remedy)}"


def _much(standing: Standing, remedy: Remedy, *, more: bool = False) -> str:
    """Write the gain in packs and service units: so many, or so many more."""
    gain, packs = abs(remedy.gain), abs(remedy.packs)
    problem = standing.problem
    if len({w for w, q in zip(problem.worth, problem.packs.tolist(), strict=True) if q}) > 1:
        return amount(gain, "more service unit" if more else "service unit")
    text = amount(packs, "more pack" if more else "pack")
    return text if packs == gain else f"{text}, worth {amount(gain, 'service unit')}"


def _others(remedy: Remedy) -> str:
    gainers = count(remedy.gainers, "other") if remedy.gainers else ""
    if not remedy.losers:
        return f"Nobody would get less, and {gainers} would get more." if gainers else "Nobody would get less."
    first, most = remedy.largest[0].name, exact(-remedy.largest[0].gain)
    if remedy.losers == 1:
        if gainers:
            return f"{first} would get {most} less; {gainers} would get more."
        return f"{first} would get {most} less."
    losers, losses = sentence(count(remedy.losers, "other")), exact(remedy.losses)
    if gainers:
        return f"{losers} would get {losses} less together, {first} the most ({most}); {gainers} would get more."
    return f"{losers} would get {losses} less together, {first} the most ({most})."


def _joined(remedies: Sequence[Remedy]) -> str:
    """Join changes as the ends of one sentence, earmarks together."""
    marks = [remedy for remedy in remedies if remedy.kind == "earmark"]
    ends = [remedy.action[:1].lower() + remedy.action[1:] for remedy in remedies if remedy.kind != "earmark"]
    if len(marks) == 1:
        ends.insert(0, marks[0].action[:1].lower() + marks[0].action[1:])
    elif marks:
        ends.insert(0, _earmarks(marks))
    return ", or ".join(ends)


def _earmarks(remedies: Sequence[Remedy]) -> str:
    lots = sorted({lot for remedy in remedies for lot in remedy.lots})
    named = lots_words(lots, most=6)
    if len(max(remedies, key=lambda r: len(r.lots)).lots) == len(lots):
        return f"without the earmarks of {named} (one by one or together)"
    return f"without the earmarks of {named} (one by one)"


def _nothing_words(standing: Standing) -> str:
    if standing.limit == "target met":
        return "Nothing needs to: it has all it needs."
    if standing.limit == "less than a pack":
        return f"Smaller packs: it could take {exact(standing.room)} more, less than one pack holds."
    if standing.limit == "capacity":
        return "Only more room: it gets all that it can take."
    if standing.limit == "no lot: none has packs":
        return "Packs: there are none in this round."
    if standing.limit == "no lot: expired":
        return "Lots that can be used before they expire."
    return "No change that could be tried here would."


def under_another_rule(standing: Standing, others: Sequence[OtherRule]) -> str:
    """Say what it would get under other rules; "" where none was tried."""
    return "\n".join(_rule_words(standing, other) for other in others)


def _rule_words(standing: Standing, other: OtherRule) -> str:
    start = "Shared in proportion to targets alone, whatever anybody held,"
    if other.rule:
        start = f"Under the rule {other.rule} ({_RULES[other.rule]}),"
    if other.received == standing.received:
        return f"{start} it would get the same."
    now, then = percents((standing.held + standing.received) / standing.target, other.coverage_after)
    if not other.received:
        return f"{start} it would get nothing and stay at {then} of its target instead of reaching {now}."
    return f"{start} it would get {amount(other.received, 'service unit')} and reach {then} of its target instead of {now}."
