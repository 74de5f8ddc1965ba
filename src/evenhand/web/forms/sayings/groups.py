"""What the forms of groups say: register, join, leave, office."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from evenhand.supply.registers import STATUSES
from evenhand.web.forms.choices import words_of
from evenhand.web.forms.saying import Group, Saying

LABELS: Final = {
    "key": _("Key"), "name": _("Name"), "kind": _("What it is"), "founded": _("Founded"), "source": _("Source"),
    "group": _("Group"), "party": _("Party"), "since": _("Since"), "until": _("Until"), "status": _("As"), "office": _("Office"),
}  # fmt: skip
HINTS: Final = {
    "key": _("Short, without spaces, and never changed: NAM."),
    "party": _("Its key, such as TCD."),
    "since": _("As exactly as it is known: 2024, 2024-01 or 2024-01-18."),
    "until": _("The last day, as exactly as it is known: 2024, 2024-01 or 2024-01-18."),
    "founded": _("As exactly as it is known: 1961, or 1961-09-01."),
    "source": _("Where it is written down, so that others can check it."),
}
KINDS: Final = ("movement", "organisation", "forum", "eligibility list")
OFFICES: Final = ("chair", "council-seat", "council-seat-permanent")

SAYINGS: Final[dict[str, Saying]] = {
    "group register": Saying(
        _("Register a group"), _("Register it"), _("A named set of parties, with dated membership and offices. Rounds share out among the members of a group."),
        groups=(Group("", ("key", "name", "kind")), Group(_("Where it comes from"), ("founded", "source"))),
        labels=LABELS, hints=HINTS, choices={"kind": words_of("kind of group", KINDS)}, done=_("Registered: {ref}."),
    ),
    "group join": Saying(
        _("Record that a party joined"), _("Record it"), _("From that day the group’s secretariat and board act for this member too."),
        groups=(Group("", ("group", "party", "status", "since", "source")),), labels=LABELS, hints=HINTS,
        choices={"status": words_of("status in a group", STATUSES)}, done=_("Recorded: {party} in {ref}."),
    ),
    "group leave": Saying(
        _("Record that a party left"), _("Record it"), _("Its time in the group stays readable."),
        groups=(Group("", ("group", "party", "until")),), labels=LABELS, hints=HINTS,
        danger=_("From the day after, the group’s secretariat no longer acts for it."), done=_("Recorded: {party} left {ref}."),
    ),
    "group office": Saying(
        _("Record an office"), _("Record it"), _("Who holds the chair or a seat, and since when."),
        groups=(Group("", ("group", "party", "office", "since", "until", "source")),), labels=LABELS, hints=HINTS,
        choices={"office": words_of("office", OFFICES)}, done=_("Recorded: {party} in {ref}."),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
