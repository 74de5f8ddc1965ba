"""People and roles, for whoever keeps the installation: everybody with what they hold, and one person with what can be done.

Auditors read the same. Never shows a password, and never a secret of a second step: only whether there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.lookups.desks import STAFF, list_with_second_step
from evenhand.lookups.reach import today
from evenhand.lookups.users import Held, User, list_users
from evenhand.web.frame.here import with_query
from evenhand.web.frame.pages import private_page, show, viewer_of

SHOWN: Final = (
    ("", gettext_lazy("Everybody")),
    ("stepless", gettext_lazy("Staff without a second step")),
    ("idle", gettext_lazy("Without a role")),
    ("off", gettext_lazy("Switched off")),
)
"""Which users the page shows, and what that is called."""

PAGE: Final = 100


@private_page("operator", "auditor")
def users(request: HttpRequest) -> HttpResponse:
    """List the users, by name."""
    viewer = viewer_of(request)
    steps = list_with_second_step(viewer)
    which, wanted = request.GET.get("show", ""), request.GET.get("search", "").strip().casefold()
    everybody = list_users(viewer)
    found = [one for one in everybody if _is_shown(one, which, steps) and _fits(one, wanted)]
    start = next((place for place, one in enumerate(found) if one.name > request.GET.get("after", "")), len(found))
    shown = found[start : start + PAGE]
    return show(request, "desk/users.html", {
        "rows": [{"user": one, "roles": roles_now(one), "step": one.public_id in steps} for one in shown],
        "next": shown[-1].name if start + PAGE < len(found) else "", "total": len(found), "search": request.GET.get("search", ""),
        "views": [(with_query(request, show=name, after=""), said, name == which) for name, said in SHOWN],
        "may_change": viewer.has(*RIGHTS["user add"]),
    })  # fmt: skip


@private_page("operator", "auditor")
def user(request: HttpRequest, who: str) -> HttpResponse:
    """Show one user: roles now and before, second step, and what an operator can do."""
    viewer = viewer_of(request)
    found = next((one for one in list_users(viewer) if one.public_id == who), None)
    if found is None:
        raise Http404
    now = roles_now(found)
    return show(request, "desk/user.html", {
        "user_row": found, "roles": now, "before": [one for one in found.roles if one not in now],
        "step": found.public_id in list_with_second_step(viewer), "staff": any(one.role in STAFF for one in now),
        "may_change": viewer.has(*RIGHTS["user add"]), "self": found.public_id == viewer.public_id,
    })  # fmt: skip


def roles_now(one: User) -> Sequence[Held]:
    """Return the roles that a user holds today."""
    return [held for held in one.roles if held.since <= today() and (held.until is None or held.until >= today())]


def _is_shown(one: User, which: str, steps: frozenset[str]) -> bool:
    if which == "stepless":
        return one.active and one.public_id not in steps and any(held.role in STAFF for held in roles_now(one))
    if which == "idle":
        return one.active and not roles_now(one)
    return which != "off" or not one.active


def _fits(one: User, wanted: str) -> bool:
    """Say whether a user is found by a name, a public id, or something that a role is bound to."""
    texts = (one.name, one.full_name, one.email, one.public_id, *(f"{held.party} {held.group}" for held in one.roles))
    return not wanted or any(wanted in text.casefold() for text in texts)
