"""An office named in a text, taken apart: its words, its rank, and the state or the body that it belongs to.

Called by `people` and `references`. "Foreign Minister of Pakistan" is the office "Foreign Minister" of PAK; a portfolio stays in the
office. It must never decide who holds the office.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evenhand.statements.gazetteer import Entry
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import rows_by

ORGANS = frozenset({"General Assembly", "Security Council", "UN General Assembly", "United Nations General Assembly"})
POSTED = frozenset(
    {"Ambassador", "High Commissioner", "Permanent Representative", "Nuncio", "Apostolic Nuncio", "Consul General"}
)
"""Whoever is sent to a state keeps its name in the office: "Ambassador to Nepal"."""
UNLISTED = re.compile(r"[of]t?(?P<name>(?:A|F)*C[CFA]*|AF{2,})(?![CFGgSO'-])")
OF_THE_WHOLE = re.compile(r" of the (?:Republic|State|Nation|Country)$", re.I)
"""What says no more than that the office is the state's own: "President of the Republic"."""
RANKS = dict(rows_by("offices", "words").items())


@dataclass(slots=True)
class Title:
    """Hold an office named without a person: "the Turkish minister", "the head of the IsDB"."""

    words: str
    head: str
    rank: str
    office: str
    state: str
    organisation: str


def read_title(row: Tokens, span: tuple[int, int]) -> Title:
    """Return an office without the names of states and organisations in it, and those beside it."""
    first, last = span
    kept: list[int] = []
    state = organisation = head = ""
    at = first
    nationality = row.words[last : last + 1] in (["nationality"], ["origin"], ["descent"])
    while at < last:
        code, ref = row.codes[at], row.refs[at]
        if code in "wm" and row.codes[at + 1 : at + 2] == "'" and not head:
            at += 2  # "the country's Minister of Defence"
            continue
        if code == "o" and nationality:
            break  # "the official of Brazilian nationality" may speak for anybody
        group = re.compile(r"[of]t?([SG]+)(?![CF])|p(t?)m?([SG])").match(row.codes, at, last)
        named = [row.refs[place] for place in range(*group.span()) if row.codes[place] in "SG"] if group else []
        if group and not any(isinstance(one, Entry) and one.spelling in ORGANS for one in named):
            of_it = row.words[at].lower() == "in" and RANKS.get(head, {}).get("rank") in (
                "minister",
                "head of government",
            )
            if (
                row.codes[at] != "p" or of_it
            ):  # "of Chad" is whom one speaks for, "to Chad" is where; a minister in Chad is Chad's
                state = state or next(
                    (one.state for one in named if isinstance(one, Entry) and one.kind == "state"), ""
                )
            organisation = organisation or next(
                (body_name(row, place) for place in range(*group.span()) if row.codes[place] == "G"), ""
            )
            state = state or next(
                (
                    row.refs[place].state
                    for place in range(*group.span())
                    if row.codes[place] == "G" and not row.words[place].startswith(row.refs[place].spelling)
                ),
                "",
            )  # "Head of the Libyan National Safety Authority"
            elsewhere = (
                row.codes[at] == "p"
                and row.words[at].lower() == "in"
                and not state
                and row_kind(row, first, last) == "organisation"
            )
            posted = (
                row.codes[at] == "p"
                and row.words[at].lower() == "to"
                and (head in POSTED or head.endswith("Secretary"))
            )
            if elsewhere or posted:
                kept += range(at, group.end())  # a representative in Chad, of a body named elsewhere
            at = group.end()
            continue
        unlisted = UNLISTED.match(row.codes, at, last) if head and not organisation else None
        if unlisted and _is_body(row, *unlisted.span("name"), head):
            organisation = row.span(*unlisted.span("name"))
            at = unlisted.end()
            continue
        if code == "(":
            at += row.codes[at:last].find(")") + 1 or last
            continue
        if code in "SA" and isinstance(ref, Entry):
            state = state or ref.state
        elif code == "G" and isinstance(ref, Entry) and ref.spelling in ORGANS:
            kept.append(at)
            organisation = organisation or "United Nations"
        elif code == "G":
            organisation = organisation or body_name(row, at)
        elif row.words[at] == "State" and at == first > 0 and row.codes[at - 1] in "CT" and row.codes[at + 1] == "O":
            pass  # Borno State Governor
        elif row.words[at] == "European" and "Commissioner" in row.words[at:last]:
            pass  # the Commission's, not a portfolio
        elif code != "'" and not (code == "t" and not kept):
            kept.append(at)
            if code == "O" and isinstance(ref, Entry) and not head:
                head = ref.key
        at += 1
    pieces: list[str] = []
    for place in kept:
        glue = "" if not pieces or row.starts[place] == row.ends[place - 1] else " "
        pieces.append(glue + row.words[place])
    row_of = RANKS.get(head, {})
    office = OF_THE_WHOLE.sub("", "".join(pieces).strip(" ,-&"))
    return Title(
        row.span(first, last), head, row_of.get("rank", ""), office[:1].upper() + office[1:], state, organisation
    )


def _is_body(row: Tokens, first: int, last: int, head: str) -> bool:
    """Say whether capitalised words behind "director of" name a body that no list knows: "Polish Humanitarian Action"."""
    held = RANKS.get(head, {})
    if held.get("kind") != "organisation" and held.get("rank") not in ("coordinator", "director", "representative"):
        return False
    word = row.words[first]
    return last - first >= 2 or sum(letter.isupper() for letter in word) >= 2


def row_kind(row: Tokens, first: int, last: int) -> str:
    """Return whether an office is a state's or an organisation's, by its main word: representatives abroad are an organisation's."""
    heads = [row.refs[place].key for place in range(first, last) if row.codes[place] == "O"]
    return (
        "organisation"
        if heads and heads[-1] in ("Representative", "Resident Representative", "Director", "Country Director", "Head")
        else ""
    )


def body_name(row: Tokens, place: int) -> str:
    """Return the name of the body that a token stands for, as the text spells it."""
    ref = row.refs[place]
    return ref.spelling if isinstance(ref, Entry) and ref.kind == "organisation" else row.words[place]
