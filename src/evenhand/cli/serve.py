"""`evenhand serve`: the pages, served by granian."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.session import start
from evenhand.errors import OptionRefused

THREADS = 8
"""Requests that one process works on at once; more would only wait for one another."""


def serve(
    address: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help="The port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(metavar="N", help="How many processes serve.", min=1, max=64)] = 2,
) -> Answer:
    """Serve the pages until interrupted."""
    start()
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ["EVENHAND_DATA"] = str(settings.EVENHAND.folder)  # workers may start in another folder
    typer.echo(f"Serving {settings.EVENHAND.folder} at http://{address}:{port}/ (Ctrl-C stops it)", err=True)
    try:
        Granian(
            "evenhand.server.wsgi:application",
            address=address,
            port=port,
            workers=workers,
            blocking_threads=THREADS,
            websockets=False,
            log_level=LogLevels.error,
            interface=Interfaces.WSGI,
            log_access=False,
        ).serve()
    except OSError as error:
        raise OptionRefused(f"{address}:{port} cannot be listened on: {error.strerror}; give another --port") from error
    return Answer("serve", "Stopped.")
