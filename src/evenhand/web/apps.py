"""The Django application `web`: its template tags, its assets, its languages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Name the application."""

    name = "evenhand.web"
    label = "web"
    verbose_name = "Pages"

    def ready(self) -> None:
        """Have what concerns security written down."""
        from evenhand.web.account.log import connect

        connect()
