"""Whose money a bare name means: "20 million rupees" of Nepal's are Nepalese, of Sri Lanka's Sri Lankan.

Called by `claim_details`, which knows who gives and whose text it is. What is spelled out ("Indian rupees", "US$") is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

SPELLINGS = {
    "rupee": "rupees", "rs": "rupees", "rs.": "rupees", "re": "rupees", "franc": "francs", "dinar": "dinars", "peso": "pesos", "shilling": "shillings",
    "sh": "shillings", "rial": "rials", "riyal": "riyals", "riyals": "riyals", "rials": "rials", "krone": "kroner", "kr": "kroner",
    "crowns": "kroner", "crown": "kroner", "pound": "pounds", "ruble": "rubles", "rouble": "rubles", "roubles": "rubles", "kwacha": "kwachas",
    "lira": "pounds", "leu": "lei", "k": "kwachas", "dirham": "dirhams", "dh": "dirhams", "dhs": "dirhams",
}  # fmt: skip
"""Further spellings of a name that several states give their money."""
GIVERS_ONLY = frozenset({"pounds", "dollars"})
"""Names that mean Britain's or the United States' money in a text about another state, unless that state gives."""


@cache
def _money_of_states() -> dict[str, dict[str, str]]:
    """Return, by the last word of a currency's name (CLDR), the states (ISO 3166) that use one of that name, with its code."""
    import pycountry
    from babel.numbers import get_currency_name, get_territory_currencies

    found: dict[str, dict[str, str]] = {}
    for country in pycountry.countries:
        codes = get_territory_currencies(country.alpha_2)
        if codes:
            name = get_currency_name(codes[-1], count=2, locale="en").split()[-1].lower()
            found.setdefault(name, {})[country.alpha_3] = codes[-1]
    found["kwachas"]["PNG"] = "PGK"  # written K as well
    return {name: states for name, states in found.items() if len(set(states.values())) > 1}


def money_of(word: str, giver: str | None, others: Iterable[str | None]) -> str | None:
    """Return the currency that a bare name means between a giver and the other states of a text, None where it is open.

    Examples
    --------
    >>> money_of("rupees", "NPL", ()), money_of("rupees", "WFP", ("LKA",)), money_of("pounds", "GBR", ("SDN",))
    ('NPR', 'LKR', 'GBP')
    >>> money_of("euros", "SRB", ()) is None
    True
    """
    name = SPELLINGS.get(word.lower(), word.lower())
    states = _money_of_states().get(name)
    if states is None or name == "dollars":
        return None
    for state in (giver, *(() if name in GIVERS_ONLY else others)):
        if state in states:
            return states[state]
    return None
