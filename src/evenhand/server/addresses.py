"""Which address shows which page."""

from __future__ import annotations

from django.urls import path

from evenhand.web import front

urlpatterns = [
    path("", front.front),
    path("checkpoint", front.checkpoint),
    path("health", front.health),
    path("pages.css", front.style),
]
handler404 = front.not_found
handler500 = front.failed
