"""How often somebody may try a password: axes counts failures by name and address; hashing is rationed by address.

Called by axes (`settings.AXES_*`) and by `account.adapters`. Knows nothing of who the user is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from allauth.core.internal.ratelimit import consume, truncate_ip
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from evenhand.web.failures.views import answer_failure

HASHES: Final = {"hash": "5/s/ip"}
"""A password takes a third of a second of a processor to check, on purpose; an address gets five a second."""


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the name that was tried, in small letters, so that Focal-TCD and focal-tcd are one."""
    given = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(given).strip().casefold()[:255].replace("\0", "")


def address_of(request: HttpRequest) -> str:
    """Return the address that asks; of IPv6 the network, since whoever has one address there has them all."""
    return str(truncate_ip(str(request.META.get("REMOTE_ADDR") or "0.0.0.0")))  # noqa: S104 -- no address is known


def may_hash(request: HttpRequest) -> bool:
    """Say whether an address may have one more password checked in this second."""
    return consume(request, app="evenhand", action="hash", config=HASHES) is not None


def locked(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Say that this name is locked at this address, and for how long."""
    return answer_failure(
        request,
        429,
        title=_("Too many wrong passwords"),
        happened=_("Five wrong passwords were tried for this name from your address, so it is locked for 15 minutes."),
        safe=_(
            "Nobody was signed in, and nothing was changed. Wait 15 minutes; if you have forgotten the password, ask for a new one. "
            "From another address the name still works."
        ),
        retry_after=15 * 60,
    )
