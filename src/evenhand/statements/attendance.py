"""Who took part as far as only the speaking tells: who spoke at a hand-over, who issued a statement, who briefed the press.

Called by `reader` once the speakers are known. Whoever the sentence of the meeting names stays; the issuer of a statement is its host.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evenhand.statements.cleaning import Body
from evenhand.statements.gazetteer import load_entries
from evenhand.statements.meeting import Found
from evenhand.statements.person import SPOKESMAN, Person
from evenhand.statements.references import Cast
from evenhand.statements.tokens import Tokens

BRIEFING = re.compile(
    r"\b(?:press|media|news|regular|daily|noon|today's|weekly|hybrid) (?:briefing|conference)\b|\bbriefing (?:by|of|to|summary)\b",
    re.I,
)
RELEASE = re.compile(
    r"\b(?:press|media|news) (?:release|statement)\b|\bstatement\b|\b(?:government|ministry|minister|secretary)\b", re.I
)
"""What makes the lines above a text those of an office that issues it."""
TOLD_TODAY = re.compile(
    r"\b(?:announced|said|confirmed|declared|pledged)(?: here)?\s+(?:today|this (?:morning|afternoon|evening))\b|\btoday (?:\w+ly )?(?:announced|said|confirmed|declared|pledged|expressed|thanked|condemned|called|urged|appealed|welcomed)\b"
)
BRIEFED = re.compile(
    r"[^.]{0,80}\b(?:(?:told|briefed|addressed) (?:a|the) (?:news|press) conference|told (?:reporters|journalists|correspondents)|told the (?:press|media))\b"
)
"""Who tells a press conference something holds it."""
HOSTED_BY = re.compile(
    r"\b(?:co-?)?(?:hosted|organi[sz]ed|convened)(?:,? [\w ]{3,30},)? (?:jointly )?by\b(?P<whom>[^.;]{3,160})"
)
ISSUING = frozenset({"minister", "head of state", "head of government", "deputy", "prince", "secretary"})
"""The ranks of those in whose name a state's office issues its releases."""


OPENING = ISSUING | {"head", "chair", "director", "coordinator", "representative", "ambassador", "envoy", SPOKESMAN}
OPENING_SHARE = 5
"""Of how many sentences whoever opens a statement says one at least, to be its issuer."""


def complete(
    found: Found, cast: Cast, speakers: Sequence[Person | None], at: str, body: Body, row: Tokens, orator: Person | None
) -> None:
    """Add who spoke at a hand-over or is the only other side of a talk; the issuer of a statement is its host.

    Parameters
    ----------
    at
        The state where the meeting was.
    orator
        Whose speech the headline says that the text is.
    """
    spoke = list(dict.fromkeys(id(one) for one in speakers if one is not None))
    people = [one for mark in spoke for one in cast.persons if id(one) == mark and one.rank != SPOKESMAN]
    entries = load_entries()
    sent = [entries.get(one.office.split(" to ", 1)[1]) for one in people if one.posted and " to " in one.office]
    at = next(
        (entry.state for entry in sent if entry is not None and entry.state), at
    )  # at home where an envoy is sent
    if found.kind == "statement":
        cast.hosts, cast.guests = (
            ([orator] if orator else cast.hosts or _issuers(cast, speakers, people, body, row)),
            [],
        )
    elif (
        (found.kind == "other" and not (cast.hosts and cast.guests))
        or len(cast.present) < 2
        or found.kind == "conference"
    ):
        for one in people:
            if one not in cast.present and " " in one.name:
                home = bool(one.state) and one.state == at
                if found.kind == "conference" and not cast.present:
                    cast.guests.append(one)
                elif found.kind in ("other", "conference") or not cast.present:
                    (cast.hosts if home or (not at and not cast.present) else cast.guests).append(one)
                else:
                    (cast.guests if cast.hosts else cast.hosts).append(one)
    found.hosts, found.guests = cast.hosts, cast.guests
    if found.kind == "conference":
        _take_hosts(body.plain[body.blocks[0].start : body.blocks[0].end], found)


def is_briefing(body: Body) -> bool:
    """Say whether a headline or the first paragraph calls the text a briefing: who briefs issues it."""
    first = body.blocks[0]
    return any(BRIEFING.search(body.plain, start, end) for start, end in (*body.above, (first.start, first.end)))


def _issuers(
    cast: Cast, speakers: Sequence[Person | None], people: list[Person], body: Body, row: Tokens
) -> list[Person]:
    """Return who issued a statement: who briefs, whom the headline names behind "by", who says most of it, the one minister in it."""
    first = body.blocks[0]
    opening = [ref for ref in row.refs[slice(*row.between(first.start, first.end))] if isinstance(ref, Person)]
    if is_briefing(body):
        spoke = [one for one in cast.persons if any(one is other for other in speakers)]
        spoke = [one for one in spoke if one.office] or spoke  # whoever asks has none
        return list({id(one): one for one in opening}.values()) or spoke
    briefed = BRIEFED.search(body.plain, first.start, min(body.blocks[-1].end, first.start + 1100))
    if briefed and briefed.start() < first.start + 900:
        holds = next(
            (ref for ref in row.refs[slice(*row.between(briefed.start(), briefed.end()))] if isinstance(ref, Person)),
            None,
        )
        beside = "conference" not in briefed.group()
        if holds is not None and not (beside and not holds.organisation):
            return [holds]
    headlines = " ".join(body.plain[start:end] for start, end in body.above)
    by = re.search(r"\bby\b(?P<who>.*)", headlines, re.I | re.S)
    named = [
        one for one in people if by and one.head and re.search(rf"\b{re.escape(one.head)}\b", by.group("who"), re.I)
    ]
    if len(named) == 1:
        return named
    most = max(people, key=lambda one: sum(one is other for other in speakers), default=None)
    if most is not None and 2 * sum(most is other for other in speakers) > len(speakers):
        return [most]
    ministers = [one for one in people if one.rank in ISSUING or "Minister" in one.office]
    told = TOLD_TODAY.search(body.plain, first.start, min(first.end, first.start + 600))
    if (
        len(ministers) == 1
        and (told or RELEASE.search(headlines))
        and (ministers[0].own or ministers[0].state == cast.home)
    ):
        return ministers
    opens = next(iter(speakers), None)
    if opens is not None and opens.rank in OPENING and (opens.state or opens.organisation):
        said = sum(one is opens for one in speakers)
        if (OPENING_SHARE * said >= len(speakers)) and (opens.rank != SPOKESMAN or 2 * said > len(speakers)):
            return [opens]  # with whose words the text begins
    return []


def _take_hosts(words: str, found: Found) -> None:
    """Put those on the host's side whose party is said to host the conference, and everybody else on the other."""
    hosting = HOSTED_BY.search(words)
    if hosting is None:
        return
    entries = load_entries()
    parties = {
        entry.key
        for run in re.findall(r"[A-Z][\w']*(?:(?: of)?(?: the)? [A-Z][\w']*)*", hosting.group("whom"))
        for entry in [entries.get(run) or entries.get(run.split()[0])]
        if entry
    }
    people = found.hosts + found.guests
    keys = {
        id(one): one.state or (entries[one.organisation].key if one.organisation in entries else one.organisation)
        for one in people
    }
    hosts = [one for one in people if keys[id(one)] in parties]
    if hosts:
        found.hosts, found.guests = hosts, [one for one in people if keys[id(one)] not in parties]
