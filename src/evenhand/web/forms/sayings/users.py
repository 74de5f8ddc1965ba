"""What the forms of users say: add, grant, revoke, switch off and on, a new password, a lost second step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.roles import ROLES
from evenhand.access.viewers import Viewer
from evenhand.actions.action import Done
from evenhand.lookups.groups import list_groups
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.languages.vocabulary import word
from evenhand.web.rounds.naming import plain_name

Choices = list[tuple[str, str | Promise]]
Given = Mapping[str, str]

MEANS: Final[dict[str, str | Promise]] = {
    "focal-point": _("enters and renews a member’s needs, confirms receipts, objects (for a party)"),
    "donor": _("offers and follows its gifts (for a party)"),
    "secretariat": _("checks entries, proposes plans, arranges consignments (in a group)"),
    "board": _("decides rounds (for a party, in a group)"),
    "auditor": _("reads everything, changes nothing (bound to nothing)"),
    "registrar": _("registers households (for a party)"),
    "case-worker": _("follows a person’s case (for a party)"),
    "operator": _("keeps users and lists (bound to nothing)"),
}  # fmt: skip


def roles(viewer: Viewer, given: Given) -> Choices:
    """Return the roles with what each does and what it is held for."""
    return [(one.name, f"{word('role', one.name)}: {MEANS.get(one.name, one.meaning)}") for one in ROLES]


def groups(viewer: Viewer, given: Given) -> Choices:
    """Return every group: an operator's role is bound to none."""
    return [(one.key, f"{plain_name('group', one.key, one.name)} ({one.key})") for one in list_groups(viewer)]


def to_user(done: Done, given: Mapping[str, Any]) -> str:
    """Return the address of the user's page."""
    return reverse("user", args=[done.ref])


LABELS: Final = {
    "name": _("Name to sign in with"), "full_name": _("Name in full"), "email": _("E-mail address"), "language": _("Language"),
    "password": _("Password"), "user": _("User"), "role": _("Role"), "party": _("For which party"), "group": _("In which group"),
}  # fmt: skip
HINTS: Final = {
    "name": _("Letters without accents, digits and . _ @ + -, such as focal-tcd."),
    "password": _("At least 12 characters; a sentence is easy to keep. Without one nobody signs in as this user."),
    "email": _("A new password can be asked for with it."), "full_name": _("Seen by operators and auditors only."),
    "language": _("Of the letters that it is sent."), "user": _("Its name or public id."),
    "party": _("The party’s key, such as TCD; empty for a role that is held in a group or for nothing."),
    "group": _("For the secretariat and the board."),
}  # fmt: skip
LANGUAGES: Final[Choices] = [
    ("en", "English"), ("ar", "العربية"), ("zh", "中文"), ("fr", "Français"), ("ru", "Русский"), ("es", "Español"),
]  # fmt: skip
BOUND: Final = {"role": roles, "group": groups}

SAYINGS: Final[dict[str, Saying]] = {
    "user add": Saying(
        _("Add a user"), _("Add"), _("A new user may do nothing until you grant a role."),
        groups=(Group("", ("name", "password")), Group(_("About the person"), ("full_name", "email", "language"))),
        labels=LABELS, hints=HINTS, choices={"language": lambda viewer, given: LANGUAGES}, done=_("Added: {ref}. Now grant a role."), onward=to_user,
    ),
    "user grant": Saying(
        _("Grant a role"), _("Grant it"), _("The role counts from today. Nobody is auditor or operator and something else."),
        groups=(Group("", ("user", "role", "party", "group")),), labels=LABELS, hints=HINTS, choices=BOUND, reason="asked",
        done=_("Granted to {ref}."), onward=to_user,
    ),
    "user revoke": Saying(
        _("Revoke a role"), _("Revoke it"), _("It ends at once, also in sessions that are open. What was done under it stays."),
        groups=(Group("", ("user", "role", "party", "group")),), labels=LABELS, hints=HINTS, choices=BOUND, reason="asked",
        danger=_("Whoever holds only this role can then do nothing here."), done=_("Revoked from {ref}."), onward=to_user,
    ),
    "user switch off": Saying(
        _("Switch a user off"), _("Switch off"), _("At once it can neither sign in nor act. What it did stays as it is, and it can be switched on again."),
        labels=LABELS, hints=HINTS, reason="asked", danger=_("Its open sessions and keys stop working at once."), done=_("Switched off: {ref}."), onward=to_user,
    ),
    "user switch on": Saying(
        _("Switch a user on again"), _("Switch on"), _("With the roles that it holds."), labels=LABELS, hints=HINTS, reason="asked",
        done=_("Switched on: {ref}."), onward=to_user,
    ),
    "user password": Saying(
        _("Give a user a new password"), _("Set the password"), _("The old one opens nothing any more. The second step stays as it is."),
        labels=LABELS | {"password": _("New password")}, hints=HINTS | {"password": _("At least 12 characters; a sentence is easy to keep.")},
        reason="asked", done=_("{ref} has a new password."), onward=to_user,
    ),
    "user second step": Saying(
        _("Remove a lost second step"), _("Remove it"),
        _("For a user that has lost its device and its recovery codes. All its sessions end; at its next sign-in it sets up another."),
        labels=LABELS | {"reason": _("How you made sure who asks")}, hints=HINTS, reason="needed",
        danger=_("Whoever asks for this may be a thief who has the password. Call back on a number that you knew before."),
        done=_("{ref} has no second step any more, and its sessions have ended."), onward=to_user,
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
