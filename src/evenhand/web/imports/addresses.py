"""Addresses of imports; they stand below the desk, where files may be sent."""

from __future__ import annotations

from django.urls import path

from evenhand.web.imports import views

urlpatterns = [
    path("desk/import", views.imports, name="imports"),
    path("desk/import/<slug:register>", views.send, name="import"),
    path("desk/import/<slug:register>/template.xlsx", views.template, name="import_template"),
    path("desk/import/<slug:register>/<slug:token>", views.preview, name="import_preview"),
    path("desk/import/<slug:register>/<slug:token>/problems.csv", views.problems, name="import_problems"),
]
