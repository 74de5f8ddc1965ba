"""The Django application `access`."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Name the application."""

    name = "evenhand.access"
    label = "access"
    verbose_name = "Access"
