"""Who sits at the shell: the user that a command acts as, and the public where none is named.

Whoever can run commands on the server's machine can reach its database anyway, so the shell asks for a name and no
password; every action's line says that it came from the shell. Called by the commands alone.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from evenhand.errors import OptionRefused

if TYPE_CHECKING:
    from evenhand.access.viewers import Viewer
    from evenhand.actions.action import Acting

ORIGIN = "shell"
SETTINGS = "evenhand.server.settings"
"""By name alone: the commands stand below the server, which only Django loads."""


def start(*, fresh: bool = False) -> None:
    """Make Django ready in this process, and refuse where no installation was made; doing so twice changes nothing.

    Parameters
    ----------
    fresh
        There may be no databases yet.

    Raises
    ------
    OptionRefused
        The server's parts are not installed, or there is no installation where the settings look for one.
    """
    try:
        import django
    except ModuleNotFoundError as error:
        raise OptionRefused(
            "this command needs the server's parts; install them with: pip install 'evenhand[server]'"
        ) from error
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from django.apps import apps

    if not apps.ready:
        django.setup()
    if not fresh:
        _expect_databases()


def _expect_databases() -> None:
    """Refuse where a database's file is missing: SQLite would make an empty one in its place."""
    from django.conf import settings
    from django.db import connections

    for alias, what in (("default", "database"), ("people", "people register")):
        name = connections[alias].settings_dict["NAME"]
        if connections[alias].vendor == "sqlite" and not os.path.exists(name):  # noqa: PTH110 -- the setting may be text
            raise OptionRefused(
                f"there is no {what} at {name}; make one with: evenhand init {settings.EVENHAND['data']} (or set "
                "EVENHAND_DATA to the folder of the one you mean)"
            )


def viewer_named(name: str) -> Viewer:
    """Return the viewer of a name, the public for "". Raises NameUnknown where there is no such user."""
    start()
    from evenhand.lookups.viewers import get_viewer

    return get_viewer(name, on=datetime.now(UTC).date())


def acting_as(name: str, *, reason: str = "", request: str = "") -> Acting:
    """Return who acts, from the shell.

    Raises
    ------
    OptionRefused
        Nobody was named; the public does not act.
    """
    from evenhand.actions.action import Acting

    if not name:
        raise OptionRefused(
            "say who acts: --as NAME, or the variable EVENHAND_USER; the operator sees who there is: user list --as operator"
        )
    return Acting(viewer_named(name), reason=reason, request=request, origin=ORIGIN)
