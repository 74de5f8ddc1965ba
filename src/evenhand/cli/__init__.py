"""The commands: `evenhand allocate`, `check`, `explain`, `compare`, `whatif`, `report`, `columns`, `version`.

One door in, one door out. A command reads its options, asks `evenhand.plan`, and returns an `Answer`; it never prints.
The door shows the answer in one of three ways (a terminal, plain text when piped, JSON) and turns every error that
Evenhand raises on purpose into its sentence on stderr and an exit code. Called by the console script and `__main__`.
It must never hold a rule of its own: what a command can do, Python can do.

Imports are late on purpose: `evenhand --help` needs neither Polars nor a solver, and must feel instant.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.cli.answer import Answer

INTERRUPTED = 130
"""What a shell expects of a command that was stopped with Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments
        As typed after `evenhand`; by default those of this process.

    Returns
    -------
    int
        0 done; 1 a check that does not hold; 2 an error with a sentence; 3 a plan that failed its own check; 130
        interrupted.

    Examples
    --------
    >>> main(["version"])
    evenhand ...
    0
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _show(_run(words), as_json="--json" in words)
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has left. Nothing is wrong; Python must only be kept from flushing into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(words: list[str]) -> Answer | int:
    """Run the command; what it raises on purpose becomes an answer too."""
    from typer import TyperException

    from evenhand.cli.answer import refusal
    from evenhand.cli.application import COMMANDS, GROUPS, SERVER_COMMANDS, make_application
    from evenhand.errors import EvenhandError

    names = {*(command.__name__ for command in COMMANDS), *SERVER_COMMANDS, *GROUPS}
    place = next((place for place, word in enumerate(words) if word in names), len(words))
    command = "".join(words[place : place + 1])
    try:
        outcome = make_application(command)(words, prog_name="evenhand", standalone_mode=False)
    except (EvenhandError, TyperException) as error:
        below = words[place + 1 : place + 2] if command in GROUPS else []
        return refusal(" ".join([command, *(word for word in below if not word.startswith("-"))]), error)
    if outcome == INTERRUPTED:
        raise KeyboardInterrupt
    return 0 if outcome is None else outcome


def _show(answer: Answer | int, *, as_json: bool) -> int:
    if isinstance(answer, int):  # --help has printed itself
        return answer
    from evenhand.cli.screen import show

    show(answer, as_json=as_json)
    sys.stdout.flush()
    return answer.exit_code
