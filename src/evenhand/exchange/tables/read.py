"""Read the tables of a round: whatever was given, whole and sound, or refused with everything that is wrong.

The front of this folder; called by `evenhand.plan`, commands and notebooks.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from typing import Any

import polars as pl

from evenhand.errors import FileUnreadable
from evenhand.exchange.tables import soundness
from evenhand.exchange.tables.columns import read_columns
from evenhand.exchange.tables.layout import drop_blank_rows, skip_second_heading
from evenhand.exchange.tables.open_source import open_source
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.supply.columns import ACTUAL, GROUPS, LOTS, NEEDS, Table
from evenhand.supply.tables import Tables

Source = str | PathLike[str] | Any
"""A path, a dataframe that Narwhals can read (eager or lazy), a list of rows as dicts, or a dict of columns."""


def read_tables(needs: Source, lots: Source, groups: Source | None = None) -> Tables:
    """Read needs, lots and groups into sound tables, or refuse them with every problem of every table at once.

    Parameters
    ----------
    needs, lots, groups
        Each a path (.csv, .tsv, .txt, .xlsx, .parquet, also .gz), a dataframe (Polars, pandas, PyArrow, or any other
        that Narwhals reads, eager or lazy), a list of dicts or a dict of lists. Columns as in
        `evenhand.supply.columns.NEEDS`, `LOTS` and `GROUPS`; others are kept as text and not used.

    Returns
    -------
    Tables
        Sorted by key; the order of rows in a file never matters. `notes` says what a person should know.

    Raises
    ------
    InputRefused
        The tables were read but cannot be used. Rows are numbered as in the file, the heading being row 1; the first
        row of a dataframe is likewise row 2.
    FileUnreadable
        A file is missing, empty, or not a table.

    Examples
    --------
    >>> tables = read_tables(
    ...     {"recipient": ["TCD", "KEN"], "target": [200, 300]},
    ...     {"lot": ["COVAX-1"], "packs": [10]},
    ... )
    >>> tables.needs["recipient"].to_list()
    ['KEN', 'TCD']
    >>> read_tables({"recipient": ["TCD"], "target": [0]}, {"lot": ["COVAX-1"], "packs": [2.5]})
    Traceback (most recent call last):
    evenhand.errors.InputRefused: 2 problems in the tables; nothing was done.
    needs, row 2, column target: target is 0; write a number above 0
    lots, row 2, column packs: packs is 2.5; packs are whole
    """
    findings = Findings()
    findings.in_order([NEEDS.name, LOTS.name, GROUPS.name])
    unreadable: list[str] = []
    needed = _read(needs, NEEDS, findings, unreadable)
    offered = _read(lots, LOTS, findings, unreadable)
    # Were rows of needs unreadable, those who name their recipients would be blamed for it.
    known = needed.column("recipient") if needed and not findings.concern(NEEDS, whole_rows=True) else None
    grouped = None if groups is None else _read(groups, GROUPS, findings, unreadable, known_keys=known)
    if needed:
        soundness.check_tiers(needed.frame, needed.sheet, findings)
    if offered:
        soundness.check_dates(offered.frame, offered.sheet, findings)
    if known is not None and grouped and grouped.column("recipient") is not None:
        soundness.check_recipients_known(grouped.frame, grouped.ordered, known, grouped.sheet, findings)
    names = grouped.column("group") if grouped and not findings.concern(GROUPS, whole_rows=True) else None
    if known is not None and grouped and names is not None:
        soundness.check_groups_apart(grouped.frame, known, grouped.sheet, findings)
    if known is not None and offered and (groups is None or names is not None):
        soundness.check_earmarks(offered.frame, known, names, offered.sheet, findings)
    _refuse(findings, unreadable)
    if needed is None or offered is None:
        raise AssertionError(
            "a table that could not be read was not refused"
        )  # pragma: no cover - for the type checker
    membership = grouped.ordered if grouped else pl.DataFrame(schema={"recipient": pl.String, "group": pl.String})
    return Tables(needed.ordered, offered.ordered, membership, tuple(dict.fromkeys(findings.notes)))


def read_actual(source: Source, tables: Tables, *, notes: list[str] | None = None) -> pl.DataFrame:
    """Read what recipients really got.

    Parameters
    ----------
    source
        As for `read_tables`; columns as in `evenhand.supply.columns.ACTUAL`.
    tables
        The tables of the round it belongs to: recipients and lots must be known there.
    notes
        A list that receives what a person should know (rounded numbers, columns not used).

    Returns
    -------
    polars.DataFrame
        recipient; lot, packs, units where given; sorted. Several rows may hold the same lot and recipient. Every row has
        packs or units.

    Raises
    ------
    InputRefused
        As for `read_tables`.
    FileUnreadable
        As for `read_tables`.
    """
    findings = Findings()
    unreadable: list[str] = []
    happened = _read(source, ACTUAL, findings, unreadable)
    if happened:
        frame, sheet = happened.frame, happened.sheet
        if happened.column("recipient") is not None:
            known = tables.needs["recipient"]
            soundness.check_recipients_known(frame, frame, known, sheet, findings)
        soundness.check_what_arrived(frame, tables.lots["lot"], sheet, findings)
    _refuse(findings, unreadable)
    if happened is None:
        raise AssertionError(
            "a table that could not be read was not refused"
        )  # pragma: no cover - for the type checker
    if notes is not None:
        notes.extend(findings.notes)
    return happened.frame.sort(
        [name for name in ("lot", "recipient") if name in happened.frame.columns], maintain_order=True
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """Hold a table between reading and judging: as it came, typed in its own order, and sorted by key."""

    sheet: Sheet
    frame: pl.DataFrame
    ordered: pl.DataFrame

    def column(self, name: str) -> pl.Series | None:
        """Return a column, sorted, or None where it is missing."""
        return self.ordered[name] if name in self.ordered.columns else None


def _read(
    source: Source, table: Table, findings: Findings, unreadable: list[str], known_keys: pl.Series | None = None
) -> _Read | None:
    try:
        sheet = open_source(source, table, findings)
    except FileUnreadable as error:
        unreadable.append(error.sentence)
        return None
    if sheet is None:
        return None
    sheet = skip_second_heading(drop_blank_rows(sheet), known_keys, findings)
    frame = read_columns(sheet, findings)
    if table is not GROUPS:
        soundness.check_not_empty(frame, sheet, findings)
    return _Read(sheet, frame, soundness.sort_by_key(frame, sheet, findings))


def _refuse(findings: Findings, unreadable: list[str]) -> None:
    refusal = findings.refusal()
    if unreadable:
        # What is wrong with the tables that could be read is said too, so that a person sees everything at once.
        raise FileUnreadable("\n".join([*unreadable, *([refusal.sentence] if refusal else [])]))
    if refusal:
        raise refusal
