"""A cheap test before a costly pattern: without one of these letters in a row the pattern cannot match.

Called by the modules whose patterns join many words in either case. The stems are read from the pattern itself, so that they never fall
behind it. Holds no rule: what passes the test is still asked of the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

LEAST_LETTERS = 2
"""Of how many letters a stem is at least: every sentence has each single one."""
PARSER = import_module("re._parser")


def stems_of(pattern: re.Pattern[str]) -> tuple[str, ...]:
    r"""Return letters in lower case of which any match has some in a row; one empty stem where the pattern has none, which every text has.

    Examples
    --------
    >>> stems_of(re.compile(r"\b(?:thanked|thankful\w*|in (?:great )?debt|gr[ae]y)\b", re.I))
    ('debt', 'gr', 'thanked', 'thankful')
    >>> stems_of(re.compile(r"\w+ly|a"))
    ('',)
    """
    found = _needed(PARSER.parse(pattern.pattern, pattern.flags)) or {""}
    return tuple(sorted(one for one in found if not any(other in one for other in found - {one})))


def _needed(tree: Iterable[tuple[Any, Any]]) -> set[str]:
    """Return of what every match of a part of a pattern has one; nothing where there is no such thing."""
    choices: list[set[str]] = []
    run = ""
    for kind, value in tree:
        name = str(kind)
        if name == "LITERAL":
            run += in_lower_case(chr(value))
            continue
        if name == "AT":
            continue
        choices.append({run})
        run = ""
        if name == "BRANCH":
            branches = [_needed(branch) for branch in value[1]]
            choices.append(set().union(*branches) if all(branches) else set())
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            choices.append(_needed(value[-1] if name == "SUBPATTERN" else value))
        elif name.endswith("REPEAT") and value[0] > 0:
            choices.append(_needed(value[2]))
    choices.append({run})
    fitting = [one for one in choices if one and min(map(len, one)) >= LEAST_LETTERS]
    return max(fitting, key=lambda one: (min(min(map(len, one)), 4), -len(one)), default=set())


def in_lower_case(words: str) -> str:
    """Return words in lower case as a pattern that ignores case reads them: "ſ" is an s, and "İ" and "ı" are an i.

    Examples
    --------
    >>> in_lower_case("İzmir THANKS")
    'izmir thanks'
    """
    lower = words.lower()
    return lower if lower.isascii() else lower.replace("i̇", "i").replace("ı", "i").replace("ſ", "s")


def may_match(stems: tuple[str, ...], lower: str) -> bool:
    """Say whether one of the stems is in words of lower case.

    Examples
    --------
    >>> may_match(("thank", "grateful"), "he thanked the guest")
    True
    """
    for stem in stems:  # noqa: SIM110 -- a generator would take longer than the search
        if stem in lower:
            return True
    return False
