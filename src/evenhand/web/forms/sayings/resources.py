"""What the form of resources says."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from evenhand.supply.registers import RESOURCE_KINDS
from evenhand.web.forms.choices import words_of
from evenhand.web.forms.saying import Group, Saying

SAYINGS: Final[dict[str, Saying]] = {
    "resource register": Saying(
        _("Register a resource"), _("Register it"), _("Something that can be needed or given. It is counted in one smallest unit for ever; packs say how people order it."),
        groups=(
            Group(_("What it is"), ("key", "name", "name_fr", "kind")),
            Group(_("How it is counted"), ("base_unit", "packs", "per_person")),
            Group(_("What else it needs or belongs to"), ("requires", "family", "parts", "codes"), folded=True),
        ),
        labels={
            "key": _("Key"), "name": _("Name"), "name_fr": _("Name in French"), "kind": _("Kind"), "base_unit": _("Smallest unit"),
            "packs": _("Packs"), "per_person": _("Units for one person"), "requires": _("Who can take it must handle"),
            "family": _("One of"), "parts": _("Parts of a kit"), "codes": _("Codes elsewhere"), "note": _("Note"),
        },
        hints={
            "key": _("Short, without spaces, and never changed: vaccine-measles; of money its ISO 4217 code."),
            "base_unit": _("Such as dose, piece, gram, session."), "packs": _("In smallest units: vial=10;box=100."),
            "per_person": _("Such as 2, where a person takes two doses."), "requires": _("Separated by “;”: cold-chain;ultra-cold."),
            "family": _("The key of the general resource that it can stand in for."),
            "parts": _("What one kit holds: mask-ffp2=1;gloves-examination=2."), "codes": _("As scheme:code, separated by “;”."),
        },
        choices={"kind": words_of("kind of resource", RESOURCE_KINDS)}, done=_("Registered: {ref}."),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
