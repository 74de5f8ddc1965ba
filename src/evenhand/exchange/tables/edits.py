"""Edit the sound tables of a plan for a what-if, and read them again: the same rules hold as for a file.

Called by `evenhand.plan`. An edit is written as "table.key.column=value":

    needs.TCD.handles=ultra-cold     the cell holds this now
    lots.L01.for=                    the cell is empty now
    groups.TCD.group=+AU;-OIC        TCD joins AU and leaves OIC; the key is the recipient

Keys may hold dots and "=": the split is taken at which a known key and column stand (the longest key, were there two).
It judges no value: `read_tables` does, and what it finds is told in the words of the edit.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from evenhand.errors import SHOWN_PROBLEMS, EditRefused, InputRefused, NameUnknown, Problem
from evenhand.exchange.tables.edit import EDITED, Edit, in_a_row, memberships, read_edit, tidy
from evenhand.exchange.tables.keys import as_text
from evenhand.exchange.tables.read import Source, read_tables
from evenhand.supply.columns import GROUPS, LOTS, NEEDS
from evenhand.supply.tables import Tables

_SHOWN_LOTS = 5

Frames = dict[str, pl.DataFrame]


def edit_tables(
    tables: Tables, *, sets: Sequence[str] = (), without: Sequence[str] = (), add: Sequence[Source] = ()
) -> tuple[Tables, str]:
    """Return the tables as edited, and the question that the edits ask.

    Lots are left out first, then further ones are added, then cells are set; so an added lot may have the key of one left
    out, and may be edited.

    Parameters
    ----------
    sets
        Edits "table.key.column=value".
    without
        Keys of lots to leave out.
    add
        Tables of further lots, anything that `read_tables` reads.

    Raises
    ------
    EditRefused
        An edit cannot be read or applied, or the tables would not be sound with it.
    NameUnknown
        A table, key, column or lot does not exist.
    InputRefused, FileUnreadable
        A table of further lots cannot be used.

    Examples
    --------
    >>> tables = read_tables({"recipient": ["TCD"], "target": [200]}, {"lot": ["A"], "packs": [10]})
    >>> edited, title = edit_tables(tables, sets=["lots.A.packs=12"])
    >>> edited.lots["packs"].to_list(), title
    ([12], 'What if lots.A.packs were 12')
    >>> edit_tables(tables, sets=["lots.A.packs=-4"])
    Traceback (most recent call last):
    evenhand.errors.EditRefused: lots.A.packs=-4: packs is -4; write a whole number, 0 or more
    """
    sets, without = ([given] if isinstance(given, str) else given for given in (sets, without))
    add = [add] if isinstance(add, str) else add
    frames: Frames = {"needs": tables.needs, "lots": tables.lots, "groups": tables.groups}
    frames["lots"] = _leave_out(frames["lots"], without)
    # The needs and groups come first: a table of further lots may be earmarked for a group that an edit makes.
    edits = [read_edit(text, frames) for text in sets if not _is_for_lots(text)]
    frames = _apply(edits, frames)
    notes = list(tables.notes)
    added: list[str] = []
    for source in add:
        more = _further_lots(source, frames, edits)
        notes.extend(more.notes)
        frames["lots"] = _joined(frames["lots"], more.lots)
        added.extend(more.lots["lot"].to_list())
    for_lots = [read_edit(text, frames) for text in sets if _is_for_lots(text)]
    _refuse_twice([*edits, *for_lots])
    frames = _apply(for_lots, frames)
    if not frames["lots"].height:
        raise EditRefused("no lot would be left; keep one, or add a table of further lots")
    edited = _read_again(frames, [*edits, *for_lots])
    notes = list(dict.fromkeys([*notes, *edited.notes]))
    read = {edit.written: edit for edit in (*edits, *for_lots)}
    supposed = [*(read[tidy(text)].in_words() for text in sets), *_lots_in_words(without, "left out")]
    supposed += _lots_in_words(added, "added")
    title = f"What if {in_a_row(supposed) if supposed else 'nothing were changed'}"
    return Tables(edited.needs, edited.lots, edited.groups, tuple(notes)), title


def _is_for_lots(text: str) -> bool:
    return tidy(text).startswith(f"{LOTS.name}.")


def _refuse_twice(edits: Sequence[Edit]) -> None:
    seen: dict[tuple[str, str, str], Edit] = {}
    for edit in edits:
        place = (edit.table.name, edit.key, edit.column)
        if place in seen:
            raise EditRefused(f"{seen[place].written} and {edit.written} set the same cell; give one of them")
        seen[place] = edit


def _apply(edits: Sequence[Edit], frames: Frames) -> Frames:
    """Return the tables with the edits in them; an edited column is text, which `read_tables` reads again."""
    frames = dict(frames)
    for edit in edits:
        frame = frames[edit.table.name]
        if edit.table is GROUPS:
            frames[GROUPS.name] = _with_membership(frame, edit)
            continue
        column = (
            as_text(frame[edit.column])
            if edit.column in frame.columns
            else pl.Series([None] * frame.height, dtype=pl.String)
        )
        here = frame[edit.kind] == edit.key
        frames[edit.table.name] = frame.with_columns(column.set(here, edit.value).alias(edit.column))
    return frames


def _with_membership(groups: pl.DataFrame, edit: Edit) -> pl.DataFrame:
    joined, left = memberships(edit)
    member = groups.filter(pl.col("recipient") == edit.key)["group"].to_list()
    for name in joined:
        if name in member:
            raise EditRefused(f"{edit.written}: {edit.key} is in {name} already")
    for name in left:
        if name not in member:
            there = f"it is in {in_a_row(member)}" if member else "it is in no group"
            raise EditRefused(f"{edit.written}: {edit.key} is not in {name}; {there}")
    kept = groups.filter((pl.col("recipient") != edit.key) | ~pl.col("group").is_in(left))
    more = pl.DataFrame(
        {"recipient": [edit.key] * len(joined), "group": joined}, schema=["recipient", "group"], orient="col"
    )
    return pl.concat([kept, more.cast(pl.String)], how="diagonal").sort("recipient", "group")


def _leave_out(lots: pl.DataFrame, without: Sequence[str]) -> pl.DataFrame:
    keys = [tidy(key) for key in without]
    known = set(lots["lot"].to_list())
    for key in keys:
        if key not in known:
            raise NameUnknown("lot", key, lots["lot"].to_list())
    return lots.filter(~lots["lot"].is_in(keys)) if keys else lots


def _further_lots(source: Source, frames: Frames, edits: Sequence[Edit]) -> Tables:
    """Read a table of further lots against the needs and groups; its rows keep their own numbers in what is refused."""
    try:
        more = read_tables(frames[NEEDS.name], source, _groups(frames))
    except InputRefused as refused:
        if all(problem.table == LOTS.name for problem in refused.problems):
            raise
        raise _refusal(refused, frames | {LOTS.name: pl.DataFrame()}, edits) from None
    both = more.lots["lot"].filter(more.lots["lot"].is_in(frames[LOTS.name]["lot"].implode())).to_list()
    if both:
        them = f"lot {both[0]} is" if len(both) == 1 else f"lots {in_a_row(both)} are"
        works = "give it another key" if len(both) == 1 else "give them other keys"
        raise EditRefused(f"{them} there already; {works}, or leave the one that is there out (--without)")
    return more


def _joined(lots: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Put further lots below the others; a column of two types becomes text, which `read_tables` reads again."""
    mixed = [name for name in lots.columns if name in more.columns and lots[name].dtype != more[name].dtype]
    if mixed:
        lots, more = (part.with_columns(as_text(part[name]).alias(name) for name in mixed) for part in (lots, more))
    return pl.concat([lots, more], how="diagonal").sort("lot")


def _groups(frames: Frames) -> pl.DataFrame | None:
    return frames[GROUPS.name] if frames[GROUPS.name].height else None


def _read_again(frames: Frames, edits: Sequence[Edit]) -> Tables:
    try:
        read = read_tables(frames[NEEDS.name], frames[LOTS.name], _groups(frames))
    except InputRefused as refused:
        raise _refusal(refused, frames, edits) from None
    for table, now in ((NEEDS, read.needs), (LOTS, read.lots)):
        if (
            now.height < frames[table.name].height
        ):  # reading skips a first row of units, which only an edit can have made
            key = frames[table.name][table.unique[0]][0]
            made = [edit.written for edit in edits if edit.table is table and edit.key == key]
            raise EditRefused(f"{in_a_row(made)}: that names a unit, and is no value; write a number")
    return read


def _refusal(refused: InputRefused, frames: Frames, edits: Sequence[Edit]) -> EditRefused:
    """Tell what `read_tables` found in the words of the edits."""
    lines = [_told(problem, frames, edits) for problem in refused.problems[:SHOWN_PROBLEMS]]
    if refused.total > len(lines):
        lines.append(f"... and {refused.total - len(lines):,} more")
    return EditRefused("\n".join(lines))


def _told(problem: Problem, frames: Frames, edits: Sequence[Edit]) -> str:
    """Tell one problem by the edit of its cell, else by those of its row, else by where it stands."""
    table = EDITED[problem.table]
    frame = frames[problem.table]
    if problem.row < 2 or frame.is_empty():  # a whole column, or a table of further lots with rows of its own
        there = [edit.written for edit in edits if edit.table is table and edit.column == problem.column]
        return f"{in_a_row(there)}: {problem.text}" if there and problem.column else str(problem)
    # Edited tables are dataframes: their first row is counted as row 2.
    key = frame[table.unique[0]][problem.row - 2]
    here = [edit for edit in edits if edit.table is table and edit.key == key]
    text = problem.text.removesuffix(f"; if row {problem.row} is a second heading, delete it")
    if here:
        cell = [edit for edit in here if edit.column == problem.column]
        return f"{in_a_row([edit.written for edit in cell or here])}: {text}"
    place = f"{problem.table}.{key}.{problem.column}"
    return f"with {in_a_row([edit.written for edit in edits])}, {place} does not hold any more: {text}; set {place} too"


def _lots_in_words(keys: Sequence[str], done: str) -> list[str]:
    if len(keys) < 2:
        return [f"lot {key} were {done}" for key in keys]
    shown = in_a_row(keys) if len(keys) <= _SHOWN_LOTS else f"{', '.join(keys[:_SHOWN_LOTS])} and others"
    return [f"{len(keys):,} lots were {done} ({shown})"]
