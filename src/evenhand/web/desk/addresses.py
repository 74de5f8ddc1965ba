"""Addresses of the desks and the pages below them."""

from __future__ import annotations

from django.urls import path

from evenhand.web.desk import audit, keys, needs, users, views
from evenhand.web.frame.addresses import page

urlpatterns = [
    path("desk", views.desk, name="desk"),
    path("desk/needs", needs.my_needs, name="my_needs"),
    path("desk/needs/renew", needs.renew_all, name="renew_all"),
    path("desk/needs/check", needs.check_needs, name="check_needs"),
    *page("desk/expiring", audit.expiring, "expiring"),
    path("desk/actions", audit.actions, name="actions"),
    path("desk/audit", audit.audit, name="audit"),
    path("desk/users", users.users, name="users"),
    path("desk/users/<slug:who>", users.user, name="user"),
    path("desk/keys", keys.keys, name="keys"),
]
