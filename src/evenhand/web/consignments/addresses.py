"""Addresses of consignments."""

from __future__ import annotations

from evenhand.web.consignments import one, views
from evenhand.web.frame.addresses import page

urlpatterns = [
    *page("consignments", views.consignments, "consignments"),
    *page("consignments/<ref>", one.consignment, "consignment"),
]
