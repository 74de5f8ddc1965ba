"""One import while it is weighed: what was sent, who sends it, what there is already; and what would come of it.

Made by `importing`, handed to the check of a register, which returns an `Outcome`. Weighing changes nothing; writing what
it found is a second step, taken only where all is sound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars as pl

from evenhand.access.rights import may
from evenhand.access.viewers import Target
from evenhand.actions.action import Action, Doing, Done
from evenhand.actions.bulk.known import Known
from evenhand.actions.bulk.problems import Problems
from evenhand.actions.bulk.reach import Reach
from evenhand.actions.bulk.sending import Sent
from evenhand.errors import ActionRefused, InputRefused, NameUnknown
from evenhand.exchange.imports import ImportedTable
from evenhand.records.refs import Prefix

REFS_AT_ONCE = 50_000


@dataclass(slots=True)
class Outcome:
    """Say what the rows of an import would do.

    Attributes
    ----------
    added, changed, same
        Rows that would make a record, change one, or are there already.
    write
        Does it, inside the action's transaction.
    facts
        What else is worth knowing: sums, states.
    """

    added: int = 0
    changed: int = 0
    same: int = 0
    write: Callable[[], None] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class Weighing:
    """Hold one import on its way."""

    sent: Sent
    table: ImportedTable
    doing: Doing
    known: Known
    problems: Problems

    @property
    def frame(self) -> pl.DataFrame:
        """Return the rows."""
        return self.table.frame

    def column(self, name: str, dtype: Any = pl.String) -> pl.Series:
        """Return a column, empty where the file has none."""
        if name in self.frame.columns:
            return self.frame[name]
        return pl.Series(name, [None], dtype=dtype).new_from_index(0, self.frame.height)

    @cached_property
    def row_names(self) -> list[str]:
        """Return what the ids of entries call each row: its number in the file, of several from one row with .2, .3."""
        rows = self.table.rows.to_list()
        if self.table.rows.is_unique().all():
            return [str(row) for row in rows]
        seen: dict[int, int] = {}
        names = []
        for row in rows:
            seen[row] = seen.get(row, 0) + 1
            names.append(str(row) if seen[row] == 1 else f"{row}.{seen[row]}")
        return names

    def refs(self, prefix: Prefix) -> pl.Series:
        """Return the ref of the record that each row becomes."""
        height, parts = self.frame.height, []
        for start in range(0, height, REFS_AT_ONCE):
            numbers = range(start, min(height, start + REFS_AT_ONCE))
            parts.append(pl.Series("ref", [self.sent.ref(prefix, number) for number in numbers], dtype=pl.String))
        return pl.concat(parts, rechunk=True) if parts else pl.Series("ref", [], dtype=pl.String)

    def entry(self, number: int, step: int) -> str:
        """Return the id of an entry that a row of the table becomes."""
        return f"import-{self.sent.identity}:{self.row_names[number]}:{step}"

    def require_over(self, parties: pl.Series, rights: Sequence[str]) -> None:
        """Refuse unless who imports has one of the rights over every party named that there is. Raises NotAllowed."""
        known = parties.filter(parties.is_in(self.known.parties["key"].implode()).fill_null(value=False))
        rows = self.table.rows.filter(parties.is_in(known.implode()).fill_null(value=False))
        reach = Reach(self.doing.viewer, self.known, rights)
        reach.require_all(known, self.problems.name, rows)
        named = known.unique(maintain_order=True).to_list()
        if named:
            self.ask(self.known.target(named[0]), rights, of_one=len(named) == 1)

    def ask(self, target: Target, rights: Sequence[str], *, of_one: bool = False) -> None:
        """Note in the action that a right was asked for; of several that would do, the one that is held."""
        held = next((right for right in rights if may(self.doing.viewer, right, target)), rights[0])
        self.doing.require(target, held)
        if not of_one:
            self.doing.for_party = ""

    def act(self, action: Action[Any], **given: Any) -> Done:
        """Do a single action as part of this one, by all its own rules and under its own right."""
        one = replace(self.doing, name=action.name, for_party="", about="")
        done = action.body(one, **given)
        self.doing._asked = True
        return done

    def act_on_row(self, index: int, action: Action[Any], **given: Any) -> Done | None:
        """Do a single action for a row; what it refuses is a problem of that row."""
        try:
            return self.act(action, **given)
        except (ActionRefused, NameUnknown) as refused:
            self.problems.add(index, "", refused.sentence)
        except InputRefused as refused:
            for problem in refused.problems:
                self.problems.add(index, problem.column, problem.text)
        return None
