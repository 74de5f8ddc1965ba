"""The list of commands, joined into one application.

Called by the door in `evenhand.cli`, and by the documentation, which describes every command from here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from evenhand.cli.acting import GROUPS, add_actions, in_short
from evenhand.cli.allocate import allocate
from evenhand.cli.answer import Answer
from evenhand.cli.audit import audit
from evenhand.cli.backup import backup, restore
from evenhand.cli.check import check
from evenhand.cli.check_setup import check_setup
from evenhand.cli.columns import columns
from evenhand.cli.compare import compare
from evenhand.cli.countersign import countersign, make_key
from evenhand.cli.demo import demo
from evenhand.cli.explain import explain
from evenhand.cli.exporting import export
from evenhand.cli.importing import import_
from evenhand.cli.init import init
from evenhand.cli.people import add_people
from evenhand.cli.read import read
from evenhand.cli.report import report
from evenhand.cli.serve import serve
from evenhand.cli.status import status
from evenhand.cli.template import template
from evenhand.cli.version import version
from evenhand.cli.whatif import whatif

COMMANDS = (allocate, check, explain, compare, whatif, report, read, columns, version)
"""What the engine can do: tables in, plans out. In the order in which a person meets them."""

SERVER_COMMANDS: dict[str, Callable[..., Answer]] = {
    "check-setup": check_setup,
    "init": init,
    "demo": demo,
    "serve": serve,
    "backup": backup,
    "restore": restore,
    "audit": audit,
    "make-key": make_key,
    "countersign": countersign,
    "status": status,
    "import": import_,
    "export": export,
    "template": template,
}
"""What keeps an installation, by the name as typed; Django is started only inside them."""

__all__ = ["COMMANDS", "GROUPS", "SERVER_COMMANDS", "make_application"]
ENGINE, SERVER, RECORDS = "Plans, without a server", "The installation", "Records and the stock book"


def make_application(wanted: str = "") -> typer.Typer:
    """Return the application with every command.

    Parameters
    ----------
    wanted
        The first word typed: of the groups that act on records, only the one of that name gets its commands, because
        making them takes Django and a database.
    """
    application = typer.Typer(
        name="evenhand",
        help="Share out scarce supplies fairly, with a proof that anyone can check.",
        epilog="Start with: evenhand allocate needs.csv lots.csv   (evenhand columns needs: what to write in the tables)",
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode="markdown" if sys.stdout.isatty() else None,  # boxes and colours are for terminals
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    # A callback keeps the command's name necessary even if there were only one command.
    application.callback()(_evenhand)
    for command in COMMANDS:
        application.command(command.__name__, short_help=in_short(command.__doc__ or ""), rich_help_panel=ENGINE)(
            command
        )
    for name, keeping in SERVER_COMMANDS.items():
        application.command(name, short_help=in_short(keeping.__doc__ or ""), rich_help_panel=SERVER)(keeping)
    add_people(application, panel=SERVER)
    add_actions(application, wanted, panel=RECORDS)
    return application


def _evenhand() -> None:
    """Share out scarce supplies fairly, with a proof that anyone can check."""
