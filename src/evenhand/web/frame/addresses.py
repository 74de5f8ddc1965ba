"""How pages get their addresses: each with its data twins, so that `needs` is also `needs.csv`, `needs.xlsx`, `needs.json`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path, register_converter


class FormatConverter:
    """Take the ending of a data twin's address."""

    regex = "csv|xlsx|json"

    def to_python(self, value: str) -> str:
        """Return the ending."""
        return value

    def to_url(self, value: str) -> str:
        """Return the ending."""
        return value


register_converter(FormatConverter, "format")


def page(route: str, view: Callable[..., Any], name: str, *, data: bool = True) -> list[URLPattern]:
    """Return the addresses of a page; with data twins unless it has none. A twin's name ends in "-data"."""
    twins = [path(f"{route}.<format:format>", view, name=f"{name}-data")] if data else []
    return [*twins, path(route, view, name=name)]
