"""What an action of the people register is: an action like any other, whose line stands in the register's own database.

Its line says who did what to which record and why, and holds nothing of what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from evenhand.access.rights import RIGHTS
from evenhand.actions.action import Action, Doing, Done, Lines
from evenhand.people.models import PeopleLine
from evenhand.people.router import PEOPLE

P = ParamSpec("P")


class PeopleLines(Lines):
    """Keep the lines in the register's own database; the version of public pages stays as it is."""

    using = PEOPLE

    def find(self, request: str) -> Any:
        """Return the line of an id, None where there is none."""
        return PeopleLine.objects.filter(pk=request).first()

    def keep(self, *, seen: bool, **line: Any) -> None:
        """Write a line, in the transaction of what was done."""
        PeopleLine.objects.create(**line)


def people_action(name: str) -> Callable[[Callable[Concatenate[Doing, P], Done]], Action[P]]:
    """Make a function an action of the people register under a name, whose first two words are its right."""
    if name not in RIGHTS:
        raise TypeError(f"the action '{name}' has no right in access.rights; nobody could ever do it")

    def decorate(body: Callable[Concatenate[Doing, P], Done]) -> Action[P]:
        return Action(name, body, seen=False, lines=PeopleLines(), hidden=True)

    return decorate
