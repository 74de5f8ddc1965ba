"""Which party of the records a name in the text means: every one that fits, with a score and the reason.

Called by `reader`. Names are compared with RapidFuzz after "Defense" and "Organization" are spelled one way. Where two fit, both are named
and none is chosen. Without records, the states and bodies of the gazetteer are the parties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evenhand.statements.document import Resolution
from evenhand.statements.gazetteer import Entry
from evenhand.statements.references import Cast
from evenhand.statements.tokens import Tokens

ENOUGH = 86.0
"""Of 100, from where on two names may be the same party's: one letter in seven may differ."""
CLEAR_LEAD = 6.0
"""How far the best must be ahead of the next to be taken."""
SPELLINGS = (
    ("defense", "defence"),
    ("organization", "organisation"),
    ("center", "centre"),
    ("program ", "programme "),
    ("labor", "labour"),
)


@dataclass(frozen=True, slots=True)
class KnownParty:
    """Hold a party of the records: its key, its name, and other names it goes by (acronyms, former names)."""

    key: str
    name: str
    other_names: tuple[str, ...] = ()


def find_resolutions(row: Tokens, cast: Cast, known: Sequence[KnownParty]) -> tuple[Resolution, ...]:
    """Return what each party named in a text was taken for, in the order of the text."""
    found: dict[str, Resolution] = {}
    for ref in row.refs:
        if not isinstance(ref, Entry) or ref.kind in ("office", "airport") or (ref.kind == "capital" and not known):
            continue
        words = cast.organisation_name(ref) if ref.kind == "organisation" else ref.spelling
        if words not in found:
            found[words] = resolve(words, tuple(known), ref) if known else _from_gazetteer(words, ref)
    return tuple(found.values())


def _from_gazetteer(words: str, ref: Entry) -> Resolution:
    key = ref.state or ref.key
    how = {"state": "its name", "adjective": "its adjective", "capital": "its capital"}.get(
        ref.kind, "its name or acronym"
    )
    reason = f"{how}, in the gazetteer" if ref.kind != "organisation" or ref.key != words else "as the text names it"
    return Resolution(words, key, ((key, 1.0, reason),))


def resolve(words: str, known: tuple[KnownParty, ...], ref: Entry | None = None) -> Resolution:
    """Return the parties of the records that a name fits.

    Parameters
    ----------
    ref
        What the gazetteer takes the name for: its code and its full name are tried too.

    Examples
    --------
    >>> parties = (KnownParty("icdo", "International Civil Defence Organisation"), KnownParty("TUR", "Türkiye", ("Turkey",)))
    >>> resolve("International Civil Defense Organization", parties).party
    'icdo'
    >>> two = (KnownParty("a", "Red Cross Society"), KnownParty("b", "Red Cross Society"))
    >>> resolve("Red Cross Society", two).party is None, len(resolve("Red Cross Society", two).candidates)
    (True, 2)
    """
    return _resolved(words, known, ref)


@lru_cache(maxsize=4096)
def _resolved(words: str, known: tuple[KnownParty, ...], ref: Entry | None) -> Resolution:
    from rapidfuzz.fuzz import ratio

    asked = [(words, f'"{words}"')]
    if ref is not None and ref.key != words:
        asked.append((ref.key, f'"{words}" is {ref.key}'))
    candidates: list[tuple[str, float, str]] = []
    for party in known:
        best, why = 0.0, ""
        if ref is not None and ref.state and party.key == ref.state and ref.kind != "organisation":
            best, why = 100.0, f'"{words}" names the state {ref.state}'
        for name in (party.name, *party.other_names):
            for question, how in asked:
                score = (
                    100.0
                    if _one_spelling(name) == _one_spelling(question)
                    else ratio(_one_spelling(name), _one_spelling(question))
                )
                if len(question) < 7 and score < 100.0:
                    continue  # an acronym fits or does not
                if score > best:
                    best, why = score, f'{how}; the records say "{name}"'
        if best >= ENOUGH:
            candidates.append((party.key, round(best / 100, 3), why))
    candidates.sort(key=lambda one: (-one[1], one[0]))
    clear = len(candidates) == 1 or (len(candidates) > 1 and 100 * (candidates[0][1] - candidates[1][1]) >= CLEAR_LEAD)
    return Resolution(words, candidates[0][0] if clear and candidates else None, tuple(candidates[:5]))


def _one_spelling(name: str) -> str:
    plain = name.casefold().removeprefix("the ")
    for other, ours in SPELLINGS:
        plain = plain.replace(other, ours)
    return plain
