"""A consignment in one picture: its stages with their dates, and line by line what was sent and what became of it.

Called by the page of a consignment. For every line sent = good + damaged + missing + not yet counted, and the bar shows just
that. A date that is not on record is drawn as a gap and called so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evenhand.figures.markup import Markup
from evenhand.figures.svg import Direction, Picture, text_length
from evenhand.figures.words import amount, apart, cut, day, isolate, month_short
from evenhand.wording import say, say_count

WIDTH = 720.0
START, END = 56.0, 664.0
ROW = 64.0
HIGH = 18.0
MOST = 24


@dataclass(frozen=True, slots=True)
class Stage:
    """Tell one stage: its name, the day it was reached if that is on record, whether it was reached, where it is now."""

    name: str
    on: date | None = None
    done: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class SplitLine:
    """Tell one line of a consignment, in base units: good + damaged + missing ≤ sent; the rest is not counted yet."""

    name: str
    unit: str
    sent: int
    good: int = 0
    damaged: int = 0
    missing: int = 0

    @property
    def uncounted(self) -> int:
        """Return what nobody has counted yet; never below nothing."""
        return max(0, self.sent - self.good - self.damaged - self.missing)


def draw_stages(
    stages: Sequence[Stage], *, name: str = "", direction: Direction = "ltr", ident: str = "stages"
) -> Markup:
    """Draw the stages on a line with their dates, and how many days lie between."""
    picture = Picture(WIDTH, 104, ident=ident, direction=direction)
    step = (END - START) / max(len(stages) - 1, 1)
    spots = [START + step * place for place in range(len(stages))]
    y = 44.0
    for place in range(1, len(stages)):
        reached = stages[place].done or stages[place].current
        picture.strokes([(spots[place - 1], step, y)], "line" if reached else "ghost")
        before, after = stages[place - 1].on, stages[place].on
        if before and after and step > 64:
            gone = (after - before).days
            words = say_count("{count} day", "{count} days", gone).format(count=amount(gone))
            picture.text(spots[place] - step / 2, y + 17, words, cls="t-soft", anchor="middle")
    room = max(step, 40.0) / 7.9
    for place, (stage, x) in enumerate(zip(stages, spots, strict=True)):
        reached = stage.done or stage.current
        if stage.current:
            picture.circle(x, y, 11, "ring")
        picture.circle(x, y, 7, "dot" if reached else "open")
        # Where many stages stand close, names take turns above the line so that none covers another.
        lift = 18.0 if step < 100 and place % 2 else 0.0
        words = cut(stage.name, room * (2 if step < 100 else 1))
        anchor_x = min(max(x, text_length(words) / 2 + 2), WIDTH - text_length(words) / 2 - 2)
        picture.text(
            anchor_x,
            y - 16 - lift + (0 if step >= 100 else 4),
            words,
            cls="t-b" if stage.current else None,
            anchor="middle",
        )
        if stage.on is not None:
            told = f"{stage.on.day} {month_short(stage.on.month)}"
            picture.text(x, y + 36, told, anchor="middle")
            picture.text(x, y + 53, f"{stage.on.year}", cls="t-soft", anchor="middle")
        elif reached:
            picture.text(x, y + 36, say("no date"), cls="t-soft", anchor="middle")
    title = say("The stages of {name}").format(name=isolate(name)) if name else say("The stages of the consignment")
    return picture.render(title, _describe_stages(stages), cls="pic", sized=True)


def _describe_stages(stages: Sequence[Stage]) -> str:
    told = []
    for stage in stages:
        if stage.on is not None:
            told.append(say("{stage} on {day}").format(stage=stage.name, day=day(stage.on.isoformat())))
        elif stage.done or stage.current:
            told.append(say("{stage}: no date on record").format(stage=stage.name))
        else:
            told.append(say("{stage}: not yet").format(stage=stage.name))
    return "; ".join(told) + "." if told else say("No stage is on record.")


def draw_split(
    lines: Sequence[SplitLine], *, name: str = "", direction: Direction = "ltr", ident: str = "split"
) -> Markup:
    """Draw for every line what was sent as one bar: good, damaged, missing, not counted yet. Each bar is its own whole.

    The first 24 lines are drawn; the table has all.
    """
    drawn = lines[:MOST]
    rest = len(lines) - len(drawn)
    picture = Picture(WIDTH, max(len(drawn) * ROW + (26 if rest else 4), 30), ident=ident, direction=direction)
    edge, end = 2.0, WIDTH - 4.0
    for place, line in enumerate(drawn):
        y = place * ROW
        sent = say("{amount} {unit} sent").format(amount=amount(line.sent), unit=line.unit)
        picture.text(edge, y + 14, cut(line.name, (end - edge - text_length(sent) - 16) / 8.2), cls="t-h")
        picture.text(end, y + 14, sent, anchor="end")
        scale = (end - edge) / max(line.sent, line.good + line.damaged + line.missing, 1)
        x, told = edge, []
        for cls, part, words in _parts(line):
            picture.box(x, y + 20, part * scale, HIGH, cls, words)
            x += part * scale
            if part > 0:
                told.append(words)
        picture.text(edge, y + 53, apart(told, " + "), cls="t-soft")
    if rest:
        words = say_count("{count} more line is in the table.", "{count} more lines are in the table.", rest)
        picture.text(edge, len(drawn) * ROW + 18, words.format(count=amount(rest)), cls="t-soft")
    title = (
        say("What was sent with {name}, and what became of it").format(name=isolate(name))
        if name
        else say("What was sent, and what became of it")
    )
    said = [
        say("{resource}: {sent} {unit} sent: {parts}.").format(
            resource=isolate(line.name),
            sent=amount(line.sent),
            unit=line.unit,
            parts=say(", ").join(words for _, part, words in _parts(line) if part > 0) or say("nothing"),
        )
        for line in drawn[:8]
    ]
    return picture.render(title, " ".join(said) or say("No line is on record."), cls="pic", sized=True)


def _parts(line: SplitLine) -> tuple[tuple[str, int, str], ...]:
    return (
        ("f-water", line.good, say("{amount} good").format(amount=amount(line.good))),
        ("f-red", line.damaged, say("{amount} damaged").format(amount=amount(line.damaged))),
        ("f-none", line.missing, say("{amount} missing").format(amount=amount(line.missing))),
        ("f-unknown", line.uncounted, say("{amount} not counted yet").format(amount=amount(line.uncounted))),
    )


def key_to_split() -> tuple[tuple[str, str], ...]:
    """Return the key: (CSS class, words)."""
    return (
        ("f-water", say("received in good state")),
        ("f-red", say("damaged")),
        ("f-none", say("missing")),
        ("f-unknown", say("not counted yet")),
    )
