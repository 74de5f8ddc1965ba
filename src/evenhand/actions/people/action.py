"""What an action of the people register is: an action like any other, whose line stands in the register's own database.

Its line says who did what to which record, and holds nothing of what was typed: why it was done lies sealed beside it, and goes with the
record (`people.reasons`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Concatenate, Final, ParamSpec

from evenhand.access.rights import RIGHTS
from evenhand.actions.action import Action, Doing, Done, Lines
from evenhand.people.epochs import forget_seals, refuse_older_seals
from evenhand.people.models import PeopleLine
from evenhand.people.opening import sealer
from evenhand.people.reasons import keep_reason
from evenhand.people.router import PEOPLE

P = ParamSpec("P")
TOLD_ONCE: Final = frozenset({"changed", "doubts"})
"""Lists of facts that say something of what was typed: whoever did it is told, once. In the line, and when it is repeated, they are empty."""


class PeopleLines(Lines):
    """Keep the lines in the register's own database; the version of public pages stays as it is."""

    using = PEOPLE

    def digest_keys(self) -> Sequence[str | bytes]:
        """Return the keys of blind indexes, the newest first: whoever has the database, and not those, can try no names against a line."""
        return list(sealer().keys.index.values())

    def find(self, request: str) -> Any:
        """Return the line of an id, None where there is none; what was sealed before, if anything, was for another action."""
        forget_seals()
        return PeopleLine.objects.filter(pk=request).first()

    def keep(self, *, seen: bool, **line: Any) -> None:
        """Write a line and seal its reason, in the transaction of what was done. Raises ActionRefused where the keys are too old."""
        reason, answer = line.pop("reason"), line.pop("answer")
        facts = {name: [] if name in TOLD_ONCE else value for name, value in answer["facts"].items()}
        PeopleLine.objects.create(**line, reason="", answer={**answer, "facts": facts})
        keep_reason(line["about"] or line["name"], line["id"], reason)
        refuse_older_seals()


def people_action(name: str) -> Callable[[Callable[Concatenate[Doing, P], Done]], Action[P]]:
    """Make a function an action of the people register under a name, whose first two words are its right."""
    if name not in RIGHTS:
        raise TypeError(f"the action '{name}' has no right in access.rights; nobody could ever do it")

    def decorate(body: Callable[Concatenate[Doing, P], Done]) -> Action[P]:
        return Action(name, body, seen=False, lines=PeopleLines(), hidden=True)

    return decorate
