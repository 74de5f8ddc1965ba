"""Words that decide where a name begins and where an office ends.

Called by `people`. Holds no rule: what a word means for a name is decided where it is used.
"""

from __future__ import annotations

import re

from evenhand.statements.wordlists import verb_forms, word_list

NO_NAMES = frozenset(
    [
        "House",
        "Palace",
        "Office",
        "Hall",
        "Residence",
        "Secretariat",
        "Building",
        "Award",
        "Day",
        "Cup",
        "Summit",
        "Conference",
        "Meeting",
        "Decree",
        "Order",
    ]
)


NOT_FIELDS = frozenset(form for table in ("saying", "giving") for form in verb_forms(table)) | frozenset(
    word_list(
        "named appointed elected sacked sent has have had is are was were will whose who which that as when while where top visiting late former "
        "between among amid under against via than since until before after including where and whether because if"
    )
)
"""Words between a body and an office that do not belong to the office."""
AIDES = frozenset(
    (
        *word_list("spokesman spokeswoman spokesperson adviser advisor assistant envoy representative aide"),
        "parliamentary secretary",
        "private secretary",
        "deputy spokesperson",
        "deputy spokesman",
        "special envoy",
        "special representative",
        "deputy special representative",
        "special adviser",
        "special advisor",
        "chief of staff",
    )
)
"""Offices that serve another one: "Spokesman for the Secretary-General"."""
SERVING = frozenset(
    word_list(
        "secretary adviser advisor assistant aide counsel counsellor attaché spokesperson spokesman spokeswoman envoy"
    )
)
"""Last words of the offices of those who serve "to the President"."""
GLUED = re.compile(r"^(?:[A-Z]\.-?)+(?=[A-Z][a-z])|,? (?:Jr|Sr)\.?$")
"""Initials without a space before a surname, and what stands behind one: N.Sadykbekov, Biden, Jr."""
WHOLE = frozenset({"Republic", "State", "Nation", "Kingdom", "Senate", "Government", "Federation", "Council"})
"""Capitalised words behind "of the" that are a part of the office: a name may follow at once."""
STYLED = frozenset({"Sultan", "Amir", "Emir", "Prince", "Princess"})
"""Offices that are given names as well: "Sultan bin Ahmed"."""
