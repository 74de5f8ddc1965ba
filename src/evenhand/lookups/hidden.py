"""Whether a ref names something that a viewer may see: asked before an action looks at it.

Without this an action would refuse a stranger's draft by "you may not" and a ref that was made up by "there is none", and
so tell the two apart. Used by `evenhand.actions.action` for every action alike. Reads only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import split
from evenhand.lookups.documents import seen_meetings, seen_statements
from evenhand.lookups.evidence import seen_evidence
from evenhand.lookups.needs import seen_needs
from evenhand.lookups.officials import seen_officials_ever
from evenhand.lookups.rounds import seen_objections, seen_rounds

SEEN: Mapping[str, tuple[str, Callable[[Viewer], QuerySet[Any]]]] = {
    "ND": ("need", seen_needs),
    "RD": ("round", seen_rounds),
    "OB": ("objection", seen_objections),
    "EV": ("evidence", seen_evidence),
    "ST": ("statement", seen_statements),
    "MT": ("meeting", seen_meetings),
    "HO": ("official", seen_officials_ever),
}
"""Prefix of a ref → what it names, and those that a viewer may see; offers, consignments and programmes are public."""

REF = re.compile(rf"({'|'.join(SEEN)})-[0-9A-HJKMNP-TV-Z]{{10}}")


def find_unseen(viewer: Viewer, given: Iterable[object]) -> tuple[str, str] | None:
    """Return the kind and the ref of the first thing named that a viewer may not see or that does not exist, else None.

    Parameters
    ----------
    given
        What an action is given: a ref, or several separated by ';', stands by itself and not within a sentence.
    """
    named = [part for text in given if isinstance(text, str) for part in split(text) if REF.fullmatch(part)]
    for prefix in dict.fromkeys(ref[:2] for ref in named):
        kind, seen = SEEN[prefix]
        asked = [ref for ref in named if ref[:2] == prefix]
        found = set(seen(viewer).filter(pk__in=asked).values_list("pk", flat=True))
        for ref in asked:
            if ref not in found:
                return kind, ref
    return None
