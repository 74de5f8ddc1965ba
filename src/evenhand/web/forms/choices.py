"""What can be chosen in a field: the words of a closed list, and the parties, resources, groups that a viewer may act for.

Used by `forms.fields`. Asks lookups, so it never offers what the viewer may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.rights import RIGHTS
from evenhand.access.roles import ROLES
from evenhand.access.viewers import Viewer
from evenhand.fairness.rules import RULES
from evenhand.lookups.groups import list_groups
from evenhand.lookups.money import list_money
from evenhand.lookups.parties import find_party, list_parties
from evenhand.lookups.programmes import list_programmes
from evenhand.lookups.resources import Resource, list_resources
from evenhand.records.earmarks import PARTY
from evenhand.web.languages.speaking import names_here
from evenhand.web.languages.vocabulary import unit, word

Choices = list[tuple[str, str | Promise]]
MOST: Final = 400
"""Above so many a list is no help; the field takes a key, and suggests while one types."""

WORDS: Final[dict[str, tuple[tuple[str, str | Promise], ...]]] = {
    "priority": (("life-saving", _("life-saving")), ("urgent", _("urgent")), ("normal", _("normal"))),
    "firmness": (
        ("statement", _("a statement: it was said, nothing more")),
        ("pledge", _("a pledge: it is meant, the papers are not signed")),
        ("commitment", _("a commitment: it is signed")),
    ),
    "confidence": (("low", _("low")), ("medium", _("medium")), ("high", _("high"))),
}
"""Parameter → the words it can be, where these are the same for every action."""


def _called(kind: str, key: str, stored: str) -> str:
    """Return a record's name in the reader's language."""
    return names_here().name_of(kind, key, stored).text


def own_parties(viewer: Viewer, action: str) -> Choices | None:
    """Return the parties that a viewer may do an action for, each with all below it."""
    own = viewer.parties(*RIGHTS[action])
    found = [one for key in sorted(own) for one in list_parties(viewer, party=key, most=MOST + 1)]
    return [(one.key, f"{_called('party', one.key, one.name)} ({one.key})") for one in found] or None


def all_resources(viewer: Viewer) -> Choices:
    """Return every resource."""
    return [_resource(one) for one in list_resources(viewer)]


def shared_out(viewer: Viewer, given: Mapping[str, str]) -> Choices:
    """Return what a round can share out: every resource, but of the world's currencies those that stand in the records."""
    stand = {one.currency for one in list_money(viewer)} | {given.get("resource", "")}
    return [_resource(one) for one in list_resources(viewer) if one.kind != "money" or one.key in stand]


def _resource(one: Resource) -> tuple[str, str]:
    name = _called(
        "resource", one.key, one.name
    )  # a currency is its own unit, and there are so many that the list is the form's weight
    return one.key, name if one.kind == "money" else f"{name} ({unit(one.base_unit)})"


def all_groups(viewer: Viewer) -> Choices:
    """Return every group."""
    return [(one.key, f"{_called('group', one.key, one.name)} ({one.key})") for one in list_groups(viewer)]


def own_groups(viewer: Viewer, action: str) -> Choices:
    """Return the groups that a viewer may do an action for; every group where its role is bound to none."""
    own = viewer.groups(*RIGHTS[action])
    return [one for one in all_groups(viewer) if not own or one[0] in own]


def all_programmes(viewer: Viewer) -> Choices:
    """Return every programme."""
    return [(one.ref, f"{one.title} ({one.ref})") for one in list_programmes(viewer)]


def _roles(viewer: Viewer) -> Choices:
    return [(one.name, word("role", one.name)) for one in ROLES]


def _rules(viewer: Viewer) -> Choices:
    return [(name, word("rule", name)) for name in RULES]


LISTS: Final[dict[str, Callable[[Viewer], Choices]]] = {
    "resource": all_resources, "programme": all_programmes, "role": _roles, "rule": _rules,
}  # fmt: skip


def choices_of(action: str, name: str, viewer: Viewer, given: Mapping[str, str]) -> Choices | None:
    """Return what can be chosen in a field of an action, or None where it is written."""
    if name in WORDS:
        return list(WORDS[name])
    if name in ("party", "donor", "origin") and viewer.parties(*RIGHTS[action]):
        found = own_parties(viewer, action)
    elif name == "group":
        found = own_groups(viewer, action)
    elif name in LISTS:
        found = LISTS[name](viewer)
    else:
        return None
    return found if found is not None and len(found) <= MOST else None


def called(viewer: Viewer, text: str) -> list[str]:
    """Return what an earmark calls the groups and parties of this code, or of this name: as stored, or as the reader calls it."""
    if find_party(viewer, text.removeprefix(PARTY)) is not None:
        return [text]
    folded, groups = text.casefold(), list_groups(viewer)
    taken = {one.key for one in groups}
    parties = {one.key: one for one in list_parties(viewer, search=text, most=MOST)}
    parties |= {one.key: one for one in list_parties(viewer, kind="state", state="active", most=MOST)}
    found = {one.key for one in groups if folded == one.name.casefold()}
    for one in parties.values():
        if folded in (one.name.casefold(), _called("party", one.key, one.name).casefold()):
            found.add(f"{PARTY}{one.key}" if one.key in taken else one.key)
    return sorted(found)


def words_of(list_: str, words: Iterable[str]) -> Callable[[Viewer, Mapping[str, str]], Choices]:
    """Return what offers the words of a closed list, each in the reader's language; for `Saying.choices`."""
    kept = tuple(words)
    return lambda viewer, given: [(one, word(list_, one)) for one in kept]
