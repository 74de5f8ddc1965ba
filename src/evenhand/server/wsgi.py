"""What granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.server.settings")
behind = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- they are named above
from django.db import connections  # noqa: E402 -- it needs the settings

for database in connections.settings.values():
    if database["ENGINE"] == "evenhand.database.sqlite":
        # A server makes no database: where its file is missed, an empty one would take what belongs into the real one.
        database["OPTIONS"]["must_exist"] = True

from evenhand.server.front import Front  # noqa: E402 -- it needs the settings
from evenhand.server.shelf import ANSWERS  # noqa: E402 -- as above
from evenhand.server.warming import begin  # noqa: E402 -- it needs the settings

application = Front(behind, settings.EVENHAND.folder / ANSWERS)
application.shelf.clear()
begin(behind)
