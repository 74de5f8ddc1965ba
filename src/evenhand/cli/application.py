"""The list of commands, joined into one application.

Called by the door in `evenhand.cli`, and by the documentation, which describes every command from here.
"""

from __future__ import annotations

import sys

import typer

from evenhand.cli.allocate import allocate
from evenhand.cli.check import check
from evenhand.cli.columns import columns
from evenhand.cli.compare import compare
from evenhand.cli.explain import explain
from evenhand.cli.report import report
from evenhand.cli.version import version
from evenhand.cli.whatif import whatif

COMMANDS = (allocate, check, explain, compare, whatif, report, columns, version)
"""In the order in which a person meets them."""


def make_application() -> typer.Typer:
    """Return the application with every command."""
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
        application.command(command.__name__)(command)
    return application


def _evenhand() -> None:
    """Share out scarce supplies fairly, with a proof that anyone can check."""
