"""What a word can be in a sentence about assistance, by lists of closed classes: who withholds, asks, promises, joins.

Called by `aid` and `aid_verbs`. Holds no rule.
"""

from __future__ import annotations

from evenhand.statements.wordlists import read_table, word_list

LETTERS = """
E gave, donated   e giving   U supports, helped (a verb with a receiver)   Q an amount   L a thing given   W people, countries
P N G S A T parties, as in tokens   R he, she, it, they, we   V said   v saying   b h u be, have, modal   c that   i which   k but, while, as
y by   o of   f for   2 to   p in, at, into, near   F from   t the, a, its   & , . " : ;   Z not, declined, suspended   D appeal, need
O commitment, decision, resolve, readiness   M promising verbs before "to": decided, intends, ready   J asking verbs   w any other word
"""
WITHHELD = frozenset(
    word_list(
        "not never no without declined refused suspended cancelled canceled halted withheld withdrew withdrawn blocked frozen stopped failed yet nor "
        "rejected postponed delayed cut declines refuses suspends neither n't unable instead"
    )
)
NEED_NOUNS = frozenset(
    word_list("appeal appeals need needs request requests requirement requirements shortfall shortage gap")
)
PROMISE_NOUNS = frozenset(
    word_list(
        "intent commitment commitments decision resolve readiness willingness intention pledge promise determination offer consent undertaking assurance"
    )
)
PROMISING = frozenset(
    word_list("""decided decides intends intended intend ready willing prepared determined plans planned committed pledged promised pledges promises vowed agreed
    undertook undertakes wants wishes set due expected aims resolved keep continue offered offers announced agree agrees agreeing consented undertake undertaken proposes proposed
    poised vow vows volunteered guarantees guaranteed planning intending""")
)
ASKING = frozenset(
    word_list(
        "ask urge call hope asked asks urged urges called calls appealed appeals invited invites requested requests encouraged encourages hopes hoped hope "
        "demanded need needs needed needing seeks sought implored begged appealing asking requesting seeking calling pleaded pleads require requires required lack lacks lacked lacking short "
        "urging pressed pressured exhorted entreated pleading petitioned solicited soliciting lobbied demanding"
    )
)
PASSED_ON = frozenset("PNGSAT,.\":;()'")
PRONOUNS = frozenset(word_list("he she it they we i"))
DETERMINERS = frozenset(
    word_list("the a an its their his her our this that these those some any all more further another additional")
)
WORDS = {
    "that": "c", "which": "i", "who": "i", "whom": "i", "where": "i", "by": "y", "of": "o", "for": "f", "to": "2", "in": "p", "at": "p",
    "into": "p", "near": "p", "around": "p", "across": "p", "inside": "p", "throughout": "p", "from": "F", "but": "k", "while": "k", "as": "k", "whereas": "k",
    "because": "k", "although": "k", "though": "k", "so": "k", "if": "k", "when": "k", "since": "w", "unless": "k", "pending": "k", "and": "&", "or": "&",
    "is": "b", "are": "b", "was": "b", "were": "b", "been": "b", "be": "b", "being": "b", "has": "h", "have": "h", "had": "h", "having": "h",
    "will": "u", "would": "u", "shall": "u", "can": "u", "could": "u", "may": "u", "might": "u", "must": "u", "should": "u", "until": "k",
    "whose": "i", "with": "x",
}  # fmt: skip
SIMPLE = {**dict.fromkeys(DETERMINERS, "t"), **dict.fromkeys(PRONOUNS, "R"), **WORDS}
for _word in ("as", "so", "since", "how", "well"):
    SIMPLE.pop(_word, None)
"""Words whose letter never depends on their neighbours; most of a sentence."""
NEVER_SIMPLE = PASSED_ON | {"M"}
NOUN_OR_VERB = frozenset(
    word_list(
        "hand back support help aid supply supplies fund funds finance grant grants present gift ship ships shelters train drill offer release pledge promise commit host order shelter "
        "contribution transfer treat feed rescue reach aids supports helps need needs"
    )
)
TWO_WORDS = frozenset(row["word"] for row in read_table("resources") if row["word"].count(" ") == 1)

SECOND_WORDS = {
    first: frozenset(pair.split()[1] for pair in TWO_WORDS if pair.split()[0] == first)
    for first in {pair.split()[0] for pair in TWO_WORDS}
}
"""What may stand behind the first word of a thing of two words."""
