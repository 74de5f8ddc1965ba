"""The library's front: tables in, plan out.

What `import evenhand` offers, and what the commands use. It joins the folders of the engine and computes nothing itself:
`exchange` reads and writes, `allocation` solves, `certificates` checks, `fairness` measures, `figures` draws.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import polars as pl

from evenhand.allocation.outcome import Outcome, lines_table, lots_table, recipients_table
from evenhand.allocation.problem import Terms, build_problem
from evenhand.allocation.record import certificate_of, frames_of, outcome_from
from evenhand.allocation.solve import solve
from evenhand.certificates import Verdict, check_folder
from evenhand.errors import OptionRefused
from evenhand.exchange.plan_folder import read_plan_folder, write_plan_folder
from evenhand.exchange.tables import read_actual, read_tables
from evenhand.exchange.tables.edits import edit_tables
from evenhand.fairness.measures import Measures, measure
from evenhand.fairness.rules import DEFAULT_FLOOR, DEFAULT_RULE, read_floor
from evenhand.figures.from_plan import write_report
from evenhand.reasons.comparison import Comparison, compare_outcomes, compare_with_actual
from evenhand.reasons.explain import Explanation, explain_recipient
from evenhand.reasons.notes import notes_on

Progress = Callable[[str, float], None]


def allocate(
    needs: Any,
    lots: Any,
    groups: Any = None,
    *,
    rule: str = DEFAULT_RULE,
    floor: str | float | Fraction = DEFAULT_FLOOR,
    date: str | dt.date | None = None,
    max_lots: int | None = None,
    divisible: bool = False,
    seconds: float = 2.0,
    progress: Progress | None = None,
) -> Plan:
    """Share lots out among recipients as fairly as possible, with a certificate.

    Parameters
    ----------
    needs, lots, groups
        A path (CSV, TSV, XLSX, Parquet), a dataframe that Narwhals can read (pandas, Polars, Arrow), or rows as dicts;
        columns as in `supply.columns.NEEDS`, `LOTS` and `GROUPS`.
    rule
        A name of `fairness.rules.RULES`.
    floor
        For `floor-then-weighted`: the share of every target that comes first.
    date
        The round's date, from which shelf life counts; today by default.
    max_lots
        The most different lots one recipient may get.
    divisible
        Packs may be split, as with money.
    seconds
        Where packs differ in worth, or there are minimum shipments or a lot limit: the solver's budget to close the
        first levels; 0 to leave the solver out.
    progress
        Called with a stage in words and the share of it that is done, 0 to 1.

    Raises
    ------
    InputRefused
        The tables are not sound; all problems at once.
    FileUnreadable
        A file cannot be read as a table.
    NameUnknown, OptionRefused
        The rule does not exist, or an option is outside its range.

    Examples
    --------
    >>> needs = [{"recipient": "TCD", "target": 100}, {"recipient": "MLI", "target": 200}]
    >>> plan = allocate(needs, [{"lot": "A", "packs": 60}])
    >>> plan.lines.select("recipient", "packs").rows()
    [('MLI', 40), ('TCD', 20)]
    >>> allocate(needs, [{"lot": "A", "packs": -4}])
    Traceback (most recent call last):
    evenhand.errors.InputRefused: 1 problem in the tables; nothing was done.
    lots, row 2, column packs: packs is -4; write a whole number, 0 or more
    """
    if seconds < 0:
        raise OptionRefused(f"seconds is {seconds}; it must be 0 or more")
    terms = Terms(rule, read_floor(floor), read_date(date), max_lots, divisible)
    if progress:
        progress("reading the tables", 0.0)
    tables = read_tables(needs, lots, groups)
    return Plan(solve(build_problem(tables, terms), seconds=seconds, tell=progress), seconds)


def read_date(day: str | dt.date | None) -> dt.date:
    """Read the round's date; None means today.

    Raises
    ------
    OptionRefused
        It is no ISO date.

    Examples
    --------
    >>> read_date("2021-03-02")
    datetime.date(2021, 3, 2)
    """
    if day is None:
        return dt.datetime.now().astimezone().date()
    if isinstance(day, dt.date):
        return day
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise OptionRefused(f"date is '{day}'; write it as year-month-day, such as 2021-03-02") from None


def check(plan: Plan | str | os.PathLike[str]) -> Verdict:
    """Check a plan, or a plan folder, with the checker that shares no code with the solver.

    Raises
    ------
    PlanUnreadable
        The folder cannot be read as a plan.
    """
    if not isinstance(plan, Plan):
        return check_folder(plan)
    with tempfile.TemporaryDirectory() as folder:
        plan.write(Path(folder, "plan"))
        return check_folder(Path(folder, "plan"))


def read_plan(folder: str | os.PathLike[str]) -> Plan:
    """Read a plan that was written before.

    Raises
    ------
    PlanUnreadable
        It is no plan, is incomplete, or was altered.
    """
    tables, frames, certificate = read_plan_folder(folder)
    return Plan(outcome_from(tables, frames, certificate), files=certificate["files"])


@dataclass(frozen=True)
class Plan:
    """Hold a checked plan: who gets what, why, and the proof.

    Made by `allocate` and `read_plan`.

    Attributes
    ----------
    outcome
        The engine's exact result.
    seconds
        The solver's budget it was made with; what-ifs use the same.
    """

    outcome: Outcome
    seconds: float = 2.0
    files: dict[str, str] | None = None

    @cached_property
    def lines(self) -> pl.DataFrame:
        """Return who gets what of which lot; columns of `supply.columns.LINES`."""
        return lines_table(self.outcome)

    @cached_property
    def recipients(self) -> pl.DataFrame:
        """Return what the plan does for every recipient; columns of `supply.columns.RECIPIENTS`."""
        return recipients_table(self.outcome)

    @cached_property
    def lots(self) -> pl.DataFrame:
        """Return what became of every lot; columns of `supply.columns.LOTS_GIVEN`."""
        return lots_table(self.outcome)

    @cached_property
    def certificate(self) -> dict[str, Any]:
        """Return what lets anyone check the plan; the hashes of the files are there once it is written."""
        return certificate_of(self.outcome) | ({"files": self.files} if self.files else {})

    @cached_property
    def measures(self) -> Measures:
        """Return how equal coverage is with the plan."""
        return self._measure(self.outcome.have())

    @cached_property
    def measures_before(self) -> Measures:
        """Return how equal coverage was before the plan."""
        return self._measure(self.outcome.have() - self.outcome.received)

    def _measure(self, have: Any) -> Measures:
        levels, outcome = self.outcome.levels(have), self.outcome
        coverage = outcome.coverage(have).floats()
        return measure(levels.floats(), coverage, outcome.problem.target.astype(float) / outcome.problem.scale)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a person should know about the tables and the plan."""
        return (*self.outcome.problem.tables.notes, *notes_on(self.outcome))

    def explain(self, recipient: str) -> Explanation:
        """Explain why a recipient gets what it gets.

        Raises
        ------
        NameUnknown
            No recipient has that key.
        """
        return explain_recipient(self.outcome, recipient)

    def what_if(
        self,
        sets: Sequence[str] = (),
        *,
        without: Sequence[str] = (),
        add: Sequence[Any] = (),
        progress: Progress | None = None,
    ) -> Comparison:
        """Solve the round again with changed tables, and show only what changed.

        Parameters
        ----------
        sets
            Edits "table.key.column=value", such as "needs.TCD.handles=ultra-cold".
        without
            Keys of lots to leave out.
        add
            Tables of further lots: paths, dataframes or rows.

        Raises
        ------
        EditRefused, NameUnknown, InputRefused
            An edit cannot be read or applied, or the edited tables are not sound.
        """
        problem = self.outcome.problem
        tables, title = edit_tables(problem.tables, sets=sets, without=without, add=add)
        again = solve(build_problem(tables, problem.terms), seconds=self.seconds, tell=progress)
        return compare_outcomes(self.outcome, again, title=title, left="plan", right="what if")

    def compare(self, actual: Any) -> Comparison:
        """Compare with what really happened, or with another plan.

        Parameters
        ----------
        actual
            Another `Plan`, a plan folder, or a table with the columns of `supply.columns.ACTUAL`.
        """
        if isinstance(actual, Plan):
            return compare_outcomes(
                self.outcome, actual.outcome, title="Two plans", left="this plan", right="other plan"
            )
        if isinstance(actual, str | os.PathLike) and Path(actual).is_dir():
            return self.compare(read_plan(actual))
        notes: list[str] = []
        frame = read_actual(actual, self.outcome.problem.tables, notes=notes)
        return compare_with_actual(self.outcome, frame, notes=tuple(notes))

    def write(self, folder: str | os.PathLike[str]) -> Plan:
        """Write the plan folder, all or nothing, and return the plan with the hashes of its files.

        Raises
        ------
        PlanUnreadable
            The folder exists and is neither empty nor a plan, or cannot be written.
        """
        frames = frames_of(self.outcome)
        complete = write_plan_folder(folder, self.outcome.problem.tables, frames, certificate_of(self.outcome))
        return Plan(self.outcome, self.seconds, complete["files"])

    def report(
        self, path: str | os.PathLike[str], explain: Sequence[str] = (), *, direction: Literal["ltr", "rtl"] = "ltr"
    ) -> None:
        """Write one self-contained page that shows the plan, the waterline picture and the proof.

        Parameters
        ----------
        explain
            Recipients to explain on the page; by default the lowest, one on the waterline and the largest receiver.
        """
        write_report(self, path, explain, direction=direction)
