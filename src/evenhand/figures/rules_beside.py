"""One round under several rules, side by side: what each recipient would reach under each.

Called by the page that compares rules. A line is a recipient, its height the share of its target after the round. Those for
whom the choice of rule changes most are drawn strongly and named; the table beside has everybody. No rule is called better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evenhand.figures.markup import Markup
from evenhand.figures.standing import sample
from evenhand.figures.svg import Direction, Picture, text_length
from evenhand.figures.words import amount, cut, isolate, listed, percent
from evenhand.wording import say, say_count

WIDTH = 720.0
START, END = 70.0, 500.0
TOP, BASE = 60.0, 420.0
MOST = 300
NAMED = 8
Spot = Callable[[int, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """Tell one rule: its name, and the share of its target that every recipient reaches under it."""

    rule: str
    words: str
    coverage: Mapping[str, float]
    picked: bool = False


def find_moved(rules: Sequence[RuleOutcome]) -> tuple[str, ...]:
    """Return recipients by how much the choice of rule changes for them, most first; ties by key.

    Examples
    --------
    >>> rules = [RuleOutcome("a", "A", {"X": 0.2, "Y": 0.3}), RuleOutcome("b", "B", {"X": 0.4, "Y": 0.3})]
    >>> find_moved(rules)
    ('X', 'Y')
    """
    keys = sorted({key for rule in rules for key in rule.coverage})
    spread = {}
    for key in keys:
        found = [rule.coverage[key] for rule in rules if key in rule.coverage]
        spread[key] = max(found) - min(found)
    return tuple(sorted(keys, key=lambda key: (-spread[key], key)))


def draw_rules(
    rules: Sequence[RuleOutcome], names: Mapping[str, str], *, direction: Direction = "ltr", ident: str = "rules"
) -> Markup:
    """Draw every recipient's share of target under each rule as a line from rule to rule.

    Parameters
    ----------
    rules
        Two to five, in the order to be drawn; all for the same round.
    names
        Recipients' names by key.
    """
    picture = Picture(WIDTH, BASE + 30, ident=ident, direction=direction)
    moved = find_moved(rules)
    highest = max((min(share, 1.0) for rule in rules for share in rule.coverage.values()), default=1.0)
    top = min(1.0, max(highest * 1.05, 0.05))
    step = (END - START) / max(len(rules) - 1, 1)

    def spot(place: int, share: float) -> tuple[float, float]:
        return START + step * place, BASE - (BASE - TOP) * min(share / top, 1.0)

    for share in (0.0, 0.25, 0.5, 0.75, 1.0) if top > 0.5 else (0.0, 0.1, 0.2, 0.3, 0.4, 0.5):
        if share <= top:
            y = spot(0, share)[1]
            picture.strokes([(START, END - START, y)], "bed" if share == 0 else "grid")
            picture.text(
                START - 10, y + 4.5, percent(share) if share in (0, 1) else _whole(share), cls="t-soft", anchor="end"
            )
    strong = [
        key for key in moved[:NAMED] if all(key in rule.coverage for rule in rules) and _spread(rules, key) > 0.0005
    ]
    weak = sample([key for key in moved if key not in strong], MOST)
    picture.path("".join(_line(picture, rules, key, spot) for key in weak), "faint")
    for key in strong:
        picture.titled(_line(picture, rules, key, spot), "slope", _told(rules, key, names))
    for place, rule in enumerate(rules):
        x = START + step * place
        picture.uprights([(x, TOP - 8, BASE)], "line" if rule.picked else "rule")
        words = cut(rule.words, max(step, 150.0) / 7.6 - 2)
        half = text_length(words) / 2 * (1.12 if rule.picked else 1.0)
        at = min(max(x, half + 2), WIDTH - half - 2)
        lift = 20.0 if step < 150 and place % 2 else 0.0
        picture.text(at, TOP - 18 - lift, words, cls="t-b" if rule.picked else None, anchor="middle")
    _name_ends(picture, rules, strong, names, spot)
    return picture.render(
        say("What each recipient reaches under each rule"),
        _describe(rules, moved, strong, names, len(weak)),
        cls="pic",
        sized=True,
    )


def _whole(share: float) -> str:
    return say("{number}%").format(number=f"{share * 100:.0f}")


def _spread(rules: Sequence[RuleOutcome], key: str) -> float:
    found = [rule.coverage[key] for rule in rules]
    return max(found) - min(found)


def _line(picture: Picture, rules: Sequence[RuleOutcome], key: str, spot: Spot) -> str:
    points = [spot(place, rule.coverage[key]) for place, rule in enumerate(rules) if key in rule.coverage]
    if len(points) < 2:
        return ""
    return picture.shape(points).removesuffix("z")


def _told(rules: Sequence[RuleOutcome], key: str, names: Mapping[str, str]) -> str:
    parts = (f"{rule.words} {percent(rule.coverage[key])}" for rule in rules)
    return f"{isolate(names.get(key, key))}: {'; '.join(parts)}"


def _name_ends(
    picture: Picture, rules: Sequence[RuleOutcome], strong: Sequence[str], names: Mapping[str, str], spot: Spot
) -> None:
    """Write the names of those who move most at the end edge, none over another."""
    wanted = sorted((spot(len(rules) - 1, rules[-1].coverage[key])[1], key) for key in strong)
    places: list[float] = []
    for y, _ in wanted:
        places.append(max(y, places[-1] + 17) if places else y)
    over = places[-1] - (BASE - 2) if places else 0.0
    for index in range(len(places) - 1, -1, -1):
        limit = BASE - 2 if index == len(places) - 1 else places[index + 1] - 17
        places[index] = min(places[index], limit) if over > 0 else places[index]
    for (y, key), place in zip(wanted, places, strict=True):
        end = spot(len(rules) - 1, 0)[0]
        picture.polyline([(end + 4, y), (end + 14, place)], "rule")
        picture.write(end + 18, place + 4.5, cut(names.get(key, key), 19), percent(rules[-1].coverage[key]), start=True)


def _describe(
    rules: Sequence[RuleOutcome], moved: Sequence[str], strong: Sequence[str], names: Mapping[str, str], weak: int
) -> str:
    told = [
        say_count("{count} recipient under each rule.", "{count} recipients under each rule.", len(moved)).format(
            count=amount(len(moved))
        )
    ]
    for rule in rules:
        if rule.coverage:
            low = min(rule.coverage, key=lambda key: (rule.coverage[key], key))
            told.append(
                say("{rule}: the lowest is {name} at {share}.").format(
                    rule=rule.words, name=isolate(names.get(low, low)), share=percent(rule.coverage[low])
                )
            )
    if strong:
        told.append(
            say("The rule changes most for {names}.").format(
                names=listed([isolate(names.get(key, key)) for key in strong], most=NAMED)
            )
        )
    if weak + len(strong) < len(moved):
        told.append(say("The picture shows a sample; the table has everybody."))
    return " ".join(told)
