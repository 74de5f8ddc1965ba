"""What the form of revoking a key says; making one has a page of its own, which shows it once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.viewers import Viewer
from evenhand.lookups.keys import list_keys
from evenhand.web.forms.saying import Saying


def open_keys(viewer: Viewer, given: Mapping[str, str]) -> list[tuple[str, str | Promise]]:
    """Return the keys that still open something, and the one that the form was opened with."""
    listed: dict[str, str | Promise] = {
        one.ref: f"{one.name} ({one.ref})" for one in list_keys(viewer) if one.state == "open"
    }
    asked = given.get("key", "")
    return list(({asked: asked} if asked and asked not in listed else {}).items()) + list(listed.items())


SAYINGS: Final[dict[str, Saying]] = {
    "key revoke": Saying(
        _("Revoke a key"), _("Revoke it"), _("At once it opens nothing any more, whoever has it."), labels={"key": _("Key")},
        choices={"key": open_keys}, danger=_("A revoked key does not come back; you would make a new one."),
        done=_("Revoked: {ref}."), onward=lambda done, given: reverse("keys"),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
