"""What a sentence does with its words: inform, thank, praise, commit, request, agree, recall, criticise, other.

Called by `reader` once the speaker is known. By meaning: a verb such as "said" is neutral, and what is said decides. "other" stands
only alone.
"""

from __future__ import annotations

import re

from evenhand.statements.attributed import Attribution
from evenhand.statements.references import BOTH
from evenhand.statements.stems import in_lower_case, may_match, stems_of
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import rows_by, verb_forms, word_list

ORDER = ("inform", "recall", "thank", "praise", "commit", "request", "agree", "criticise")
DEEDS = re.compile(
    r"\b(?:received|receives|met|meets|held (?:\w+ )?(?:talks|a meeting|meetings)|holds talks|took part|takes part|attended|attends|participated|visited|arrived|"
    r"decorated|presented|awarded|welcomed|signed(?! by)|toured|laid|hosted|accompanied|was (?:also )?(?:attended|accompanied|organi[sz]ed)|opened|paid a|spoke (?:\w+ ){0,3}(?:with|to) [A-Z]\w*|called on (?:the )?[A-Z]\w*|joined|headed|led a|spoke (?:\w+ ){0,2}(?:by|over the|on the) (?:tele)?phone|bestowed|conferred|saw off|inaugurated|(?:is|was|are|were) on an? (?:\w+ ){0,3}visit|(?:conference|meeting|summit|ceremony) (?:\S+ ){0,8}(?:was|were) held|present (?:at|during) the (?:audience|meeting|ceremony|talks|event)|held (?:\w+'?s? )?(?:\w+ )?briefing)\b"
)
BY_OBJECT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (act, re.compile(pattern, re.IGNORECASE))
    for act, pattern in (
        ("thank", r"\b(?:gratitude|thanks|thankful\w*|indebted|appreciation (?:for (?:the|his|her|its|their|this|all|[A-Z]))|appreciation (?:of (?:\w+ ){1,5})?to)\b"),
        ("praise", r"\b(?:appreciation|admiration|praise|esteem|respect|trust|confidence in|support (?:for|of)|solidarity|satisfaction|congratulations|tribute)\b"),
        ("commit", r"\b(?:readiness|willingness|resolve|determination|commitment|intention|pledge|assurances?|support to|desire to help)\b"),
        ("criticise", r"\b(?:concerns? .{0,40}\b(?:coup|violence|violations?|attacks?|abuses?|crackdown)|condemnation|regret|outrage|disappointment|indignation|protest)\b"),
        ("other", r"\b(?:greetings|wishes|regards|condolences|sympathy|hopes?|confidence|pleasure|joy|invitation|happiness|delight|sorrow|message)\b"),
        ("other", r"\bconcerns?\b"),
        ("inform", r"\b(?:view|opinion|belief|conviction|interest|importance|need)\b"),
    )
)  # fmt: skip
BY_CONTENT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (act, re.compile(pattern, re.IGNORECASE))
    for act, pattern in (
        ("recall", r"^\W*(?:\w+ ){0,3}(?:also )?(?:recall(?:s|ed)?|remember(?:s|ed)?|think back|looked back)\b"),
        ("thank", r"\b(?:thanked|[Tt]hank you\b|(?:we|I|to|would like to) thank|grateful|gratitude|thankful|indebted|appreciat\w+ .{0,30}(?:gesture|gift|hospitality|kindness))\b"),
        ("other", r"^\W*(?:that )?(?:he|she|it|they|we|I) (?:was|is|were|are|am) (?:very |truly |deeply |sincerely )?(?:pleased|glad|happy|delighted|honou?red|saddened|sorry)\b"),
        ("criticise", r"\b(?:genocide|savage\w*|barbar\w+|insult to|fictitious regime|aggress\w+|illegal(?:ly)? occup\w+|violat\w+ of|unacceptable|provocation\w*|shameful|deplor\w+|condemn\w*|terror\w+ committed|betray\w+|failed its|killed .{0,30}(?:civilians|people|children)|(?:strikes|shelling|attacks?|missiles?) .{0,40}(?:costing lives|on civilians|killed|destroy)|pocketed the money)\b"),
        ("praise", r"\b(?:commended|praised|hailed|successful(?:ly)? continu\w+|highly (?:appreciated|valued|praised|commended|regarded)|fruitful|(?:great|important|major|significant|huge|valuable|immense) (?:contribution|role|help)|contribut\w+ greatly|exemplary|admir\w+|generous\w*|impress\w+|remarkable|outstanding|tireless\w*|(?:set|sets|setting|has set|serves as|is) an example|role model|a teacher to|very important (?:country|partner)|has a name for|name for|leading role|great success|successful(?:ly)? (?:leadership|chairmanship)|wise (?:leadership|policy)|count(?:s|ed) so much|how much .{0,30}counts|pride of|in support of|high(?:est)? (?:regard|esteem)|worthy of|commendable|praiseworthy|pioneer\w*|reliable (?:partner|friend)|true friend|at the forefront)\b"),
        ("request", r"\b(?:we must|(?:we|our \w+) (?:urgently |also )?need\b|must (?:not |now |all |also )?(?!have\b|be (?:noted|said))[a-z]+|(?:I|we) would like to (?:hear|see|ask|know)|cannot (?:wait|turn|afford|look away)|do not (?:forget|turn away|look away)|we need|need(?:s)? to (?:be|do|act|step|come|receive)|call(?:s|ed)? (?:for|on|upon)|asks? for|should (?:be|do|step|give|provide|help|act|support|increase))\b"),
        ("commit", r"\b(?:(?:is|are|was|were|remains?|stands?|stood) (?:fully |firmly |also |always )?(?:committed|ready|prepared|willing|determined)(?: at all times| at any time)? to\b|(?:will|would|shall) (?:\w+ ){0,3}?(?:continue|go on|keep(?: on)?|help|support|provide|send|donate|give|contribute|assist|deliver|allocate|supply|build|finance|fund|stand (?:by|with)|spare no|do (?:all|everything|its)|host|train|ship|dispatch|open|hand|grant|extend|step up|increase|double|treat|receive \d|add|channel|mobili[sz]e|release|gift|grant|spend|put|make (?:available|a)|report (?:on|to)|disburse|transfer|rehabilitate|repair|restore|rebuild|equip|airlift|distribute|match|join|never|not (?:leave|abandon|forget|rest)|pay|invest|cover|bear|offer)|(?:will|would|shall) (?:also )?be (?:sending|providing|giving|paid|provided|sent|delivered|given|distributed|airlifted|flown|shipped|sent|built|rebuilt|allocated|disbursed|handed over|transferred|put up|made available|rehabilitated|released|brought|dispatched|installed|donated|earmarked)|(?:we|I|[A-Z]\w+) (?:will|shall),? (?:as always,? )?(?:firmly |always |certainly |never )|intends? to|plans? to (?:send|provide|give|build|donate|help|open)|decision (?:(?!to\b)[\w-]+ ){0,10}to (?:send|give|provide|grant|donate|allocate)|promis(?:es|ed) to (?-i:[a-z])|at all times support|(?:has|have|had) (?:approved|earmarked|set aside|decided to (?:send|give|provide|grant|donate|allocate)))\b"),
        ("other", r"^\W*(?:that )?(?:he|she|they|it|we|I) (?:\w+ )?look(?:s|ed)? forward to\b"),
    )
)  # fmt: skip
CONTENT_STEMS = tuple(stems_of(pattern) for _, pattern in BY_CONTENT)
"""Of each pattern of `BY_CONTENT`, what it cannot match without."""
EMOTION = {
    "thank": frozenset(word_list("grateful thankful appreciative")),
    "praise": frozenset(word_list("impressed proud")),
    "commit": frozenset(word_list("ready willing prepared determined")),
    "inform": frozenset(word_list("confident convinced certain sure")),
}
FIRST = re.compile(r"\W*(?:\w+,? ){0,4}?(?:we|I|let me|let us|allow me)\b", re.I)
PERFORMED = re.compile(
    r"\b(?:I|[Ww]e|[Ll]et me|[Ll]et us|[Aa]llow me to)\b,? (?:(?:\w+ly|also|once|again|first|further|would|will|like|want|wish|to|must|am|are|pleased|"
    r"glad|happy|proud|honou?red|delighted|have|the|hono[u]?r|pleasure|begin|start|conclude|close|by|today|both|here|therefore|on behalf of [\w ]{3,40}),? ){0,7}(?P<verb>[a-z]+)"
)
"""What somebody does by saying it: "I would like to thank", "we call on"."""
FELT_BY_ME = re.compile(
    r"\b(?:I|[Ww]e|[Mm]y (?:heart|thoughts)|[Oo]ur (?:hearts|thoughts))\b[^.]{0,90}?\b(?:am|is|are|was|were|go out|goes out)\b (?:\w+ly |very |so )?"
    r"(?:pleased|glad|happy|delighted|honou?red|saddened|sorry|shocked|appalled|alarmed|concerned|worried|moved|with|to)\b"
)
BOUND = re.compile(r"(?:The )?(?:[A-Z]\w+ ){1,3}(?:is|are|remains?) (?:fully |firmly |strongly )?committed to\b")
"""A state that is committed to something, whoever tells it."""
WE_WILL = re.compile(r"\W*We (?:will|shall|stand ready|are ready)\b(?! (?:not|never|see|know)\b)")
RENEWING = frozenset(word_list("reaffirm reiterate affirm confirm ratify renew restate repeat"))
"""Verbs of which the object says what is done: "reiterated her concern", "ratified the commitment"."""
GIFT = re.compile(r"\b(?:donat\w+|grant|contribut\w+|million|will|would|pledge|package|aid|assistance|funding)\b")
WISHED = re.compile(
    r"\s+(?:\w+ ){0,4}(?:condolences|sympath(?:y|ies)|congratulations|greetings|prayers|felicitations|best wishes)\b"
)
"""What somebody offers who offers no help."""
SATISFIED = re.compile(r"\bsatisfaction\b")
THANKED_FAVOUR = re.compile(
    r"\b(?:generous|gesture|gift|hospitality|support (?:to|for) (?:him|her|them|us|his|her|their|our)|help (?:to|for))\b"
)
ALSO_DONE = frozenset(
    word_list(
        "thank praise commend urge pledge promise add note stress underline emphasize emphasise recall reaffirm highlight"
    )
)
"""Verbs that do something of their own as "..., adding that"; "saying" only tells how."""
COMMITMENT = re.compile(r"(?:\W+\w[\w'.]*+){0,4}?\W+(?:commitment|readiness|willingness|determination|resolve)\b")
TOPICS = frozenset(
    word_list("discuss exchange consider review examine debate explore cover touch address tackle broach deliberate")
)
COORDINATED = re.compile(r"(?:,|&|,&)(?:a|c)*(?P<verb>V)|(?:,|^)a?(?P<gerund>v)")
FUTURE = frozenset(
    {
        "announce",
        "confirm",
        "say",
        "tell",
        "reaffirm",
        "reiterate",
        "declare",
        "inform",
        "stress",
        "note",
        "add",
        "underline",
        "emphasize",
        "state",
    }
)


def find_acts(row: Tokens, one: Attribution, span: tuple[int, int], earlier: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the acts of a sentence, in the order of its verbs.

    Parameters
    ----------
    earlier
        The acts of the sentence before: a quotation that goes on goes on remembering.
    """
    before = "recall" if earlier == ("recall",) and one.quoted > 0.5 else "inform"
    words = row.plain[span[0] : span[1]]
    if one.speaker.name == "narrator":
        opening = words[:260]
        if BOUND.match(words):
            return ("commit",)
        return (
            ("other",)
            if DEEDS.search(opening) and one.place < 0 and not re.search(r"\bgift\b|\bdonat\w+|\bsupplies\b", opening)
            else ("inform",)
        )
    if one.verb == "" or (
        one.verb != "exchange" and one.place == min(one.clause.verbs, default=-1) and FIRST.match(words)
    ):
        performed = _performed(words)
        if performed:
            return performed
    if one.verb == "":
        if one.speaker.person is None and one.speaker.name != BOTH and words.rstrip().endswith("?"):
            return ("request",)  # what the press asks
        if WE_WILL.match(words):
            return ("commit",)
        return (_by_content(words) or before,)
    found: list[str] = []
    for place, verb in _chain(row, one):
        act = _act(row, one, place, verb, span)
        if act and act not in found:
            found.append(act)
    if one.speaker.name == BOTH and found == ["praise"] and SATISFIED.search(words):
        found = ["inform"]
    if one.speaker.name == BOTH and one.passive and set(found) & {"praise", "thank", "recall"}:
        found = ["inform" if act in ("praise", "recall") else act for act in found]
    found = list(dict.fromkeys(before if act == "inform" else act for act in found))
    if len(found) > 1 and "other" in found:
        found.remove("other")
    return tuple(found[:3]) or ("inform",)


def _performed(words: str) -> tuple[str, ...]:
    """Return what somebody does by saying it in the first person: "we commend", "let me begin by thanking"; nothing where he does not."""
    found = []
    for match in PERFORMED.finditer(words):
        form = verb_forms("saying").get(match.group("verb").lower())
        entry = rows_by("saying", "verb").get(form.verb) if form else None
        if entry is None or form is None or not form.tenses & {"base", "gerund"}:
            continue
        rest = words[match.end() : match.end() + 90]
        act = entry["act"]
        if act == "object" or form.verb in RENEWING:
            act = next(
                (name for name, pattern in BY_OBJECT if pattern.search(rest[:60])), act if act != "object" else "other"
            )
        if act == "inform":
            act = "commit" if form.verb == "announce" and GIFT.search(rest) else _by_content(rest) or "inform"
        found.append(act)
    if not found and FELT_BY_ME.search(words):
        return ("other",)
    return tuple(dict.fromkeys(found[:2]))


MOST_VERBS = 8
"""How many joined verbs of one subject are looked at; no sentence of people has more."""


def _chain(row: Tokens, one: Attribution) -> list[tuple[int, str]]:
    """Return the main verb and those joined to it with the same subject."""
    chain = [(one.place, one.verb)]
    letters = one.clause.letters
    for match in COORDINATED.finditer(letters, one.place + 1):
        place = match.start("verb") if match.group("verb") else match.start("gerund")
        verb = one.clause.verbs.get(place, "")
        if match.group("gerund") and verb not in ALSO_DONE:
            continue
        if place == one.outer_place:
            continue
        forms = row.words[one.clause.first + place], row.words[one.clause.first + one.place]
        if match.group("verb") and forms[0].endswith("s") and not forms[1].endswith("s"):
            continue  # "credit lines, guarantees" after "was pointed out" is no verb
        if "." in letters[one.place : place]:
            break
        chain.append((place, verb))
        if len(chain) >= MOST_VERBS:
            break
    return chain


def _act(row: Tokens, one: Attribution, place: int, verb: str, span: tuple[int, int]) -> str:
    """Return what one verb of a sentence does."""
    at = one.clause.first + place
    after_verb = row.ends[at] if place >= 0 else span[0]
    if place == one.place and one.content and one.content < after_verb:
        rest = row.plain[one.content : span[1]]
    else:
        following = [later for later, _ in _chain(row, one) if later > place]
        until = row.starts[one.clause.first + following[0]] if following else span[1]
        rest = row.plain[after_verb:until]
        if one.clause.letters[:2].strip("w").startswith("v") and place == one.place:
            rest = f"{row.plain[span[0] : row.starts[at]]} {rest}"
    for act, words in EMOTION.items():
        if row.words[at].lower() in words:
            return act
    entry = rows_by("saying", "verb").get(verb)
    if entry is None:
        if verb == "agree":
            return "agree"
        return _by_content(rest) or "inform" if re.match(r"\s*that\b", rest) else "other"
    act = entry["act"]
    if one.passive and one.speaker.name == BOTH and verb in TOPICS and "that" not in rest.split()[:2]:
        return "other"
    if one.passive and act in ("praise", "thank") and one.speaker.name == BOTH:
        return "inform"
    if act == "object" or verb in RENEWING:
        near = " ".join(rest.split()[:14])
        hits = [(match.start(), name) for name, pattern in BY_OBJECT for match in [pattern.search(near)] if match]
        if act == "object" and near.startswith("that "):
            return _by_content(rest) or "inform"
        by_object = min(hits, key=lambda hit: hit[0])[1] if hits else _by_content(rest)
        return by_object or ("other" if act == "object" else act)
    if act == "commit" and WISHED.match(rest):
        return "other"
    if verb == "appreciate" and THANKED_FAVOUR.search(rest):
        return "thank"
    if verb == "describe":
        return _by_content(rest) or "inform"
    if verb in ("ask",) and re.match(r"\s*(?:whether|about|if)\b", rest):
        return "inform"
    if one.speaker.name == BOTH and verb.endswith("the need"):
        return "inform"
    if verb == "call" and not re.match(r"\s*(?:for|on|upon|to)\b", row.plain[after_verb : after_verb + 8]):
        return _by_content(rest) or "inform"
    if act == "inform":
        if one.speaker.name == BOTH:
            return "inform"
        if one.quoted > 0.3:
            performed = _performed(row.plain[span[0] : span[1]])
            if performed:
                return performed[0]
        if COMMITMENT.match(rest):
            return "commit"
        if verb == "speak" and re.match(r"\s+(?:highly|in support|warmly)", rest):
            return "praise"
        if verb == "speak" and re.match(r"\s+of a need|\s+of the need", rest):
            return "inform"
        if verb == "announce" and re.search(
            r"\b(?:donat\w+|grant|contribution|million|will|would|pledge|package|aid|assistance)\b", rest
        ):
            return "commit"
        return _by_content(rest) or "inform"
    return act


def _by_content(words: str) -> str:
    """Return the act that what is said amounts to, "" for plain information."""
    lower = in_lower_case(words)
    for (act, pattern), stems in zip(BY_CONTENT, CONTENT_STEMS, strict=True):
        if may_match(stems, lower) and pattern.search(words):
            return act
    return ""
