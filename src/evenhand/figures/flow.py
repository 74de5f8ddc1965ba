"""The flow of a resource from donors to recipients, as ribbons whose breadth is the amount.

Called by the page of a resource. At most 24 ribbons, all others drawn as one; the table beside it has every line. Donors
stand in alphabetical order; recipients so that ribbons cross little. The layout is our own: two columns and curves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.figures.markup import Markup
from evenhand.figures.svg import Direction, Picture, num
from evenhand.figures.words import amount, cut, isolate, short
from evenhand.wording import say, say_count

WIDTH = 720.0
FROM, TO = 252.0, 468.0
POST = 12.0
GAP = 10.0
LEAST = 17.0
MOST = 24
TOP = 30.0


@dataclass(frozen=True, slots=True)
class Flow:
    """Tell how much of a resource one party gave to another; in base units, above 0."""

    donor: str
    donor_name: str
    recipient: str
    recipient_name: str
    amount: float


@dataclass(frozen=True, slots=True)
class Post:
    """One party at an edge: its words, its amount, where it stands and how high."""

    name: str
    amount: float
    y: float
    high: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """One flow as drawn: which posts it joins, where it leaves and arrives, how high it is."""

    donor: str
    recipient: str
    amount: float
    leaves: float
    arrives: float
    high: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Posts on both sides, ribbons between them, and the height of it all."""

    donors: tuple[Post, ...]
    recipients: tuple[Post, ...]
    ribbons: tuple[Ribbon, ...]
    height: float


def gather(flows: Sequence[Flow]) -> tuple[Flow, ...]:
    """Sum flows between the same parties, keep the greatest, and make the rest one."""
    sums: dict[tuple[str, str], list[Flow]] = {}
    for flow in flows:
        if flow.amount > 0:
            sums.setdefault((flow.donor, flow.recipient), []).append(flow)
    merged = [
        Flow(donor, same[0].donor_name, recipient, same[0].recipient_name, math.fsum(one.amount for one in same))
        for (donor, recipient), same in sums.items()
    ]
    merged.sort(key=lambda flow: (-flow.amount, flow.donor, flow.recipient))
    if len(merged) <= MOST:
        return tuple(merged)
    kept, rest = merged[: MOST - 1], merged[MOST - 1 :]
    givers, takers = len({flow.donor for flow in rest}), len({flow.recipient for flow in rest})
    others = Flow(
        "\uffff",
        say_count("Other gifts, {count} donor", "Other gifts, {count} donors", givers).format(count=amount(givers)),
        "\uffff",
        say_count("to {count} recipient", "to {count} recipients", takers).format(count=amount(takers)),
        math.fsum(flow.amount for flow in rest),
    )
    return (*kept, others)


def lay_out(flows: Sequence[Flow]) -> Layout:
    """Place donors, recipients and ribbons. Every ribbon is as high as its amount, on one scale for the picture."""
    kept = gather(flows)
    total = math.fsum(flow.amount for flow in kept)
    given: dict[str, float] = {}
    taken: dict[str, float] = {}
    names: dict[tuple[int, str], str] = {}
    for flow in kept:
        given[flow.donor] = given.get(flow.donor, 0.0) + flow.amount
        taken[flow.recipient] = taken.get(flow.recipient, 0.0) + flow.amount
        names[0, flow.donor], names[1, flow.recipient] = flow.donor_name, flow.recipient_name
    donors = sorted(given, key=lambda key: (key == "\uffff", names[0, key].casefold(), key))
    place = {key: k for k, key in enumerate(donors)}

    def middle(key: str) -> float:
        return math.fsum(place[flow.donor] * flow.amount for flow in kept if flow.recipient == key) / taken[key]

    recipients = sorted(taken, key=lambda key: (key == "\uffff", middle(key), names[1, key].casefold(), key))
    body = max(240.0, 13.0 * max(len(donors), len(recipients)))
    scale = body / total if total else 0.0
    left = _stack([(names[0, key], given[key]) for key in donors], scale)
    right = _stack([(names[1, key], taken[key]) for key in recipients], scale)
    height = max([post.y + max(post.high, LEAST) for post in (*left, *right)] + [TOP]) + 10
    rank = {key: k for k, key in enumerate(recipients)}
    leave = {key: post.y for key, post in zip(donors, left, strict=True)}
    arrive = {key: post.y for key, post in zip(recipients, right, strict=True)}
    leaves: dict[tuple[str, str], float] = {}
    for flow in sorted(kept, key=lambda flow: (place[flow.donor], rank[flow.recipient])):
        leaves[flow.donor, flow.recipient] = leave[flow.donor]
        leave[flow.donor] += flow.amount * scale
    ribbons = []
    for flow in sorted(kept, key=lambda flow: (rank[flow.recipient], place[flow.donor])):
        high = flow.amount * scale
        ribbons.append(
            Ribbon(
                names[0, flow.donor],
                names[1, flow.recipient],
                flow.amount,
                leaves[flow.donor, flow.recipient],
                arrive[flow.recipient],
                high,
            )
        )
        arrive[flow.recipient] += high
    return Layout(left, right, tuple(ribbons), height)


def _stack(parties: Sequence[tuple[str, float]], scale: float) -> tuple[Post, ...]:
    posts, y = [], TOP
    for name, given in parties:
        high = given * scale
        posts.append(Post(name, given, y, high))
        # A name needs a line of its own, however little its party gave.
        y += max(high, LEAST - GAP + 2) + GAP
    return tuple(posts)


def draw_flow(
    flows: Sequence[Flow], *, unit: str, name: str = "", direction: Direction = "ltr", ident: str = "flow"
) -> Markup:
    """Draw who gave how much of a resource to whom."""
    layout = lay_out(flows)
    picture = Picture(WIDTH, layout.height, ident=ident, direction=direction)
    for ribbon in layout.ribbons:
        words = say("{donor} to {recipient}: {amount} {unit}").format(
            donor=isolate(ribbon.donor), recipient=isolate(ribbon.recipient), amount=short(ribbon.amount), unit=unit
        )
        picture.titled(_curve(picture, ribbon), "ribbon", words)
    for posts, x, edge, anchor in (
        (layout.donors, FROM - POST, FROM - POST - 8, "end"),
        (layout.recipients, TO, TO + POST + 8, "start"),
    ):
        for post in posts:
            picture.box(x, post.y, POST, max(post.high, 1.0), "f-water" if anchor == "end" else "f-deep")
            said = short(post.amount)
            room = (WIDTH - TO - POST - 12) / 7.6 - len(said) - 1
            middle = post.y + post.high / 2 + 4.5
            picture.write(edge, middle, cut(post.name, max(room, 8)), said, start=anchor == "start")
    if layout.ribbons:
        picture.text(FROM, 15, say("From donors"), cls="t-b", anchor="end")
        picture.text(TO, 15, say("to recipients"), cls="t-b")
    title = say("Who gave {name} to whom").format(name=isolate(name)) if name else say("Who gave to whom")
    return picture.render(title, _describe(flows, layout, unit), cls="pic", sized=True)


def _curve(picture: Picture, ribbon: Ribbon) -> str:
    start, end, middle = picture.across(FROM), picture.across(TO), picture.across((FROM + TO) / 2)
    low, high = ribbon.leaves, ribbon.arrives
    bend = f"{num(middle)} "
    return (
        f"M{num(start)} {num(low)}C{bend}{num(low)} {bend}{num(high)} {num(end)} {num(high)}v{num(ribbon.high)}"
        f"C{bend}{num(high + ribbon.high)} {bend}{num(low + ribbon.high)} {num(start)} {num(low + ribbon.high)}z"
    )


def _describe(flows: Sequence[Flow], layout: Layout, unit: str) -> str:
    if not layout.ribbons:
        return say("Nothing of it was given yet.")
    total = math.fsum(flow.amount for flow in flows if flow.amount > 0)
    givers, takers = len({flow.donor for flow in flows}), len({flow.recipient for flow in flows})
    greatest = max(layout.ribbons, key=lambda ribbon: (ribbon.amount, ribbon.donor))
    return say(
        "{amount} {unit} from {donors} to {recipients}. The greatest gift: {donor} to {recipient}, {most}."
    ).format(
        amount=short(total),
        unit=unit,
        donors=say_count("{count} donor", "{count} donors", givers).format(count=amount(givers)),
        recipients=say_count("{count} recipient", "{count} recipients", takers).format(count=amount(takers)),
        donor=isolate(greatest.donor),
        recipient=isolate(greatest.recipient),
        most=short(greatest.amount),
    )
