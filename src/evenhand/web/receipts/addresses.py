"""Addresses of receipts."""

from __future__ import annotations

from django.urls import path

from evenhand.web.frame.addresses import page
from evenhand.web.receipts import views

urlpatterns = [
    *page("receipts", views.receipts, "receipts", data=False),
    path("receipts/token", views.token, name="receipts-token"),
    *page("receipts/<ref>", views.receipt, "receipt", data=False),
]
