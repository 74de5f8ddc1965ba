"""Whether support is political rather than assistance: for a candidate, a cause, a truce.

Called by `claim_nouns` and `claim_verbs`. Whoever speaks of relief, of people in need or of a sum speaks of assistance.
"""

from __future__ import annotations

from evenhand.statements.aid import Aid
from evenhand.statements.wordlists import word_list

POLITICAL = frozenset(
    word_list("""sovereignty territorial integrity candidature candidacy candidate bid membership independence unity principle policy position stance cause
    statehood accession election leadership stability peace presidency mandate resolution ceasefire truce peace dialogue negotiations mediation sanctions
    solution settlement framework roadmap aspirations rights self-determination independence expansion reform reforms
    initiative initiatives proposal vote reunification normalisation normalization legitimacy interests sovereign""")
)
"""What support is given to where it is no assistance."""


def is_political(aid: Aid, first: int, last: int) -> bool:
    """Say whether a stretch tells of support for a cause, a claim or a candidate, and of no relief."""
    words = aid.words[first:last]
    if not POLITICAL.intersection(words) or RELIEF.intersection(words):
        return False
    return not any(
        aid.amounts[at][1].currency or aid.amounts[at][1].value >= 10 for at in range(first, last) if at in aid.amounts
    )


RELIEF = frozenset(word_list("humanitarian relief medical food emergency refugees displaced financial million"))
