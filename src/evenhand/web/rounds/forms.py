"""What the forms of rounds show beside their fields: the rules, the objection to answer, the plan to decide on.

Called by `forms.sayings.rounds`. What a viewer may not see, or what is not there, is left out here; the action refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.access.viewers import Viewer
from evenhand.errors import EvenhandError
from evenhand.lookups.reach import today
from evenhand.lookups.round_stories import RoundStory, get_story
from evenhand.lookups.rounds import find_objection
from evenhand.web.rounds.one import tell_in_language
from evenhand.web.rounds.steps import tell_decision, tell_votes, why_no_vote
from evenhand.web.rounds.told import Told, try_tell
from evenhand.web.rounds.trying import Refusal, what_if
from evenhand.web.rounds.words import RULES, tell_checks, tell_lead

LONGEST_EDITS = 2000


def context_of_opening(viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the rules in words."""
    return {"rules": list(RULES.values())}


def context_of_objection(viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the round that is objected to."""
    story = _story(viewer, given.get("round", ""))
    return {"round": story, "party": given.get("party", "")}


def context_of_answer(viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the objection, and what the changes typed would do."""
    try:
        found = find_objection(viewer, given.get("objection", ""))
        story = get_story(viewer, found.round, found.proposal) if found else None
    except EvenhandError:
        found = story = None
    context: dict[str, Any] = {"objection": found, "round": story, "edits": [], "answer": None, "refused": ""}
    typed = given.get("whatif", "")[:LONGEST_EDITS]
    if story is None or not typed.strip():
        return context
    told, _damaged = try_tell(story.folder)
    if told is None:
        return context
    from evenhand.actions.rounds.objecting import BETWEEN_EDITS

    edits = [edit.strip() for edit in BETWEEN_EDITS.split(typed) if edit.strip()]
    tried = what_if(told, edits, "")
    if isinstance(tried, Refusal):
        return context | {"refused": tried.sentence, "edits": edits}
    return context | {"answer": tried, "edits": edits}


def context_of_decision(viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what a board member reads before it votes: the plan in short, the checker's verdict, objections, votes."""
    story = _story(viewer, given.get("round", ""))
    if story is None or story.shown is None:
        return {"round": None}
    told, damaged = try_tell(story.folder)
    mine = {one.party for one in viewer.roles if one.role == "board" and one.group == story.group and one.party}
    spoken = {one.party for one in story.votes if one.proposal == story.published}
    context: dict[str, Any] = {
        "may_vote": not mine & (spoken | {one.party for one in story.recusals}),
        "round": story, "damaged": damaged, "votes_said": tell_votes(story), "short": tell_decision(story),
        "why_not": why_no_vote(story, mine, today()), "rule": RULES[story.rule],
    }  # fmt: skip
    return context if told is None else context | _of_plan(story, told)


def _of_plan(story: RoundStory, told: Told) -> dict[str, Any]:
    plan = tell_in_language(story, told)
    people = story.per_person != "1" or story.base_unit == "person"
    return {
        "told": told, "lead": tell_lead(plan, told.standing, people), "checks": tell_checks(told), "plan": plan,
        "proved": told.verdict.holds and told.verdict.claim == "proved best", "lower": told.standing.of("lower")[:8],
    }  # fmt: skip


def _story(viewer: Viewer, ref: str) -> RoundStory | None:
    try:
        return get_story(viewer, ref) if ref else None
    except EvenhandError:
        return None
