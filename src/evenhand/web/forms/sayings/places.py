"""What the form of places says."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evenhand.web.forms.saying import Group, Saying

SAYINGS: Final[dict[str, Saying]] = {
    "place register": Saying(
        _("Register a place"), _("Register it"), _("A country, province, district or site, under the code by which others know it."),
        groups=(
            Group("", ("key", "name", "country", "level", "parent")),
            Group(_("Codes and coordinates"), ("codes", "latitude", "longitude", "valid_from"), folded=True),
        ),
        labels={
            "key": _("Code"), "name": _("Name"), "country": _("Country"), "level": _("Level"), "parent": _("Part of"),
            "codes": _("Codes elsewhere"), "latitude": _("Degrees north"), "longitude": _("Degrees east"), "valid_from": _("Valid from"),
        },
        hints={
            "key": _("ISO 3166 alpha-3 of a country, or the p-code."), "country": _("Its code; of a country, its own."),
            "level": _("0 for a country, 1 to 4 for the levels below it, 5 for a site."), "parent": _("The code of the place that it lies in."),
            "codes": _("As scheme:code, separated by “;”."),
        },
        done=_("Registered: {ref}."), onward=lambda done, given: reverse("desk"),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
