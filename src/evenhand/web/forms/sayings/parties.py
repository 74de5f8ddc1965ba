"""What the forms of parties say: register, change, retire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from evenhand.access.viewers import Viewer
from evenhand.lookups.parties import find_party
from evenhand.supply.registers import PARTY_KINDS
from evenhand.web.forms.choices import words_of
from evenhand.web.forms.saying import Group, Saying


def opened_change(viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return what stands of the party that is to be changed."""
    party = find_party(viewer, given.get("party", ""))
    if party is None:
        return {}
    return {"name": party.name, "place": party.place, "handles": ";".join(party.handles)}


LABELS: Final = {
    "key": _("Key"), "name": _("Name"), "kind": _("What it is"), "parent": _("Part of"), "place": _("Where it is"),
    "handles": _("What it can handle"), "codes": _("Codes elsewhere"), "latitude": _("Degrees north"), "longitude": _("Degrees east"),
    "party": _("Party"),
}  # fmt: skip
HINTS: Final = {
    "key": _("Short, without spaces, and never changed: TCD for a state, TCD-moissala for a clinic of it."),
    "parent": _("The key of its state, ministry or district."),
    "place": _("ISO 3166 code of the country, or the p-code."),
    "handles": _("Separated by “;”: cold-chain;ultra-cold."),
    "codes": _("As scheme:code, separated by “;”."),
}

SAYINGS: Final[dict[str, Saying]] = {
    "party register": Saying(
        _("Register a party"), _("Register it"), _("A state, organisation, facility, team or company that needs, gives or carries. Everybody sees it."),
        groups=(
            Group(_("Who it is"), ("key", "name", "kind", "parent")),
            Group(_("Where it is and what it can handle"), ("place", "handles")),
            Group(_("Codes and coordinates"), ("codes", "latitude", "longitude"), folded=True),
        ),
        labels=LABELS, hints=HINTS, choices={"kind": words_of("kind of party", PARTY_KINDS)}, done=_("Registered: {ref}."),
    ),
    "party change": Saying(
        _("Change a party"), _("Change it"), _("The line of this action keeps how it was before. Its key never changes."),
        groups=(Group("", ("party", "name", "place", "handles")), Group(_("Coordinates"), ("latitude", "longitude"), folded=True)),
        labels=LABELS, hints=HINTS | {"handles": _("All that it can handle from now on; “nothing” takes everything away.")},
        opens=opened_change, done=_("Changed: {ref}."),
    ),
    "party retire": Saying(
        _("Retire a party"), _("Retire it"), _("It takes part in nothing new. What it needed, gave and received stays readable."),
        labels=LABELS, reason="needed", danger=_("A party that was retired does not come back."), done=_("Retired: {ref}."),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
