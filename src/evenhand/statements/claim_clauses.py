"""A sentence cut into clauses, each of which can make claims of its own.

Called by `claims`. A list of things or of parties that has no verb yet is one subject; a time or a place at the head belongs to what follows.
"""

from __future__ import annotations

import itertools
import re

from evenhand.statements.claim_spans import TIME_AHEAD

CUT = re.compile(
    r"(?=[,&cik;:])(?:(?P<that>(?<=[VwvEM])c|(?<=[VvPNGSRw],)c|(?<=J)c)|(?P<whom>(?<=[PNGSRWT])c)|(?P<but>,?k)|(?P<who>,?i)|(?P<adding>,(?=w?[vV]))|(?P<mark>[;:])|"
    r"(?P<and>,?&(?=R[wV]?[wbhuVJEUM])|,?&(?=[bh]?w?[VJM]|(?:t?[wCAL']{0,2}[PNGSRL])[w,]{0,3}[bhuEU]|t?w{1,3}[bhu]|c)|,&(?=w?E))|(?P<told>,?&(?=w?E_*c))|(?P<then>&(?=w?E_*[twA]{0,2}[QL]|w?U_*t?[SGPW]|U_*w(?=x)|b?w?e_*[twA]{0,2}[QL]|[hbu]{1,2}w?E_*[twA]{0,2}[QL]))|(?P<row>,(?=E_*[twA]{0,2}[QL]))|(?P<sum>,?&(?=[tw]{0,2}Q_*(?:[wCA]{0,2}L+)?[hub]{1,2}w?[Ew]))|(?P<second>,(?=[uh]w?E))|(?P<too>,?&(?=t?[SG]f[tw]{0,3}[LQ])|&(?=Q_*[wC]{0,2}L+2[tw]{0,2}[SCGWP]))|(?P<joined>(?<![PNGS]),(?=t?[PNGSR]w?[bhuVE])))"
)
"""Where a clause ends; each branch begins with one of the letters that are looked at first."""
THINGS_ONLY = re.compile(r"(?:[^&]*(?:V|c))?[\"k]*[twACe',&Q_oLWSGT]*(?:L|Q_*w{0,2}|Q_*w{0,2}oL+)")
"""A list of things without a verb before it."""
ATTRIBUTED = re.compile(r",\"?(?=t?A?[PNGS][,twoPNGSCf&()2']{0,16}[VE]w{0,3}[.\"]{0,2}$)")
"""Who said it, behind it: ", the Minister for Foreign Affairs announced today"."""
TOLD_IT = re.compile(r"(?<=[PNGSW])R(?=w?[ubhE])")
"""Where what is told begins without "that": "assured the President it will continue"."""
TOLD_WHOM = re.compile(r"V[tw]{0,3}(?:[SAG]w?)?[PNGSRWT]$")
"""Who is told something: "informed the Prime Minister that"."""
ONE_SUBJECT = re.compile(r"[hu]{1,2}w?[VwvUE]$")
UNTIL_THEN = re.compile(r"[^,.;2&]{0,12}[hbuVE]")
FIRST_OF_TWO = re.compile(r"^[pwf][^hbuVEeU&,]*,t?[wCA]{0,2}[W]$")
ROW_OF_DEEDS = re.compile(r"[SGPNRW][hwu]{0,2}E_*[twA]{0,2}[QL][^VEei]*$")
CLOSED = re.compile(r",[hbu]{1,2}w?E")
"""The verb behind an aside: "a team, consisting of 26 doctors, has left"."""
AS_A_GIFT = re.compile(r"t?[SAGRt]?'?w*L")
"""What "as" is followed by where it begins no clause: "as a contribution of the agency"."""
PARTIES_ONLY = re.compile(r"(?:[^&]*(?:V|c))?[\"k]*t?(?:[SG](?:\([GC]\))?[Cwo']{0,3},?t?)+")
"""Parties without a verb: with another behind "and" they give together."""
PLACE_AHEAD = re.compile(r"\"?pt?[CSTw]{0,3}[CST]")
LONGEST_CLAUSE = 200
"""How many tokens are taken for one clause: what runs on without end is no prose, and would take the square of its length."""
LONGEST_LIST = 60
"""How far back a list is looked at, so that one without end takes no longer for each of its words."""
PAID_FOR = re.compile(r",E_*y[^,]*Q_*$")
TOLD_ASIDE = re.compile(r",i[hubwZ]{0,3}E[^,]*$")
"""A deed told in passing: "Norway, which has given 20 tents, will send 30 more"."""
SENT_TO = re.compile(r"[LQ_]2[^&]*$|f[twA]{0,3}[LQ][^&]*$")
"""A thing with a receiver, or what somebody is thanked for: the next one stands for itself."""
DONE = re.compile(r"[EeU][^EeU]*[LQ]|[SGPNR]w?[VwE](?:[^VEeUhub&]|2V){4,}$")


def cut_clauses(letters: str, words: list[str]) -> list[tuple[int, int]]:
    """Return the clauses of a sentence as ranges of tokens."""
    cuts = [0]
    for match in CUT.finditer(letters):
        if (
            match.group("who")
            and words[match.end() - 1] != "where"
            and words[match.end() : match.end() + 1] not in (["can"], ["could"], ["may"], ["might"])
            and re.match(
                r",?i(?:[wbhuaZ]{0,4}[JE]|t?[SGPNRT](?:\([GC]\))?[hu]{0,2}E|t?[TA]?w{1,2}hE)", letters[match.start() :]
            )
            and not letters[: match.start()].rstrip("w").endswith("V")
        ):
            continue  # "the bank, which was asked to pay": one clause with what it hangs on
        if match.group("but") and words[match.end() - 1] == "as" and AS_A_GIFT.match(letters, match.end()):
            continue
        if match.group("but") and words[match.end() - 1] == "until" and not UNTIL_THEN.match(letters, match.end()):
            continue  # "until at least the end of 1988 to provide"
        before = letters[max(cuts[-1], match.start() - LONGEST_LIST) : match.start()]
        if match.group("whom") and not TOLD_WHOM.search(before):
            continue
        if match.group("and") and (THINGS_ONLY.fullmatch(before) or PARTIES_ONLY.fullmatch(before)):
            continue  # "shelter, seeds and medicines are needed": one subject
        if match.group("then") and not DONE.search(before):
            continue  # "were bought and delivered": one deed
        if match.group("and") and FIRST_OF_TWO.search(before):
            continue  # "Since May, African countries and regional bodies have provided"
        if match.group("then") and ONE_SUBJECT.search(before):
            continue  # "have voiced and provided support": one deed
        if match.group("row") and not ROW_OF_DEEDS.search(before):
            continue  # "donated $20 million to the agency, sent 13 teams to"
        if match.group("sum") and not DONE.search(before):
            continue  # "Mali will receive $160,000, and $25,000 will go to"
        if match.group("second") and not (PAID_FOR.search(before) or TOLD_ASIDE.search(before)):
            continue  # "the plan, funded by Korea with $8 million, will bring water"
        if match.group("too") and not SENT_TO.search(before):
            continue  # "school bags to Mosul and ten desks to Basra": each has its own receiver
        if match.group("joined") and (
            PLACE_AHEAD.fullmatch(before) or TIME_AHEAD.match(" ".join(words[cuts[-1] : match.start()]))
        ):
            continue  # "In 2020, the EU has given": the time belongs to it
        cuts.append(match.end())
    cuts += [
        place if letters[place] == "e" else place + 1
        for place, word in enumerate(words)
        if letters[place - 1 : place] == ","
        and word.endswith("ing")
        and word != "including"
        and letters[place] in "we"
        and not CLOSED.search(letters, place)
    ]
    cuts += [match.start() for match in re.finditer(r"x(?=t?[wASGPCL']{1,6}e)", letters)]
    told = letters.find("V")
    if told >= 0:
        cuts += [match.start() for match in TOLD_IT.finditer(letters, told)]
    last = ATTRIBUTED.search(letters)
    if last:
        cuts.append(last.start() + 1)
    cuts = sorted({*cuts, len(letters)})
    return [
        (begin, min(begin + LONGEST_CLAUSE, end))
        for start, end in itertools.pairwise(cuts)
        for begin in range(start, end, LONGEST_CLAUSE)
    ]
