"""The desk: what waits for whoever is signed in, role by role, one's own work first, each with the button that does it.

Must never list what a role does not reach; its lookups say what that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from evenhand.access.viewers import Viewer
from evenhand.lookups.actions import list_actions
from evenhand.lookups.checkpoints import find_latest_checkpoint
from evenhand.lookups.desks import (
    count_gifts,
    count_users,
    count_work,
    list_complaints,
    list_gifts,
    list_objectable,
    list_rounds_to_decide,
    list_rounds_to_work,
    list_shares,
    list_travelling,
    list_underway,
)
from evenhand.lookups.reach import today
from evenhand.lookups.tending import list_tended
from evenhand.lookups.version import of_this_version
from evenhand.web.desk.audit import title_of
from evenhand.web.frame.pages import private_page, show, viewer_of


@private_page()
def desk(request: HttpRequest) -> HttpResponse:
    """Show the work that waits."""
    viewer = viewer_of(request)
    held = list(dict.fromkeys(one.role for one in viewer.roles))
    sections = [
        {"role": role, "template": f"desk/of_{role.replace('-', '_')}.html", **_section(role, viewer)}
        for role in SECTIONS
        if role in held
    ]
    return show(request, "desk/desk.html", {"sections": sections, "roles": viewer.roles})  # fmt: skip


def _section(role: str, viewer: Viewer) -> Mapping[str, Any]:
    read = SECTIONS[role]
    return read(viewer) if role in NOT_KEPT else of_this_version(role, lambda: read(viewer), today(), viewer=viewer)


def _of_focal_point(viewer: Viewer) -> Mapping[str, Any]:
    tended, underway = list_tended(viewer), list_underway(viewer)
    parties = sorted(viewer.parties("focal-point"))
    pressing = any(tended.counts[task] for task in ("lapsed", "lapsing", "draft"))
    return {
        "tended": tended, "underway": underway, "shares": list_shares(viewer), "objectable": list_objectable(viewer),
        "parties": parties, "party": parties[0] if len(parties) == 1 else "",
        "receipts_first": bool(underway) and not pressing,
    }  # fmt: skip


def _of_donor(viewer: Viewer) -> Mapping[str, Any]:
    gifts, total = list_gifts(viewer)
    own = sorted(viewer.parties("donor"))
    party = own[0] if len(own) == 1 else ""
    return {
        "party": party,
        "gifts": gifts,
        "total": total,
        "counts": count_gifts(viewer),
        "travelling": list_travelling(viewer),
    }


def _of_secretariat(viewer: Viewer) -> Mapping[str, Any]:
    return {
        "counts": count_work(viewer),
        "complaints": list_complaints(viewer),
        "rounds": list_rounds_to_work(viewer),
    }


def _of_board(viewer: Viewer) -> Mapping[str, Any]:
    return {"rounds": list_rounds_to_decide(viewer)}


def _of_auditor(viewer: Viewer) -> Mapping[str, Any]:
    lines = [(one, title_of(one.name)) for one in list_actions(viewer, order="-at", most=6)]
    return {"checkpoint": find_latest_checkpoint(viewer), "lines": lines}


def _of_operator(viewer: Viewer) -> Mapping[str, Any]:
    return {"counts": count_users(viewer), "checkpoint": find_latest_checkpoint(viewer)}


SECTIONS: Final[dict[str, Callable[[Viewer], Mapping[str, Any]]]] = {
    "focal-point": _of_focal_point, "donor": _of_donor, "secretariat": _of_secretariat, "board": _of_board,
    "auditor": _of_auditor, "operator": _of_operator,
}  # fmt: skip
"""Role → what its desk shows, in the order in which desks stand under one another."""

NOT_KEPT: Final = frozenset({"auditor", "operator"})
"""The desks that also change without an action (a second step, a checkpoint) or with the language."""
