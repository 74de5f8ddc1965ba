"""The open doors of a demo: step in as anybody of its story, with no password.

Open only where the setting `open_doors` says so, which `server.settings` refuses for any book but a demo's; asked from this
very machine; and where the demo was told. The second step counts as done, for such a session alone.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from evenhand.actions.demo.filling import find_demo
from evenhand.actions.demo.people import DOORS
from evenhand.web.account.second_step import OPEN_DOOR

WORDS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "focal-tcd": (_("Focal point of Chad"), _("enters what Chad needs, confirms what arrived, objects to a plan")),
    "nurse-moissala": (
        _("Nurse at the village clinic of Moissala"),
        _("says what was received, box by box, on a telephone"),
    ),
    "donor-demo-relief": (_("Donor: Demo Relief Fund"), _("offers, sends, and follows each gift to the last hand")),
    "donor-demo-medical": (_("Donor: Demo Medical Federation"), _("gives teams and services")),
    "demo-task-force": (_("Secretariat: the task force"), _("checks what is entered, opens a round, proposes a plan")),
    "board-uga": (_("Board: Uganda, the chair"), _("decides a round, together with another member")),
    "board-aze": (_("Board: Azerbaijan"), _("the other one who decides")),
    "board-idn": (_("Board: Indonesia"), _("recuses itself where it is concerned")),
    "demo-auditor": (_("Auditor"), _("reads everything, changes nothing")),
    "operator": (_("Operator"), _("keeps users and lists; decides nothing")),
}
"""User → who that is, and what one does there."""


@dataclass(frozen=True, slots=True)
class Door:
    """Hold one door: the user behind it, and what is written on it."""

    name: str
    title: str | Promise
    work: str | Promise


def doors_for(request: HttpRequest) -> list[Door]:
    """Return the doors that stand open to who asks; none anywhere but in a demo on one's own machine."""
    if not settings.OPEN_DOORS or not _is_from_here(request) or find_demo() is None:
        return []
    there = set(get_user_model().objects.filter(name__in=DOORS, is_active=True).values_list("name", flat=True))
    return [Door(name, *WORDS.get(name, (name, ""))) for name in DOORS if name in there]


@require_POST
@never_cache
def step_in(request: HttpRequest) -> HttpResponse:
    """Sign in as somebody of the demo, at once."""
    name = request.POST.get("as", "")
    if name not in {door.name for door in doors_for(request)}:
        raise Http404
    adapter = get_adapter(request)
    user = get_user_model().objects.get(name=name)
    if request.user.is_authenticated:
        adapter.logout(request)  # nothing of who one was before stays in the session
    adapter.login(request, user)
    request.session[OPEN_DOOR] = True
    onward = request.POST.get("next", "")
    return redirect(onward if onward and adapter.is_safe_url(onward) else adapter.get_login_redirect_url(request))


def _is_from_here(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False
