"""Addresses of resources."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.resources import one, views

urlpatterns = [
    *page("resources", views.resources, "resources"),
    *page("resources/<key>", one.resource, "resource"),
]
