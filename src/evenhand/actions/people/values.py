"""Reading what was typed about a person or a household, field by field; every problem at once, each in a sentence.

Only fields that the registration asks for are taken. A sentence names the member and the field, and never repeats a name, nor a
word that is none of a list's: where the columns of a sheet have shifted, it is one. What is odd but possible is no problem: it is told
as a doubt, and a person looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from evenhand.errors import UNSEEN, InputRefused, Problem, shown, suggest
from evenhand.people.fields import ALWAYS, BY_NAME, Field, Of

OLDEST: Final = 125
"""Years; nobody is known to have lived so long."""

JOINERS: Final = frozenset("\u200c\u200d")
TOGETHER: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
"""Scripts that one name may mix."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_OUTSIDE = re.compile(r"[\w./ -]{1,64}")
_PHONE = re.compile(r"\+?[\d ()./-]{6,24}")

Values = dict[str, str]


def read_values(
    of: Of, given: Mapping[str, str], asked: Iterable[str], today: date, where: str
) -> tuple[Values, list[Problem]]:
    """Return what was given, as it is kept, and every problem of it.

    Parameters
    ----------
    asked
        The fields that the registration asks for.
    where
        What the problems are of: "member 2", "household".
    """
    asked = frozenset(asked)
    taken = [name for name, one in BY_NAME.items() if name in asked and one.of == of]
    values, problems = {}, []
    for name, text in given.items():
        if name not in taken:
            problems.append(Problem(where, 0, shown(name), _not_asked(name, of, taken)))
            continue
        value, wrong = read_value(BY_NAME[name], text, today)
        if wrong:
            problems.append(Problem(where, 0, name, wrong))
        elif value:
            values[name] = value
    problems += wrong_birth(values, where)
    return values, problems


def read_members(
    members: Sequence[Mapping[str, str]], asked: Sequence[str], today: date
) -> tuple[list[Values], list[str]]:
    """Return the members of one household, the head among them, and what is to be doubted of them.

    Raises
    ------
    InputRefused
        With every problem of every member.
    """
    read, problems = [], []
    for number, given in enumerate(members, 1):
        values, wrong = read_values("person", given, asked, today, f"member {number}")
        problems += wrong
        problems += [
            Problem(f"member {number}", 0, name, "it is empty; without it nobody can be told from the others")
            for name in ALWAYS
            if name not in values and not any(one.column == name for one in wrong)
        ]
        read.append(values)
    heads = [number for number, values in enumerate(read, 1) if values.get("relation") == "head"]
    if not members:
        problems.append(Problem("household", 0, "", "it has nobody; give at least its head"))
    elif not heads and not problems:
        problems.append(Problem("household", 0, "relation", "nobody is its head; one of its members is"))
    elif len(heads) > 1:
        who = " and ".join(f"member {number}" for number in heads)
        problems.append(Problem("household", 0, "relation", f"{who} are both its head; a household has one"))
    if problems:
        raise InputRefused(problems)
    return read, _doubts(read)


def read_value(field: Field, text: str, today: date) -> tuple[str, str]:
    """Return a value as it is kept, or what is wrong with it in words that do not repeat it where it may be a name."""
    line = text.strip() if field.kind == "text" else " ".join(text.split())
    if not line:
        return "", ""
    if any(unicodedata.category(letter) in UNSEEN and letter not in JOINERS and letter != "\n" for letter in line):
        return "", "it holds characters that nobody can see; type it again"
    if len(line) > field.most:
        return "", f"it has {len(line)} characters; at most {field.most} are kept"
    reading = {
        "name": _name, "year": _year, "date": _day, "phone": _phone, "word": _word, "words": _words, "language": _language,
        "outside": _outside,
    }.get(field.kind)  # fmt: skip
    return reading(field, line, today) if reading else (line, "")


def wrong_birth(values: Mapping[str, str], where: str) -> list[Problem]:
    """Say that a day and a year of birth are not of one another."""
    day, year = values.get("birth_date", ""), values.get("birth_year", "")
    if day and year and not day.startswith(year):
        return [Problem(where, 0, "birth_date", "it is not in the birth_year; one of the two is wrong")]
    return []


def scripts_of(text: str) -> list[str]:
    """Return the scripts that the letters of a text are of, by the first word of their names.

    Examples
    --------
    >>> scripts_of("Fаtima")  # the second letter is Cyrillic
    ['CYRILLIC', 'LATIN']
    >>> scripts_of("فاطمة")
    ['ARABIC']
    """
    names = {unicodedata.name(letter, "?").partition(" ")[0] for letter in text if letter.isalpha()}
    return sorted({"CJK" if name in TOGETHER else name for name in names if name != "MODIFIER"})


def _name(field: Field, line: str, today: date) -> tuple[str, str]:
    scripts = scripts_of(line)
    if not scripts:
        return "", "it has no letter; write the name as the person writes it"
    if len(scripts) > 1:
        return "", (
            f"it mixes letters of {' and '.join(one.title() for one in scripts)}, which look alike and are not; write it in one "
            "script, and the other spelling in other_name"
        )
    if any(letter.isdigit() for letter in line):
        return "", "it holds a figure; names are letters alone"
    return unicodedata.normalize("NFC", line), ""


def _year(field: Field, line: str, today: date) -> tuple[str, str]:
    year = int(line) if line.isdecimal() and len(line) == 4 else 0
    if not year:
        return "", "it is no year; write four figures, 1987"
    if year > today.year:
        return "", f"{year} is yet to come"
    if year < today.year - OLDEST:
        return "", f"{year} would make the person older than {OLDEST}; write the likely year"
    return str(year), ""


def _day(field: Field, line: str, today: date) -> tuple[str, str]:
    try:
        day = date.fromisoformat(line)
    except ValueError:
        return "", "it is no day; write 1987-03-05, or the year alone in birth_year"
    if day > today:
        return "", f"{day} is yet to come"
    if day.year < today.year - OLDEST:
        return "", f"{day} would make the person older than {OLDEST}; write the likely year in birth_year"
    return day.isoformat(), ""


def _phone(field: Field, line: str, today: date) -> tuple[str, str]:
    plain = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in line)
    if not _PHONE.fullmatch(plain):
        return "", "it is no number of a telephone; write +235 66 12 34 56"
    return plain, ""


def _word(field: Field, line: str, today: date) -> tuple[str, str]:
    word = line.casefold().replace(" ", "-")
    if word not in field.words:
        return "", f"it is none of {', '.join(field.words)}"
    return word, ""


def _words(field: Field, line: str, today: date) -> tuple[str, str]:
    words = [one.strip().casefold().replace(" ", "-") for one in line.split(";") if one.strip()]
    if any(one not in field.words for one in words):
        return "", f"it is none of {', '.join(field.words)}; several are separated by ';'"
    return ";".join(one for one in field.words if one in words), ""


def _language(field: Field, line: str, today: date) -> tuple[str, str]:
    if not _LANGUAGE.fullmatch(line.casefold()):
        return "", "it is no code of a language; write two or three letters, ar or fr"
    return line.casefold(), ""


def _outside(field: Field, line: str, today: date) -> tuple[str, str]:
    if not _OUTSIDE.fullmatch(line):
        return (
            "",
            "it is no reference; write letters, figures, - / . and at most 64 of them, and nothing of what the paper says",
        )
    return line, ""


def _doubts(members: Sequence[Values]) -> list[str]:
    """Return what is odd and possible: a child born before the head, a parent after."""
    head = next((_born(one) for one in members if one.get("relation") == "head"), 0)
    found = []
    for number, one in enumerate(members, 1):
        born, relation = _born(one), one.get("relation", "")
        if head and born and relation in ("child", "grandchild", "foster-child") and born <= head:
            found.append(f"member {number} is a {relation} of the head and not born after the head; is that right?")
        if head and born and relation in ("parent", "grandparent") and born >= head:
            found.append(f"member {number} is a {relation} of the head and not born before the head; is that right?")
    return found


def _born(values: Values) -> int:
    return int((values.get("birth_date", "") or values.get("birth_year", "") or "0")[:4])


def _not_asked(name: str, of: Of, taken: Sequence[str]) -> str:
    if name in BY_NAME and BY_NAME[name].of != of:
        return f"it is a field of the {BY_NAME[name].of}, not of the {of}"
    if name in BY_NAME:
        return "this registration does not ask for it, so it is not kept; leave it out"
    return f"there is no such field{suggest(name, taken)}; what is asked for: {', '.join(taken)}"
