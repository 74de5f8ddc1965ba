"""Who speaks in each sentence: the grammar of reported speech as patterns over a sentence's letters.

Called by `reader`. In this order: quotations and their attribution; "according to"; a verb of saying with its subject, behind,
in front of or inside what is said; the sides together; passives with and without "by"; else the narrator. Of speech inside speech the
innermost counts where a spokesman or a ministry passes on what a person said. A press agency in the tail is never the speaker.
"""

from __future__ import annotations

import itertools
import re

from evenhand.statements.attributed import Attribution, find_innermost
from evenhand.statements.clauses import DOCUMENTS, Clause, letters_of
from evenhand.statements.memory import remember
from evenhand.statements.outer_speech import find_outer
from evenhand.statements.person import COURTESY, SPOKESMAN, Person
from evenhand.statements.plain_subjects import find_plain_subject, speaks_through
from evenhand.statements.quotations import quoted_share
from evenhand.statements.references import BOTH, NARRATOR, SEX, Cast, Speaker, who_is
from evenhand.statements.speech_checks import (
    find_subject,
    follows_conjunction,
    head_of_pair,
    in_relative,
    is_deed,
    is_partners,
    is_place,
    is_subordinate,
    is_visit,
    mask_quotations,
    spoken_to,
)
from evenhand.statements.speech_patterns import (
    ACTIVE,
    BODIES_TOGETHER,
    EXCHANGED,
    FEELINGS,
    FELT,
    LATER,
    OF_THE_VIEW,
    PASSIVE,
    SAID_OF_TALKS,
    STEMS,
    TOGETHER,
    TOGETHER_LATER,
    TOGETHER_WITH,
    UNNAMED_MEDIA,
)
from evenhand.statements.titles import Title
from evenhand.statements.tokens import Tokens

PRESS_SERVICE = re.compile(
    r"\b(?:press (?:service|office|centre|center)|news agency|media office|information service)\b"
)
"""Who only carries the news and is never its speaker."""
VERB = re.compile(r"[VvKX]")
QUOTED_TOGETHER = re.compile(r"\"[ta]{0,2}J[ah]*(?P<verb>[VX])")
IN_THE_PAST = re.compile(r" (?:back )?in (?:[A-Z][a-z]+,? )?(?:19|20)\d\d\b")
"""Behind a passive: it is background, not what the talks were about: "was discussed in January 2011"."""
BESIDE_NAME = re.compile(r"P,[^.VKXb\"]{0,22}[,&](?=$)|P,$")


def attribute(
    row: Tokens,
    sentences: list[tuple[int, int]],
    quotations: list[tuple[int, int]],
    paragraphs: list[int],
    cast: Cast,
    *,
    at_meeting: bool,
    labelled: list[Speaker | None] | None = None,
) -> list[Attribution]:
    """Return the speaker of every sentence.

    Parameters
    ----------
    paragraphs
        The paragraph of each sentence.
    at_meeting
        Whether the text tells of a meeting: a passive without an agent is then the sides'.
    labelled
        Who speaks a sentence by the text's own label, None where no label says so.
    """
    found: list[Attribution] = []
    pending: list[int] = []
    for place, (start, end) in enumerate(sentences):
        first, last = row.between(start, end)
        clause = letters_of(row, first, last)
        label = labelled[place] if labelled else None
        if label is not None:
            found.append(_by_label(row, clause, label))
            remember(found[-1], cast, row, "", pending=False)
            continue
        share = quoted_share((start, end), quotations)
        one = _outside(row, clause, (start, end), quotations, cast, at_meeting=at_meeting)
        one.quoted = share
        if share > 0.9 and one.verb == "":
            before = found[-1] if found and paragraphs[place - 1] == paragraphs[place] else None
            if (
                before
                and (before.quoted > 0.2 or row.plain[sentences[place - 1][1] - 1] == ":")
                and place - 1 not in pending
            ):
                one.speaker = before.speaker
            else:
                pending.append(place)
        elif one.verb and pending and paragraphs[pending[-1]] == paragraphs[place] and share > 0.05:
            for earlier in pending:
                found[earlier].speaker = one.speaker
            pending = []
        elif pending and paragraphs[pending[-1]] != paragraphs[place]:
            _give_to_last(found, pending, cast)
            pending = []
        found.append(one)
        remember(one, cast, row, row.plain[start:end], pending=place in pending)
    _give_to_last(found, pending, cast)
    return found


def _by_label(row: Tokens, clause: Clause, label: Speaker) -> Attribution:
    """Return the attribution of a sentence whose speaker the text names before it, with the verb of "we reaffirmed"."""
    one = Attribution(label, clause, subject=label.person)
    if label.name == BOTH and clause.verbs:
        place = min(clause.verbs)
        one.verb, one.place, one.content = clause.verbs[place], place, row.ends[clause.first + place]
    return one


def _give_to_last(found: list[Attribution], pending: list[int], cast: Cast) -> None:
    """Give quotations without attribution to whoever was quoted or spoke before them."""
    for place in pending:
        before = next(
            (one.speaker for one in reversed(found[:place]) if one.speaker.name not in ("narrator", BOTH)),
            cast.last_speaker,
        )
        if before is None and len(cast.persons) == 1:
            before = Speaker(cast.persons[0].name, cast.persons[0], 0.5, "")  # an interview with the one person named
        if before:
            found[place].speaker = Speaker(before.name, before.person, 0.6, f"a quotation after words of {before.name}")


def _outside(
    row: Tokens,
    clause: Clause,
    span: tuple[int, int],
    quotations: list[tuple[int, int]],
    cast: Cast,
    *,
    at_meeting: bool,
) -> Attribution:
    """Return who speaks by the words outside quotation marks."""
    letters = mask_quotations(row, clause, span, quotations)
    words = row.plain[span[0] : span[1]]
    first = clause.first

    def speaker(place: int) -> Speaker | None:
        word = row.words[first + place]
        if letters[place] == "J":
            return Speaker(BOTH, None, 0.85, f'"{word}" are several together')
        if letters[place] == "R" and word.lower() in DOCUMENTS and letters[max(0, place - 2) : place] in ("P'", "N'"):
            return speaker(place - 2)  # "the minister's letter says"
        if letters[place] in "GS" and PRESS_SERVICE.search(
            row.plain, row.starts[max(first, first + place - 5)], row.ends[first + place]
        ):
            return None
        if letters[place] == "R" and word.lower() in SEX:
            verb = VERB.search(letters, place)
            spoken = spoken_to(row, clause, verb.start() if verb else -1)
            other = who_is(*spoken, cast) if spoken else None
            return who_is(None, word, cast, beside=other.person if other else None)
        if letters[place] == "N" and word.split()[0].lower() not in ("the", "a", "an"):
            named = BESIDE_NAME.search(letters, max(0, place - 24), place)
            if named:  # "Ada Obi, member for Lome and secretary to the minister, said"
                held, person = row.refs[first + place], row.refs[first + named.start()]
                if isinstance(held, Title) and isinstance(person, Person) and person.head in COURTESY:
                    person.office, person.head, person.rank = held.office, held.head, held.rank
                place = named.start()
                word = row.words[first + place]
        held = row.refs[first + place]
        if letters[place] == "N" and isinstance(held, Title) and not held.organisation:
            through = _unnamed_voice(held, word, row, first + place, first, cast)
            if through is not None:
                return through
        visiting = letters[place] == "N" and row.words[first + place - 1].lower() in ("visiting", "guest") and place > 0
        return who_is(row.refs[first + place], word, cast, among=cast.guests if visiting else None)

    def made(who: Speaker, place: int, *, passive: bool = False) -> Attribution:
        verb = clause.verbs.get(place, "") or row.words[first + place].lower()
        return Attribution(who, clause, verb, place, row.ends[first + place], subject=who.person, passive=passive)

    outer = find_outer(letters, clause, row, speaker, made)
    if outer is not None and outer.speaker is NARRATOR:
        letters = clause.letters  # a note or a statement is quoted: who speaks in it counts
    elif outer is not None and outer.speaker.person is None and outer.speaker.name != BOTH:
        inside = QUOTED_TOGETHER.match(clause.letters)
        if inside is not None:  # a ministry quotes what "both leaders" said
            return made(Speaker(BOTH, None, 0.85, f"the sides, as {outer.speaker.name} says"), inside.start("verb"))
    candidates: list[tuple[int, Attribution]] = []
    says = "V" in letters
    several = BODIES_TOGETHER.search(letters) if says and "&" in letters and letters.count("G") > 1 else None
    if several is not None and not is_visit(row, clause, several.start("verb")):
        joined = Speaker(BOTH, None, 0.8, "several bodies are named together")
        candidates.append((several.start(), made(joined, several.start("verb"))))
    for match in ACTIVE.finditer(letters) if says else ():
        if is_visit(row, clause, match.start("verb")):
            continue
        if not at_meeting and is_partners(row, letters, first, match.start()):
            continue
        if in_relative(letters, match.start()) or is_place(row, letters, first, match.start()):
            continue
        at = head_of_pair(letters, match.start())
        if is_deed(row, clause, letters[at], match.start("verb")):
            continue
        who = (
            Speaker(
                BOTH, None, 0.9, f'"{row.words[first + match.start()]} {clause.verbs.get(match.start("verb"), "")}"'
            )
            if letters[match.start()] == "J"
            else speaker(at)
        )
        if who is not None:
            if (
                letters[match.start()] in "PN"
                and letters[max(0, match.start() - 4) : match.start()].rstrip("t").endswith("&")
                and letters[max(0, match.start() - 4) : match.start()].rstrip("t&")[-1:] in ("P", "N")
            ):
                who = Speaker(BOTH, None, 0.85, "two are named together")
            candidates.append((match.start(), made(who, match.start("verb"))))
            if len(candidates) >= 3:
                break
    for match in LATER.finditer(letters) if says and "&" in letters else ():
        who = None if in_relative(letters, match.start()) else speaker(match.start())
        if who is not None:
            candidates.append((match.start(), made(who, match.start("verb"))))
            break
    for match in FELT.finditer(letters) if "b" in letters else ():
        word = row.words[first + match.end() - 1].lower()
        of_the_view = word == "of" and OF_THE_VIEW.match(row.plain, row.starts[first + match.end() - 1]) is not None
        if (word in FEELINGS or of_the_view) and not in_relative(letters, match.start()):
            who = (
                Speaker(BOTH, None, 0.8, "the sides felt it")
                if letters[match.start()] == "J"
                else speaker(match.start())
            )
            if who is not None:
                candidates.append((match.start(), made(who, match.end() - 1)))
                if of_the_view:
                    candidates[-1][1].verb = "say"
    together = says or "X" in letters
    for match in itertools.chain(TOGETHER.finditer(letters), TOGETHER_LATER.finditer(letters)) if together else ():
        if is_visit(row, clause, match.start("verb")):
            continue
        if not at_meeting and is_partners(row, letters, first, match.start()):
            continue
        candidates.append(
            (
                match.start() - 0,
                made(
                    Speaker(BOTH, None, 0.9, f'"{row.words[first + match.start()]}" are the sides together'),
                    match.start("verb"),
                ),
            )
        )
        break
    with_whom = TOGETHER_WITH.search(letters) if "X" in letters else None
    if with_whom and re.search(r"\bwith\b", words) and not in_relative(letters, with_whom.start()):
        candidates.append(
            (
                with_whom.start(),
                made(Speaker(BOTH, None, 0.85, "one side talked it over with the other"), with_whom.start("verb")),
            )
        )

    def by_whom(match: re.Match[str]) -> bool:
        """Say whether "by" names who says it: "was told to her by Musa", not "was raised at talks held by Musa"."""
        addressed = match.start("to") < 0 or row.words[first + match.start("to")].lower() == "to"
        return bool(match.group("agent")) and addressed

    passive = next(
        (
            match
            for match in (PASSIVE.finditer(letters) if "K" in letters else ())
            if not in_relative(letters, match.start())
            and (
                by_whom(match)
                or (
                    clause.verbs[match.start("verb")].split()[0] in SAID_OF_TALKS
                    and not IN_THE_PAST.match(row.plain, row.ends[first + match.start("verb")])
                )
            )
        ),
        None,
    )
    if passive is not None and (outer is not None or at_meeting or by_whom(passive)):
        agent = speaker(passive.end("agent") - 1) if by_whom(passive) else None
        who = agent or Speaker(
            BOTH, None, 0.8, f'"was {row.words[first + passive.start("verb")]}" names nobody: the sides'
        )
        if agent is not None and letters[passive.end("agent") - 1] == "J":
            who = Speaker(BOTH, None, 0.9, "done by the sides")
        if agent is None and not at_meeting:
            who = NARRATOR
        candidates.append((passive.start(), made(who, passive.start("verb"), passive=True)))
    talk = EXCHANGED.search(words) if any(stem in words for stem in STEMS) else None
    if talk and not quoted_share((span[0] + talk.start(), span[0] + talk.end()), quotations):
        place = row.between(span[0] + talk.start(), span[1])[0] - first
        candidates.append(
            (
                place,
                Attribution(
                    Speaker(BOTH, None, 0.85, f'"{talk.group()}"'),
                    clause,
                    "exchange",
                    place,
                    span[0] + talk.end(),
                    passive=True,
                ),
            )
        )
    candidates = [one for one in candidates if one[1].verb and not follows_conjunction(row, letters, first, one[0])]
    candidates.sort(key=lambda one: (is_subordinate(letters, one[0]), one[0]))
    if outer is not None:
        return find_innermost(
            outer, [one for _, one in candidates if one.place != outer.place], cast, letters, row, words
        )
    if candidates:
        best = candidates[0][1]
        rest = [one for _, one in candidates[1:]]
        if UNNAMED_MEDIA.search(row.words[first + candidates[0][0]]) and best.speaker.person is None:
            return Attribution(NARRATOR, clause)
        if (best.speaker.person is not None and best.speaker.person.rank != SPOKESMAN) or best.speaker.name == BOTH:
            return best
        return find_innermost(best, rest, cast, letters, row, words)
    halfway = HALF_QUOTED.match(clause.letters) if says_inside(clause, letters) else None
    who = speaker(halfway.start("subject")) if halfway is not None else None
    if halfway is not None and who is not None:
        return made(who, halfway.start("verb"))
    plain = find_plain_subject(letters, clause, row, cast) if says else None
    if plain is not None and not UNNAMED_MEDIA.search(plain[0].name):
        who, place, behind = plain
        one = made(who, place)
        if behind:
            one.content = row.starts[clause.first]
        return one
    return Attribution(NARRATOR, clause, subject=find_subject(row, clause))


def says_inside(clause: Clause, letters: str) -> bool:
    """Say whether a sentence has its verb of saying only in quotation marks: the leaders "looked forward to" it."""
    return not set("VX") & set(letters) and '"' in letters and bool(set("VX") & set(clause.letters))


HALF_QUOTED = re.compile(r"(?:[ta]*|[taw]{0,4}(?=J))(?P<subject>[PNRJ])[ah]*\"a*(?P<verb>[VX])")


def _unnamed_voice(held: Title, words: str, row: Tokens, at: int, first: int, cast: Cast) -> Speaker | None:
    """Return the body for which a spokesman without a name speaks, or an official of a body in small letters: "police officials"."""
    if held.rank == SPOKESMAN and not any(one.rank == SPOKESMAN for one in cast.persons):
        return speaks_through(row, at, first, cast) or NARRATOR
    return None
