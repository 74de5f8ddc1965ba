"""The labels and hints of parameters that mean the same in every action."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: Final[dict[str, str | Promise]] = {
    "party": _("Who"),
    "donor": _("Who gives"),
    "resource": _("What"),
    "quantity": _("How much"),
    "unit": _("Unit or pack"),
    "why": _("What for"),
    "place": _("Where"),
    "by_when": _("Needed by"),
    "valid_until": _("Valid until"),
    "held": _("Already there"),
    "capacity": _("Most that can be taken now"),
    "per_week": _("Most that can be used in a week"),
    "weight": _("Weight"),
    "weight_source": _("Source of the weight"),
    "tiers": _("Sizes of its groups"),
    "priority": _("How pressing"),
    "programme": _("Programme"),
    "group": _("Group"),
    "need": _("Need"),
    "offer": _("Offer"),
    "round": _("Round"),
    "consignment": _("Consignment"),
    "on": _("Day"),
    "role": _("Role"),
    "user": _("User"),
    "name": _("Name"),
    "file": _("File"),
    "password": _("Password"),
}
"""Parameter → its label, in the reader's language."""

HINTS: Final[dict[str, str | Promise]] = {
    "unit": _("Leave it empty where the number says it: “40 box”."),
    "quantity": _("As people say it: 1200, or 40 box."),
}
"""Parameter → its hint, where the meaning at the action is not enough."""
