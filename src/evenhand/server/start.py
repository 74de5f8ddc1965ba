"""Starting Django inside a command or a worker: once, and only when something needs it."""

from __future__ import annotations

import os

from evenhand.errors import OptionRefused


def start() -> None:
    """Make Django ready in this process; doing so twice changes nothing.

    Raises
    ------
    OptionRefused
        The server's parts are not installed.
    """
    try:
        import django
    except ModuleNotFoundError as error:
        raise OptionRefused(
            "this command needs the server's parts; install them with: pip install 'evenhand[server]'"
        ) from error
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.server.settings")
    from django.apps import apps

    if not apps.ready:
        django.setup()
