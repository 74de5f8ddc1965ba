"""What a receipt's form holds, line by line, and what is wrong with it: read from the POST alone, checked against what is on its way.

A line is good, partly good, or not here yet. What is asked of an action is made from the words of the form and nothing
else, so that the same form sent later, or twice, asks for the very same. Changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from evenhand.lookups.consignments import Consignment, Line
from evenhand.stockbook.causes import OTHER
from evenhand.web.languages.formats import amount
from evenhand.web.languages.vocabulary import unit as unit_word

DAMAGED: Final = ("broken", "wet", "cold-chain-broken", "contaminated", "out-of-date", "wrong-item", "recall", OTHER)
MISSING: Final = ("left-behind", "theft", "customs", "miscount", "wrong-item", OTHER)
"""Why units can be damaged, or missing: what a person at the door can tell; the codes of `stockbook.causes`."""

LONGEST: Final = 16
PARTS: Final = ("good", "damaged", "missing")
NUMBERED: Final = re.compile(r"is-([0-9]{1,4})", re.ASCII)


@dataclass(slots=True)
class LineForm:
    """Hold one line as the form shows it.

    Attributes
    ----------
    unit, size
        The unit it is counted in, as packed, and how many base units one is.
    way
        How many of them are on the way.
    choice
        "good", "part", "later", or "" where nobody has said yet.
    typed
        good, damaged, missing as typed, the unit, and the two causes.
    problems
        Field → what is wrong with it.
    """

    line: Line
    unit: str
    size: int
    way: Fraction
    choice: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Return the line's number."""
        return self.line.number

    @property
    def units(self) -> list[str]:
        """Return the units it can be counted in."""
        return list(dict.fromkeys((self.unit, self.line.base_unit)))


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold one action that a line asks for: what it is given, and the id under which it is done once."""

    line: int
    request: str
    given: Mapping[str, Any]


def line_forms(found: Consignment, given: Mapping[str, str]) -> list[LineForm]:
    """Return the lines that are still on the way, with what was typed."""
    return [_line_form(one, given) for one in found.lines if one.on_the_way]


def _line_form(line: Line, given: Mapping[str, str]) -> LineForm:
    size = pack_size(line)
    unit, size = (line.unit, size) if size > 1 and not line.on_the_way % size else (line.base_unit, 1)
    number = line.number
    typed = {
        name: given.get(f"{name}-{number}", "").strip()[:200] for name in (*PARTS, "unit", "why_damaged", "why_missing")
    }
    choice = "good" if given.get("all") else given.get(f"is-{number}", "")
    return LineForm(line, unit, size, Fraction(line.on_the_way, size), choice, typed)


def pack_size(line: Line) -> int:
    """Return how many base units one of the units is in which a line was planned; 1 where that says nothing."""
    try:
        size = Fraction(line.planned) / Fraction(line.typed)
    except (ValueError, ZeroDivisionError):
        return 1
    return int(size) if size.denominator == 1 and size >= 1 else 1


def find_problems(lines: list[LineForm], note: str) -> None:
    """Put at each line what is wrong with it."""
    for one in lines:
        if one.choice not in ("good", "part", "later"):
            one.problems["is"] = _("Say whether it is here and good, partly, or not here yet.")
        elif one.choice == "part":
            _find_in_part(one, note)


def _find_in_part(one: LineForm, note: str) -> None:
    counts: dict[str, Fraction | None] = {}
    for name in PARTS:
        try:
            counts[name] = read_count(one.typed[name])
        except ValueError:
            one.problems[name] = _("“{typed}” is no number. Write digits, such as 12, or leave it empty.").format(
                typed=one.typed[name][:40]
            )
    unit = one.typed["unit"] or one.unit
    if unit not in one.units:
        one.problems["unit"] = _("Count in one of the units offered.")
    if one.problems:
        return
    way = one.way if unit == one.unit else Fraction(one.line.on_the_way)
    damaged, missing = counts["damaged"] or Fraction(0), counts["missing"] or Fraction(0)
    good = way - damaged - missing if counts["good"] is None else counts["good"]
    total = good + damaged + missing
    if good < 0 or total != way:
        one.problems["good"] = _(
            "{good} good + {damaged} damaged + {missing} missing are {total}; {way} {unit} are on the way. Count again."
        ).format(
            good=amount(max(good, Fraction(0))), damaged=amount(damaged), missing=amount(missing),
            total=amount(max(good, Fraction(0)) + damaged + missing), way=amount(way), unit=unit_word(unit, way),
        )  # fmt: skip
    elif not damaged and not missing:
        one.problems["damaged"] = _("Say how many are damaged or missing; or choose that all are here and good.")
    for name, lost, said in (
        ("damaged", damaged, _("Choose why {count} {unit} are damaged.")),
        ("missing", missing, _("Choose why {count} {unit} are missing.")),
    ):
        cause = one.typed[f"why_{name}"]
        if lost and cause not in (DAMAGED if name == "damaged" else MISSING):
            one.problems[f"why_{name}"] = said.format(count=amount(lost), unit=unit_word(unit, lost))
        elif lost and cause == OTHER and not note.strip():
            one.problems[f"why_{name}"] = _(
                "“Something else” needs a word about what it was: write it in the note below."
            )


def read_count(text: str) -> Fraction | None:
    """Return a number as typed, None where nothing was.

    Examples
    --------
    >>> read_count(" 12 "), read_count("2.5"), read_count("")
    (Fraction(12, 1), Fraction(5, 2), None)
    """
    if not text.strip():
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(text) from None
    # Both ends: 1e-999999999 is as short to type as it is long to work with.
    if not number.is_finite() or number < 0 or len(text) > LONGEST or abs(number.adjusted()) > LONGEST:
        raise ValueError(text)
    return Fraction(number)


def lines_said(given: Mapping[str, str]) -> list[int]:
    """Return the numbers of the lines that a form says something about: all that it showed, where all are here and good."""
    if given.get("all"):
        return sorted({int(one) for one in given.get("lines", "").split(";") if re.fullmatch(r"[0-9]{1,4}", one)})
    return sorted({int(match[1]) for name in given if (match := NUMBERED.fullmatch(name))})


def actions_of(ref: str, number: int, given: Mapping[str, str], units: tuple[str, str]) -> list[Asked]:
    """Return the actions that a line asks for: none where it is not here yet, two where it was lost in two ways.

    Parameters
    ----------
    units
        The unit it is counted in where the form says none, and its base unit.
    """
    choice = "good" if given.get("all") else given.get(f"is-{number}", "")
    day, note = given.get("on", ""), given.get("note", "").strip()
    if choice == "good":
        return [_asked(given, number, {"consignment": ref, "line": number, "note": note, "on": day})]
    if choice != "part":
        return []
    typed = {name: _plain(given.get(f"{name}-{number}", "")) for name in PARTS}
    unit = given.get(f"unit-{number}", "") or units[0]
    causes = {name: given.get(f"why_{name}-{number}", "") for name in ("damaged", "missing")}
    lost = {name: typed[name] not in ("", "0") for name in causes}
    shared: dict[str, Any] = {"consignment": ref, "line": number, "unit": unit, "note": note, "on": day}
    if lost["damaged"] and lost["missing"] and causes["damaged"] != causes["missing"]:
        gone = shared | {"good": "0", "missing": typed["missing"], "cause": causes["missing"]}
        rest = shared | {"good": typed["good"], "damaged": typed["damaged"], "cause": causes["damaged"]}
        return [_asked(given, number, gone), _asked(given, number, rest)]
    cause = causes["damaged"] if lost["damaged"] else causes["missing"] if lost["missing"] else ""
    counts = {name: typed[name] or "0" for name in ("damaged", "missing")}
    return [_asked(given, number, shared | {"good": typed["good"], "cause": cause} | counts)]


def _asked(given: Mapping[str, str], number: int, said: Mapping[str, Any]) -> Asked:
    """Return an action with an id that follows from the form's and from what it says: the same again is the same action."""
    words = "\n".join([given.get("request_id", ""), *(f"{name}={said[name]}" for name in sorted(said))])
    return Asked(number, f"receipt-{hashlib.sha256(words.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}", said)


def _plain(text: str) -> str:
    """Return a number as an action reads it: Western digits, no exponent; what is no number as it is."""
    try:
        number = read_count(text)
    except ValueError:
        return text.strip()
    return "" if number is None else f"{Decimal(text.strip()):f}"
