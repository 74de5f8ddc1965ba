"""Which address shows which page: pages under their language, the API, the reading room, and what has no language."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib.admin import site
from django.urls import include, path

from evenhand.web import plain
from evenhand.web.addresses import in_every_language
from evenhand.web.consignments.code import code
from evenhand.web.failures import views as failures
from evenhand.web.receipts.worker import worker

urlpatterns = [
    path("c/<str:ref>", code, name="code"),
    path("checkpoint", plain.checkpoint, name="checkpoint-note"),
    path("health", plain.health, name="health"),
    path("manifest.webmanifest", plain.manifest, name="manifest"),
    path("robots.txt", plain.robots, name="robots"),
    path("sw.js", worker, name="worker"),
    path("admin/", site.urls),
    path("", include("evenhand.api.addresses")),
    *i18n_patterns(*in_every_language(), prefix_default_language=True),
]
handler400 = failures.bad_request
handler403 = failures.not_allowed
handler404 = failures.not_found
handler429 = failures.too_many
handler500 = failures.failed
