"""Actions on programmes: start one that needs, offers and consignments can belong to."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from evenhand.access.rights import shared_list
from evenhand.access.viewers import Target
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_group, get_party
from evenhand.actions.typed import read_choice, read_line, shown
from evenhand.errors import ActionRefused
from evenhand.records.models import Programme
from evenhand.records.tree import parties_above, target_of

KINDS = ("aid", "exercise", "reconstruction", "event")

SDG_TARGETS = {
    1: "5b", 2: "5c", 3: "9d", 4: "7c", 5: "6c", 6: "6b", 7: "3b", 8: "10b", 9: "5c", 10: "7c", 11: "7c", 12: "8c",
    13: "3b", 14: "7c", 15: "9c", 16: "10b", 17: "19",
}  # fmt: skip
"""Goal → its last target by number, then its last by letter: 169 in all. Source: A/RES/71/313, annex (2017)."""


@action("programme start")
def start_programme(
    doing: Doing,
    *,
    title: Annotated[str, "its title"],
    kind: Annotated[str, "aid, exercise, reconstruction or event"],
    lead: Annotated[str, "the key of the party that leads it"] = "",
    group: Annotated[str, "the key of the group it is for, such as NAM"] = "",
    starts: Annotated[date | None, "its first day"] = None,
    ends: Annotated[date | None, "its last day"] = None,
    sdg_targets: Annotated[str, "the targets of the sustainable development goals, such as 3.8;3.b"] = "",
) -> Done:
    """Start a programme."""
    leading, of = get_party(lead) if lead else None, get_group(group) if group else None
    if leading is None:
        doing.require(Target(groups=(of.key,)) if of else shared_list(doing.viewer))
    else:
        doing.require(Target(parties_above(leading), (of.key,)) if of else target_of(leading, doing.today))
    if leading is not None and leading.retired_on is not None:
        raise ActionRefused(f"{leading.key} was retired on {leading.retired_on}; it takes part in nothing new")
    if starts is not None and ends is not None and ends < starts:
        raise ActionRefused(f"it would end on {ends}, before it starts on {starts}; change the two about")
    programme = Programme(
        ref=doing.ref("PG"),
        title=read_line("title", title, most=200),
        kind=read_choice("kind of programme", kind, KINDS),
        lead=leading,
        group=of,
        starts=starts,
        ends=ends,
        sdg_targets=_targets(sdg_targets),
    )
    programme.save(force_insert=True)
    return doing.done(programme.ref)


def _targets(text: str) -> str:
    targets = list(dict.fromkeys(filter(None, (part.strip().lower() for part in text.split(";")))))
    for target in targets:
        goal, _, number = target.partition(".")
        known = SDG_TARGETS.get(int(goal), "") if goal.isascii() and goal.isdigit() and len(goal) < 3 else ""
        last, letters = known.rstrip("abcd"), known.lstrip("0123456789")
        sound = (
            int(number) in range(1, int(last) + 1)
            if known and number.isascii() and number.isdigit() and len(number) < 3
            else len(number) == 1 and letters != "" and "a" <= number <= letters
        )
        if not sound:
            raise ActionRefused(
                f"'{shown(target)}' is not a target of the sustainable development goals; write such as 3.8 or 3.b"
            )
    if len(";".join(targets)) > 200:
        raise ActionRefused(f"{len(targets)} targets are too many to say anything; name the main ones")
    return ";".join(targets)
