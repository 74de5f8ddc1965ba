"""One file while it is read: where its problems go, what has been answered already, and what must be asked.

Passed from `read` to the readers of columns. Knows no rule of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from evenhand.exchange.imports.imported import Question
from evenhand.exchange.tables.sheet import Findings, Sheet


@dataclass(slots=True)
class Asking:
    """Gather problems, notes and questions about one sheet.

    Attributes
    ----------
    sheet
        Where row numbers come from.
    findings
        Where problems and notes go.
    headings
        What the file calls a column, by our name, where the two differ: problems name the file's own heading.
    decimal, day_first
        What the caller has said about "1.234" and "03/04/2021"; None where nothing was said.
    semicolons
        Whether cells are separated by semicolons, as where commas are decimal.
    """

    sheet: Sheet
    findings: Findings
    headings: dict[str, str] = field(default_factory=dict)
    decimal: str | None = None
    day_first: bool | None = None
    semicolons: bool = False
    questions: list[Question] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Return how sentences call the file, and its sheet if it has several."""
        return self.sheet.table.name

    def heading(self, name: str) -> str:
        """Return what the file calls a column."""
        return self.headings.get(name, name)

    def add_rows(self, name: str, wrong: pl.Series, say: Callable[[int], str]) -> None:
        """Add one problem for each row where `wrong` is true."""
        self.findings.add_rows(self.sheet, self.heading(name), wrong, say)

    def ask(self, name: str, text: str, option: str) -> None:
        """Ask what only a person can say about a column."""
        self.questions.append(
            Question(self.heading(name), f"{self.label}, column {self.heading(name)}: {text}", option)
        )
