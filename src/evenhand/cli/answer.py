"""What a command has to say, before anybody decides how it looks.

Commands make an `Answer`; `evenhand.cli.screen` shows it. The same answer makes the terminal's table, the plain text
and the JSON, so the three can never disagree. Holds no behaviour beyond turning itself into JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from evenhand.errors import EvenhandError, InputRefused

Kind = Literal["text", "key", "amount", "share", "number", "change", "bar"]
"""How a column looks.

text    as it is; a terminal may break it into lines
key     a ref, a key, a day, a state: never broken, because half of one is another
amount  packs, units: grouped by thousands on a terminal
share   0.25: a percentage on a terminal
number  a level or measure, as it is
change  a difference: always with its sign
bar     (before, after): drawn on a terminal, left out elsewhere
"""


@dataclass(frozen=True, slots=True)
class Heading:
    """Name one column of a listing and say how it looks.

    Attributes
    ----------
    name
        The key in JSON.
    label
        What people see above it; the name where nothing else is said.
    short
        What a terminal shows above it instead, where width is dear.
    narrow
        Whether a terminal shows it; plain text and JSON show every column but bars.
    spare
        A terminal shows it only where there is room; of several, the last gives way first.
    """

    name: str
    kind: Kind = "text"
    narrow: bool = True
    label: str = ""
    short: str = ""
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Hold rows to show, and how many were left out.

    Attributes
    ----------
    name
        The key in JSON; "" for what the result holds already.
    more
        Rows that were left out; `--all` shows them.
    records
        What JSON holds instead of the rows, where machines want more of each than people do.
    """

    name: str
    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: int = 0
    records: tuple[Mapping[str, Any], ...] = ()

    @property
    def plain(self) -> bool:
        """Say whether this is a list of sentences rather than a table."""
        return len(self.headings) == 1 and not self.title

    def as_json(self) -> list[Any]:
        """Return one object per row, without what is only drawn; sentences as they are."""
        if self.records:
            return [dict(record) for record in self.records]
        if self.plain:
            return [row[0] for row in self.rows]
        return [
            {head.name: cell for head, cell in zip(self.headings, row, strict=True) if head.kind != "bar"}
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold text with a title: one part of an explanation."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold all that a command has to say.

    Attributes
    ----------
    command
        The command's name.
    headline
        One sentence, first.
    facts
        What people see as "key  value", below the headline.
    result
        What machines see, besides the listings.
    listings, passages
        Tables, and titled text.
    closing
        Sentences for people at the end: where things are, what to do next.
    notes
        Things a person should know about the input; on stderr, so that they spoil no pipe.
    exit_code
        0 unless the answer is "no".
    error
        The body of a refusal.
    raw
        Printed as it is and nothing else: a file for a pipe.
    """

    command: str
    headline: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    listings: Sequence[Listing] = ()
    passages: Sequence[Passage] = ()
    closing: Sequence[str] = ()
    notes: Sequence[str] = ()
    exit_code: int = 0
    error: Mapping[str, Any] | None = None
    raw: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the one documented shape of `--json`.

        Examples
        --------
        >>> Answer("version", result={"version": "0.1.0"}).as_json()
        {'command': 'version', 'ok': True, 'result': {'version': '0.1.0'}, 'notes': []}
        """
        body: dict[str, Any] = {"command": self.command, "ok": self.exit_code == 0}
        if self.error is not None:
            return body | {"error": dict(self.error)}
        result: dict[str, Any] = dict(self.result)
        for listing in filter(lambda one: one.name, self.listings):
            result[listing.name] = listing.as_json()
            if listing.more:
                result[f"{listing.name}_left_out"] = listing.more
        if self.raw:
            result["text"] = self.raw
        return body | {"result": result, "notes": list(self.notes)}


def refusal(command: str, error: Exception) -> Answer:
    """Return the answer that an error makes: its sentence, its code and its exit code.

    Examples
    --------
    >>> from evenhand.errors import NameUnknown
    >>> refusal("explain", NameUnknown("recipient", "TDC", ["TCD"])).as_json()["error"]["message"]
    "no recipient 'TDC'; did you mean 'TCD'?"
    """
    problems: list[dict[str, Any]] = []
    if isinstance(error, InputRefused):
        problems = [
            {"table": problem.table, "row": problem.row, "column": problem.column, "text": problem.text}
            for problem in error.problems
        ]
    if isinstance(error, EvenhandError):
        code, exit_code, sentence = error.code, error.exit_code, error.sentence
    else:  # a mistake in the command line itself, said by Typer
        code, exit_code = "command-line", 2
        sentence = getattr(error, "format_message", error.__str__)()
        if "valid integer" in sentence:  # as Typer says it, it speaks of parsing
            sentence = f"{sentence.partition(': ')[0]}: it is a whole number, such as 3"
        if sentence.startswith("No such command"):
            command = command.partition(" ")[0]
        sentence = sentence if sentence.endswith((".", "?")) else f"{sentence}."
        sentence += f" Try 'evenhand {command} --help'." if command else " Try 'evenhand --help'."
    fields = {
        name: value
        for name, value in sorted(vars(error).items())
        if isinstance(error, EvenhandError) and isinstance(value, str | int) and name != "sentence"
    }
    body = {"code": code, "message": sentence, "fields": fields, "errors": problems}
    return Answer(command, sentence, exit_code=exit_code, error=body)
