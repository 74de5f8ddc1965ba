"""Every error a person can meet, as one tree.

Called by everything; calls nothing. No module of the engine prints, exits or catches ``Exception``: it raises one of
these, and the door through which the person came (command, page, API) decides how to show it.

::

    EvenhandError
    ├── InputRefused        tables that cannot be used; carries every Problem found       exit 2
    ├── FileUnreadable      a file that is missing, empty, binary, in an unknown encoding  exit 2
    ├── PlanUnreadable      a plan folder that is incomplete or is not a plan              exit 2
    ├── NameUnknown         a recipient, lot, rule, column that does not exist             exit 2
    ├── EditRefused         a what-if edit that cannot be read or applied                  exit 2
    ├── OptionRefused       an option outside its range                                    exit 2
    ├── CheckpointRefused   a checkpoint, key or signature that is not one                 exit 2
    ├── NotAllowed          an action or a reading that this user has no right to          exit 2
    ├── ActionRefused       an action that cannot be done as things stand; says what would exit 2
    ├── CardRefused         a code that is no card of a household, forged or mistyped      exit 2
    ├── BoxRefused          a sealed field of the people register that does not open       exit 2
    ├── StockShort          more units than an account holds                               exit 2
    ├── RepeatDiffers       an id that was used before for something else                  exit 2
    ├── ServerRefused       what a server far away refused, in its own sentence            exit 2
    ├── ServerUnreachable   a server far away that gave no answer                          exit 2
    └── PlanNotProved       a plan that failed its own check; never returned, a bug to report  exit 3
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHOWN_PROBLEMS = 20
"""How many problems a refusal lists before it only counts."""

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode's categories of characters that are not seen, and can make one name look like another."""


class EvenhandError(Exception):
    """Stand at the root of every error that Evenhand raises on purpose.

    Attributes
    ----------
    code
        Stable, lower-case, for machines.
    exit_code
        What a command returns when it meets this error.
    """

    code = "error"
    exit_code = 2

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Name one thing that is wrong, where it is, and what would work.

    Attributes
    ----------
    table
        "needs", "lots", "groups", "actual", or a file's name.
    row
        As a person counts in the file that was read: the heading is row 1. 0 where no row is meant.
    column
        The column's name, "" where none is meant.
    text
        A sentence: what is wrong with the offending value, and what would work.
    """

    table: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        where = [self.table] if self.table else []
        if self.row:
            where.append(f"row {self.row}")
        if self.column:
            where.append(f"column {self.column}")
        return f"{', '.join(where)}: {self.text}" if where else self.text


class InputRefused(EvenhandError):
    """Refuse tables, with every problem of every table at once."""

    code = "input-refused"

    def __init__(self, problems: Iterable[Problem], *, total: int | None = None) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.total = len(self.problems) if total is None else total
        shown = [str(problem) for problem in self.problems[:SHOWN_PROBLEMS]]
        if self.total > len(shown):
            shown.append(f"... and {self.total - len(shown):,} more")
        heading = "1 problem" if self.total == 1 else f"{self.total:,} problems"
        where = " in the tables" if any(problem.table for problem in self.problems) else ""
        super().__init__(f"{heading}{where}; nothing was done.\n" + "\n".join(shown))


class FileUnreadable(EvenhandError):
    """Say that a file cannot be read as a table, and why."""

    code = "file-unreadable"


class PlanUnreadable(EvenhandError):
    """Say that a folder is not a complete plan, and what is missing."""

    code = "plan-unreadable"


class NameUnknown(EvenhandError):
    """Say that a name does not exist, with the nearest that does."""

    code = "name-unknown"

    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        self.kind = kind
        self.name = name
        super().__init__(f"no {kind} '{name}'{suggest(name, known)}")


class EditRefused(EvenhandError):
    """Say why a what-if edit cannot be applied."""

    code = "edit-refused"


class OptionRefused(EvenhandError):
    """Say which option is outside its range, and the range."""

    code = "option-refused"


class CheckpointRefused(EvenhandError):
    """Say why a checkpoint of the stock book, a key or a signature is not one."""

    code = "checkpoint-refused"


class NotAllowed(EvenhandError):
    """Say what this user may not do or see, and which role may."""

    code = "not-allowed"


class ActionRefused(EvenhandError):
    """Say why an action cannot be done as things stand, and what would work."""

    code = "action-refused"


class CardRefused(EvenhandError):
    """Say that a code is no card of a household: mistyped, forged, replaced."""

    code = "card-refused"


class BoxRefused(EvenhandError):
    """Say which sealed field of the people register does not open, and what would help; never what is in it."""

    code = "box-refused"


class StockShort(EvenhandError):
    """Say which account holds less than is to be taken from it."""

    code = "stock-short"

    def __init__(self, account: str, held: int, wanted: int) -> None:
        self.account, self.held, self.wanted = account, held, wanted
        super().__init__(
            f"{account} holds {held:,} base units; {wanted:,} cannot be taken from it. Nothing was recorded; "
            f"take at most {held:,}, or reverse what took the rest"
        )


class RepeatDiffers(EvenhandError):
    """Say that an id was used before for something else, and what differs."""

    code = "repeat-differs"


class ServerRefused(EvenhandError):
    """Say what a server refused, in its own sentence, with the status and the code that it gave."""

    code = "server-refused"

    def __init__(
        self, sentence: str, status: int, told: str = "", problems: Iterable[Problem] = (), request: str = ""
    ) -> None:
        self.status, self.told, self.problems, self.request = status, told, tuple(problems), request
        super().__init__(sentence)


class ServerUnreachable(EvenhandError):
    """Say that a server gave no answer, and how often it was asked."""

    code = "server-unreachable"


class PlanNotProved(EvenhandError):
    """Stop a plan that failed its own check from reaching anybody."""

    code = "plan-not-proved"
    exit_code = 3


def shown(text: str, most: int = 60) -> str:
    """Return text as a message can show it: short, and with nothing unseen in it."""
    seen = "".join("?" if unicodedata.category(letter) in UNSEEN else letter for letter in text)
    return seen if len(seen) <= most else seen[: most - 1] + "…"


def suggest(name: str, known: Sequence[str]) -> str:
    """Return "; did you mean 'TCD'?" for the nearest known name, or "" when none is near.

    Examples
    --------
    >>> suggest("TDC", ["TCD", "KEN"])
    "; did you mean 'TCD'?"
    >>> suggest("Atlantis", ["TCD", "KEN"])
    ''
    """
    folded = {candidate.casefold(): candidate for candidate in reversed(known)}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return f"; did you mean '{folded[near[0]]}'?" if near else ""
