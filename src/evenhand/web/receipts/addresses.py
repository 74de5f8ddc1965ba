"""Addresses of receipts."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.receipts import views

urlpatterns = [
    *page("receipts", views.receipts, "receipts", data=False),
    *page("receipts/<ref>", views.receipt, "receipt", data=False),
]
