"""Addresses of evidence."""

from __future__ import annotations

from evenhand.web.evidence import views
from evenhand.web.frame.addresses import page

urlpatterns = [
    *page("evidence/<ref>/file", views.download, "evidence-file", data=False),
    *page("evidence/<ref>", views.evidence, "evidence"),
]
