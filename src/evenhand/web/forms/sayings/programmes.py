"""What the form of a programme says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.lookups.parties import list_parties
from evenhand.web.forms.choices import all_groups, own_parties
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.languages.vocabulary import WORDS

Choices = list[tuple[str, str | Promise]]


def leaders(viewer: Viewer, given: Mapping[str, str]) -> Choices:
    """Return who may lead: one's own parties, for a secretariat the states of its groups."""
    own = own_parties(viewer, "programme start") or []
    groups = sorted(viewer.groups(*RIGHTS["programme start"]))
    of_groups = [one for group in groups for one in list_parties(viewer, group=group, kind="state", most=600)]
    return list(dict(own + [(one.key, f"{one.name} ({one.key})") for one in of_groups]).items())


def kinds(viewer: Viewer, given: Mapping[str, str]) -> Choices:
    """Return the kinds of programme."""
    return list(WORDS["kind of programme"].items())


SAYINGS: Final[dict[str, Saying]] = {
    "programme start": Saying(
        _("Start a programme"), _("Start it"),
        _("Needs, offers, rounds and consignments can belong to it from now on, and its page follows them from need to receipt."),
        groups=(
            Group(_("What it is"), ("title", "kind")), Group(_("Whose it is"), ("lead", "group")),
            Group(_("When"), ("starts", "ends")), Group(_("What it works for"), ("sdg_targets",), folded=True),
        ),
        labels={"title": _("Title"), "kind": _("Kind"), "lead": _("Led by"), "starts": _("First day"), "ends": _("Last day"), "sdg_targets": _("Targets of the sustainable development goals")},
        hints={"sdg_targets": _("Their numbers, separated by “;”, such as 3.8;3.b"), "title": _("In a line; everybody reads it."),
               "kind": _("What most of it is."), "lead": _("Who answers for it."), "group": _("Whose members it is for."),
               "starts": _("Leave it empty if nobody knows yet."), "ends": _("Leave it empty if nobody knows yet.")},
        choices={"kind": kinds, "lead": leaders, "group": lambda viewer, given: all_groups(viewer)}, done=_("Started: {ref}."),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
