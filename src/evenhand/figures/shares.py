"""How many recipients stood where before the round, and where they stand after it.

Two bars on one scale, in six classes of the share of target met, from dry to watered.
"""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.figures.markup import Markup
from evenhand.figures.story import PlanStory
from evenhand.figures.svg import Direction, Picture
from evenhand.figures.words import amount
from evenhand.wording import say

ENDS = (0.1, 0.25, 0.5, 0.75, 1.0, float("inf"))
"""The share that each class ends below."""

WIDTH, START, END = 1000.0, 70.0, 996.0
DARK = (0, 4, 5)
"""Classes on which numbers are written in paper white."""


def class_names() -> tuple[str, ...]:
    """Return the classes' names, from dry to watered."""
    return (
        say("under 10%"),
        say("10 to 25%"),
        say("25 to 50%"),
        say("50 to 75%"),
        say("75 to 100%"),
        say("met"),
    )


def count_classes(shares: Sequence[float]) -> tuple[int, ...]:
    """Count how many fall in each class.

    Examples
    --------
    >>> count_classes([0.0, 0.1, 0.3, 0.999, 1.0, 1.7])
    (1, 1, 1, 0, 1, 2)
    """
    counts = [0] * len(ENDS)
    for share in shares:
        counts[class_number(share) - 1] += 1
    return tuple(counts)


def class_number(share: float) -> int:
    """Return the number of a share's class, 1 to 6.

    Examples
    --------
    >>> class_number(0.0), class_number(0.999), class_number(1.0)
    (1, 5, 6)
    """
    return next((place for place, end in enumerate(ENDS, 1) if share < end), len(ENDS))


def draw_shares(story: PlanStory, *, direction: Direction = "ltr", ident: str = "sh") -> Markup:
    """Draw both bars."""
    picture = Picture(WIDTH, 104, ident=ident, direction=direction)
    number = max(len(story.recipients), 1)
    told = []
    befores = count_classes([row.coverage_before for row in story.recipients])
    afters = count_classes([row.coverage_after for row in story.recipients])
    for top, words, counts in ((8.0, say("Before"), befores), (58.0, say("After"), afters)):
        picture.text(START - 10, top + 25, words, cls="t-h", anchor="end")
        x = START
        for place, of_class in enumerate(counts):
            wide = (END - START) * of_class / number
            picture.cells([(x, wide, top, top + 40)], f"m{place + 1} seam")
            if wide > 12 + 8 * len(amount(of_class)):
                tone = "t-w t-b" if place in DARK else "t-b"
                picture.text(x + wide / 2, top + 25, amount(of_class), cls=tone, anchor="middle")
            x += wide
        parts = [f"{name}: {amount(of_class)}" for name, of_class in zip(class_names(), counts, strict=True)]
        told.append(
            say("{when}, recipients by share of target: {classes}.").format(when=words, classes="; ".join(parts))
        )
    return picture.render(
        say("Share of target met, number of recipients before and after"), " ".join(told), cls="wl wide"
    )
