"""Addresses of the desks."""

from __future__ import annotations

from django.urls import path

from evenhand.web.desk import views

urlpatterns = [path("desk", views.desk, name="desk")]
