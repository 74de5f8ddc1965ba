"""Address of the overview."""

from __future__ import annotations

from django.urls import path

from evenhand.web.home import views

urlpatterns = [path("", views.home, name="home")]
