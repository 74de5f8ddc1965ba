"""What was found out about who speaks a sentence, and which speech counts where one person passes on another's.

Made by `attribution`; `acts`, `aid` and `claims` read it.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.statements.clauses import Clause
from evenhand.statements.person import SPOKESMAN, Person
from evenhand.statements.references import BOTH, NARRATOR, Cast, Speaker
from evenhand.statements.tokens import Tokens


@dataclass(slots=True)
class Attribution:
    """Hold what was found out about a sentence.

    Attributes
    ----------
    verb
        The verb of the attribution, "" for none.
    place
        The token of the verb, counted from the sentence's first; -1 for none.
    content
        Offset where what is said begins.
    """

    speaker: Speaker
    clause: Clause
    verb: str = ""
    place: int = -1
    content: int = 0
    subject: Person | None = None
    subject_party: str = ""
    quoted: float = 0.0
    passive: bool = False
    reporter: Person | None = None
    outer_place: int = -1


def find_innermost(
    outer: Attribution, inner: list[Attribution], cast: Cast, letters: str, row: Tokens, words: str
) -> Attribution:
    """Return the inner speech where the outer speaker only passes it on, else the outer."""
    passes_on = outer.speaker.person is None or outer.speaker.person.rank == SPOKESMAN
    for one in inner:
        named = one.speaker.person is not None or one.speaker.name == BOTH
        if one.speaker.name == outer.speaker.name:
            continue
        if named and passes_on and not (one.passive and outer.speaker.person is None and one.speaker.name == BOTH):
            one.reporter = outer.speaker.person
            one.outer_place = outer.place
            one.speaker = Speaker(
                one.speaker.name,
                one.speaker.person,
                one.speaker.confidence * 0.95,
                f"{one.speaker.reason}; passed on by {outer.speaker.name}",
            )
            return one
    if outer.speaker is NARRATOR or outer.speaker.name == "narrator":
        quote = [one for one in inner if one.speaker.person is not None]
        return quote[0] if quote else outer
    return outer
