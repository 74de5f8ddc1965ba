"""The Django application `rounds`."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Name the application."""

    name = "evenhand.rounds"
    label = "rounds"
    verbose_name = "Rounds"
