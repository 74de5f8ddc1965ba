"""Addresses of programmes."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.programmes import one, views

urlpatterns = [
    *page("programmes", views.programmes, "programmes"),
    *page("programmes/<ref>", one.programme, "programme"),
]
