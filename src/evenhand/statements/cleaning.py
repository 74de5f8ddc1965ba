"""From a stored text to its body: which lines are prose, and which are menus, stamps, headlines and by-lines.

Called by `reader`. Nothing is removed from the text: a block is a pair of offsets into it. The body is what ends like prose
ends; what stands around it is kept as `above`, because a stamp or a headline may fix the date or the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from evenhand.statements.days import _MONTH, find_days
from evenhand.statements.wordlists import word_list

PLAIN = str.maketrans({
    "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "،": ",", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\r": "\n", "\ufeff": " ", "\u200b": " ", "‑": "-",
})  # fmt: skip
"""One character for one character, so that offsets stay what they are."""
_REPLACED = tuple((chr(mark), plain) for mark, plain in PLAIN.items())
ENDS_LIKE_PROSE = re.compile(r"""[.!?…:]["')\]]*$""")
END_OF_BODY = re.compile(
    r"(?:[-–—*]*\s*end(?:s|\s+of\s+\w+)?\s*[-–—*]*$|source\s*:|related\b|read (?:also|more)|see also|share\b|tags?\s*:|"
    r"keywords\s*:|check against delivery\b|\W*this is an? (?:unofficial |provisional |informal )?translation\b|about \w+ \w+$|copyright\b|©|all rights reserved|follow us|subscribe|contact\s*:|for (?:more|further) information|"
    r"for media|media contacts?|press contacts?|editor(?:s|'s)? notes?\b|more news|latest news|#|-\s*30\s*-|previous\b|next article|read on$|would you like|this (?:web ?)?(?:site|page)\b|write your comment|leave a (?:comment|reply)|sign up|"
    r"(?:the )?(?:webcast|video|audio|recording|full (?:text|transcript|statement))\b.{0,60}\b(?:available|found|here|below)\b|"
    r"the (?:writer|author) (?:is|was|farms|teaches|works|lives|writes|can)\b|the views expressed\b|"
    r"photo\s*:|reporting by|edited by|editing by|additional reporting|with (?:agencies|agency inputs|inputs from|files from|wires?)\b|translated by|views?:?\s*\d|print\b|\d+ comments?)",
    re.IGNORECASE,
)
STAMP = re.compile(r"\s*date\s+(?:19|20)\d\d-\d\d-\d\d(?:\s*[+↺−16px ©]*\s*(?:$|(?=\S)))", re.IGNORECASE)
BULLET = re.compile(r"\s*(?:[-–—•*▪●·]|\(?\d{1,2}[.)]|[oO](?=\s{2}))\s+(?=\S)")
_PLACE_WORD = (
    r"[A-ZÀ-Þ][\w.']*+(?:[/-]++\w[\w.']*+)*+"  # nothing of it is given back, else a row of them takes for ever
)
DATELINE = re.compile(
    rf"\s*(?:\([A-Z][^()]{{1,40}}(?:\([^()]*\))?\)\s{{0,9}}(?:[-–—]\s{{0,9}})?)?"  # (WIRE- Gulf News Service (GNS))
    rf"(?:\d{{1,2}} (?:{_MONTH}),? (?:19|20)\d\d\s{{0,9}}[,|]\s{{0,9}})?"  # 20 August 2024, Beirut, Lebanon
    rf"(?:{_PLACE_WORD}(?:[ /-]+{_PLACE_WORD}|\s{{1,9}}(?:de|la|al|el|of|and)\s{{1,9}}{_PLACE_WORD}){{0,4}}"  # KUALA LUMPUR
    rf"(?:\s{{0,9}},\s{{0,9}}{_PLACE_WORD}(?: {_PLACE_WORD}){{0,3}}){{0,2}})"
    rf"(?:\s{{0,9}}[,:]?\s{{0,9}}(?:(?:{_MONTH})\s{{0,9}}\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s{{1,9}}(?:{_MONTH}))?(?:,?\s{{0,9}}(?:19|20)\d\d)?)?"
    rf"\s{{0,9}}(?:[,.]?\s{{0,9}}\(?\b[A-Z][A-Za-z./ -]{{1,25}}\)|[,/]\s{{0,9}}[A-Z]{{2,10}})?"
    rf"\s{{0,9}}\.?\s{{0,9}}(?:--|—|–|-(?=\s)|:(?=\s)|/\s{{0,9}}-?)+\s+(?=[A-Z\"])"
)
NO_DATELINE = re.compile(r"\s*[^\W\d_]+(?:\s+[^\W\d_]+)*?\s+(?!(?:de|la|al|el|of|and)\s)[a-z]")
"""Words without a mark or a number up to one in lower case, as a sentence begins: quicker than asking `DATELINE`."""
OUTLET = re.compile(
    r"\s*[A-ZÀ-Þ][\w.' -]{1,30},\s+(?:"
    + _MONTH
    + r"\s*\d{1,2}|\d{1,2}\s+"
    + _MONTH
    + r"),?\s+(?:\d{4},?\s+)?[A-Z]{3,12}[.,:]?\s+(?=[A-Z])"
)
DAYLINE = re.compile(
    r"\s*[A-ZÀ-Þ][\w.' -]{1,30}(?:,\s+[A-ZÀ-Þ][\w.' -]{1,30})?,\s+(?:"
    + _MONTH
    + r"\s*\d{1,2}|\d{1,2}(?:st|nd|rd|th)?\s+"
    + _MONTH
    + r")(?:,?\s+(?:19|20)\d\d)?(?:\s*/\w+/)?\.\s+(?=[A-Z])"
)
WIRED = re.compile(
    rf"\s*[A-ZÀ-Þ][A-ZÀ-Þ' -]{{2,30}}\s*\([^()]{{1,40}}\)\s*(?:(?:{_MONTH})\s*\d{{1,2}}|\d{{1,2}}\s+(?:{_MONTH})),?\s*(?:(?:19|20)\d\d)?\s*[:.,–—-]+\s+(?=[A-Z])"
)
"""ISLAMABAD (News Desk) 6 September 2022: The President"""
FILED = re.compile(r"\s*[A-ZÀ-Þ][\w.' -]{1,30}\s*\([^()]{0,60}(?:19|20)\d\d\)\s+(?=[A-Z])")
TAIL = re.compile(
    r"""(?<=[.!?"'])\s*(?:\([^()]{1,40}\)(?:\s+[a-z]{1,4}\.[a-z]{1,4})?|(?:--?|[–—])\s*[A-Z]{2,12}|/[A-Za-z]{1,4}/?|[A-Z]{2,4}/[A-Z]{2,4}(?:/[A-Z]{2,4})?)\s*$"""
)
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|said|says|told|met|held|gave|made|took|"
    r"went|spoke|left|came|began|brought|sent|saw|led|paid|built|put|rose|fell|grew|became|kept|felt|stood|won|lost|wrote|found|drew|[a-z]{3,}ed)\b"
)
SHORT_PROSE = re.compile(r"\"?(?:I|We|He|She|They|It|Thank you)\b[ ,\w']*[.!]\"?$")
MET_AND_ISSUED = re.compile(r"\b(?:met|held talks|convened|gathered)\b.{4,120}\b(?:following|this)\b.{1,40}:$", re.S)
"""A first sentence that tells of a meeting and brings in what was said there: "met in Suva and adopted the following statement:"."""
PICTURES = re.compile(r"(?<=[.!?:\"')])\s*[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D\s]+$")
"""Pictures behind the last mark of a post."""
FUNCTION = re.compile(r"\b(?:the|a|an|that|this|his|her|its|their|he|she|they|of|to|in|and)\b")
BROKEN_OFF = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Dr|H\.E|No|Gen|Col|St|{'|'.join(('Jan', 'Feb', 'Mar', 'Apr', 'Jun', 'Jul', 'Aug', 'Sept?', 'Oct', 'Nov', 'Dec'))})\.$"
)
UNFINISHED = frozenset(
    word_list(
        "a an the of to in on at by for with from and or that which who as is are was were has have had will would be been "
        "his her its their described called considered said told thanked praised including between about into both"
    )
)
WRAPPED_LEAST = 45
"""Characters of a line from which on it may have been broken by its width."""
WIDEST_WRAP = 140
MOST_LOOKED_AT = 2_000
"""Characters before a line that say whether it goes on: of a long paragraph of short lines not all of them for each."""
LEAST_WRAPPED = 6
"""Lines of a text that another follows at once, from which on their ends say how the text was broken."""
LEAST_OF_A_NAME = 25
"""Characters of an office and a name that fill a line of their own."""


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one paragraph as offsets into the text.

    Attributes
    ----------
    cut
        Its last sentence may have been cut off.
    dateline
        The words before it that say where and when it was filed.
    """

    start: int
    end: int
    cut: bool = False
    dateline: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """Hold the prose of a text and what stands around it.

    Attributes
    ----------
    plain
        The text with typographic marks made plain; the same length as the text.
    above
        Offsets of the lines before the first block: headlines, stamps.
    """

    plain: str
    blocks: tuple[Block, ...]
    above: tuple[tuple[int, int], ...]
    published: date | None
    notes: tuple[str, ...] = ()


SINGLE_QUOTED = re.compile(
    r"(?:(?<=[\s(])|^)'(?=[A-ZÀ-Þ])(?:[^'\"\n]|(?<=\w)'(?=\w)|(?<=s)'(?= )){1,900}?(?:[.,!?]'(?=\s|$)|(?<=\w{3})'(?=,\s)(?<=[^']{40}'))",
    re.M,
)
"""A quotation in single marks, as many agencies of Europe write it: an apostrophe inside a word does not close it."""
LONGEST_WORD = 200
NO_WORD = re.compile(rf"\S{{{LONGEST_WORD},}}")
"""A run of letters and marks that no word is, nor an address of the web: it is passed over, because cutting it up takes long."""


def find_body(text: str) -> Body:
    r"""Return the prose blocks of a text, its stamp, and notes on what was odd.

    Examples
    --------
    >>> body = find_body("Home | News\n\n12 May 2023\n\nROME, May 12 (ABC) -- The minister met the envoy.\n\nShare")
    >>> [body.plain[block.start:block.end] for block in body.blocks], body.published.isoformat()
    (['The minister met the envoy.'], '2023-05-12')
    """
    plain = make_plain(text)
    if max(map(len, plain.split()), default=0) >= LONGEST_WORD:
        plain = NO_WORD.sub(lambda run: " " * len(run.group()), plain)
    if any(close in plain for close in (",'", ".'", "!'", "?'", "',")):
        plain = SINGLE_QUOTED.sub(lambda run: f'"{run.group()[1:-1]}"', plain)
    lines = _joined(plain, _lines(plain))
    blocks: list[Block] = []
    above: list[tuple[int, int]] = []
    below: list[tuple[int, int]] = []
    for place, (start, end) in enumerate(lines):
        if blocks and END_OF_BODY.match(plain, start, end):
            below += lines[place:]
            break
        block = _block(plain, start, end, last=place >= len(lines) - 3, begun=bool(blocks))
        if block is not None:
            if block.start > start:
                (below if blocks else above).append((start, block.start))
            blocks.append(block)
        else:
            (below if blocks else above).append((start, end))
    blocks = _without_repeats(plain, blocks)
    stamps = [
        stamp.full for start, end in (*above, *below[-6:]) for stamp in find_days(plain, start, end) if stamp.full
    ]
    days = list(dict.fromkeys(stamps))
    notes: list[str] = []
    if len(days) > 1:
        others = ", ".join(day.isoformat() for day in days[1:4])
        notes.append(
            f"more than one date stands around the text; the first, {days[0].isoformat()}, was taken ({others} as well)"
        )
    return Body(plain.replace("\n", " "), tuple(blocks), tuple(above), days[0] if days else None, tuple(notes))


def make_plain(text: str) -> str:
    """Return a text with its typographic marks made plain, `PLAIN`; quicker than `str.translate`, which asks for every character."""
    for mark, plain in _REPLACED:
        if mark in text:
            text = text.replace(mark, plain)
    return text


def _lines(plain: str) -> list[tuple[int, int]]:
    found = []
    for match in re.finditer(r"[^\n]+", plain):
        words = match.group()
        if words.strip():
            start = match.start() + len(words) - len(words.lstrip())
            found.append((start, match.start() + len(words.rstrip())))
    return found


def _joined(plain: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return lines as paragraphs: a line break inside a sentence does not end it."""
    if not lines:
        return []
    width = max(end - start for start, end in lines)
    wrapped = _hard_wrapped(plain, lines)
    joined = [lines[0]]
    for start, end in lines[1:]:
        before_start, before_end = joined[-1]
        words = plain[max(before_start, before_end - MOST_LOOKED_AT) : before_end]
        near = plain.count("\n", before_end, start) == 1
        line = before_end - max(plain.rfind("\n", before_start, before_end) + 1, before_start)
        word = plain[start:end].split(None, 1)[0]
        if (
            wrapped
            and near
            and _fills(words, line)
            and plain[start - 1] == "\n"
            and not BULLET.match(plain, start, end)
        ):
            joined[-1] = (before_start, end)
        elif (
            near
            and width <= WIDEST_WRAP
            and line + 1 + len(word) > width
            and line >= WRAPPED_LEAST
            and not BULLET.match(plain, start, end)
        ):
            joined[-1] = (before_start, end)  # the word would not have fitted: the line was broken by its width
        elif (
            (not ENDS_LIKE_PROSE.search(words[-6:]) or BROKEN_OFF.search(words[-8:]))
            and not END_OF_BODY.match(plain, start, end)
            and (
                _goes_on(words, plain[start:end])
                or (near and _in_small_letters(words, plain[start:end]))
                or (near and _is_wrapped(words, plain[start:end]))
            )
        ):
            joined[-1] = (before_start, end)
        else:
            joined.append((start, end))
    return joined


def _hard_wrapped(plain: str, lines: list[tuple[int, int]]) -> bool:
    """Say whether a text's lines were broken by their width: most that another follows at once stop in the middle of a sentence."""
    followed = [
        plain[start:end]
        for (start, end), (after, _) in pairwise(lines)
        if end - start >= WRAPPED_LEAST and plain.count("\n", end, after) == 1
    ]
    if len(followed) < LEAST_WRAPPED or max(map(len, followed)) > WIDEST_WRAP:
        return False
    broken = sum(not ENDS_LIKE_PROSE.search(words[-6:]) and "|" not in words for words in followed)
    return 3 * broken >= 2 * len(followed)


def _fills(words: str, line: int) -> bool:
    """Say whether a line of a text that was broken by its width goes on below: it is long, and no headline in capitals."""
    return line >= WRAPPED_LEAST and not ENDS_LIKE_PROSE.search(words[-6:]) and not words.isupper()


def _is_wrapped(words: str, following: str) -> bool:
    """Say whether a line of prose was broken by its width: it is long, is no headline, and prose goes on right below."""
    tail = words.rsplit("\n", 1)[-1]
    if (
        not WRAPPED_LEAST <= len(tail) <= WIDEST_WRAP
        or BULLET.match(following)
        or "|" in tail
        or len(FUNCTION.findall(tail)) < 2
    ):
        return False
    names = [word for word in tail.split() if word[0].isalpha()]
    titled = sum(word[0].isupper() for word in names) > 0.6 * len(names)
    return not titled and re.search(r"\b[a-z]{2,}", following) is not None


def _in_small_letters(words: str, following: str) -> bool:
    """Say whether a line that names somebody is carried on in small letters right below: "Prime Minister Ada Obi / received ..."."""
    return (
        following[0].islower()
        and len(following) >= WRAPPED_LEAST
        and len(words) >= LEAST_OF_A_NAME
        and "|" not in words
        and not re.match(r"[a-z]+\s*:|\w+\.\w", following)
    )


def _goes_on(words: str, following: str) -> bool:
    """Say whether a line without a full stop is carried on by the next one."""
    if len(words) < 40 or not FINITE.search(words):
        return False
    last = words.rsplit(None, 1)[-1].lower()
    return (
        BROKEN_OFF.search(words[-8:]) is not None
        or (following[0].islower() and not re.match(r"[a-z]+\s*:", following))
        or last in UNFINISHED
        or words[-1] in ",;-"
    )


def _block(plain: str, start: int, end: int, *, last: bool, begun: bool) -> Block | None:
    """Return a paragraph without its bullet, stamp, dateline and tail, or None if it is no prose."""
    dateline = ""
    for pattern in (BULLET, STAMP, DATELINE, OUTLET, DAYLINE, WIRED, FILED):
        if pattern is DATELINE and _has_no_dateline(plain, start, end):
            continue
        found = pattern.match(plain, start, end)
        if found and found.end() < end:
            dateline = plain[start : found.end()] if pattern in (DATELINE, OUTLET, DAYLINE, WIRED, FILED) else dateline
            start = found.end()
    tail = TAIL.search(plain, max(start, end - 60), end)
    if tail:
        end = tail.start()
    pictures = PICTURES.search(plain, max(start, end - 12), end)
    if pictures:
        end = pictures.start()
    words = plain[start:end]
    if ENDS_LIKE_PROSE.search(words[-6:]):
        if words.endswith(":") and not (MET_AND_ISSUED.search(words) if not begun else FINITE.search(words)):
            return None
        prose = (
            FINITE.search(words) is not None
            or (len(words.split()) >= 5 and FUNCTION.search(words[:400]) is not None)
            or (begun and SHORT_PROSE.match(words) is not None)
        )
        return Block(start, end, dateline=dateline) if prose and "|" not in words and "©" not in words[:40] else None
    names = [word for word in words.split() if word[:1].isalpha()]
    titled = sum(word[0].isupper() for word in names) > 0.5 * len(names) if names else True
    long = (
        len(words) >= 60 and len(FUNCTION.findall(words[:400])) >= 3 and FINITE.search(words) is not None and not titled
    )
    inner = re.search(r"(?:[a-z]{3}|[\d)])[.!?]\"?\s+[A-Z]", words) is not None and len(words) >= 80
    begins = (
        begun
        and last
        and len(words) >= 20
        and re.match(r"(?:He|She|They|It|The|In|President|Minister)\b", words) is not None
        and FINITE.search(words) is not None
    )
    if (inner or (long and begun) or begins) and "|" not in words:
        return Block(start, end, cut=last, dateline=dateline)
    return None


def _has_no_dateline(plain: str, start: int, end: int) -> bool:
    """Say whether a paragraph plainly begins with a sentence; what ends in a bracket soon could still be a dateline."""
    opening = NO_DATELINE.match(plain, start, end)
    return opening is not None and plain.find(")", start, opening.end() + MOST_IN_BRACKETS) < 0


MOST_IN_BRACKETS = 40


def _without_repeats(plain: str, blocks: list[Block]) -> list[Block]:
    """Leave out a standfirst that the body says again."""
    seen: set[str] = set()
    kept = []
    for block in reversed(blocks):
        words = " ".join(plain[block.start : block.end].split())
        if words not in seen:
            kept.append(block)
        seen.add(words)
    return kept[::-1]
