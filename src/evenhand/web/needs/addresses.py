"""Addresses of needs."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.needs import one, views

urlpatterns = [
    *page("needs", views.needs, "needs"),
    *page("needs/<ref>", one.need, "need"),
]
