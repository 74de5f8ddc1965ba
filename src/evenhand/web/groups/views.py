"""The list of groups, with how many belong to each today."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.lookups.allowed import list_allowed
from evenhand.lookups.groups import Group, list_groups
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table


def counted(group: Group, *statuses: str) -> int:
    """Return how many parties belong to a group with one of these statuses."""
    return sum(one.what in statuses for one in group.members)


COLUMNS: Final = (
    Column("key", gettext_lazy("Group"), "named", of="group"),
    Column("kind", gettext_lazy("Kind"), "state", of="kind of group"),
    Column("founded", gettext_lazy("Founded"), "day"),
    Column("members", gettext_lazy("Members today"), "number", value=lambda row: counted(row, "member")),
    Column("observers", gettext_lazy("Observers"), "number", value=lambda row: counted(row, "observer")),
    Column("others", gettext_lazy("Others"), "number", gettext_lazy("eligible or suspended"), value=lambda row: len(row.members) - counted(row, "member", "observer")),
    Column("offices", gettext_lazy("Offices held today"), "number", value=lambda row: len(row.offices)),
)  # fmt: skip


@public_page
def groups(request: HttpRequest) -> HttpResponse:
    """List the groups as they are today."""
    viewer = viewer_of(request)
    rows = list_groups(viewer)
    table = Table(
        "groups", _("Groups as they are today"), COLUMNS, rows, total=len(rows),
        empty=_("No group is on file. An operator registers the groups that an installation serves."),
    )  # fmt: skip
    may_register = bool(viewer.public_id and list_allowed(viewer, ["group register"]))
    return show(request, "groups/groups.html", {"may_register": may_register}, table=table)
