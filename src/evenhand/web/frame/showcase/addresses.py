"""The address of the showcase; there is none on a server that others reach."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from evenhand.web.frame.showcase.views import showcase

urlpatterns: list[URLPattern] = [path("components", showcase, name="components")] if settings.DEBUG else []
