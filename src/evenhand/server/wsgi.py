"""What granian serves."""

from __future__ import annotations

from evenhand.server.start import start

start()

from django.core.wsgi import get_wsgi_application  # noqa: E402 -- Django must be ready first

application = get_wsgi_application()
