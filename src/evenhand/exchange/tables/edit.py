"""One what-if edit, from "table.key.column=value" to the cell that it means.

Called by `edits`, which applies them. Finds names and refuses what it cannot find; it judges no value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from evenhand.errors import EditRefused, NameUnknown
from evenhand.exchange.tables.headings import column_name
from evenhand.exchange.tables.keys import split_names
from evenhand.exchange.tables.sheet import MOST_NAMES_COMPARED
from evenhand.supply.columns import GROUPS, LOTS, NEEDS, Table

EDITED = {table.name: table for table in (NEEDS, LOTS, GROUPS)}
LOOKS_LIKE = "write table.key.column=value, such as needs.TCD.handles=ultra-cold"
SIGNED = "write +NAME to add a group, -NAME to take one away, several separated by ';'"


@dataclass(frozen=True, slots=True)
class Edit:
    """Hold one edit, as written and as understood.

    Attributes
    ----------
    key
        The recipient's or the lot's; for groups the recipient's.
    column
        A declared column.
    """

    written: str
    table: Table
    key: str
    column: str
    value: str

    @property
    def kind(self) -> str:
        """Return what the key names."""
        return self.table.unique[0]

    def in_words(self) -> str:
        """Return what the edit supposes, as the rest of "What if ..."."""
        if self.table is not GROUPS:
            return f"{self.table.name}.{self.key}.{self.column} were {self.value.strip() or 'empty'}"
        joined, left = memberships(self)
        parts = [*(f"in {name}" for name in joined), *(f"not in {name}" for name in left)]
        return f"{self.key} were {in_a_row(parts)}"


def read_edit(text: str, frames: Mapping[str, pl.DataFrame]) -> Edit:
    """Find the table, key and column that an edit names.

    Raises
    ------
    EditRefused
        It is not written as an edit, or nothing can come of it.
    NameUnknown
        A table, key or column does not exist.
    """
    written = tidy(text)
    head, equals, _ = written.partition("=")
    name, dot, _ = head.partition(".")
    if name not in EDITED and (dot or equals):
        raise NameUnknown("table", name, list(EDITED))
    if not equals:
        raise EditRefused(f"'{written}' gives no value; {LOOKS_LIKE}")
    splits = _splits(written.removeprefix(name).removeprefix("."))
    if not splits:
        raise EditRefused(f"'{written}' names no column; {LOOKS_LIKE}")
    table = EDITED[name]
    keys = frames[NEEDS.name]["recipient"] if table is GROUPS else frames[name][table.unique[0]]
    known = set(keys.filter(keys.is_in([key for key, _, _ in splits])).to_list())
    fitting = [split for split in splits if split[0] in known]
    if not fitting:
        key, _, _ = next((split for split in splits if "=" not in split[0]), splits[-1])
        raise NameUnknown(table.unique[0], key, _near(key, keys))
    key, column, value = next((s for s in fitting if column_name(s[1], table)), fitting[0])
    return Edit(written, table, key, _find_column(written, table, column, frames[name]), value)


def _splits(path: str) -> list[tuple[str, str, str]]:
    """Return every way to read "key.column=value", the longest key first."""
    found = []
    for equals in (place for place, mark in enumerate(path) if mark == "="):
        head, value = path[:equals], path[equals + 1 :]
        found += [(head[:dot], head[dot + 1 :], value) for dot, mark in enumerate(head) if mark == "."]
    return sorted(found, key=lambda split: (-len(split[0]), len(split[1])))


def _find_column(written: str, table: Table, column: str, frame: pl.DataFrame) -> str:
    name = column_name(column, table)
    if name is None and column in frame.columns:
        raise EditRefused(f"{written}: column '{column}' is kept but not used, so nothing would change")
    editable = [c.name for c in table.columns if c.name != table.unique[0] and not c.numbered]
    if name is None:
        numbered = [c for c in frame.columns if c not in editable and table.column(c)]
        raise NameUnknown(f"column of {table.name}", column, [*editable, *numbered])
    if name == table.unique[0]:
        raise EditRefused(
            f"{written}: {name} is the key and stays as it is; set {', '.join(editable[:3])} or another column"
        )
    return name


def _near(name: str, known: pl.Series) -> list[str]:
    """Return the names worth comparing: all, or where there are very many those that begin or end alike."""
    if len(known) > MOST_NAMES_COMPARED:
        known = known.filter(known.str.starts_with(name[:2]) | known.str.ends_with(name[-2:]))
    return known.head(MOST_NAMES_COMPARED).to_list()


def memberships(edit: Edit) -> tuple[list[str], list[str]]:
    """Return the groups that a recipient joins, and those it leaves.

    Raises
    ------
    EditRefused
        A name has neither + nor - before it.
    """
    names = split_names(edit.value)
    if not names or any(name[0] not in "+-" or not name[1:].strip() for name in names):
        raise EditRefused(f"{edit.written}: {SIGNED}, such as groups.{edit.key}.group=+AU")
    joined, left = ([name[1:].strip() for name in names if name[0] == sign] for sign in "+-")
    return joined, left


def tidy(text: str) -> str:
    """Return text without space around it, composed as keys are."""
    return unicodedata.normalize("NFC", text.strip())


def in_a_row(parts: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
