"""Who speaks in each sentence: the grammar of reported speech as patterns over a sentence's letters.

Called by `reader`. In this order: quotations and their attribution; "according to"; a verb of saying with its subject, behind,
in front of or inside what is said; the sides together; passives with and without "by"; else the narrator. Of speech inside speech the
innermost counts where a spokesman or a ministry passes on what a person said. A press agency in the tail is never the speaker.
"""

from __future__ import annotations

import re

from evenhand.statements.attributed import Attribution, find_innermost
from evenhand.statements.clauses import Clause, letters_of
from evenhand.statements.person import SPOKESMAN
from evenhand.statements.quotations import quoted_share
from evenhand.statements.references import BOTH, NARRATOR, Cast, Speaker, who_is
from evenhand.statements.speech_checks import find_subject, in_relative, is_visit, mask_quotations, verb_is_finite
from evenhand.statements.speech_patterns import (
    ACCORDING,
    ACTIVE,
    BEHIND_WORDS,
    EXCHANGED,
    FEELINGS,
    FELT,
    INVERTED,
    INVERTED_THING,
    MIDDLE,
    PASSERS_ON,
    PASSIVE,
    SAID_OF_TALKS,
    STEMS,
    TOGETHER,
    TOGETHER_WITH,
    TRAILING,
    UNNAMED_MEDIA,
)
from evenhand.statements.tokens import Tokens


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
            _remember(found[-1], cast, pending=False)
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
        _remember(one, cast, pending=place in pending)
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
        if before:
            found[place].speaker = Speaker(before.name, before.person, 0.6, f"a quotation after words of {before.name}")


def _remember(one: Attribution, cast: Cast, *, pending: bool) -> None:
    cast.reporter = one.reporter
    if one.speaker.person is not None and not pending and one.speaker.person.rank != SPOKESMAN:
        cast.last = one.speaker.person
    elif one.subject is not None:
        cast.last = one.subject
    elif one.speaker.person is not None:
        cast.last = one.speaker.person
    if one.speaker.name not in ("narrator", BOTH):
        cast.last_speaker = one.speaker


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
        return who_is(row.refs[first + place], row.words[first + place], cast)

    def made(who: Speaker, place: int, *, passive: bool = False) -> Attribution:
        verb = clause.verbs.get(place, "") or row.words[first + place].lower()
        return Attribution(who, clause, verb, place, row.ends[first + place], subject=who.person, passive=passive)

    outer = _outer(letters, clause, row, speaker, made)
    if outer is not None and outer.speaker is NARRATOR:
        letters = clause.letters  # a note or a statement is quoted: who speaks in it counts
    candidates: list[tuple[int, Attribution]] = []
    for match in ACTIVE.finditer(letters):
        if is_visit(row, clause, match.start("verb")):
            continue
        if in_relative(letters, match.start()) or not verb_is_finite(letters, match):
            continue
        who = (
            Speaker(
                BOTH, None, 0.9, f'"{row.words[first + match.start()]} {clause.verbs.get(match.start("verb"), "")}"'
            )
            if letters[match.start()] == "J"
            else speaker(match.start())
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
    for match in FELT.finditer(letters):
        word = row.words[first + match.end() - 1].lower()
        if word in FEELINGS and not in_relative(letters, match.start()):
            who = (
                Speaker(BOTH, None, 0.8, "the sides felt it")
                if letters[match.start()] == "J"
                else speaker(match.start())
            )
            if who is not None:
                candidates.append((match.start(), made(who, match.end() - 1)))
    for match in TOGETHER.finditer(letters):
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
    with_whom = TOGETHER_WITH.search(letters)
    if with_whom and re.search(r"\bwith\b", words):
        candidates.append(
            (
                with_whom.start(),
                made(Speaker(BOTH, None, 0.85, "one side talked it over with the other"), with_whom.start("verb")),
            )
        )
    passive = next(
        (
            match
            for match in PASSIVE.finditer(letters)
            if not in_relative(letters, match.start())
            and (match.group("agent") or clause.verbs[match.start("verb")].split()[0] in SAID_OF_TALKS)
        ),
        None,
    )
    if passive is not None and (outer is not None or at_meeting or passive.group("agent")):
        agent = speaker(passive.end("agent") - 1) if passive.group("agent") else None
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
    candidates = [one for one in candidates if one[1].verb]
    candidates.sort(key=lambda one: one[0])
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
    return Attribution(NARRATOR, clause, subject=find_subject(row, clause))


def _outer(letters: str, clause: Clause, row: Tokens, speaker: object, made: object) -> Attribution | None:
    """Return the attribution around a sentence: "according to", or behind or inside what is said."""
    for pattern in (ACCORDING, INVERTED, TRAILING, MIDDLE):
        match = pattern.search(letters)
        if match is None:
            continue
        place = match.end("subject") - 1
        if pattern is INVERTED and clause.verbs.get(match.start("verb"), "") not in BEHIND_WORDS:
            continue
        if pattern in (TRAILING, MIDDLE) and in_relative(letters, match.start("subject")):
            continue
        who = speaker(place)  # type: ignore[operator]  # a closure of the caller
        if who is None:
            continue
        verb = match.start("verb") if "verb" in pattern.groupindex else place
        one: Attribution = made(who, verb)  # type: ignore[operator]  # a closure of the caller
        if pattern is ACCORDING:
            one.verb = "say"
        one.content = row.starts[clause.first]
        if pattern is ACCORDING:
            one.content = row.ends[clause.first + place]
        if (
            "press" in row.words[clause.first + place].lower()
            or "agency reports" in row.plain[row.starts[clause.first + place] : row.ends[clause.first + verb]]
        ):
            continue
        return one
    thing = INVERTED_THING.search(letters)
    if thing and PASSERS_ON.search(" ".join(row.words[clause.first + thing.end() : clause.first + thing.end() + 3])):
        one = made(NARRATOR, thing.start("verb"))  # type: ignore[operator]  # a closure of the caller
        one.content = row.starts[clause.first]
        return one
    return None
