"""The Django application `access`."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class AccessConfig(AppConfig):
    """Name the application."""

    name = "evenhand.access"
    label = "access"
    verbose_name = "Access"

    def ready(self) -> None:
        """Have Django's own `check --database` say what is unsafe about the database."""
        from evenhand.database.checks import check_databases

        register(check_databases, Tags.database)
