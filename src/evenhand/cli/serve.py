"""`evenhand serve`: the pages, served by granian."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.session import start
from evenhand.errors import OptionRefused

if TYPE_CHECKING:
    from evenhand.configuration import Configuration

THREADS = 2
"""Requests that one process works on at once, the others in the order in which they came: more would only share its one
processor, and each would take longer."""


RESPAWN = 1.0
"""Seconds until a process that died is started again."""


def serve(
    address: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help="The port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(metavar="N", help="How many processes serve.", min=1, max=64)] = 2,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The certificate chain (PEM) to serve https with.", show_default=False),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The certificate's private key (PEM).", show_default=False)
    ] = None,
) -> Answer:
    """Serve the pages until interrupted."""
    start()
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _expect_a_safe_way(settings.EVENHAND, address, certificate, key)
    from django.contrib.staticfiles.storage import staticfiles_storage

    staticfiles_storage.prepare()  # type: ignore[attr-defined]  # our own storage, named in the settings
    os.environ["EVENHAND_DATA"] = str(settings.EVENHAND.folder)  # workers may start in another folder
    scheme = "https" if certificate else "http"
    typer.echo(f"Serving {settings.EVENHAND.folder} at {scheme}://{address}:{port}/ (Ctrl-C stops it)", err=True)
    if settings.OPEN_DOORS:
        typer.echo(f"A demo: step in as anybody of it at {scheme}://{address}:{port}/en/account/sign-in", err=True)
    try:
        Granian(
            "evenhand.server.wsgi:application",
            address=address,
            port=port,
            workers=workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,  # else one process that dies would take all others with it
            respawn_interval=RESPAWN,
            websockets=False,
            log_level=LogLevels.error,
            interface=Interfaces.WSGI,
            log_access=False,
            ssl_cert=certificate,
            ssl_key=key,
        ).serve()
    except OSError as error:
        raise OptionRefused(f"{address}:{port} cannot be listened on: {error.strerror}; give another --port") from error
    return Answer("serve", "Stopped.")


def _expect_a_safe_way(configuration: Configuration, address: str, certificate: Path | None, key: Path | None) -> None:
    """Refuse to serve passwords in clear to a network, a certificate without its key, and a demo's open doors to others."""
    if (certificate is None) != (key is None):
        raise OptionRefused("--certificate and --key are given together; name both files")
    for file in (certificate, key):
        if file is not None and not os.access(file, os.R_OK):
            raise OptionRefused(f"{file} cannot be read; name the file of the certificate or of its key, in PEM")
    local = is_loopback(address)
    if configuration.open_doors and not local:
        raise OptionRefused(
            f"this demo's doors are open to everybody, and at {address} others than you would reach them; listen on 127.0.0.1, "
            "or set open_doors to no"
        )
    https, proxy = configuration.says_yes("https"), configuration.says_yes("proxy")
    if https and certificate is None and not proxy:
        raise OptionRefused(
            "pages are served by https, and nothing here speaks it; give --certificate and --key, or put a proxy before it "
            "and set proxy to yes, or, to try it on this machine alone, set https to no: EVENHAND_HTTPS=no evenhand serve"
        )
    if not https and not local and not proxy:
        raise OptionRefused(
            f"https is set to no, and at {address} anybody on the way reads passwords; listen on 127.0.0.1, or set https to yes"
        )


def is_loopback(address: str) -> bool:
    """Say whether only this machine reaches an address.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
