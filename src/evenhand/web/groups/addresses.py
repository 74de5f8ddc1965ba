"""Addresses of groups."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.groups import one, views

urlpatterns = [
    *page("groups", views.groups, "groups"),
    *page("groups/<key>", one.group, "group"),
]
