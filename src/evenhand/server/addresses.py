"""Which address shows which page."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
