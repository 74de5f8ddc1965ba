"""Addresses of offers."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.offers import one, views

urlpatterns = [
    *page("offers", views.offers, "offers"),
    *page("offers/<ref>", one.offer, "offer"),
]
