"""Addresses of consignments, their papers, and the stock that parties hold."""

from __future__ import annotations

from django.urls import path

from evenhand.web.consignments import one, papers, planning, stock, views
from evenhand.web.frame.addresses import page

urlpatterns = [
    *page("consignments", views.consignments, "consignments"),
    *page("consignments/plan", planning.plan, "plan-consignment", data=False),
    path("consignments/<ref>/manifest.pdf", papers.manifest, name="manifest-pdf"),
    path("consignments/<ref>/labels.pdf", papers.labels, name="labels-pdf"),
    path("consignments/<ref>/receipt.pdf", papers.receipt_note, name="receipt-pdf"),
    *page("consignments/<ref>", one.consignment, "consignment"),
    *page("desk/stock", stock.stock, "stock"),
]
