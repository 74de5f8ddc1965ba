"""What the form of evidence says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.viewers import Viewer
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.languages.vocabulary import WORDS

Choices = list[tuple[str, str | Promise]]


def kinds(viewer: Viewer, given: Mapping[str, str]) -> Choices:
    """Return the kinds of evidence."""
    return list(WORDS["kind of evidence"].items())


SAYINGS: Final[dict[str, Saying]] = {
    "evidence attach": Saying(
        _("Attach evidence"), _("Attach it"),
        _("A document, receipt, photo, table or link that proves something. Its file is kept once, under the hash of its bytes, and never changed."),
        groups=(
            Group(_("What it proves"), ("about",)),
            Group(_("What it is"), ("kind", "title", "file", "source")),
            Group(_("Who may see it"), ("public",)),
            Group(_("Its date, language and how far it can be trusted"), ("dated", "language", "confidence", "filename"), folded=True),
        ),
        labels={"about": _("What it is about"), "kind": _("Kind"), "title": _("What it is, in a line"), "source": _("Where it comes from"),
                "public": _("Everybody may see it"), "dated": _("Day it bears"), "language": _("Language"), "confidence": _("How far it can be trusted"),
                "filename": _("Name of the file")},
        hints={
            "about": _("References such as OF-…, CN-…, ND-…, or a party’s code; several separated by “;”."),
            "kind": _("A readout is what somebody said in public; a link is an address and no file."),
            "title": _("Such as: waybill 1182, signed in Moundou."),
            "dated": _("Written on it."),
            "confidence": _("By your own judgement."),
            "file": _("PDF, image, text or CSV, office documents without macros. No photo in which people can be recognised."),
            "source": _("Who issued it, or its address beginning with https://"),
            "public": _("Leave it empty for papers that only those with a part in it should see. What is public stays so."),
            "language": _("Its code, such as fr"),
            "filename": _("Only to speak of it where something is wrong with it."),
        },
        choices={"kind": kinds}, done=_("On file: {ref}."),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
