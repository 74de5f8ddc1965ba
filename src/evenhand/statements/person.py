"""One person of a text, filled as the text is read.

Made by `people` and `bare_speakers`; every module that asks who somebody is takes it from here. Holds no rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field

COURTESY = frozenset(
    {
        "Senator",
        "MP",
        "MEP",
        "Colonel",
        "General",
        "Captain",
        "Brigadier",
        "Admiral",
        "Commodore",
        "Marshal",
        "Lieutenant",
        "Sergeant",
        "Reverend",
        "Member of Parliament",
    }
)
"""Offices that stand beside another one as a style: "the minister, Senator Ada Obi"; the other one is the office."""
SPOKESMAN = "spokesman"
"""The rank of those who pass on what others say."""


@dataclass(slots=True)
class Person:
    """Hold one person of a text, filled as it is read.

    Attributes
    ----------
    head
        The office's main word as the table spells it: "Minister".
    own
        Named without a state: an official of the state that the text speaks for.
    sex
        "m" or "f" where a title, an office or a pronoun said so.
    state, organisation
        What the person speaks for, as far as the words around the name say: alpha-3 code; name of the body.
    """

    name: str
    office: str = ""
    head: str = ""
    rank: str = ""
    state: str = ""
    organisation: str = ""
    first_at: int = 0
    spellings: set[str] = field(default_factory=set)
    titles: str = ""
    own: bool = False
    sex: str = ""

    @property
    def posted(self) -> bool:
        """Say whether somebody is sent to another state: an ambassador, or a High Commissioner of a state."""
        return self.rank == "ambassador" or (self.head == "High Commissioner" and bool(self.state))

    @property
    def surname(self) -> str:
        """Return the last word of the name, with "Al-" where it is written so."""
        return self.name.rsplit(" ", 1)[-1]
