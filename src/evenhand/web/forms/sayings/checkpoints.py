"""What the forms of checkpoints and of the shipped lists say."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evenhand.web.forms.saying import Saying

SAYINGS: Final[dict[str, Saying]] = {
    "checkpoint make": Saying(
        _("Sign a checkpoint now"), _("Sign it"), _("One is made by itself on each decision and each day. A checkpoint stands for every entry up to now; nobody can change one of them without that being seen."),
        done=_("Signed."), onward=lambda done, given: reverse("checkpoints"),
    ),
    "checkpoint countersign": Saying(
        _("Add somebody’s countersignature"), _("Add it"), _("Somebody outside has verified the book and signed its checkpoint; their signature is kept beside ours."),
        labels={"note": _("The signed checkpoint"), "key": _("Their verifier key")},
        hints={"note": _("The file that they sent back."), "key": _("Name, hash and key joined by “+”, as they publish it.")},
        done=_("Added."), onward=lambda done, given: reverse("checkpoints"),
    ),
    "seed plant": Saying(
        _("Plant the shipped lists"), _("Plant them"), _("Countries, groups, currencies and relief resources. What is there already stays as it is."),
        done=_("The shipped lists are in."), onward=lambda done, given: reverse("desk"),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
