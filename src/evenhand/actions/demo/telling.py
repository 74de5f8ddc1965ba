"""Telling a story in actions: who acts on which day, under a fixed id, and what came of it.

Days are counted from the story's last day, so that needs have not lapsed when somebody reads it. An id that was used
before does nothing again: a telling that was interrupted is simply told once more.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from evenhand.access.viewers import Viewer
from evenhand.actions.action import Acting, Action, Done
from evenhand.database.writing import writing
from evenhand.lookups.viewers import get_viewer

PREFIX = "demo"
"""Every id of the demo's actions begins with it."""

ORIGIN = "demo"
LENGTH = 100
"""Days from the first day of the story to its last."""

MORNING = time(9, 0, tzinfo=UTC)
DATA = files("evenhand.actions.demo")


@dataclass(slots=True)
class Telling:
    """Tell actions on days before a last day.

    Attributes
    ----------
    last_day
        The day on which the story ends.
    operator
        Who lets the others in.
    """

    last_day: date
    operator: Viewer
    _now: int = -LENGTH
    _told: dict[int, int] = field(default_factory=dict)
    _viewers: dict[str, Viewer] = field(default_factory=dict)

    def day(self, before: int) -> date:
        """Return the day so many days before the last, counted as a negative number; above 0, after it."""
        return self.last_day + timedelta(days=before)

    @contextmanager
    def on(self, before: int) -> Iterator[None]:
        """Tell what is told inside on one day, all of it or nothing: one wait for the disk instead of hundreds."""
        if before >= 0:
            raise ValueError(f"day {before} of the story is not over yet, and nothing is told before it happened")
        self._now = before
        with writing():
            yield

    def act(self, who: str, action: Action[Any], request: str, /, *, because: str = "", **given: Any) -> Done:
        """Let a user do an action, under an id that is the same in every demo."""
        at = datetime.combine(self.day(self._now), MORNING) + timedelta(seconds=self._told.get(self._now, 0))
        self._told[self._now] = self._told.get(self._now, 0) + 1
        viewer = self._viewer(who)
        return action(Acting(viewer, reason=because, request=f"{PREFIX}-{request}", origin=ORIGIN, at=at), **given)

    def let_in(self, who: str) -> None:
        """Forget what a user could do, because it was granted more."""
        self._viewers.pop(who, None)

    def _viewer(self, who: str) -> Viewer:
        if not who:
            return self.operator
        if who not in self._viewers:
            self._viewers[who] = get_viewer(who, on=self.day(-1))
        return self._viewers[who]


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the demo's own tables: members, groups, gifts, wishes."""
    return list(csv.DictReader(io.StringIO((DATA / f"{name}.csv").read_text(encoding="utf-8"), newline="")))
