"""Read layout files, and refuse what they get wrong before any table meets them.

Called by `imports.read` and by commands that list layouts. Every key of a layout file is declared here; one that is not
known is refused, so that a misspelt rule is never a rule in silence.

A layout file has, at its top, ``table`` (the register), ``title``, ``source`` (where the file is published), ``notes``
(what it decides, shown with every import), ``sheet`` (of a workbook), ``requires`` (headings by which the file is known),
``decimal`` and ``day_first`` (how it writes numbers and dates, where it always does) and ``extends`` (another layout whose rules hold where this one has none). Then:

``[columns.NAME]``
    One rule for each of our columns: ``from`` (a heading, or several of which the first that is filled counts),
    ``constant``, ``template`` ("{ISO3}-{Year}") or ``sum`` (headings, added exactly); then, in this order, ``empty``
    (texts of ``from`` that mean nothing), ``unless_empty`` (empty wherever that heading is empty or 0), ``map`` (tables
    of ``[maps]`` or shipped ones, the first first), ``unmapped`` ("keep", "key", "slug" or the text to use), ``key`` (letters, digits, . _ - only), ``slug`` (lower case too), ``prefix``, ``cut`` (characters), ``default``, ``hash`` (so many characters of the row's own hash),
    ``numbered`` (a later repeat gets -2, -3), ``round`` (decimals; the change is said).

``[[leave_out]]``
    Rows that are not taken: ``where`` (conditions that all hold: ``column``, and ``is``, ``is_not`` (texts; "" is an
    empty cell), or ``zero`` = true or false) and ``why``, a sentence's end: "7 rows were left out: the pledge was written off".

``[[rows]]``
    More than one of our rows for each of theirs: each has ``columns`` that stand above those of the layout, and may
    have ``where``.

``[companions.REGISTER.columns.NAME]``
    Rows of another register that these rely on, each once by its key; several sets as ``[[companions.REGISTER]]``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

from evenhand.errors import FileUnreadable, NameUnknown, suggest
from evenhand.supply.registers import REGISTERS

FOLDER = "evenhand.exchange.imports.layouts"
LARGEST = 2**20
"""Bytes; no layout is longer."""

TOP = ("table", "title", "source", "notes", "sheet", "requires", "decimal", "day_first", "extends", "columns", "leave_out", "rows", "companions",
       "maps")  # fmt: skip
RULE = ("from", "constant", "template", "sum", "empty", "map", "unmapped", "key", "slug", "prefix", "hash", "numbered",
        "round", "cut", "default", "unless_empty")  # fmt: skip
ORIGINS = ("from", "constant", "template", "sum")


@dataclass(frozen=True, slots=True)
class Condition:
    """Say what a cell must hold: one of some texts, none of them, or nothing but zero."""

    column: str
    texts: tuple[str, ...] = ()
    negated: bool = False
    zero: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Say which rows are not taken, and why."""

    where: tuple[Condition, ...]
    why: str


@dataclass(frozen=True, slots=True)
class RowSet:
    """Say how one of our rows comes from one of theirs."""

    columns: Mapping[str, Mapping[str, Any]]
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Hold one layout, checked.

    Attributes
    ----------
    name
        Its file's name without the ending.
    row_sets
        At least one; each gives rows of `table`.
    companions
        By register: the rules of rows that these rely on.
    maps
        By name: what each text of theirs means.
    """

    name: str
    table: str
    title: str
    source: str = ""
    notes: tuple[str, ...] = ()
    sheet: str | None = None
    decimal: str | None = None
    day_first: bool | None = None
    requires: tuple[str, ...] = ()
    row_sets: tuple[RowSet, ...] = ()
    leave_out: tuple[LeftOut, ...] = ()
    companions: Mapping[str, tuple[RowSet, ...]] = field(default_factory=dict)
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def with_constants(self, constants: Mapping[str, str]) -> Layout:
        """Return the layout with some of our columns set by hand, such as the party of a file that names none."""
        fixed = {name: {"constant": value} for name, value in constants.items()}
        return replace(self, row_sets=tuple(replace(one, columns={**one.columns, **fixed}) for one in self.row_sets))

    def headings(self) -> tuple[str, ...]:
        """Return every heading of theirs that the layout reads, the required ones first."""
        read = list(self.requires)
        sets = [*self.row_sets, *(one for several in self.companions.values() for one in several)]
        for row_set in sets:
            for rule in row_set.columns.values():
                read += headings_of(rule)
            read += [condition.column for condition in row_set.where]
        read += [condition.column for left in self.leave_out for condition in left.where]
        return tuple(dict.fromkeys(read))


def headings_of(rule: Mapping[str, Any]) -> list[str]:
    """Return the headings that a rule reads."""
    came = rule.get("from", [])
    read = [came] if isinstance(came, str) else list(came)
    read += rule.get("sum", [])
    read += [part.partition("}")[0] for part in rule.get("template", "").split("{")[1:]]
    return read + ([rule["unless_empty"]] if "unless_empty" in rule else [])


def names_of_maps(rule: Mapping[str, Any]) -> list[str]:
    """Return the maps of a rule, the first of which counts most."""
    named = rule.get("map", [])
    return [named] if isinstance(named, str) else list(named)


def list_layouts() -> tuple[str, ...]:
    """Return the names of the layouts that are shipped.

    Examples
    --------
    >>> "ocha-deliveries" in list_layouts()
    True
    """
    return tuple(sorted(one.name[:-5] for one in files(FOLDER).iterdir() if one.name.endswith(".toml")))


def load_layout(layout: str | PathLike[str] | Layout) -> Layout:
    """Return a shipped layout by its name, or one of your own by its path.

    Raises
    ------
    NameUnknown
        There is no layout of that name.
    FileUnreadable
        The file is missing, no TOML, or has a rule that does not exist.

    Examples
    --------
    >>> load_layout("ocha-deliveries").table
    'entries'
    >>> load_layout("ocha-delivery")
    Traceback (most recent call last):
    evenhand.errors.NameUnknown: no layout 'ocha-delivery'; did you mean 'ocha-deliveries'?
    """
    if isinstance(layout, Layout):
        return layout
    name = str(layout)
    if not name.endswith(".toml"):
        if name not in list_layouts():
            raise NameUnknown("layout", name, list_layouts())
        return _shipped(name)
    path = Path(layout)
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"there is no layout {path}; the shipped ones are {', '.join(list_layouts())}") from error
    return _parse(data, path.stem)


@cache
def _shipped(name: str) -> Layout:
    return _parse(files(FOLDER).joinpath(f"{name}.toml").read_bytes(), name)


@cache
def shipped_map(name: str) -> dict[str, str] | None:
    """Return a map that several layouts share, or None where there is none of that name."""
    file = files(FOLDER).joinpath("names", f"{name}.toml")
    return tomllib.loads(file.read_text("utf-8")) if name.isidentifier() and file.is_file() else None


def _parse(data: bytes, name: str) -> Layout:
    try:
        written = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileUnreadable(f"the layout {name} is no TOML: {error}") from error
    under = _unfold(load_layout(written["extends"])) if isinstance(written.get("extends"), str) else {}
    try:
        return _build({**under, **written}, name)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise FileUnreadable(f"the layout {name} has a value of the wrong kind: {error}") from error


def _unfold(layout: Layout) -> dict[str, Any]:
    """Return a layout's parts for another to build upon."""
    return {"table": layout.table, "title": layout.title, "source": layout.source, "notes": list(layout.notes),
            "sheet": layout.sheet, "decimal": layout.decimal, "day_first": layout.day_first, "requires": list(layout.requires), "_layout": layout}  # fmt: skip


def _build(written: dict[str, Any], name: str) -> Layout:
    under: Layout | None = written.pop("_layout", None)
    _only(written, TOP, f"the layout {name}")
    table = written.get("table", "")
    if table not in REGISTERS:
        raise FileUnreadable(
            f"the layout {name} names no table{suggest(table, list(REGISTERS)) or ': ' + ', '.join(REGISTERS)}"
        )
    maps = {**(under.maps if under else {}), **written.get("maps", {})}
    own: Mapping[str, Mapping[str, Any]] = _rules(written.get("columns", {}), table, name, maps)
    if "rows" not in written and under:
        sets = [RowSet({**one.columns, **own}, one.where) for one in under.row_sets]
    else:
        shared = {**(under.row_sets[0].columns if under else {}), **own}
        sets = [
            RowSet({**shared, **_rules(one.get("columns", {}), table, name, maps)}, _conditions(one, name))
            for one in written.get("rows", [{}])
        ]
    companions = dict(under.companions) if under else {}
    for register, given in written.get("companions", {}).items():
        if register not in REGISTERS:
            raise FileUnreadable(f"the layout {name} has companions '{register}'{suggest(register, list(REGISTERS))}")
        several = given if isinstance(given, list) else [given]
        companions[register] = tuple(
            RowSet(_rules(one["columns"], register, name, maps), _conditions(one, name)) for one in several
        )
    left_out = tuple(LeftOut(_conditions(one, name), str(one["why"])) for one in written.get("leave_out", []))
    decimal = written.get("decimal")
    if decimal not in (None, ".", ","):
        raise FileUnreadable(f"the layout {name} has decimal '{decimal}'; say '.' or ','")
    return Layout(
        name, table, str(written.get("title", name)), str(written.get("source", "")), tuple(written.get("notes", ())),
        written.get("sheet"), decimal, written.get("day_first"), tuple(written.get("requires", ())), tuple(sets),
        left_out or (under.leave_out if under else ()), companions, maps,
    )  # fmt: skip


def _rules(written: dict[str, Any], table: str, name: str, maps: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    for column, rule in written.items():
        where = f"the layout {name}, columns.{column},"
        if REGISTERS[table].column(column) is None:
            known = [one.name for one in REGISTERS[table].columns]
            raise FileUnreadable(f"{where} is no column of {table}{suggest(column, known)}")
        _only(rule, RULE, where)
        if sum(origin in rule for origin in ORIGINS) != 1:
            raise FileUnreadable(f"{where} needs one of {', '.join(ORIGINS)}, and only one")
        for one in names_of_maps(rule):
            if one not in maps and shipped_map(one) is None:
                raise FileUnreadable(f"{where} names a map '{one}' that is not there{suggest(one, list(maps))}")
    return written


def _conditions(written: dict[str, Any], name: str) -> tuple[Condition, ...]:
    conditions = []
    for one in written.get("where", []):
        _only(one, ("column", "is", "is_not", "zero"), f"the layout {name}, where,")
        texts = one.get("is", one.get("is_not", ()))
        texts = (texts,) if isinstance(texts, str) else tuple(texts)
        negated = "is_not" in one or one.get("zero") is False
        conditions.append(Condition(one["column"], texts, negated, "zero" in one))
    return tuple(conditions)


def _only(written: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in written:
        if key not in known:
            raise FileUnreadable(f"{where} has '{key}', which is no rule{suggest(key, known)}")
