"""The parties that a text can name: states by name, adjective and capital, and organisations by name and acronym.

Names of states are those of ISO 3166-1 (pycountry) and of the Unicode CLDR (Babel), which both follow the United Nations'
list; adjectives, capitals, organisations and airports are tables of this folder. Naming a territory takes no side. spaCy's
phrase matcher finds them all in one pass. Called by `tokens` and `resolving`. It must never choose between two parties.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from evenhand.statements.wordlists import portfolio_words, read_table

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher

Kind = Literal["state", "adjective", "capital", "organisation", "office", "airport"]
LABELS: dict[str, Kind] = {
    "state": "state",
    "adjective": "adjective",
    "capital": "capital",
    "organisation": "organisation",
    "office": "office",
    "airport": "airport",
}
DISPUTED = {"TWN": "Taiwan"}
"""Authorities whose statehood is disputed: they count as organisations, which takes no side."""
SHORT_NAMES_THAT_ARE_WORDS = frozenset({"US", "CAR", "EC", "ECO", "NAM", "Male", "ROC", "Bath", "CARE", "Nice"})
PREFIXES = ("Republic of ", "the Republic of ", "Kingdom of ", "State of ", "Commonwealth of ", "Federal Republic of ")


REGIONS = (
    "Central America", "Latin America", "South America", "North America", "Indian Ocean", "South China Sea", "East China Sea",
    "Sea of Japan", "Gulf of Mexico", "Gulf of Guinea", "Gulf of Oman", "Guinea worm", "New Mexico", "New Guinea",
)  # fmt: skip
"""Names in which a state's name names no state."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold what one spelling stands for.

    Attributes
    ----------
    key
        The state's alpha-3 code, or the organisation's full name.
    state
        The state it belongs to: itself for a state, the owner for a state's own agency, "" for others.
    """

    kind: Kind
    key: str
    state: str
    spelling: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Hold spaCy's pipeline with its matcher, and what each spelling stands for."""

    pipeline: Language
    matcher: PhraseMatcher
    entries: dict[str, Entry]


@cache
def state_names() -> dict[str, str]:
    """Return the English name of every state and territory by its alpha-3 code, as readers write it: "Saint Lucia"."""
    import pycountry
    from babel import Locale

    territories = Locale("en").territories
    names = {}
    for country in pycountry.countries:
        name = str(territories.get(country.alpha_2, country.name)).replace("’", "'").replace("&", "and")
        names[country.alpha_3] = name.replace("St. ", "Saint ")
    names |= {
        "COD": "Democratic Republic of the Congo",
        "COG": "Republic of the Congo",
        "MMR": "Myanmar",
        "PSE": "Palestine",
    }
    names |= {"CIV": "Côte d'Ivoire", "HKG": "Hong Kong", "MAC": "Macao", "VNM": "Viet Nam"}
    return names


@cache
def load_entries() -> dict[str, Entry]:
    """Return every spelling with what it stands for; a longer list's spelling never hides a state's.

    Examples
    --------
    >>> load_entries()["Azerbaijani"].key, load_entries()["UNHCR"].key
    ('AZE', 'United Nations High Commissioner for Refugees')
    """
    import pycountry

    entries: dict[str, Entry] = {}

    def add(kind: Kind, key: str, state: str, spelling: str) -> None:
        spelling = spelling.strip().replace("’", "'")
        if len(spelling) > 1:
            entries.setdefault(spelling, Entry(kind, key, state, spelling))

    for row in read_table("states"):
        code = row["code"]
        for spelling in row["other names"].split(";"):
            add("state", code, code, spelling)
        add("state", code, code, state_names()[code])
        for spelling in row["adjectives"].split(";"):
            add("adjective", code, code, spelling)
            if spelling.endswith(("n", "i")) and not spelling.endswith("men"):
                add("state", code, code, f"{spelling}s")  # Ukrainians, Pakistanis
        for spelling in row["capitals"].split(";"):
            add("capital", code, code, spelling)
    for country in pycountry.countries:
        for name in (state_names()[country.alpha_3], country.name, getattr(country, "official_name", "")):
            if "," not in name and country.alpha_3 not in ("UMI", "IOT"):
                add("state", country.alpha_3, country.alpha_3, name)
                add("state", country.alpha_3, country.alpha_3, name.replace("Saint ", "St. "))
    for spelling, entry in list(entries.items()):
        if entry.kind == "state" and not spelling.startswith(PREFIXES) and not spelling.isupper():
            add("state", entry.key, entry.key, f"Republic of {spelling}")
    for row in read_table("organisations"):
        for spelling in (row["name"], *row["other spellings"].split(";")):
            add("organisation", row["name"], row["state"], spelling)
            add("organisation", row["name"], row["state"], spelling.replace("Organization", "Organisation"))
    for region in REGIONS:
        add("airport", region, "", region)
    for row in read_table("airports"):
        add("airport", row["name"], row["state"], row["name"])
    for row in read_table("offices"):
        words = row["words"]
        for spelling in {
            words,
            words.lower(),
            words.replace("-", " "),
            words.replace("-", " ").lower(),
            words.upper(),
            words.capitalize(),
            f"{words}s",
        }:
            add("office", words, "", spelling)
    for spelling in ("lead", "chief", "general", "assistant", "officer", "commander", "manager", "leaders", "US"):
        if spelling != "US":
            entries.pop(spelling, None)
    for spelling in ("Republic of China (Taiwan)", "Republic of China"):
        entries[spelling] = Entry("state", "TWN", "TWN", spelling)
    for spelling, entry in list(entries.items()):
        if entry.state in DISPUTED and entry.kind in ("state", "adjective"):
            entries[spelling] = Entry("organisation", DISPUTED[entry.state], "", spelling)
    entries["US"] = Entry("state", "USA", "USA", "US")
    entries["chief"] = Entry("office", "Chief", "", "chief")
    return entries


@cache
def place_states() -> dict[str, str]:
    """Return the state of each province (ISO 3166-2) and of the towns that reports name most; a name of two states is left out.

    Examples
    --------
    >>> place_states()["Sindh"], place_states()["Port Sudan"], "Granada" in place_states()
    ('PAK', 'SDN', False)
    """
    import pycountry

    states: dict[str, set[str]] = {}
    for part in pycountry.subdivisions:
        country = pycountry.countries.get(alpha_2=part.country_code)
        if country is None:
            continue
        for name in {part.name, unaccented(part.name)}:
            states.setdefault(name, set()).add(country.alpha_3)
    known = load_entries()
    found = {
        name: min(codes)
        for name, codes in states.items()
        if len(codes) == 1 and name not in known and len(name) > 3 and not DIRECTIONS.fullmatch(name)
    }
    for row in read_table("places"):
        found |= dict.fromkeys(row["places"].split(";"), row["state"])
    return found


DIRECTIONS = re.compile(
    r"(?:Upper|Lower|Central|Capital|Centre|North|South|East|West|Littoral|Coast|Islands?|Mountain|River|Lake|Nord|Sud|Est|Ouest|ern|[- ])+"
)
"""Names of provinces that could be anywhere."""


def unaccented(name: str) -> str:
    """Return a name without its marks.

    Examples
    --------
    >>> unaccented("Ţarţūs"), unaccented("Abéché")
    ('Tartus', 'Abeche')
    """
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))


@cache
def load_gazetteer() -> Gazetteer:
    """Return spaCy's blank English pipeline with a matcher of every known spelling; made once for a process."""
    import spacy
    from spacy.lang.en import English
    from spacy.matcher import PhraseMatcher

    pipeline = spacy.blank("en")
    entries = load_entries()
    builder = English(vocab=pipeline.vocab)  # a tokeniser remembers its first 10,000 words: those shall be the texts'
    matcher = PhraseMatcher(pipeline.vocab, attr="ORTH")
    for label in LABELS:
        spellings = [spelling for spelling, entry in entries.items() if entry.kind == label]
        matcher.add(label, [builder.make_doc(spelling) for spelling in spellings])
    return Gazetteer(pipeline, matcher, entries)


@cache
def organisation_heads() -> frozenset[str]:
    """Return the words that end or begin the name of a body: Ministry, Agency, Fund."""
    return frozenset(
        [
            "Organization",
            "Organisation",
            "Ministry",
            "Agency",
            "Bank",
            "Fund",
            "Programme",
            "Program",
            "Committee",
            "Commission",
            "Council",
            "Union",
            "Authority",
            "Foundation",
            "Society",
            "Association",
            "Office",
            "Bureau",
            "Institute",
            "League",
            "Corporation",
            "Federation",
            "University",
            "Service",
            "Company",
            "Department",
            "Directorate",
            "Secretariat",
            "Embassy",
            "Consulate",
            "Mission",
            "Movement",
            "Alliance",
            "Forum",
            "Initiative",
            "Facility",
            "Board",
            "Partnership",
            "Group",
            "Trust",
            "Centre",
            "Center",
            "Court",
            "Parliament",
            "Assembly",
            "Government",
            "Presidency",
            "Cabinet",
            "Administration",
            "Crescent",
            "Cross",
            "Network",
            "Consortium",
            "Coalition",
            "Chamber",
            "Charity",
            "Task",
            "Force",
        ]
    ) - {"Task", "Force", "Group"}


def is_portfolio(word: str) -> bool:
    """Say whether a capitalised word belongs to titles rather than names of persons."""
    return word in portfolio_words()
