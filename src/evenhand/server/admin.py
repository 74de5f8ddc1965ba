"""Django's admin as a reading room: its site lets auditors and operators in, and its tables are only those that say so.

Tables are registered in the `admin.py` beside them, with `access.read_only`. Tables of other packages are not shown.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig


class ReadOnlyAdminConfig(SimpleAdminConfig):
    """Start the admin with our own site, and look for tables in our own applications alone."""

    default_site = "evenhand.access.read_only.ReadOnlySite"

    def ready(self) -> None:
        """Register our tables."""
        super().ready()
        for app in apps.get_app_configs():
            if app.name.startswith("evenhand.") and find_spec(f"{app.name}.admin"):
                import_module(f"{app.name}.admin")
