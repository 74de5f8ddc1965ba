"""Earmarks: whom an offer is meant for, or not, as names of groups and parties separated by ';'.

One name can be both: NAM is the Non-Aligned Movement, and ISO's code of Namibia. It then means the group; the party is
written `party:NAM`. Asked by whoever makes, shares out or sends an offer. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable

from evenhand.records.models import Group, Party

PARTY = "party:"


def earmark_names(text: str) -> list[str]:
    """Return the names of an earmark as they stand in it."""
    return [name for name in (part.strip() for part in text.split(";")) if name]


def split_earmark(text: str) -> tuple[list[str], list[str]]:
    """Return the groups and the parties of an earmark, by their keys; a name that is neither is in neither."""
    names = earmark_names(text)
    groups = set(Group.objects.filter(pk__in=names).values_list("key", flat=True))
    keys = [name.removeprefix(PARTY) for name in names if name not in groups]
    parties = set(Party.objects.filter(pk__in=keys).values_list("key", flat=True))
    return [name for name in names if name in groups], [key for key in keys if key in parties]


def write_earmark(groups: Iterable[str], parties: Iterable[str]) -> str:
    """Return an earmark that names these groups and parties and cannot be read otherwise."""
    parties = list(parties)
    doubtful = set(Group.objects.filter(pk__in=parties).values_list("key", flat=True))
    return ";".join([*groups, *(f"{PARTY}{key}" if key in doubtful else key for key in parties)])


def only_party(text: str) -> str:
    """Return the one party that an earmark names and nobody beside it, or ""."""
    groups, parties = split_earmark(text)
    return parties[0] if len(parties) == 1 and not groups else ""
