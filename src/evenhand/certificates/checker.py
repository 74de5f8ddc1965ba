"""Check an Evenhand plan, trusting nobody: not the solver, not the files, not Evenhand.

    python check.py plan/          exit 0 and one line if the plan holds;
                                   exit 1 and every condition broken, by file and row (the heading is row 1);
                                   exit 2 and one sentence if the folder cannot be read as a plan.

Called by people with bare Python (this file alone is enough) and by `evenhand.certificates`. It uses the standard
library only, shares no code with the solver, solves nothing, and compares exact whole numbers and fractions: no float
decides anything. It must never import another module of Evenhand, change a file, or say "proved" for more than it is.

What is checked: the SHA-256 of every file; that the input tables are sound; that the plan is possible (packs, capacity,
earmark, capability, shelf life, smallest shipment, number of lots); that every derived column follows; that the claim
may be made; and that the plan is the best, in words: every lot is used only for recipients on its waterline, and nobody
who could have had it stands below. Exactly, with the key of a pack = (level before it, minus level after it), the
smaller first, p_s the waterline of lot s, and p_i the highest waterline of the lots open to recipient i, or the key of
its last pack where that is higher:

    condition 1   p_s <= p_i   where recipient i may have lot s and is not at its own cap for it
    condition 2   p_s >= p_i   where lot s gives recipient i something
    condition 3   p_i <= key of i's next pack, where i has room for one; p_i >= key of its last, where it has any
    condition 4   p_s is unlimited where packs of lot s are left over

Divisible goods: the key is the level itself. Claim "bounded": no move of a single pack helps, and the divisible
optimum, checked by conditions 1-4, bounds the lowest level from above.

Source: Megiddo 1974; Fujishige 1980; Frank and Murota 2018-2022 (decreasing minimisation on M-convex sets).
"""

# ruff: noqa: B905 - zip's `strict` came with Python 3.10, and this file runs on 3.9

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import io
import itertools
import json
import os
import re
import stat
import sys
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf
from typing import Any, Callable, Iterator, List, Optional, Sequence, Tuple

FORMAT = "evenhand-certificate/1"
SHOWN_PROBLEMS = 20
RULES = ("equal-coverage", "need-weighted", "tiers", "floor-then-weighted")
CLAIMS = ("proved best", "bounded")
FILES = ("inputs/needs.csv", "inputs/lots.csv", "inputs/groups.csv", "plan.csv", "recipients.csv", "lots.csv")
BOUNDED_FILES = ("bound.csv", "levels.csv")
ORDER = {name: place for place, name in enumerate(("certificate.json", *FILES, *BOUNDED_FILES))}

PLAN_HEADING = ["lot", "recipient", "packs", "units", "service_units"]
BOUND_HEADING = ["lot", "recipient", "packs"]
RECIPIENTS_HEADING = [
    "recipient", "name", "target", "held", "received", "coverage_before", "coverage_after", "level", "waterline",
    "limited_by",
]  # fmt: skip
LOTS_HEADING = ["lot", "packs", "given", "left", "waterline"]
LEVELS_HEADING = ["rank", "level", "bound"]
CERTIFICATE_KEYS = ("format", "rule", "date", "divisible", "max_lots", "claim", "waterlines", "bound", "files")
BOUND_KEYS = ("lowest_level", "waterlines", "gap", "swaps", "closed")
CLOSED_KEYS = ("levels", "solver", "seconds")

MICRO = 10**6  # amounts have at most six decimals
LARGEST = 10**12
SHOWN_RANKS = 1000
LONGEST_CELL = 2**30  # an earmark may name a hundred thousand recipients; the csv module would stop at 131,072 letters
WHOLE = re.compile(r"(?:0|[1-9][0-9]{0,12})\Z")
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,12})(?:\.([0-9]{0,5}[1-9]))?\Z")
FRACTION = re.compile(r"(0|[1-9][0-9]{0,3999})(?:/([1-9][0-9]{0,3999}))?\Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
TIER = re.compile(r"tier_([0-9]{1,6})\Z")
SHA256 = re.compile(r"[0-9a-f]{64}\Z")

Level = Callable[[int, int, Any], Tuple[int, int]]
Key = Tuple[Any, Any]
"""(level before, minus level after); for divisible goods (level, 0); unlimited is above every other."""

UNLIMITED: Key = (inf, 0)


class PlanUnreadable(Exception):
    """Say in one sentence why a folder cannot be read as a plan at all."""


@dataclass(frozen=True)
class Verdict:
    """Say whether a plan holds, what it claims, and everything that is wrong with it.

    Attributes
    ----------
    holds
        True only if nothing at all is wrong.
    claim, rule
        As the certificate states them: what is proved if `holds`, and nothing otherwise.
    problems
        One sentence each, with file and row.
    counts
        What was compared: recipients, lots, lines, classes, pairs.
    line
        The verdict in one line.
    """

    holds: bool
    claim: str
    rule: str
    problems: tuple[str, ...]
    counts: dict[str, int]
    line: str

    def __str__(self) -> str:
        return self.text(SHOWN_PROBLEMS)

    def text(self, most: int | None = None) -> str:
        """Return the line and, if the plan does not hold, its problems: the first `most`, then a count."""
        shown = list(self.problems if most is None else self.problems[:most])
        if len(shown) < len(self.problems):
            shown.append(f"... and {len(self.problems) - len(shown):,} more")
        return "\n".join([self.line, *shown])


def check_folder(path: str | os.PathLike[str]) -> Verdict:
    """Check the plan folder at `path`: hashes, inputs, feasibility, derived columns, claim, conditions 1-4.

    Raises
    ------
    PlanUnreadable
        The folder is missing, incomplete, or holds something that is not a plan.
    """
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        return _Checker(os.fspath(path)).verdict()
    finally:
        csv.field_size_limit(limit)


# --- small exact words ------------------------------------------------------------------------------------------------


def _shown(value: object) -> str:
    """Show a value from a file safely: quoted, short, no control characters."""
    if not isinstance(value, str):
        value = type(value).__name__ if isinstance(value, (list, dict)) else str(value)
        return value if len(value) <= 60 else value[:57] + "..."
    text = "".join(letter if letter.isprintable() else "\\u%04x" % ord(letter) for letter in value[:60])
    return f"'{text}'" if len(value) <= 60 else f"'{text}...'"


def _amount(text: str) -> int | None:
    """Return millionths of a plain decimal without trailing zeros, or None."""
    match = AMOUNT.match(text)
    if not match:
        return None
    value = int(match[1]) * MICRO + (int(match[2].ljust(6, "0")) if match[2] else 0)
    return value if value <= LARGEST * MICRO else None


def _fraction(value: object) -> Fraction | None:
    """Return an exact fraction written "p/q" or "p", or None."""
    match = FRACTION.match(value) if isinstance(value, str) else None
    return Fraction(int(match[1]), int(match[2] or 1)) if match else None


def _date(text: object) -> datetime.date | None:
    if not isinstance(text, str) or not DATE.match(text):
        return None
    try:
        return datetime.date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return None


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(";") if name.strip())


def _six(num: int, den: int) -> str:
    """Write num/den with exactly six decimals, rounded half up."""
    whole, part = divmod((2 * MICRO * num + den) // (2 * den), MICRO)
    return f"{whole}.{part:06d}" if whole.bit_length() < 9000 else "a very large number"


def _trimmed(num: int, den: int) -> str:
    """Write num/den rounded half up to six decimals, without trailing zeros."""
    if num % den == 0 and num.bit_length() < 9000:
        return str(num // den)
    text = _six(num, den)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exact(value: Fraction | int) -> str:
    if value.numerator.bit_length() > 13000 or value.denominator.bit_length() > 13000:
        return "a very long fraction"
    return str(value)


def _level_text(key: Key | None) -> str:
    """Write the level of a waterline as the tables do."""
    if key is None:
        return ""
    return "unlimited" if key[0] == inf else _six(key[0].numerator, key[0].denominator)


def _key_text(key: Key) -> str:
    """Write a key so that a person sees both halves, where it has two."""
    if key[0] == inf or not key[1]:
        return _level_text(key)
    return f"{_level_text(key)} to {_six(-key[1].numerator, key[1].denominator)}"


# --- levels: how well served a recipient is under each rule -----------------------------------------------------------


def _linear(y: int, t: int, shape: tuple[int, int]) -> tuple[int, int]:
    """Return y/t (equal-coverage) or y/(t*w) (need-weighted); shape is w as (numerator, denominator)."""
    return y * shape[1], t * shape[0]


def _floor_then_weighted(floor: Fraction) -> Level:
    """y/t up to y = f*t, then f + (y - f*t)/(t*w)."""
    top, bottom = floor.numerator, floor.denominator

    def level(y: int, t: int, shape: tuple[int, int]) -> tuple[int, int]:
        beyond = y * bottom - top * t
        if beyond <= 0:
            return y, t
        return top * t * shape[0] + beyond * shape[1], bottom * t * shape[0]

    return level


def _tiers(y: int, t: int, shape: Sequence[int]) -> tuple[int, int]:
    """Return tiers filled plus the part of the next; an empty tier counts as filled; past the target (y-t)/t more."""
    before = 0
    for place, size in enumerate(shape):
        if y - before < size:
            return place * size + y - before, size
        before += size
    return len(shape) * t + y - t, t


def _tiers_from_below(y: int, t: int, shape: Sequence[int]) -> tuple[int, int]:
    """Return the level just below y > 0: not the level at y, where an empty tier makes it jump."""
    before = 0
    for place, size in enumerate(shape):
        if size and y - before <= size:
            return place * size + y - before, size
        before += size
    return len(shape) * t + y - t, t


# --- what is read -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Lot:
    """One row of inputs/lots.csv."""

    place: int
    key: str
    packs: int
    pack_size: Fraction
    worth: Fraction  # a_s: service units a pack
    least: int  # min_packs
    only: frozenset[str]
    never: frozenset[str]
    requires: frozenset[str]
    days: int | None  # it can be used; None: for ever; negative: by nobody

    def pair_cap(self, per_week: int | None) -> int | None:
        """Return the most packs of this lot that a recipient can use in time; None for no such cap."""
        if per_week is None or self.days is None:
            return None
        return per_week * max(self.days, 0) * self.worth.denominator // (7 * MICRO * self.worth.numerator)


class _Class:
    """All recipients that may have the same lots."""

    __slots__ = (
        "bound_order", "can", "eligible", "mark", "members", "order", "starts", "text", "timed", "tokens", "top",
    )  # fmt: skip

    def __init__(self, tokens: frozenset[str] = frozenset(), can: frozenset[str] = frozenset()) -> None:
        self.tokens = tokens  # its groups, and its key, where a lot names them
        self.can = can  # what it can handle
        self.eligible: set[int] = set()  # lots it may have, expired ones left out
        self.order: list[int] = []  # of these, those with packs, the highest waterline first
        self.bound_order: list[int] = []  # the same by the bound's waterlines
        self.starts: list[tuple[Fraction, list[int]]] = []  # bounded: by worth, lots that may be started, highest first
        self.timed = False  # some eligible lot expires, so that a recipient's pace matters
        self.top = -1  # rank of the highest waterline
        self.mark = (0, 1, 0, 1)  # that waterline as whole numbers, unlimited as 1/0
        self.text = ""  # that waterline as recipients.csv shows it
        self.members = 0

    def reason(self, lot: _Lot) -> str:
        """Say why a lot is closed to the class."""
        if lot.days is not None and lot.days < 0:
            return "it expires before it can be used"
        if lot.only and not self.tokens & lot.only:
            return "it is earmarked for others"
        if self.tokens & lot.never:
            return "it is earmarked as not for it"
        return f"it needs {_shown(';'.join(sorted(lot.requires - self.can)))}"


Taken = List[Tuple[int, int, Any]]
"""A recipient's lines: row, lot, packs."""

Line = Tuple[int, Any, List[str]]
"""One line's lot, packs and expected further cells; shared by equal lines."""


class _Lines:
    """The lines of plan.csv or bound.csv, found by recipient."""

    def __init__(self) -> None:
        self.lines: list[Line | None] = [None, None]  # by row; row 1 is the heading
        self.latest: dict[str, int] = {}  # recipient: row of its last line
        self.earlier: dict[int, int] = {}  # row: row of the same recipient's line before
        self.given: list[Any] = []  # by lot

    def walk(self, row: int) -> list[tuple[int, int, Any]]:
        """Return row, lot and packs of all lines of the recipient whose last line stands at `row`; 0 for none."""
        found = []
        while row:
            line = self.lines[row]
            if line is not None:
                found.append((row, line[0], line[1]))
            row = self.earlier.get(row, 0)
        return found[::-1]


class _Hashing(io.RawIOBase):
    """Read a file once, hashing every byte that passes."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self.raw = raw
        self.hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self.raw.readinto(buffer) or 0
        self.hash.update(memoryview(buffer)[:count])
        return count


Needy = Tuple[str, str, str, str, int, int, int, int, "_Class", Optional[int], Any]
"""One recipient: key, name, target and held as text; target (0: not sound), held, capacity as whole numbers of 1/unit
service units, unit; class, millionths of per_week, shape (what its level needs besides the target)."""


class _Checker:
    """Read one folder in one pass and collect every problem."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.found: list[tuple[str, int, str]] = []
        self.hashes: dict[str, str] = {}
        self.lots: list[_Lot] = []
        self.place: dict[str, int] = {}
        self.marks: list[Key | None] = []  # waterlines by lot
        self.bound_marks: list[Key | None] = []
        self.rank: list[int] = []  # waterlines numbered from the lowest
        self.scale = 1  # every lot's worth is a whole number of 1/scale service units
        self.worths: list[int] = []
        self.common = 1
        self.tier_count = 0
        self.classes: dict[tuple[Any, ...], _Class] = {}
        self.recipients = 0
        self.closed: dict[str, Any] | None = None
        self.lowest: Fraction | None = None  # of the plan, over open recipients
        self.bound_lowest: Fraction | None = None
        self.plan_levels: list[int] = []  # open recipients' levels in millionths
        self.bound_levels: list[int] = []

    def problem(self, file: str, row: int, text: str) -> None:
        self.found.append((file, row, text))

    # --- files ---

    def _open(self, name: str) -> io.RawIOBase:
        path = os.path.join(self.folder, *name.split("/"))
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):
                raise PlanUnreadable(f"{name} is not a file, so this is not a plan")
            return io.FileIO(path)
        except FileNotFoundError:
            raise PlanUnreadable(f"{name} is missing, so this is not a complete plan") from None
        except (OSError, ValueError) as error:
            raise PlanUnreadable(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from None

    def _rows(self, name: str, heading: list[str] | None = None) -> Iterator[list[str]]:
        """Yield the rows below the heading; the hash is known when the last has been read."""
        with self._open(name) as raw:
            source = _Hashing(raw)
            try:
                text = io.TextIOWrapper(io.BufferedReader(source, 1 << 18), encoding="utf-8", newline="")
                reader = csv.reader(text, strict=True)
                first = next(reader, None)
                if first is None:
                    raise PlanUnreadable(f"{name} is empty")
                if heading is not None and first != heading:
                    raise PlanUnreadable(f"{name}: its heading is not {','.join(heading)}")
                if heading is None:
                    yield first
                yield from reader
            except UnicodeDecodeError:
                raise PlanUnreadable(f"{name} is not UTF-8 text") from None
            except csv.Error as error:
                raise PlanUnreadable(f"{name} cannot be read as a table: {error}") from None
            except OSError as error:
                raise PlanUnreadable(f"{name} cannot be read: {error.strerror or error}") from None
            self.hashes[name] = source.hash.hexdigest()

    def _columns(self, name: str, rows: Iterator[list[str]], needed: Sequence[str]) -> dict[str, int]:
        """Return where each column of an input table stands."""
        heading = next(rows)
        columns = {column: place for place, column in enumerate(heading)}
        if len(columns) < len(heading):
            raise PlanUnreadable(f"{name}: a column stands twice in the heading")
        for column in needed:
            if column not in columns:
                raise PlanUnreadable(f"{name} has no column {column}")
        return columns

    # --- certificate.json ---

    def _read_certificate(self) -> None:
        name = "certificate.json"
        with self._open(name) as raw:
            try:
                text = raw.readall() or b""
                data = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
            except UnicodeDecodeError:
                raise PlanUnreadable(f"{name} is not UTF-8 text") from None
            except OSError as error:
                raise PlanUnreadable(f"{name} cannot be read: {error.strerror or error}") from None
            except (ValueError, RecursionError, MemoryError) as error:
                reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
                raise PlanUnreadable(f"{name} is not sound JSON: {_shown(reason)}") from None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise PlanUnreadable(f"{name} does not say it is of the format {FORMAT}")
        for key in CERTIFICATE_KEYS:
            if key not in data:
                raise PlanUnreadable(f"{name} does not say {key}")
        self.rule, self.claim, self.divisible = data["rule"], data["claim"], data["divisible"]
        if self.rule not in RULES:
            raise PlanUnreadable(f"{name}: the rule {_shown(self.rule)} is none of {', '.join(RULES)}")
        if self.claim not in CLAIMS:
            raise PlanUnreadable(f"{name}: the claim {_shown(self.claim)} is none of {', '.join(CLAIMS)}")
        if not isinstance(self.divisible, bool):
            raise PlanUnreadable(f"{name}: divisible is {_shown(self.divisible)}, not true or false")
        self.bounded = self.claim == "bounded"
        self.max_lots = data["max_lots"]
        if self.max_lots is not None and (type(self.max_lots) is not int or self.max_lots < 1):
            raise PlanUnreadable(f"{name}: max_lots is {_shown(self.max_lots)}, not null or a whole number from 1")
        date = _date(data["date"])
        if date is None:
            raise PlanUnreadable(f"{name}: date is {_shown(data['date'])}, not a date like 2026-11-21")
        self.date = date
        known = set(CERTIFICATE_KEYS)
        floor: Fraction | None = Fraction(0)
        if self.rule == "floor-then-weighted":
            known.add("floor")
            floor = _fraction(data.get("floor"))
            if floor is None:
                raise PlanUnreadable(f"{name}: floor is {_shown(data.get('floor'))}, not a fraction like 1/5")
        for key in data:
            if key not in known:
                self.problem(name, 0, f"{_shown(key)} has no place here")
        self.level: Level = _linear
        self.level_below: Level = _linear
        if self.rule == "tiers":
            self.level, self.level_below = _tiers, _tiers_from_below
        elif self.rule == "floor-then-weighted" and floor is not None:
            self.level = self.level_below = _floor_then_weighted(floor)
        self.certificate = data

    def _check_claim(self) -> None:
        name = "certificate.json"
        used = [lot for lot in self.lots if lot.packs]
        if self.bounded:
            if self.divisible:
                self.problem(name, 0, "the claim 'bounded' is for whole packs; divisible plans are proved best")
            return
        if self.divisible:
            return  # feasibility is checked with minimum and lot limit, so that the optimum without them is the best
        if len({lot.worth for lot in used}) > 1:
            self.problem(name, 0, "'proved best' may not be claimed: packs are worth different amounts")
        if any(lot.least > 1 for lot in used):
            self.problem(name, 0, "'proved best' may not be claimed: a lot has a smallest shipment (min_packs)")
        if self.max_lots is not None:
            self.problem(name, 0, "'proved best' may not be claimed: max_lots limits the lots of a recipient")

    def _read_waterlines(self, data: object, where: str, single: bool) -> list[Key | None]:
        """Return each lot's waterline; None where there is none or it cannot be read (and that is a problem)."""
        name = "certificate.json"
        if not isinstance(data, dict):
            self.problem(name, 0, f"{where}: not a list of lots with their waterlines")
            data = {}
        marks: list[Key | None] = []
        for lot in self.lots:
            value = data.get(lot.key, "")
            mark: Key | None = None
            if value == "":
                self.problem(name, 0, f"{where}: lot {_shown(lot.key)} has no waterline")
            elif value == "none" or not lot.packs:
                if (value == "none") != (not lot.packs):
                    text = "has packs, so it needs a waterline" if lot.packs else "has no packs, so it says 'none'"
                    self.problem(name, 0, f"{where}: lot {_shown(lot.key)} {text}")
            elif value == "unlimited":
                mark = UNLIMITED
            else:
                halves = [_fraction(half) for half in value] if isinstance(value, list) else []
                if len(halves) != (1 if single else 2) or None in halves:
                    shape = '["p/q"]' if single else '["p/q", "p/q"]'
                    self.problem(name, 0, f"{where}: lot {_shown(lot.key)}: not 'unlimited', 'none' or {shape}")
                else:
                    exact = [half for half in halves if half is not None]
                    mark = (exact[0], 0 if single else -exact[1])
            marks.append(mark)
        for key in data:
            if key not in self.place:
                self.problem(name, 0, f"{where}: no lot {_shown(key)} in inputs/lots.csv")
        return marks

    def _read_bound(self) -> bool:
        """Read the certificate's bound; return whether there is one to check."""
        name, bound = "certificate.json", self.certificate["bound"]
        self.bound_marks = [None] * len(self.lots)
        if not self.bounded:
            if bound is not None:
                self.problem(name, 0, "bound: a plan that is proved best has none")
            return False
        if not isinstance(bound, dict) or any(key not in bound for key in BOUND_KEYS):
            self.problem(name, 0, f"bound: a bounded plan needs one, with {', '.join(BOUND_KEYS)}")
            return False
        for key in bound:
            if key not in BOUND_KEYS:
                self.problem(name, 0, f"bound: {_shown(key)} has no place here")
        if bound["swaps"] != "none improving":
            self.problem(name, 0, "bound: swaps does not say 'none improving'")
        closed = bound["closed"]
        if closed is not None:
            sound = isinstance(closed, dict) and sorted(closed) == sorted(CLOSED_KEYS)
            sound = sound and type(closed["levels"]) is int and closed["levels"] >= 0
            sound = sound and isinstance(closed["solver"], str) and isinstance(closed["seconds"], str)
            if sound:
                self.closed = closed
            else:
                self.problem(name, 0, "bound: closed is neither null nor levels (whole), solver, seconds (texts)")
        self.bound_marks = self._read_waterlines(bound["waterlines"], "bound, waterlines", True)
        return True

    def _check_hashes(self) -> None:
        name, stated = "certificate.json", self.certificate["files"]
        expected = (*FILES, *BOUNDED_FILES) if self.bounded else FILES
        if not isinstance(stated, dict):
            self.problem(name, 0, "files: not a list of files with their SHA-256")
            return
        for file in expected:
            value = stated.get(file)
            if not isinstance(value, str) or not SHA256.match(value):
                self.problem(name, 0, f"files: no SHA-256 of {file}")
            elif value != self.hashes[file]:
                self.problem(file, 0, f"changed: its SHA-256 is {self.hashes[file]}, the certificate says {value}")
        for file in stated:
            if file not in expected:
                self.problem(name, 0, f"files: {_shown(file)} has no place here")

    # --- inputs ---

    def _read_lots(self) -> None:
        name = "inputs/lots.csv"
        rows = self._rows(name)
        columns = self._columns(name, rows, ("lot", "packs"))
        previous = ""
        for number, row in enumerate(rows, 2):
            if len(row) != len(columns):
                self.problem(name, number, f"{len(row)} cells, where the heading has {len(columns)}")
                continue
            key = row[columns["lot"]]
            if key <= previous:
                self._out_of_order(name, number, key, previous)
                continue
            previous = key
            lot = self._sound_lot(number, {column: row[place] for column, place in columns.items()})
            if lot is not None:
                self.place[key] = len(self.lots)
                self.lots.append(lot)

    def _sound_lot(self, number: int, cells: dict[str, str]) -> _Lot | None:
        name, sound = "inputs/lots.csv", True

        def wrong(column: str, what: str) -> None:
            nonlocal sound
            sound = False
            self.problem(name, number, f"{column} is {_shown(cells[column])}, not {what}")

        counts = {"packs": -1, "min_packs": 1}
        for column, least in (("packs", 0), ("min_packs", 1)):
            text = cells.get(column, "")
            if text or column == "packs":
                counts[column] = int(text) if WHOLE.match(text) else -1
                if not least <= counts[column] <= LARGEST:
                    wrong(column, f"a whole number from {least}")
        amounts = {"pack_size": MICRO, "per_person": MICRO}
        for column in amounts:
            text = cells.get(column, "")
            if text:
                amounts[column] = _amount(text) or 0
                if not amounts[column]:
                    wrong(column, "a number above 0 of at most six decimals")
        dates = {}
        for column in ("arrives", "expires"):
            text = cells.get(column, "")
            dates[column] = _date(text)
            if text and dates[column] is None:
                wrong(column, "a date like 2026-11-21")
        if not sound:
            return None
        start, end = max(dates["arrives"] or self.date, self.date), dates["expires"]
        return _Lot(
            place=len(self.lots),
            key=cells["lot"],
            packs=counts["packs"],
            pack_size=Fraction(amounts["pack_size"], MICRO),
            worth=Fraction(amounts["pack_size"], amounts["per_person"]),
            least=counts["min_packs"],
            only=_names(cells.get("for", "")),
            never=_names(cells.get("not_for", "")),
            requires=_names(cells.get("requires", "")),
            days=(end - start).days if end else None,
        )

    def _out_of_order(self, file: str, number: int, key: str, previous: str) -> None:
        if not key:
            text = "the key is empty"
        elif key == previous:
            text = f"{_shown(key)} stands twice"
        else:
            text = f"{_shown(key)} does not come after {_shown(previous)}; rows stand in the order of their keys"
        self.problem(file, number, text)

    def _memberships(self) -> Iterator[tuple[str, str, int]]:
        """Yield recipient, group and row of inputs/groups.csv, in order."""
        name = "inputs/groups.csv"
        rows = self._rows(name)
        columns = self._columns(name, rows, ("recipient", "group"))
        at_recipient, at_group, width = columns["recipient"], columns["group"], len(columns)
        last_recipient = last_group = ""
        for number, row in enumerate(rows, 2):
            if len(row) != width:
                self.problem(name, number, f"{len(row)} cells, where the heading has {width}")
                continue
            recipient, group = row[at_recipient], row[at_group]
            if recipient == last_recipient:
                if group <= last_group:
                    self._out_of_order(name, number, group, last_group)
                    continue
            elif recipient < last_recipient or not recipient or not group:
                self._out_of_order(name, number, recipient and group and recipient, last_recipient)
                continue
            last_recipient, last_group = recipient, group
            yield recipient, group, number

    def _count_tiers(self) -> int:
        """Return how many tiers there are for everybody, the last (what the target has beyond the named) included."""
        name = "inputs/needs.csv"
        rows = self._rows(name)
        columns = self._columns(name, rows, ("recipient", "target"))
        tiers = [place for column, place in columns.items() if TIER.match(column)]
        at_target, width = columns["target"], len(columns)
        for row in rows:
            if len(row) == width:
                target = _amount(row[at_target])
                if target is not None and target > sum(_amount(row[place]) or 0 for place in tiers):
                    return len(tiers) + 1
        return len(tiers)

    def _class(self, signature: tuple[Any, ...]) -> _Class:
        """Work out, once for all its members, which lots a class may have."""
        groups, handles, key = signature
        kind = _Class(frozenset((*groups, key) if key else groups), _names(handles))
        for lot in self.lots:
            named = not lot.only or kind.tokens & lot.only
            in_time = lot.days is None or lot.days >= 0
            if named and not kind.tokens & lot.never and lot.requires <= kind.can and in_time:
                kind.eligible.add(lot.place)
                kind.timed = kind.timed or lot.days is not None
        useful = [place for place in kind.eligible if self.lots[place].packs]
        kind.order = sorted((place for place in useful if self.marks[place]), key=self._rank, reverse=True)
        if kind.order:
            mark = self.marks[kind.order[0]]
            kind.top, kind.text = self.rank[kind.order[0]], _level_text(mark)
            kind.mark = _whole_numbers(mark)
        if self.bounded:
            by_bound = {place: self.bound_marks[place] or UNLIMITED for place in useful if self.bound_marks[place]}
            kind.bound_order = sorted(by_bound, key=by_bound.__getitem__, reverse=True)
            by_worth: dict[Fraction, list[int]] = {}
            for place in kind.order:
                if self.lots[place].least <= 1:
                    by_worth.setdefault(self.lots[place].worth, []).append(place)
            kind.starts = sorted(by_worth.items())
        self.classes[signature] = kind
        return kind

    def _rank(self, place: int) -> int:
        return self.rank[place]

    def _recipients(self) -> Iterator[Needy]:
        """Yield every recipient of inputs/needs.csv, its groups merged in from inputs/groups.csv."""
        name = "inputs/needs.csv"
        rows = self._rows(name)
        columns = self._columns(name, rows, ("recipient", "target"))
        width, scale, get = len(columns), self.scale, columns.get
        at_key, at_target, at_name, at_held = columns["recipient"], columns["target"], get("name"), get("held")
        at_capacity = get("capacity")
        room = ""
        rich = any(TIER.match(column) or column in ("weight", "per_week") for column in columns)
        named = frozenset().union(*(lot.only | lot.never for lot in self.lots))
        at_handles = get("handles") if any(lot.requires for lot in self.lots) else None
        classes, unsound = self.classes, _Class()
        members = self._memberships()
        member, group, member_row = next(members, (None, "", 0))
        previous = handles = label = ""
        held = "0"
        for number, row in enumerate(rows, 2):
            if len(row) != width:
                self.problem(name, number, f"{len(row)} cells, where the heading has {width}")
                continue
            key, target = row[at_key], row[at_target]
            if key <= previous:
                self._out_of_order(name, number, key, previous)
                continue
            previous = key
            groups: tuple[str, ...] = ()
            while member is not None and member <= key:
                if member != key:
                    self.problem("inputs/groups.csv", member_row, f"no recipient {_shown(member)} in inputs/needs.csv")
                elif group in named:
                    groups += (group,)
                member, group, member_row = next(members, (None, "", 0))
            if at_name is not None:
                label = row[at_name]
            if at_held is not None:
                held = row[at_held] or "0"
            if at_capacity is not None:
                room = row[at_capacity]
            if at_handles is not None:
                handles = row[at_handles]
            signature = (groups, handles, key if key in named else "")
            kind = classes.get(signature) or self._class(signature)
            kind.members += 1
            if (
                not rich
                and target.isdecimal()
                and target.isascii()
                and target[0] > "0"
                and len(target) < 13
                and (held == "0" or (held.isdecimal() and held.isascii() and held[0] > "0" and len(held) < 13))
                and (
                    not room
                    or room == "0"
                    or (room.isdecimal() and room.isascii() and room[0] > "0" and len(room) < 13)
                )
            ):  # the plain case: whole numbers, nothing else given
                t, h = int(target) * scale, int(held) * scale
                c = int(room) * scale if room else t - h if t > h else 0
                yield key, label or key, target, held, t, h, c, scale, kind, None, self._shape(t)
                continue
            cells = {column: row[place] for column, place in columns.items()}
            sound = self._sound_need(number, cells)
            if sound is None:
                yield key, label, target, held, 0, 0, 0, 1, unsound, None, None
            else:
                t, h, c, per_week, shape = sound
                yield key, label or key, target, held, t, h, c, scale * MICRO, kind, per_week, shape
        while member is not None:
            self.problem("inputs/groups.csv", member_row, f"no recipient {_shown(member)} in inputs/needs.csv")
            member, group, member_row = next(members, (None, "", 0))

    def _shape(self, t: int) -> Any:
        return (t,) if self.rule == "tiers" else (1, 1)

    def _sound_need(self, number: int, cells: dict[str, str]) -> tuple[int, int, int, int | None, Any] | None:
        """Return target, held, capacity (in millionths times scale), per_week (millionths), shape; None: not sound."""
        name, sound, scale = "inputs/needs.csv", True, self.scale
        tiers = sorted((int(column[5:]), column) for column in cells if TIER.match(column))
        values: dict[str, int | None] = {}
        for column in ("target", "held", "capacity", "weight", "per_week", *(column for _, column in tiers)):
            text = cells.get(column, "")
            values[column] = _amount(text) if text else None
            above = column in ("target", "weight")
            if (text or column == "target") and (values[column] is None or (above and not values[column])):
                sound = False
                what = "a number above 0" if above else "a number from 0"
                what += f" to {LARGEST:,}, at most six decimals, no needless zeros"
                self.problem(name, number, f"{column} is {_shown(text)}, not {what}")
        if not sound:
            return None
        t, h = (values["target"] or 0) * scale, (values["held"] or 0) * scale
        capacity = values["capacity"]
        c = max(0, t - h) if capacity is None else capacity * scale
        sizes = [(values[column] or 0) * scale for _, column in tiers]
        if sum(sizes) > t:
            self.problem(name, number, f"the tiers add up to more than the target {_shown(cells['target'])}")
            return None
        shape: Any = (1, 1)
        if self.rule == "tiers":
            shape = (*sizes, t - sum(sizes)) if self.tier_count > len(sizes) else tuple(sizes)
        elif self.rule != "equal-coverage" and values["weight"] is not None:
            shape = (values["weight"], MICRO)
        return t, h, c, values["per_week"], shape

    # --- plan.csv and bound.csv ---

    def _read_lines(self, name: str, heading: list[str], divisible: bool) -> _Lines:
        """Read lines, checking lot by lot what does not depend on the recipient."""
        read = _Lines()
        read.given = [0] * len(self.lots)
        whole, latest, earlier, lines = not divisible, read.latest, read.earlier, read.lines
        sums: dict[int, int] = {}  # divisible: numerators by denominator, so that adding stays cheap
        lot = previous = ""
        place, total, number = -1, 0, 1
        known: dict[str, Line] = {}
        kept: dict[str, tuple[int, list[str]]] = {}
        alike: dict[tuple[Fraction, Fraction], dict[str, tuple[int, list[str]]]] = {}
        blank: Line = (-1, 0, [])
        for row in self._rows(name, heading):
            number += 1
            try:
                if row[0] != lot or not lot:
                    if row[0] <= lot:
                        self._out_of_order(name, number, row[0], lot)
                        lines.append(None)
                        continue
                    if place >= 0:
                        read.given[place] = total if whole else sum(Fraction(num, den) for den, num in sums.items())
                    lot, previous, known, kept, total, sums = row[0], "", {}, {}, 0, {}
                    place = self.place.get(lot, -1)
                    if place >= 0 and whole:  # lots with the same packs share what follows from so many
                        kept = alike.setdefault((self.lots[place].pack_size, self.lots[place].worth), {})
                recipient, packs = row[1], row[2]
            except IndexError:
                self.problem(name, number, f"{len(row)} cells, where the heading has {len(heading)}")
                lines.append(None)
                continue
            if recipient <= previous:
                self._out_of_order(name, number, recipient, previous)
                lines.append(None)
                continue
            previous = recipient
            line = known.get(packs)
            if line is None:
                counted = kept.get(packs) or self._counted(place, packs, heading, divisible)
                if whole and counted:
                    kept[packs] = counted
                line = known[packs] = (place, *counted) if counted else blank
            usual = row[3:] == line[2] and line is not blank
            if not usual and not self._sound_line(name, number, row, line is not blank, line[2], heading, place):
                lines.append(None)
                continue
            if whole:
                total += line[1]
            else:
                amount = line[1]
                sums[amount.denominator] = sums.get(amount.denominator, 0) + amount.numerator
            before = latest.setdefault(recipient, number)
            if before != number:
                earlier[number] = before
                latest[recipient] = number
            lines.append(line)
        if place >= 0:
            read.given[place] = total if whole else sum(Fraction(num, den) for den, num in sums.items())
        return read

    def _counted(self, place: int, packs: str, heading: list[str], divisible: bool) -> tuple[Any, list[str]] | None:
        """Return how many packs, and what the further cells must be; None if it cannot be read or the lot is unknown."""
        if place < 0:
            return None
        number: Any = _fraction(packs) if divisible else int(packs) if WHOLE.match(packs) else None
        if not number or str(number) != packs:
            return None
        amounts = (number * self.lots[place].pack_size, number * self.lots[place].worth)
        cells = [_trimmed(value.numerator, value.denominator) for value in amounts]
        return number, cells[: len(heading) - 3]

    def _sound_line(
        self, name: str, number: int, row: list[str], readable: bool, cells: list[str], heading: list[str], place: int
    ) -> bool:
        """Say what is wrong with a line; return whether it can still be counted."""
        if len(row) != len(heading):
            self.problem(name, number, f"{len(row)} cells, where the heading has {len(heading)}")
            return False
        if place < 0:
            self.problem(name, number, f"no lot {_shown(row[0])} in inputs/lots.csv")
            return False
        if not readable:
            exact = self.divisible or heading == BOUND_HEADING
            what = "a fraction above 0 in lowest terms, like 12/7 or 12" if exact else "a whole number from 1, like 12"
            self.problem(name, number, f"packs is {_shown(row[2])}, not {what}")
            return False
        self._compare_row(name, number, heading, row, [*row[:3], *cells])
        return True

    # --- recipients: feasibility, derived columns, conditions 1-3 ---

    def _check_recipients(self, plan: _Lines, bound: _Lines | None) -> None:
        name = "recipients.csv"
        rows = self._rows(name, RECIPIENTS_HEADING)
        number, end = 1, ["", ""]
        waiting: list[str] | None = None  # a row that belongs to a later recipient
        latest, earlier, lines, rank = plan.latest, plan.earlier, plan.lines, self.rank
        whole, level, scale, worths, common = not self.divisible, self.level, self.scale, self.worths, self.common
        simple = self.rule == "equal-coverage"  # level y/t: written out below, where a call would cost more
        line_before, take_line, million, two_million = earlier.get, latest.pop, MICRO, 2 * MICRO
        plain = whole and not self.bounded and self.max_lots is None and all(lot.least == 1 for lot in self.lots)
        shown: list[str] | None
        for who in self._recipients():
            key, label, target, held, t, h, c, unit, kind, per_week, shape = who
            self.recipients += 1
            if waiting is None:
                number += 1
                shown = next(rows, end)
            else:
                shown, waiting = waiting, None
            if not shown or shown[0] != key:
                while shown is not end and (not shown or shown[0] < key):
                    self._stray_row(name, number, shown)
                    number += 1
                    shown = next(rows, end)
                if shown[0] != key:
                    self.problem(name, 0, f"{_shown(key)} has no row")
                    waiting, shown = shown if shown is not end else None, None
            row = first = take_line(key, 0)
            if not t:  # not sound, and said so
                continue

            # what it gets, and whether every lot it gets is open to it and on the highest waterline open to it
            top, eligible = kind.top, kind.eligible
            usual = plain and (per_week is None or not kind.timed)
            if whole:
                got = 0
                while row:
                    place, packs, _ = lines[row]  # type: ignore[misc]  # only counted lines are linked
                    got += packs * worths[place]
                    if rank[place] != top or place not in eligible:
                        usual = False
                    row = line_before(row, 0)
                step = common
                if unit != scale:
                    got *= MICRO
                    step *= MICRO
            else:
                received = sum((part * self.lots[place].worth for _, place, part in plan.walk(first)), Fraction(0))
                t, h, c, unit, shape, got = self._rescaled(t, h, c, unit, shape, received)
                step = 0
            y = h + got
            level_num, level_den = (y, t) if simple else level(y, t, shape)

            # conditions 1-3: quickly in the usual case, where the waterline is the class's; else by the definition
            if usual and got <= c:
                mark_num, mark_den, after_num, after_den = kind.mark
                if got:
                    below_num, below_den = (y - step, t) if simple else level(y - step, t, shape)
                    left, right = below_num * mark_den, mark_num * below_den
                    if left > right or (left == right and level_num * after_den < after_num * level_den):
                        usual = False  # its last pack is above the waterline
                if top >= 0 and got + step <= c:
                    left, right = level_num * mark_den, mark_num * level_den
                    if left < right:
                        usual = False  # its next pack is below the waterline
                    elif left == right:
                        next_num, next_den = level(y + step, t, shape)
                        if after_num * next_den < next_num * after_den:
                            usual = False
            else:
                usual = False
            if usual:
                waterline = kind.text
            else:
                taken = plan.walk(first)
                if got > c:
                    text = f"{_shown(key)} receives {_trimmed(got, unit)}, more than its capacity {_trimmed(c, unit)}"
                    self.problem(name, number, text)
                self._check_possible("plan.csv", key, kind, per_week, taken)
                self._check_shipments(number, key, taken)
                if not whole:
                    amounts = (t, h, c, got, shape)
                    waterline = self._divisible("plan.csv", (name, number), key, amounts, kind, per_week, taken)
                elif self.bounded:
                    waterline = self._no_move_helps(number, who, got, taken)
                else:
                    waterline = self._whole(number, who, got, taken)
            if bound is not None:
                self._check_bound_for(who, bound, level_num, level_den)

            # the derived columns
            before = "0.000000"
            if h:
                share = (two_million * h + t) // (t + t)
                before = f"{share // million}.{share % million:06d}"
            share = (two_million * y + t) // (t + t)
            after = f"{share // million}.{share % million:06d}" if whole else _six(y, t)
            served = after if simple else _six(level_num, level_den)
            text = str(got) if unit == 1 and whole else _trimmed(got, unit)
            expected = [key, label, target, held, text, before, after, served, waterline]
            if shown is not None and (shown[:9] != expected or len(shown) != 10):
                self._compare_row(name, number, RECIPIENTS_HEADING, shown, expected)
        for shown in itertools.chain([] if waiting is None else [waiting], rows):
            number += waiting is None
            waiting = None
            self._stray_row(name, number, shown)
        for lines_read, file in ((plan, "plan.csv"), (bound, "bound.csv")):
            for key, row in (lines_read.latest if lines_read else {}).items():
                while row and lines_read:
                    self.problem(file, row, f"no recipient {_shown(key)} in inputs/needs.csv")
                    row = lines_read.earlier.get(row, 0)

    def _stray_row(self, name: str, number: int, row: list[str]) -> None:
        text = f"{_shown(row[0])} is not the next recipient of inputs/needs.csv" if row else "an empty row"
        self.problem(name, number, text)

    def _compare_row(
        self, name: str, number: int, heading: Sequence[str], shown: Sequence[str], expected: Sequence[str]
    ) -> None:
        """Say which cells of a row are not what they must be; cells beyond `expected` are free."""
        if len(shown) != len(heading):
            self.problem(name, number, f"{len(shown)} cells, where the heading has {len(heading)}")
            return
        for column, cell, right in zip(heading, shown, expected):
            if cell != right:
                self.problem(name, number, f"{column} is {_shown(cell)}; it follows that it is {_shown(right)}")

    def _rescaled(
        self, t: int, h: int, c: int, unit: int, shape: Any, received: Fraction
    ) -> tuple[int, int, int, int, Any, int]:
        """Return target, held, capacity, unit, shape and what was received, in a unit in which all are whole."""
        factor = received.denominator // gcd(unit, received.denominator)
        if factor > 1:
            t, h, c, unit = t * factor, h * factor, c * factor, unit * factor
            if self.rule == "tiers":
                shape = tuple(size * factor for size in shape)
        return t, h, c, unit, shape, received.numerator * (unit // received.denominator)

    def _check_possible(self, file: str, key: str, kind: _Class, per_week: int | None, taken: Taken) -> None:
        """Check earmark, capability and shelf life of one recipient's lines."""
        for row, place, packs in taken:
            lot = self.lots[place]
            cap = lot.pair_cap(per_week)
            if place not in kind.eligible:
                self.problem(file, row, f"{_shown(key)} may not have lot {_shown(lot.key)}: {kind.reason(lot)}")
            elif cap is not None and packs > cap:
                able = f"{_shown(key)} can use {cap} packs of lot {_shown(lot.key)} before it expires"
                self.problem(file, row, f"{able}, not {_exact(packs)}")

    def _check_shipments(self, number: int, key: str, taken: Taken) -> None:
        """Check the smallest shipment and the number of lots of one recipient."""
        if self.max_lots is not None and len(taken) > self.max_lots:
            text = f"{_shown(key)} receives {len(taken)} lots, more than the {self.max_lots} a recipient may have"
            self.problem("recipients.csv", number, text)
        for row, place, packs in taken:
            lot = self.lots[place]
            if packs < lot.least != 1:  # a smallest shipment of 1 is none: divisible goods may come in less
                text = f"{_exact(packs)} packs of lot {_shown(lot.key)}, whose smallest shipment is {lot.least}"
                self.problem("plan.csv", row, text)

    def _highest_open(
        self, order: list[int], marks: list[Key | None], per_week: int | None, taken: Taken
    ) -> tuple[Key | None, int]:
        """Return the highest waterline, and its lot, among lots open to a recipient that is not at its own cap."""
        has = {place: packs for _, place, packs in taken}
        for place in order:
            cap = self.lots[place].pair_cap(per_week)
            if cap is None or has.get(place, 0) < cap:
                return marks[place], place
        return None, -1

    def _key(self, before: int, after: int, t: int, shape: Any) -> Key:
        """Return the key of a pack that takes a recipient from `before` to `after`."""
        return Fraction(*self.level(max(before, 0), t, shape)), -Fraction(*self.level(after, t, shape))

    def _whole(self, number: int, who: Needy, got: int, taken: Taken) -> str:
        """Check conditions 1-3 for equal whole packs by the definition; return the recipient's waterline as text."""
        key, _, _, _, t, h, c, unit, kind, per_week, shape = who
        step, y = self.common * (unit // self.scale), h + got
        held_to, source = self._highest_open(kind.order, self.marks, per_week, taken)
        if taken:
            last = self._key(y - step, y, t, shape)
            if held_to is None or last > held_to:
                held_to, source = last, -1
        if held_to is None:
            return ""
        self._check_givers("plan.csv", key, self.marks, held_to, source, taken)
        following = self._key(y, y + step, t, shape)
        if got + step <= c and held_to > following:
            text = (
                f"condition 3: {_shown(key)} has room for one more pack, which would lift it from "
                f"{_key_text(following)}, and is held to {_key_text(held_to)} {self._because(source)}"
            )
            self.problem("recipients.csv", number, text)
        return _level_text(held_to)

    def _divisible(
        self, file: str, where: tuple[str, int], key: str, amounts: tuple[int, int, int, int, Any], kind: _Class,
        per_week: int | None, taken: Taken,
    ) -> str:  # fmt: skip
        """Check conditions 1-3 for divisible goods; return the recipient's waterline as text."""
        t, h, c, got, shape = amounts
        in_bound = file == "bound.csv"
        order, marks = (kind.bound_order, self.bound_marks) if in_bound else (kind.order, self.marks)
        held_to, source = self._highest_open(order, marks, per_week, taken)
        if taken:
            last: Key = (Fraction(*self.level_below(h + got, t, shape)), 0)
            if held_to is None or last > held_to:
                held_to, source = last, -1
        if held_to is None:
            return ""
        self._check_givers(file, key, marks, held_to, source, taken)
        following: Key = (Fraction(*self.level(h + got, t, shape)), 0)
        if got < c and held_to > following:
            text = (
                f"condition 3: {_shown(key)} has room for more, stands at {_key_text(following)}, and is held "
                f"to {_key_text(held_to)} {self._because(source)}"
            )
            self.problem(*where, text)
        return _level_text(held_to)

    def _because(self, source: int) -> str:
        return "by its own last pack" if source < 0 else f"by lot {_shown(self.lots[source].key)}, which it may have"

    def _check_givers(
        self, file: str, key: str, marks: list[Key | None], held_to: Key, source: int, taken: Taken
    ) -> None:
        """Check condition 2 (and, because p_i is the highest p_s open to i, with it condition 1)."""
        for row, place, _ in taken:
            mark = marks[place]
            if mark is not None and mark < held_to:
                text = (
                    f"condition 2: lot {_shown(self.lots[place].key)} stands at {_key_text(mark)} and gives to "
                    f"{_shown(key)}, which is held to {_key_text(held_to)} {self._because(source)}"
                )
                self.problem(file, row, text)

    # --- bounded: no single pack can be moved to help; the divisible optimum as a bound ---

    def _no_move_helps(self, number: int, who: Needy, got: int, taken: Taken) -> str:
        """Check that no pack a recipient has is above its lot's waterline, and none it could take is below."""
        key, _, _, _, t, h, c, unit, kind, per_week, shape = who
        factor, y = unit // self.scale, h + got
        held_to, _ = self._highest_open(kind.order, self.marks, per_week, taken)
        for row, place, packs in taken:
            lot, step, mark = self.lots[place], self.worths[place] * factor, self.marks[place]
            if mark is None:
                continue
            if packs == 1 or packs > lot.least:  # it could be moved: fewer than the smallest shipment may not stay
                last = self._key(y - step, y, t, shape)
                if held_to is None or last > held_to:
                    held_to = last
                if last > mark:
                    text = (
                        f"the last pack of lot {_shown(lot.key)} takes {_shown(key)} from {_key_text(last)}, "
                        f"above the lot's waterline {_key_text(mark)}: moving it helps"
                    )
                    self.problem("plan.csv", row, text)
            cap = lot.pair_cap(per_week)
            if got + step <= c and (cap is None or packs < cap) and place in kind.eligible:
                self._check_taker(("plan.csv", row), key, place, mark, self._key(y, y + step, t, shape))
        if self.max_lots is None or len(taken) < self.max_lots:
            has = {place for _, place, _ in taken}
            for worth, order in kind.starts:
                step = worth.numerator * (self.scale // worth.denominator) * factor
                if got + step > c:
                    continue
                following = self._key(y, y + step, t, shape)
                for place in order:  # the highest waterline first: where one is not too high, nor are those after it
                    mark = self.marks[place]
                    if mark is None or mark <= following:
                        break
                    if place not in has and self.lots[place].pair_cap(per_week) != 0:
                        self._check_taker(("recipients.csv", number), key, place, mark, following)
        return _level_text(held_to)

    def _check_taker(self, where: tuple[str, int], key: str, place: int, mark: Key, following: Key) -> None:
        if mark > following:
            text = (
                f"{_shown(key)} could take a pack of lot {_shown(self.lots[place].key)} from {_key_text(following)}, "
                f"below the lot's waterline {_key_text(mark)}: moving one there helps"
            )
            self.problem(*where, text)

    def _check_bound_for(self, who: Needy, bound: _Lines, level_num: int, level_den: int) -> None:
        """Check one recipient in the divisible optimum, and gather both its levels if any lot is open to it."""
        key, _, _, _, t, h, c, unit, kind, per_week, shape = who
        taken = bound.walk(bound.latest.pop(key, 0))
        received = sum((part * self.lots[place].worth for _, place, part in taken), Fraction(0))
        t, h, c, unit, shape, got = self._rescaled(t, h, c, unit, shape, received)
        where = ("bound.csv", taken[-1][0] if taken else 0)
        if got > c:
            text = f"{_shown(key)} receives {_trimmed(got, unit)}, more than its capacity {_trimmed(c, unit)}"
            self.problem(*where, text)
        self._check_possible("bound.csv", key, kind, per_week, taken)
        self._divisible("bound.csv", where, key, (t, h, c, got, shape), kind, per_week, taken)
        if c > 0 and any(self.lots[place].pair_cap(per_week) != 0 for place in kind.order):
            bound_num, bound_den = self.level(h + got, t, shape)
            self.lowest = _lower(self.lowest, level_num, level_den)
            self.bound_lowest = _lower(self.bound_lowest, bound_num, bound_den)
            self.plan_levels.append((2 * MICRO * level_num + level_den) // (2 * level_den))
            self.bound_levels.append((2 * MICRO * bound_num + bound_den) // (2 * bound_den))

    def _check_bound(self) -> None:
        """Check lowest level and gap, once every recipient has been seen."""
        name, bound = "certificate.json", self.certificate["bound"]
        if self.lowest is None or self.bound_lowest is None:
            if bound["lowest_level"] is not None:
                self.problem(name, 0, "bound: lowest_level should be null: no lot is open to anybody")
            if bound["gap"] not in (None, "0"):
                self.problem(name, 0, "bound: gap should be null: no lot is open to anybody")
        else:
            gap = self.bound_lowest - self.lowest
            if gap < 0:
                self.problem(name, 0, "bound: the plan's lowest level is above it, so it is no bound")
            for key, value in (("lowest_level", self.bound_lowest), ("gap", gap)):
                if _fraction(bound[key]) != value:
                    text = f"bound: {key} is {_shown(bound[key])}; it follows that it is {_exact(value)}"
                    self.problem(name, 0, text)
        if self.closed and self.closed["levels"] > len(self.plan_levels):
            self.problem(name, 0, "bound: closed counts more levels than there are recipients with an open lot")

    def _check_levels(self, checked: bool) -> None:
        name = "levels.csv"
        self.plan_levels.sort()
        self.bound_levels.sort()
        pairs = zip(self.plan_levels[:SHOWN_RANKS], self.bound_levels[:SHOWN_RANKS])
        expected = [[str(rank), _six(plan, MICRO), _six(bound, MICRO)] for rank, (plan, bound) in enumerate(pairs, 1)]
        self._compare_table(name, LEVELS_HEADING, expected if checked else None)

    # --- lots, and the verdict ---

    def _check_lots(self, plan: _Lines) -> None:
        name = "lots.csv"
        expected = []
        for number, (lot, given, mark) in enumerate(zip(self.lots, plan.given, self.marks), 2):
            self._check_lot((name, number), lot, given, mark)
            expected.append([lot.key, str(lot.packs), _exact(given), _exact(lot.packs - given), _level_text(mark)])
        self._compare_table(name, LOTS_HEADING, expected)

    def _check_lot(self, where: tuple[str, int], lot: _Lot, given: Any, mark: Key | None) -> None:
        left = lot.packs - given
        if left < 0:
            self.problem(*where, f"{_exact(given)} packs of lot {_shown(lot.key)} are given, which has {lot.packs}")
        elif left and mark is not None and mark != UNLIMITED:
            over = f"{_exact(left)} packs of lot {_shown(lot.key)} are left over"
            self.problem(*where, f"condition 4: {over}, and its waterline is not unlimited")

    def _compare_table(self, name: str, heading: list[str], expected: list[list[str]] | None) -> None:
        """Compare a short table with what it must be; None: only read it, for its hash."""
        rows = self._rows(name, heading)
        for number, (row, right) in enumerate(itertools.zip_longest(rows, expected or []), 2):
            if row == right or expected is None:
                continue
            if row is None:
                self.problem(name, number, f"the row {_shown(','.join(right))} is missing")
            elif right is None:
                self.problem(name, number, f"the row {_shown(','.join(row))} has no place here")
            else:
                self._compare_row(name, number, heading, row, right)

    def verdict(self) -> Verdict:
        """Read everything once and say what was found."""
        try:
            folder = os.path.isdir(self.folder)
        except ValueError:
            folder = False
        if not folder:
            raise PlanUnreadable(f"{_shown(self.folder)} is not a folder, so it is not a plan")
        self._read_certificate()
        self._read_lots()
        self._check_claim()
        self.marks = self._read_waterlines(self.certificate["waterlines"], "waterlines", self.divisible)
        self.rank = _ranks(self.marks)
        has_bound = self._read_bound()
        for lot in self.lots:
            self.scale *= lot.worth.denominator // gcd(self.scale, lot.worth.denominator)
        self.worths = [lot.worth.numerator * (self.scale // lot.worth.denominator) for lot in self.lots]
        self.common = next((worth for worth, lot in zip(self.worths, self.lots) if lot.packs), 1)
        if self.rule == "tiers":
            self.tier_count = self._count_tiers()
        plan = self._read_lines("plan.csv", PLAN_HEADING, self.divisible)
        bound = self._read_lines("bound.csv", BOUND_HEADING, True) if self.bounded else None
        self._check_recipients(plan, bound if has_bound else None)
        self._check_lots(plan)
        if bound is not None:
            if has_bound:
                for lot, given, mark in zip(self.lots, bound.given, self.bound_marks):
                    self._check_lot(("bound.csv", 0), lot, given, mark)
                self._check_bound()
            self._check_levels(has_bound)
        self._check_hashes()
        return self._sum_up(len(plan.lines) - 2)

    def _sum_up(self, lines: int) -> Verdict:
        found = sorted(self.found, key=lambda problem: (ORDER[problem[0]], problem[1]))
        counts = {
            "recipients": self.recipients,
            "lots": len(self.lots),
            "lines": lines,
            "classes": len(self.classes),
            "pairs": sum(kind.members * len(kind.order) for kind in self.classes.values()),
        }
        return Verdict(
            holds=not found,
            claim=self.claim,
            rule=self.rule,
            problems=tuple(f"{file}, row {row}: {text}" if row else f"{file}: {text}" for file, row, text in found),
            counts=counts,
            line=self._line_of_verdict(len(found), counts),
        )

    def _line_of_verdict(self, wrong: int, counts: dict[str, int]) -> str:
        if wrong:
            return f"does not hold: {_counted(wrong, 'problem')}; '{self.claim}' under {self.rule} is not shown"
        compared = ", ".join(_counted(counts[f"{word}s"], word) for word in ("pair", "lot", "recipient"))
        if not self.bounded:
            return f"holds: 4 conditions, {compared}; proved best under {self.rule}"
        line = f"holds: {compared}; bounded under {self.rule}: "
        if self.lowest is None or self.bound_lowest is None:
            return line + "no lot is open to anybody"
        low, high = self.lowest, self.bound_lowest
        if low == high:
            line += f"lowest level {_six(low.numerator, low.denominator)}, and no more is possible (proved)"
        else:
            up = -(-high.numerator * MICRO // high.denominator)  # rounded up: "at most" must stay true
            line += f"lowest level {_six(low.numerator, low.denominator)}, "
            line += f"at most {_six(up, MICRO)} is possible (proved)"
        line += "; no single pack can be moved to help"
        if self.closed and self.closed["levels"]:
            count = self.closed["levels"]
            line += f"; that {count} {'level is' if count == 1 else 'levels are'} closed is the solver's word "
            line += f"({_shown(self.closed['solver'])}), not checked here"
        return line


def _counted(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count:,} {word}s"


def _lower(sofar: Fraction | None, num: int, den: int) -> Fraction:
    if sofar is not None and sofar.numerator * den <= num * sofar.denominator:
        return sofar
    return Fraction(num, den)


def _ranks(marks: Sequence[Key | None]) -> list[int]:
    """Give each waterline its number from the lowest, equal ones alike; -2 where there is none."""
    ranks: dict[Key, int] = {}
    for mark in sorted(mark for mark in marks if mark is not None):
        ranks.setdefault(mark, len(ranks))
    return [-2 if mark is None else ranks[mark] for mark in marks]


def _whole_numbers(mark: Key | None) -> tuple[int, int, int, int]:
    """Write a waterline as four whole numbers: level before, level after; unlimited is 1/0."""
    if mark is None or mark[0] == inf:
        return 1, 0, 0, 1
    return mark[0].numerator, mark[0].denominator, -mark[1].numerator, mark[1].denominator


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a JSON object in which a key stands twice: readers would disagree about it."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in it")
    return found


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is not a number")


def main(argv: Sequence[str] | None = None) -> int:
    """Check one folder from the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        description="Check an Evenhand plan: exit 0 if it holds, 1 if it does not, 2 if it is not a plan."
    )
    parser.add_argument("folder", help="the plan folder")
    parser.add_argument("--all", action="store_true", help=f"list every problem, not only the first {SHOWN_PROBLEMS}")
    parser.add_argument("--json", action="store_true", help="answer as JSON, with every problem")
    options = parser.parse_args(argv)
    try:
        verdict = check_folder(options.folder)
    except PlanUnreadable as error:
        if options.json:
            _say(json.dumps({"holds": False, "unreadable": str(error)}, indent=1), sys.stdout)
        else:
            _say(str(error), sys.stderr)
        return 2
    if options.json:
        _say(json.dumps({**vars(verdict), "problems": list(verdict.problems)}, indent=1), sys.stdout)
    else:
        _say(verdict.text(None if options.all else SHOWN_PROBLEMS), sys.stdout)
    return 0 if verdict.holds else 1


def _say(text: str, stream: Any) -> None:
    """Print, whatever letters the terminal knows."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
