"""Addresses of parties."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.parties import donors, members, one

urlpatterns = [
    *page("members", members.members, "members"),
    *page("donors", donors.donors, "donors"),
    *page("parties/<key>", one.party, "party"),
]
