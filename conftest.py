"""What tests and the source's own examples share: Django, where they need it, and the database they run on."""

from __future__ import annotations

pytest_plugins = ["database_harness"]
