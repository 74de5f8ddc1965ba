"""What reading a file for a register gives: a typed table, and everything a person should know about it.

Made by `evenhand.exchange.imports.read`, used by commands and actions. Holds what was found and decides nothing: whether
a repeated row is a mistake, or which day 03/04/2021 is, is for a person to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from evenhand.errors import InputRefused, Problem


@dataclass(frozen=True, slots=True)
class Question:
    """Ask what the file cannot answer, before anything of it is used.

    Attributes
    ----------
    column
        The column it is about, as the file heads it.
    text
        A sentence with an example from the file.
    option
        The parameter of `read_import` that answers it: "day_first" or "decimal".
    """

    column: str
    text: str
    option: str


@dataclass(frozen=True, slots=True)
class ImportedTable:
    """Hold one file as a table of one register.

    Attributes
    ----------
    table
        The register's name: a key of `evenhand.supply.registers.REGISTERS`.
    frame
        One row per record, only columns of the register that were given, in declared order. Keys, text, choices, names,
        codes and measures are String; counts Int64; quantities, amounts and degrees Decimal(38, 6), exact; dates Date.
        An empty or refused cell is null; no default is filled in.
    rows
        The row of the file that each row of `frame` came from, as a person counts in a spreadsheet.
    problems
        Everything wrong, by row, at most 1,000 of it; `total` counts all.
    notes
        What was read in a way that a person should know: skipped rows, guessed encodings, months taken as first days.
    questions
        What must be answered first; a column with an open question is null.
    identical
        Groups of rows of the file that repeat one another in every cell. They are in `frame` all the same.
    digest
        SHA-256 of the file's bytes as they came, in hexadecimal.
    name
        The file's name without its folder.
    companions
        Rows of other registers that this table relies on and a database may not have yet: its donors, its resources.
    label
        How sentences call the file, with its sheet if it has several.
    """

    table: str
    frame: pl.DataFrame
    rows: pl.Series
    problems: tuple[Problem, ...]
    total: int
    notes: tuple[str, ...]
    questions: tuple[Question, ...]
    identical: tuple[tuple[int, ...], ...]
    digest: str
    name: str
    companions: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    label: str = ""

    @property
    def sound(self) -> bool:
        """Return whether there is neither a problem nor an open question."""
        return not self.problems and not self.questions

    def refusal(self) -> InputRefused | None:
        """Return the refusal of all problems and open questions, or None where the table is sound."""
        asked = [Problem(self.name, 0, question.column, question.text) for question in self.questions]
        if not asked and not self.problems:
            return None
        return InputRefused([*asked, *self.problems], total=len(asked) + self.total)
