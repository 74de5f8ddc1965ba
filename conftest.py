"""What tests and the source's own examples share: Django, where they need it, and the database they run on."""

from __future__ import annotations

pytest_plugins = ["database_harness"]
# To import it is to start serving: it looks for the database, and warms it.
collect_ignore = ["src/evenhand/server/wsgi.py"]
