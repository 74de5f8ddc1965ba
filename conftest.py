"""What tests and the source's own examples share: Django and its database, and one browser a process, where they need them."""

from __future__ import annotations

pytest_plugins = ["database_harness", "evenhand_browser"]
# To import it is to start serving: it looks for the database, and warms it.
collect_ignore = ["src/evenhand/server/wsgi.py"]
