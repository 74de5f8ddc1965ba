"""The water: which part of a column came from which lot, and in which tone it is drawn.

Layers lie in each column in the order the lots were poured, each as high as its share of what the column received.
Where the layers lie level, or the sources are few, each source has a tone of its own: the greatest have a step each, from
the deepest to the surface, the others share the first. A plan poured lot by lot gives most columns water of one lot only;
in tones of their own they would look like a patchwork that means nothing, so all water has one tone there, and a line of
paper divides the lots.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evenhand.figures.story import PlanStory, RecipientStory, donor_of
from evenhand.figures.words import amount
from evenhand.wording import say_count

STEPS = 8
FEW = 3
ONE_TONE = 6


@dataclass(frozen=True, slots=True)
class Layer:
    """One lot's water in one column, between two levels."""

    lot: str
    bottom: float
    top: float
    units: float


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Whose water is drawn in one tone: its words, its CSS class, its lots, its units."""

    words: str
    tone: str
    lots: tuple[str, ...]
    units: float


def find_layers(row: RecipientStory, order: dict[str, int]) -> tuple[Layer, ...]:
    """Return the layers of one column, lowest first.

    Heights are in proportion to service units, so that they add up to the level gained.
    """
    gifts = sorted(
        (gift for gift in row.gifts if gift.service_units > 0), key=lambda gift: (order.get(gift.lot, 0), gift.lot)
    )
    total = math.fsum(float(gift.service_units) for gift in gifts)
    if not gifts or row.level <= row.level_before:
        return ()
    layers = []
    poured, bottom = 0.0, row.level_before
    for gift in gifts:
        poured += float(gift.service_units)
        top = row.level_before + (row.level - row.level_before) * (poured / total)
        layers.append(Layer(gift.lot, bottom, top, float(gift.service_units)))
        bottom = top
    return tuple(layers)


def find_order(story: PlanStory) -> dict[str, int]:
    """Return each lot's place in the order poured."""
    return {lot.lot: place for place, lot in enumerate(story.lots)}


def find_sources(story: PlanStory) -> tuple[Source, ...]:
    """Return the sources that have a tone, deepest first: lots where they are few, else donors."""
    poured = [lot for lot in story.lots if lot.service_units > 0]
    single = len(poured) <= STEPS
    order = find_order(story)
    gathered: dict[str, list[str]] = {}
    for lot in poured:
        gathered.setdefault(lot.lot if single else donor_of(lot), []).append(lot.lot)
    units = {key: math.fsum(story.lot_by_key[lot].service_units for lot in lots) for key, lots in gathered.items()}
    ranked = sorted(gathered, key=lambda key: (-units[key], key))
    great = set(ranked if len(ranked) <= STEPS else ranked[: STEPS - 1])
    rest = [key for key in ranked if key not in great]
    steps = sorted(great, key=lambda key: min(order[lot] for lot in gathered[key]))
    named = [(_words(story, gathered[key], single=single), gathered[key], units[key]) for key in steps]
    if rest:
        few = smaller_words(len(rest), single=single)
        named.insert(0, (few, [lot for key in rest for lot in gathered[key]], math.fsum(units[key] for key in rest)))
    tones = _tones(len(named)) if len(named) <= FEW or lies_level(story) else (ONE_TONE,) * len(named)
    return tuple(
        Source(words, f"s{tone}", tuple(lots), total) for (words, lots, total), tone in zip(named, tones, strict=True)
    )


def smaller_words(number: int, *, single: bool) -> str:
    """Count those too small for a tone of their own."""
    if single:
        said = say_count("{count} smaller lot", "{count} smaller lots", number)
    else:
        said = say_count("{count} smaller donor", "{count} smaller donors", number)
    return said.format(count=amount(number))


def lies_level(story: PlanStory) -> bool:
    """Say whether most who receive anything receive it from several lots, so that layers can be read across columns."""
    served = [len(row.gifts) for row in story.recipients if row.gifts]
    return bool(served) and sum(number >= 3 for number in served) > 0.6 * len(served)


def _words(story: PlanStory, lots: list[str], *, single: bool) -> str:
    first = story.lot_by_key[lots[0]]
    if not single:
        return donor_of(first)
    same = sum(donor_of(lot) == donor_of(first) for lot in story.lots if lot.service_units > 0)
    return donor_of(first) if same == 1 else f"{donor_of(first)}, {first.lot}"


def _tones(number: int) -> tuple[int, ...]:
    """Return tone numbers 2 to 9, deepest first, spread as widely as they are few."""
    spread = {1: (6,), 2: (4, 8), 3: (3, 6, 8), 4: (2, 4, 6, 8), 5: (2, 4, 6, 7, 8), 6: (2, 3, 4, 6, 7, 8)}
    return spread.get(number, (2, 3, 4, 5, 6, 7, 8, 9)[:number])
