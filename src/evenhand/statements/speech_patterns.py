"""The patterns of reported speech over a sentence's letters: who says, who is said by, what is said together.

Called by `attribution`, which says what each of them means. The letters are those of `clauses`. Holds no rule of its own.
"""

from __future__ import annotations

import re

from evenhand.statements.wordlists import word_list

_SUBJECT = r"[PNGSRJ]"
_ASIDE = r"(?:,i[^.\"]{0,60}?,|[,(-][^.PVKi\"]{0,60}?[,)-](?:i[^.\"]{0,60}?,)?|[^.,PNGSVKRJi\"&c]{4,12},|,)?"
"""What may stand between a subject and its verb: ", who came from Rome,", ", the host of the talks,", "in charge of the fund,"."""
_TAIL = r"(?:w?t?[NGS])?(?:w|&|t|-){0,3}"
_AUX = r"(?:[ahuzb]|,a,|,[^,.VK]{2,12},)*"
ACTIVE = re.compile(rf"(?P<subject>{_SUBJECT}){_TAIL}(?P<aside>{_ASIDE})a*(?P<aux>{_AUX})(?P<verb>V)")
FELT = re.compile(rf"(?P<subject>[PNRJG])(?P<aside>{_ASIDE})(?P<aux>{_AUX})(?P<verb>b)(?P<rest>a*w)")
TOGETHER = re.compile(
    r"(?:(?P<joint>J)|(?P<pair>[PNS](?:,[^,]{1,20},)?&[tw]{0,2}[PNS]))(?:,[^,.]{1,25},)?(?:[ahz])*(?P<verb>[XV])"
)
TOGETHER_LATER = re.compile(r"J[^.,;:PNGSVKXi\"]{1,14}&[ah]*(?P<verb>[XV])")
"""The sides do something and say something: "both leaders looked ahead to the conference and agreed"."""
LATER = re.compile(r"(?P<subject>[PNR])a*w[^.,;:'PNRJKVXi\"]{1,25}(?:,i[^.,;:\"]{1,40},)?&[ah]*(?P<verb>V)")
"""Somebody does something and says something: "the minister toured the camp and thanked the staff"."""
BODIES_TOGETHER = re.compile(
    r"(?:^|(?<=[,\"]))t?G(?:\([GCF]\))?(?:,t?G(?:\([GCF]\))?){0,12},?&t?G(?:\([GCF]\))?[ah]*(?P<verb>[XV])"
)
"""Several bodies that say something with one voice: "FAO, UNICEF and the World Food Programme stressed"."""
TOGETHER_WITH = re.compile(r"(?P<subject>[PNR])(?:,[^,.]{1,25},)?(?:[ah])*(?P<verb>X)")
PASSIVE = re.compile(
    r"(?<![PNR])(?P<aux>h?b+)[az]*(?P<verb>K)(?:a{0,2}(?P<to>wt?w{0,2}[wPN])?y(?P<agent>t?w{0,2}[PNGSRJ]))?"
)
INVERTED = re.compile(r"[,\"?](?:a?)(?P<verb>V)a?t?(?P<subject>[PNGSRJ])(?=[,.:ik\"wtc&(]|$)")
INVERTED_THING = re.compile(r"[,\"?](?P<verb>V)t(?=w)")
TRAILING = re.compile(
    r"[,\"?](?:t?w?[PN]'|[twGSn]{0,5}(?=J))?t?(?P<subject>[PNGSRJ])(?P<aside>,[^,]{1,30},)?(?:[ah])*(?P<verb>V)(?:a|w){0,6}(?=[.\"]|$)"
)
TRAILING_ANY = re.compile(r"[,\"]t?(?P<subject>[PNR])a*(?P<verb>w)a?\.$")
"""Any verb at all that ends a sentence behind its words: "... until the last family is home, Musa maintained"."""
BEFORE_COLON = re.compile(r"^[^\":;]*?(?P<subject>[PNR])[^\":;]{1,40}:\"")
"""A colon in front of a quotation: whoever the words before it are about says it."""
MIDDLE = re.compile(r",t?(?:w(?=R))?(?P<subject>[PNGSR])(?:[ah])*(?P<verb>V)(?:a)?,")
ACCORDING = re.compile(r"lw?(?:t|w|y){0,5}(?P<subject>[PNGSR])")
SAID_OF_TALKS = frozenset(
    word_list("""note state point underline underscore stress emphasize emphasise highlight mention express voice convey discuss exchange consider review raise
    examine agree recall commend appreciate hail praise welcome reaffirm reiterate confirm debate explore tackle address outline observe
    broach acknowledge affirm say remark touch take cover deal assess decide thank mention urge call propose suggest recommend""")
)
"""Verbs that, in a passive without an agent, are the sides' at a meeting; "were announced" or "is spoken of" is background."""
BEHIND_WORDS = frozenset(
    word_list(
        "say add note state explain stress recall plead warn write argue lament remark observe conclude declare insist reply continue report comment "
        "emphasize emphasise underline underscore highlight quip complain admit acknowledge affirm reaffirm reiterate assert claim point mention "
        "announce pledge promise vow predict estimate suggest joke exclaim respond answer tell appeal urge demand read tweet confirm ask go on caution"
    )
)
"""Verbs that stand in front of their subject behind what is said: "we need tents, said the minister"."""
FEELINGS = frozenset(
    word_list(
        "pleased glad happy delighted grateful thankful honoured honored proud confident convinced hopeful impressed concerned saddened "
        "alarmed appalled outraged dismayed encouraged heartened horrified devastated distressed disturbed disappointed humbled troubled anxious keen eager "
        "sorry certain sure worried moved touched appreciative satisfied shocked optimistic ready willing prepared determined"
    )
)
OF_THE_VIEW = re.compile(r"of (?:the|one|like) (?:view|opinion|belief|mind|conviction)\b(?! of)")
"""Behind "was": somebody thinks so and says it."""
EXCHANGED = re.compile(
    r"\bexchanges? of (?:views|opinions)\b|\bexchang(?:ed|ing) (?:views|opinions)\b|\b(?:topics?|points?|subjects?|items?) of (?:the )?(?:discussions?|talks|meeting)\b|\bviews were (?:also )?exchanged\b|\bopinions were (?:also )?exchanged\b|\battention (?:was|were) (?:also )?(?:paid|drawn|called|given)\b|"
    r"\b(?:meeting|talks|conversation|discussions?|consultations|negotiations|agenda)\b[^.]{0,30}?\b(?:focus(?:s?ed|es)|cent(?:red|ered)|covered|dealt|touched|addressed|reviewed|revolved|considered|dwelt|concentrated|included)\b|"
    r"\b(?:focus|emphasis|stress) (?:was|were) (?:also )?(?:placed|laid|put|made)\b|\bwere the (?:focus|subject|topics?) of\b|\bunderstanding was reached\b|\bagreement was reached\b|"
    r"\b(?:topics|issues|subjects|matters) (?:covered|discussed|included|raised)\b|\bwere on the agenda\b|\bwas (?:also )?on the agenda\b|\b(?:came|coming|come) (?:under|up for) discuss|\b(?:also )?figured (?:in|prominently)\b",
    re.IGNORECASE,
)  # fmt: skip
STEMS = (
    "xchang",
    "topic",
    "point",
    "subject",
    "item",
    "ttention",
    "eeting",
    "talks",
    "onversation",
    "iscussion",
    "onsultation",
    "egotiation",
    "genda",
    "ocus",
    "mphasis",
    "tress ",
    "nderstanding was",
    "greement was",
    "opics",
    "ssues",
    "ubjects",
    "atters",
)
"""Parts of the words without which `EXCHANGED` cannot match: quicker than asking it."""
PASSERS_ON = re.compile(
    r"\b(?:spokes\w+|press (?:service|office|secretary|release)|note|readout|statement|communiqu\w|office|ministry|Ministry|agency|report)\b",
    re.I,
)
UNNAMED_MEDIA = re.compile(r"\b(?:media|newspapers?|reports|press|agency|correspondent|sources)\b", re.I)
