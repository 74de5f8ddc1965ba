"""Which address shows which page: pages under their language, the API, and what has no language."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from evenhand.web import front
from evenhand.web.addresses import in_every_language

urlpatterns = [
    path("checkpoint", front.checkpoint, name="checkpoint-note"),
    path("health", front.health, name="health"),
    *i18n_patterns(*in_every_language(), prefix_default_language=True),
]
handler404 = front.not_found
handler500 = front.failed
