"""The Django application `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Name the application."""

    name = "evenhand.records"
    label = "records"
    verbose_name = "Records"
