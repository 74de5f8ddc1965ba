"""The Django application `people`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Name the application."""

    name = "evenhand.people"
    label = "people"
    verbose_name = "The people register"
