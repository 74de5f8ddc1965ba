"""The grid that every action stands: works; wrong role; someone else's; missing; twice; failing halfway leaves nothing.

A `Case` says how an action is called so that it works, who may not, and what else the same id could be sent for; the
functions here try it. What changed is told from every row of every table, so that nothing slips by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from evenhand_cast import Cast

from evenhand.errors import EvenhandError, NameUnknown, NotAllowed, RepeatDiffers

EVERYBODY = (
    "focal-tcd", "focal-ken", "focal-fra", "nurse-moissala", "donor-ind", "donor-unicef", "task-force",
    "task-force-eu", "board-aze", "auditor", "operator", "registrar-tcd", "public",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One action and how it is tried.

    Attributes
    ----------
    who
        Somebody who may.
    given
        What makes it work; the values of `made`, called with the cast first, come in addition.
    may
        Everybody in the cast who may, `who` among them.
    other
        A parameter that differs, for the same id sent for something else.
    """

    action: Any
    who: str
    given: Mapping[str, Any]
    may: tuple[str, ...]
    other: Mapping[str, Any]
    made: Callable[[Cast], Mapping[str, Any]] = field(default=lambda cast: {})

    def __str__(self) -> str:
        return str(self.action.name)


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of Evenhand, but of the people register's, which these actions cannot reach."""
    from django.apps import apps

    tables = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("evenhand.") and model._meta.app_label != "people"
    ]
    return {
        model.__name__: sorted((_plain(row) for row in model._default_manager.values_list()), key=repr)
        for model in tables
    }


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)


@contextmanager
def refused(
    error: type[EvenhandError] | tuple[type[EvenhandError], ...], sentence: str = ""
) -> Iterator[pytest.ExceptionInfo[Any]]:
    """Expect a refusal that says a sentence and leaves every row as it was."""
    before = snapshot()
    with pytest.raises(error) as caught:
        yield caught
    assert sentence in str(caught.value)
    assert snapshot() == before


def check_roles(case: Case, cast: Cast) -> None:
    """Try it as everybody: those who may do it, the others are refused and change nothing."""
    given = {**case.given, **case.made(cast)}
    for name in EVERYBODY:
        if name not in case.may:
            with refused((NotAllowed, NameUnknown)):  # who may not see it is not told that it is there
                case.action(cast(name, reason="asked by telephone"), **given)


def check_twice(case: Case, cast: Cast) -> None:
    """Send it twice with one id: done once, answered twice; then for something else: refused."""
    given = {**case.given, **case.made(cast)}
    first = case.action(cast(case.who, reason="asked", request="r-1"), **given)
    after = snapshot()
    again = case.action(cast(case.who, reason="asked", request="r-1"), **given)
    assert snapshot() == after
    assert (again.ref, dict(again.facts), again.repeated) == (first.ref, dict(first.facts), True)
    with refused(RepeatDiffers):
        case.action(cast(case.who, reason="asked", request="r-1"), **{**given, **case.other})


def check_halfway(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let its last step fail: nothing of it stays, and the next attempt with the same id does it."""
    from evenhand.access.models import ActionLine

    given = {**case.given, **case.made(cast)}
    before = snapshot()

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(ActionLine.objects, "create", fail)
        with pytest.raises(OSError, match="full"):
            case.action(cast(case.who, reason="asked", request="r-1"), **given)
    assert snapshot() == before
    assert not case.action(cast(case.who, reason="asked", request="r-1"), **given).repeated
    assert snapshot() != before
