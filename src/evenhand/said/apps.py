"""The Django application `said`."""

from django.apps import AppConfig


class SaidConfig(AppConfig):
    """Name the application."""

    name = "evenhand.said"
    label = "said"
    verbose_name = "What was said"
