"""The Django application `stockbook`."""

from django.apps import AppConfig


class StockBookConfig(AppConfig):
    """Name the application."""

    name = "evenhand.stockbook"
    label = "stockbook"
    verbose_name = "Stock book"
