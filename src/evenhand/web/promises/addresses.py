"""The address of promises."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.promises import views

urlpatterns = page("promises", views.promises, "promises")
