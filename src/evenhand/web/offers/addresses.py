"""Addresses of offers: the list, one followed to the last hand, a donor's own, and the door to a new one."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.offers import gifts, one, views

urlpatterns = [
    *page("offers", views.offers, "offers"),
    *page("offers/<ref>", one.offer, "offer"),
    *page("desk/gifts/new", gifts.give, "give", data=False),
    *page("desk/gifts", gifts.gifts, "gifts"),
]
