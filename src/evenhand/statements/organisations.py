"""Bodies that no list knows: "the State Migration Service", "Ministry of Labour", "the Government of Japan".

Called by `reader` before people are looked for. A ministry, an embassy or a state agency counts as its state where the words
name one. An acronym in brackets behind a name stands for it from there on.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from evenhand.statements.gazetteer import Entry, load_entries, place_states, state_names
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import word_list

BODY = re.compile(
    r"(?:(?:[CFASm]'?-?|&(?=[CF]))*[CFAS]'?|G?F*O|G)?g+(?!'?O)(?:(?:[of]t?)(?:[CFAGO]-?|S-?(?![CD])|S(?=[CF]+g)|&(?=[CFO])|,(?=[CF]+[,&])|&t?(?=[CF]))+|(?:[of]t?)S)*"
)
OF_STATE = re.compile(r"[Ay]?'?g+ot?S")
STATE_SIDE = re.compile(r"A[yg]|S'[yg]|y(?:ot?S)")
FORMAL = re.compile(r"(?<![CFg])(?P<title>[CFA]{1,5})o?S")
ITS_SIDE = re.compile(r"A(?:w|m)")
SIDES = frozenset({"side", "delegation", "party"})
"""Nouns that make a state's adjective the state at the table: "the Algerian side"."""
BY_WORK = re.compile(r"(?<![CFASgGO'-])[ASFC][CF]{0,5}w?(?![CFgO'])")
WORKS = frozenset({"Aid", "Action", "Relief", "Care", "Appeal"})
"""What the name of a charity ends with: Qatar Humanitarian Action, Northern Lights Aid."""
BRANCH = re.compile(r"(?<![CFSG'-])GS(?![CFgO'-])")
"""A body's branch in a state: UNICEF Australia."""
OF_STATES = frozenset({"United Nations", "European Union", "African Union", "NATO"})
CALLED = re.compile(r"(?<![CFgSAGO'-])(?P<name>[CF](?:[CFw]|o(?=[CF])|&(?=[CF])){1,6})\(C\)")
"""Capitalised words with their initials in brackets: Community Aid Abroad (CAA)."""
JOINING = frozenset({"of", "and", "the", "for", "&"})
NO_BODY = frozenset(
    word_list("Plan Act Agreement Treaty Pact Strategy Framework Initiative Project Appeal Fund Area Zone Law")
)
FORMAL_WORDS = frozenset(
    word_list("Republic Kingdom State States Federation Commonwealth Sultanate Emirate Principality Jamahiriya")
)
"""Words in front of "of" and a state that make its formal name: the Socialist Republic of Vietnam."""
BRACKETED = re.compile(r"G\(([CFG])\)")
BETWEEN_COMMAS = re.compile(r"G(?=,[CFG],)")
"""A body and what may be its acronym, as some newspapers write it: "the National Relief Agency, NRA, said"."""
CALLED_AGAIN = re.compile(r"t(?:A(?=m))?(?P<small>(?:A|m|m?&(?=m)|S')*b)|t(?P<great>g)(?![CFO'])")
DESCRIBED = re.compile(r"(?:UN|United Nations) (?:\w+ )+(?i:agency)$")
"""A description beside a name: "UNHCR, the UN refugee agency"."""
LETTERHEAD = re.compile(
    r"\b(?:Ministry|Government|Govt|Embassy|Presidency|President|Department|Office|Republic|House)\b"
)
"""What makes a line above the prose the publisher's rather than a headline."""
AIMED = frozenset({"conference", "Conference", "appeal", "Appeal", "Plan", "plan", "donors", "pledging"})
SEATS = frozenset({"White House", "Kremlin", "Pentagon", "State Department", "Downing Street", "Élysée", "Blue House"})
STATE_BODIES = frozenset(
    word_list(
        "Government Ministry Embassy Consulate Cabinet Parliament Presidency Department Directorate Secretariat Administration Agency Service "
        "Committee Authority"
    )
)


SOCIETIES = ("Red Cross", "Red Crescent")
CURRENCIES = frozenset(
    word_list(
        "franc dollar yen won euro pound dinar dirham riyal rial rupee peso real rouble ruble lira krone krona rand yuan ringgit baht shilling naira birr"
    )
)
KEEP_ADJECTIVE = frozenset(
    {"Commission", "Embassy", "Consulate", "Red", "Cross", "Crescent", "Society", "Council", "Agency", "Bank", "Fund"}
)
"""Heads of names that begin with whose they are: the British High Commission."""
KEEP_STATE = frozenset(
    {
        "Board",
        "Council",
        "Agency",
        "Authority",
        "Bank",
        "Fund",
        "Service",
        "Foundation",
        "Association",
        "Institute",
        "University",
    }
)
"""Heads of names that begin with their state's name: the Ghana Refugee Board."""
OF_A_BODY = frozenset({"Commission", "Secretariat", "Parliament", "Assembly"})
"""Bodies with a voice of their own inside another: the ECOWAS Commission."""

OF_THE_FAMILY = re.compile(r"GG")


def find_organisations(row: Tokens, body: list[tuple[int, int]]) -> Tokens:
    """Return the row with bodies joined into one token each, and their acronyms known.

    Examples
    --------
    >>> from evenhand.statements.tokens import tokenise
    >>> row = find_organisations(tokenise("The Relief Society of Chad (RSC) said RSC helps."), [(0, 99)])
    >>> row.codes, row.refs[1].key, row.refs[6].key
    ('tG(G)wGw.', 'Relief Society of Chad', 'Relief Society of Chad')
    """
    spans: list[tuple[int, int, str, Entry]] = []
    for first, last in body:
        for found in BODY.finditer(row.codes, first, last) if row.codes.find("g", first, last) >= 0 else ():
            end = _before_holder(row, *found.span())
            entry = _entry(row, found.start(), end)
            if entry is not None:
                start = found.start()
                while (
                    row.codes[start] in "AS'"
                    and entry.kind == "organisation"
                    and row.codes[start + 1] not in "'"
                    and entry.state
                ):
                    start += 1
                spans.append((found.start(), end, "S" if entry.kind == "state" else "G", entry))
        for found in BY_WORK.finditer(row.codes, first, last):
            start, end = found.span()
            end -= row.codes[end - 1] == "w" and row.words[end - 1] not in WORKS
            codes = row.codes[start:end]
            own_name = "C" in codes[:-1] or (codes[0] in "AS" and len(codes) > 2)
            if own_name and row.words[end - 1] in WORKS and row.words[end - 2] not in WORKS:
                name = row.span(start, end)
                spans.append((start, end, "G", Entry("organisation", name, "", name)))
        for found in FORMAL.finditer(row.codes, first, last):
            ref = row.refs[found.end() - 1]
            formal = row.words[found.end("title") - (found.group()[-2] == "o")].split(" ", 1)[0]
            if formal in FORMAL_WORDS and isinstance(ref, Entry):
                spans.append((*found.span(), "S", Entry("state", ref.state, ref.state, row.span(*found.span()))))
        for found in STATE_SIDE.finditer(row.codes, first, last):
            state = next((ref.state for ref in row.refs[found.start() : found.end()] if isinstance(ref, Entry)), "")
            spans.append((*found.span(), "S", Entry("state", state, state, row.span(*found.span()))))
        for found in ITS_SIDE.finditer(row.codes, first, last):
            ref = row.refs[found.start()]
            if row.words[found.end() - 1].lower() in SIDES and isinstance(ref, Entry) and ref.state:
                spans.append((*found.span(), "S", Entry("state", ref.state, ref.state, row.span(*found.span()))))
        for found in BRANCH.finditer(row.codes, first, last) if row.codes.find("GS", first, last) >= 0 else ():
            ref = row.refs[found.start()]
            if isinstance(ref, Entry) and not ref.state and ref.key not in OF_STATES:
                name = " ".join(row.span(*found.span()).split())
                spans.append((*found.span(), "G", Entry("organisation", name, "", name)))
        for found in OF_THE_FAMILY.finditer(row.codes, first, last) if row.codes.find("GG", first, last) >= 0 else ():
            family, member = row.refs[found.start()], row.refs[found.end() - 1]
            if isinstance(family, Entry) and family.key == "United Nations" and isinstance(member, Entry):
                spans.append((*found.span(), "G", member))  # "the United Nations Food and Agriculture Organization"
        for found in CALLED.finditer(row.codes, first, last) if row.codes.find("(C)", first, last) >= 0 else ():
            short, name = row.words[found.end() - 2], row.span(*found.span("name"))
            initials = "".join(word[0] for word in name.split() if word[0].isupper())
            if (
                short == initials == "".join(word[0] for word in name.split() if word.lower() not in JOINING)
                and len(short) >= 3
                and name.split()[-1] not in NO_BODY
            ):
                spans.append((*found.span("name"), "G", Entry("organisation", name, "", name)))
    row = _with_acronyms(row.merged(_apart(spans)))
    return row.merged(_called_again(row))


HELD_IN = re.compile(r"O[of]t?$")
HOLDER = re.compile(r"(?:(?<=F)|,)C{2,3}$")


def _before_holder(row: Tokens, start: int, end: int) -> int:
    """Return where a body's name ends that stands in an office: its holder's name may follow at once or behind a comma."""
    if HELD_IN.search(row.codes, max(0, start - 3), start):
        name = HOLDER.search(row.codes, start, end)
        return name.start() if name else end
    return end


def _called_again(row: Tokens) -> list[tuple[int, int, str, Entry]]:
    """Return "the ministry", "the Commission": the body of that kind named last before, else a body of its own."""
    found: list[tuple[int, int, str, Entry]] = []
    for match in CALLED_AGAIN.finditer(row.codes):
        start, end = match.span("small") if match.group("small") else match.span("great")
        kind = row.words[end - 1].capitalize()
        refs = row.refs[start:end]
        state = next((ref.state for ref in refs if isinstance(ref, Entry)), "")
        nation = row.words[start]
        known = [
            ref for ref in row.refs[:start]
            if isinstance(ref, Entry) and ref.kind == "organisation" and kind[:7] in (ref.key + ref.spelling)
            and not (state and ref.state != state and not ref.spelling.startswith(nation))
        ]  # fmt: skip
        words = row.span(start, end)
        if (
            not known
            and end - start == 1
            and match.group("small")
            and kind in ("Organization", "Organisation", "Agency", "Society")
        ):
            known = [ref for ref in row.refs[:start] if isinstance(ref, Entry) and ref.kind == "organisation"][-1:]
        again = [ref for _, _, _, ref in found if kind.lower() in ref.key.lower()] if end - start == 1 else []
        if again and (not known or not match.group("great")):
            found.append((start, end, "G", again[-1]))
        elif known:
            found.append((start, end, "G", known[-1]))
        elif (
            match.group("small")
            and kind not in ("Agency", "Council", "Mission")
            and (end - start > 1 or kind == "Ministry")
        ):
            found.append((start, end, "G", Entry("organisation", words, state, words)))
    return found


def _apart(spans: list[tuple[int, int, str, Entry]]) -> list[tuple[int, int, str, Entry]]:
    kept: list[tuple[int, int, str, Entry]] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _entry(row: Tokens, first: int, last: int) -> Entry | None:
    """Return what a run of words with a body's head in it stands for; None for a bare "the Council"."""
    begins = first
    codes = row.codes[first:last]
    words = row.words[first:last]
    state = next(
        (ref.state for ref in row.refs[first:last] if isinstance(ref, Entry) and ref.kind in ("state", "adjective")), ""
    )
    heads = {word for word, code in zip(words, codes, strict=True) if code == "g"}
    if "Government" in heads and state:
        return Entry("state", state, state, row.span(first, last))
    if codes[:2] == "Gg" and words[1] not in OF_A_BODY and not words[0].endswith(SOCIETIES):
        return None
    if len(codes) < 2 or not set(codes) & set("CFASG"):
        return None
    while (
        first < last - 1
        and row.codes[first] in "AS'"
        and state
        and not set(row.codes[first + 1 : first + 2]) & set("C")
        and not (row.codes[first] == "A" and heads & KEEP_ADJECTIVE)
        and not (row.codes[first] == "S" and row.codes[first + 1] == "F" and heads & KEEP_STATE)
    ):
        first += 1
    name = row.span(first, last)
    if first == last - 1:
        beside = first > begins and row.codes[first - 1] == "S"
        name = (
            row.span(begins, last)
            if beside
            else row.span(first, last)
            if not state
            else f"{name} of {state_names().get(state, state)}"
        )
    return Entry("organisation", name, state if heads & STATE_BODIES else "", name)


def _with_acronyms(row: Tokens) -> Tokens:
    """Return the row in which "(RSC)" and every later RSC stand for the name before the bracket."""
    known = {}
    commas = [at for found in BETWEEN_COMMAS.finditer(row.codes) for at in [found.start()] if _is_acronym_of(row, at)]
    if commas:
        letters = list(row.codes)
        for at in commas:
            letters[at + 1], letters[at + 3] = "(", ")"
        row.codes = "".join(letters)
    for found in BRACKETED.finditer(row.codes):
        word = row.words[found.start(1)]
        full = row.refs[found.start()]
        if row.codes[found.start(1)] != "G" and sum(letter.isupper() for letter in word) >= 2:
            known[word] = full
    if not known:
        return row
    codes = list(row.codes)
    for place, word in enumerate(row.words):
        if word in known and codes[place] in "CF":
            codes[place] = "G"
            row.refs[place] = known[word]
    row.codes = "".join(codes)
    return row


def _is_acronym_of(row: Tokens, at: int) -> bool:
    """Say whether what stands between commas behind a body is its acronym: "the European Union, EU, said"."""
    word, full = row.words[at + 2], row.refs[at]
    if not (word.isupper() and 2 <= len(word) <= 9 and isinstance(full, Entry) and " " in full.spelling):
        return False
    same = row.refs[at + 2]
    if isinstance(same, Entry):
        return same.key == full.key
    capitals = iter(letter for letter in full.spelling if letter.isupper())
    return all(letter in capitals for letter in word)


def spelled_out(row: Tokens) -> dict[str, str]:
    """Return each organisation's name as this text spells it: the first form that is no acronym, else its full name."""
    names: dict[str, str] = {}
    short: dict[str, str] = {}
    for code, ref in zip(row.codes, row.refs, strict=True):
        if code == "G" and isinstance(ref, Entry) and ref.key not in names:
            word = ref.spelling
            if word in ("General Assembly", "Security Council") or ref.kind != "organisation":
                continue
            if " " in word and not word.isupper():
                beside = short.get(ref.key) if DESCRIBED.match(word) else None
                names[ref.key] = beside or word
            else:
                short.setdefault(ref.key, word)
    short.pop("United Nations", None)
    return short | names


@dataclass(slots=True)
class StateWeights:
    """Hold how strongly a text speaks of each state: by its names, and by its provinces and towns."""

    named: Counter[str]
    towns: Counter[str]

    def together(self) -> Counter[str]:
        """Return both, added up; a state may weigh less than nothing."""
        named = Counter(self.named)
        named.update(self.towns)
        return named


def home_state(weights: StateWeights, *, by_towns: bool = True) -> str:
    """Return the state that a text is most about, "" for none.

    Parameters
    ----------
    by_towns
        Whether provinces and towns count for their state: they say what a text is about, not whose officials are named without a state.
    """
    named = weights.together() if by_towns else weights.named
    return min(named, key=lambda state: (-named[state], state), default="")


def second_state(weights: StateWeights, home: str, headlines: list[str], *, by_towns: bool = True) -> str:
    """Return the state that a text is most about beside its home: the other side's, where one of two is named."""
    named = weights.together() if by_towns else Counter(weights.named)
    for line in headlines:
        if LETTERHEAD.search(line):
            words = re.findall(r"[A-Za-z'.]+", line)
            names = {" ".join(words[at : at + size]) for at in range(len(words)) for size in (1, 2, 3)}
            for entry in (load_entries()[name] for name in sorted(names & load_entries().keys())):
                named[entry.state] += 3 if entry.state and entry.kind in ("state", "adjective", "organisation") else 0
    return min((state for state in named if state != home), key=lambda state: (-named[state], state), default="")


def weigh_states(row: Tokens, datelines: str = "", begins: int = -1) -> StateWeights:
    """Return how strongly a text speaks of each state.

    Named by name, adjective or capital; a state that people come "from" is not at home in the text, and a named airport weighs more than
    a name, because a hand-over happens at home; an ambassador's state is not at home.

    Parameters
    ----------
    datelines
        The words that say where the text was filed.
    begins
        The token with which the prose begins.
    """
    named: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for words in re.findall(r"[A-Z][A-Za-z']+(?:[ -][A-Z][A-Za-z']+)*", datelines):
        entry = load_entries().get(words) or load_entries().get(words.title())
        if entry and entry.state:
            named[entry.state] += 8
    towns = place_states()
    for place, ref in enumerate(row.refs):
        if ref is None and row.codes[place] == "C":
            state = towns.get(row.words[place]) or towns.get(" ".join(row.words[place : place + 2]))
            if state:
                counted[state] += 2 if row.codes[place - 1 : place] == "p" else 1
            continue
        if not isinstance(ref, Entry) or not ref.state or ref.kind == "office":
            continue
        if ref.kind == "organisation":
            named[ref.state] += row.words[place] in SEATS
            continue
        if (
            ref.kind == "adjective"
            and row.words[place + 1 : place + 2]
            and row.words[place + 1].lower().rstrip("s") in CURRENCIES
        ):
            continue  # "Swiss francs"
        before = row.words[place - 1] if place else ""
        after = row.words[place + 1] if place + 1 < len(row.words) else ""
        if before == "from" or after in ("refugees", "donors"):
            continue
        if after in ("has", "have") and "donated" in row.words[place + 2 : place + 4]:
            continue  # who gives is seldom at home in the text
        if before in ("for", "on") and set(row.words[place - 3 : place - 1]) & AIMED:
            named[ref.state] += 9  # "the pledging conference for Somalia"
        if place in (begins, begins + 1) and ref.kind == "state":
            named[ref.state] += 2  # "Kuwait renewed its commitment": a state's own agency begins with it
        beside = {word.lower() for word in row.words[place + 1 : place + 2] + row.words[max(0, place - 3) : place]}
        if (beside & {"ambassador", "embassy"} or after == "High Commissioner") and before != "to":
            named[ref.state] -= 2
            continue
        if before == "to" and row.codes[place - 2 : place - 1] == "O":
            named[ref.state] += 2  # an ambassador is at home where he is sent
        if ref.kind == "capital" and before.lower() == "in":
            named[ref.state] += (
                3 if row.words[place - 2] == "conference" and row.words[place - 3] in ("news", "press") else 1
            )
        named[ref.state] += 3 if ref.kind == "airport" else 2 if row.codes[place + 1 : place + 2] == "O" else 1
    return StateWeights(named, counted)
