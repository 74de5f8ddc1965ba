"""What the forms of translations say: add, remove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.viewers import Viewer
from evenhand.actions.action import Done
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.frame.records import KINDS

Choices = list[tuple[str, str | Promise]]

OF: Final[Choices] = [
    ("party", _("a party")), ("place", _("a place")), ("group", _("a group")), ("resource", _("a resource")),
    ("programme", _("a programme")), ("need", _("a need")), ("offer", _("an offer")), ("evidence", _("evidence")),
    ("round", _("a round")), ("objection", _("an objection")),
]  # fmt: skip
LANGUAGES: Final[Choices] = [
    ("ar", "العربية"), ("zh", "中文"), ("en", "English"), ("fr", "Français"), ("ru", "Русский"), ("es", "Español"),
]  # fmt: skip
LABELS: Final = {
    "kind": _("Of what"), "key": _("Which one"), "language": _("Into which language"), "text": _("The translation"),
    "field": _("Which text of it"), "draft": _("It is a draft: a machine made it, or nobody has read it"), "source": _("Who translated it"),
}  # fmt: skip
HINTS: Final = {"key": _("Its key or ref, such as TCD or ND-…"), "field": _("Left empty: its name or title.")}


def kinds(viewer: Viewer, given: Mapping[str, str]) -> Choices:
    """Return what can have a translation."""
    return OF


def languages(viewer: Viewer, given: Mapping[str, str]) -> Choices:
    """Return the languages of the United Nations."""
    return LANGUAGES


def to_record(done: Done, given: Mapping[str, Any]) -> str:
    """Return the address of what was translated; the desk where it has no page."""
    name = KINDS.get(str(given.get("kind", "")), "")
    return reverse(name, args=[done.ref]) if name else reverse("desk")


FIELDS: Final = (
    Group("", ("kind", "key", "language", "text")),
    Group(_("More"), ("field", "draft", "source"), folded=True),
)

SAYINGS: Final[dict[str, Saying]] = {
    "translation add": Saying(
        _("Add a translation"), _("Add it"), _("The record keeps its own words; the translation stands beside them, marked as one."),
        groups=FIELDS, labels=LABELS, hints=HINTS, choices={"kind": kinds, "language": languages}, done=_("Added to {ref}."), onward=to_record,
    ),
    "translation remove": Saying(
        _("Take a translation back"), _("Take it back"), groups=(Group("", ("kind", "key", "language", "field")),),
        labels=LABELS, hints=HINTS, choices={"kind": kinds, "language": languages}, done=_("Taken back from {ref}."), onward=to_record,
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
