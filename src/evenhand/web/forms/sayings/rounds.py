"""What the forms of rounds say: open, freeze, propose, publish, override, object, answer, recuse, decide, post, cancel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.actions.action import Done
from evenhand.errors import EvenhandError
from evenhand.fairness.rules import RULES as ENGINE_RULES
from evenhand.lookups.round_stories import get_story
from evenhand.lookups.rounds import list_rounds
from evenhand.web.forms.choices import shared_out
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.languages.vocabulary import word
from evenhand.web.rounds.forms import context_of_answer, context_of_decision, context_of_objection, context_of_opening
from evenhand.web.rounds.naming import plain_name
from evenhand.web.rounds.words import RULES

Words = str | Promise
Choices = list[tuple[str, Words]]
Given = Mapping[str, str]


def rounds_in(verb: str, *states: str) -> Callable[[Viewer, Given], Choices]:
    """Return what lists the rounds in these states that a viewer's role for an action reaches; the one given alone, where one is."""

    def found(viewer: Viewer, given: Given) -> Choices:
        own = viewer.groups(*RIGHTS[f"round {verb}"])
        rows = [one for state in states for one in list_rounds(viewer, state=state, order="-made_at", most=100)]
        listed: Choices = [(one.ref, f"{one.title} ({one.ref})") for one in rows if not own or one.group in own]
        asked = given.get("round", "")
        if asked and asked not in {ref for ref, _words in listed}:
            listed.insert(0, (asked, asked))  # what is wrong with it is the action's to say
        return listed

    return found


def rules(viewer: Viewer, given: Given) -> Choices:
    """Return the rules by name."""
    return [(name, RULES[name].title) for name in ENGINE_RULES]


def own_recipients(viewer: Viewer, given: Given) -> Choices:
    """Return the parties for which a viewer may object: those of its own with a need in the round, else its own."""
    own = sorted(viewer.parties("focal-point"))
    asked = given.get("party", "")
    keys = [*own, *([asked] if asked and asked not in own else [])]
    return [(key, f"{plain_name('party', key)} ({key})") for key in keys]


def own_voices(viewer: Viewer, given: Given) -> Choices:
    """Return the parties that a viewer may recuse."""
    keys = sorted({one.party for one in viewer.roles if one.role in ("board", "focal-point") and one.party})
    return [(key, f"{plain_name('party', key)} ({key})") for key in keys]


def objections(viewer: Viewer, given: Given) -> Choices:
    """Return the objections that wait for an answer."""
    rows = [one for state in ("published", "proposed") for one in list_rounds(viewer, state=state, most=50)]
    found: Choices = []
    for row in rows:
        story = get_story(viewer, row.ref)
        found += [
            (one.ref, f"{plain_name('party', one.party)}: {one.text[:60]} ({one.ref})")
            for one in story.objections if one.answered_at is None
        ]  # fmt: skip
    asked = given.get("objection", "")
    if asked and asked not in {ref for ref, _words in found}:
        found.insert(0, (asked, asked))
    return found


def proposals(viewer: Viewer, given: Given) -> Choices:
    """Return the plans of the round that the form was opened with."""
    try:
        story = get_story(viewer, given.get("round", ""))
    except EvenhandError:
        return []
    return [
        (str(one.number), f"{one.number}: {one.claim if one.override else word('claim', one.claim)}")
        for one in reversed(story.plans)
    ]


def to_round(done: Done, given: Mapping[str, Any]) -> str:
    """Return the address of the round that an action was about."""
    ref = str(done.facts.get("round") or done.ref)
    return reverse("round", args=[ref])


FREEZE: Final = _(
    "What everybody needs and holds, and what there is to share out, is written down as it stands now, and hashed. From then on "
    "nothing that happens to a need, an offer or a party changes the plan."
)

SAYINGS: Final[dict[str, Saying]] = {
    "round open": Saying(
        title=_("Open a round"),
        button=_("Open the round"),
        lead=_(
            "Choose what is shared out, among whom, and by which rule. Nothing is decided by this: you will still freeze the inputs, "
            "make a plan and publish it, and two members of the board decide."
        ),
        groups=(
            Group(_("What is shared out, and among whom"), ("title", "group", "resource", "programme")),
            Group(_("The rule"), ("rule", "floor")),
            Group(_("Days"), ("objections_until", "date")),
            Group(_("Which needs and offers"), ("needs", "offers"), folded=True),
            Group(_("Limits"), ("max_lots", "divisible"), folded=True),
        ),
        labels={
            "title": _("What the round is, in a few words"),
            "group": _("Among the members of"),
            "resource": _("What is shared out"),
            "rule": _("What counts as being equally served"),
            "floor": _("Floor"),
            "date": _("Day of the round"),
            "objections_until": _("Members may object until"),
            "needs": _("Only these needs"),
            "offers": _("Only these offers"),
            "max_lots": _("Most different lots for one recipient"),
            "divisible": _("Share out single units, not packs"),
        },
        hints={
            "title": _("For example: Measles vaccine, first round of 2026"),
            "group": _("Only needs of its members are served."),
            "resource": _("A family takes in everything that belongs to it."),
            "programme": _("Then only needs and offers of that programme."),
            "rule": _("What each rule does, and when it is right, stands below."),
            "floor": _("Only for a floor for all: the share of its target that everybody reaches first, such as 0.2."),
            "date": _("Shelf life counts from this day; today where nothing is said."),
            "objections_until": _("The last day. Approvals count after it; without one the board may decide at once."),
            "needs": _("Refs, separated by ';'. Empty: all approved needs that stand."),
            "offers": _("Refs, separated by ';'. Empty: all that are open."),
            "max_lots": _("Fewer lots mean fewer consignments, and a plan that may no longer be proved best."),
            "divisible": _("Money always is."),
        },
        choices={"rule": rules, "resource": shared_out},
        done=_("The round {ref} is open: {needs} needs and {lots} lots. Look at it, then freeze its inputs."),
        template="rounds/open.html",
        context=context_of_opening,
        onward=to_round,
    ),
    "round freeze": Saying(
        title=_("Freeze the inputs"),
        button=_("Freeze them now"),
        lead=FREEZE,
        groups=(Group("", ("round",)),),
        choices={"round": rounds_in("freeze", "open")},
        danger=_("A frozen round cannot be thawed. To change its inputs, cancel it and open another."),
        done=_("The inputs of {ref} are frozen: {recipients} recipients and {lots} lots. Now make a plan."),
        onward=to_round,
    ),
    "round propose": Saying(
        title=_("Make a plan"),
        button=_("Make the plan"),
        lead=_(
            "The frozen lots are shared out as fairly as the rule allows. The plan is checked by a second program that shares no code "
            "with the first, and every recipient’s share is explained."
        ),
        groups=(Group("", ("round",)),),
        choices={"round": rounds_in("propose", "frozen", "proposed", "published")},
        hints={
            "round": _(
                "A round of a hundred members takes a few seconds, one of a hundred thousand clinics a minute or two. Leave this page "
                "open; it is done once, however often the button is pressed."
            )
        },
        done=_("Plan {proposal} of {ref} is made and checked: {lines} lines. Read it, then publish it."),
        onward=to_round,
    ),
    "round publish": Saying(
        title=_("Publish a plan"),
        button=_("Publish it to everybody"),
        lead=_("From now on everybody sees the plan, members may object to it, and the board can decide on it."),
        groups=(Group("", ("round", "proposal", "objections_until")),),
        labels={"proposal": _("Which plan"), "objections_until": _("Members may object until")},
        hints={
            "proposal": _("The newest where nothing is chosen."),
            "objections_until": _("The last day; the one that the round says where this is empty."),
        },
        choices={"round": rounds_in("publish", "proposed", "published"), "proposal": proposals},
        danger=_(
            "What everybody has seen cannot be unseen. A plan published later takes this one’s place before the board."
        ),
        done=_("Plan {proposal} of {ref} is published."),
        onward=to_round,
    ),
    "round override": Saying(
        title=_("Propose another plan than the fair one"),
        button=_("Propose it"),
        lead=_(
            "The round’s own page for this shows what it would cost before anything is proposed; this form takes a file at once."
        ),
        groups=(Group("", ("round", "lines", "reason")),),
        labels={"lines": _("File with the columns lot, recipient, packs")},
        choices={"round": rounds_in("override", "proposed", "published")},
        reason="needed",
        danger=_("The reason and the measured cost are published with it, under the name of your party."),
        done=_("Plan {proposal} of {ref} was proposed instead of the fair one."),
        onward=to_round,
    ),
    "round object": Saying(
        title=_("Object to a plan"),
        button=_("Send the objection"),
        lead=_(
            "Say what is wrong with the plan, and what would be right. Nobody can approve the plan before you were answered in public."
        ),
        groups=(Group("", ("round", "party", "text")),),
        labels={"party": _("Who objects"), "text": _("What is wrong, and what would be right")},
        hints={
            "party": _("A party with a need in the round."),
            "text": _("Everybody reads this. Write in whichever language you like."),
        },
        choices={"round": rounds_in("object", "published"), "party": own_recipients},
        done=_("Your objection {ref} is published. You find the answer on the round’s page."),
        template="rounds/object.html",
        context=context_of_objection,
        onward=to_round,
    ),
    "round answer": Saying(
        title=_("Answer an objection"),
        button=_("Publish the answer"),
        lead=_("Answer in words, and show what the plan would have been had the inputs been different."),
        groups=(Group("", ("objection", "answer", "whatif")),),
        labels={"answer": _("The answer"), "whatif": _("Changes tried")},
        hints={
            "objection": _("Each is answered once, in public."),
            "answer": _("Everybody reads this, beside the objection."),
            "whatif": _(
                "Separated by ';', such as needs.TCD.handles=ultra-cold; what they change is published with the answer."
            ),
        },
        choices={"objection": objections},
        danger=_("An answer stands as it was given."),
        done=_("The objection {ref} is answered."),
        template="rounds/answer.html",
        context=context_of_answer,
        onward=to_round,
    ),
    "round recuse": Saying(
        title=_("Take no part in deciding"),
        button=_("Take no part"),
        lead=_("A member with an interest of its own in a round steps back from deciding it, and says why."),
        groups=(Group("", ("round", "party", "reason")),),
        labels={"party": _("Who takes no part"), "reason": _("What its interest is")},
        choices={"round": rounds_in("recuse", "open", "frozen", "proposed", "published"), "party": own_voices},
        reason="needed",
        danger=_("This cannot be taken back, and everybody reads the reason."),
        done=_("{party} takes no part in deciding {ref}."),
        onward=to_round,
    ),
    "round decide": Saying(
        title=_("Read and decide"),
        button=_("Approve the plan"),
        lead="",
        groups=(Group("", ("round", "reason")),),
        choices={"round": rounds_in("decide", "published")},
        done=_("Your vote on {ref} is recorded. Approvals so far: {approvals}."),
        template="rounds/decide.html",
        context=context_of_decision,
        onward=to_round,
    ),
    "round post": Saying(
        title=_("Write the plan into the stock book"),
        button=_("Write it into the book"),
        lead=_(
            "What the plan gives is allocated to its recipients, one entry a line, all of them or none. Consignments can be planned then."
        ),
        groups=(Group("", ("round",)),),
        choices={"round": rounds_in("post", "decided")},
        danger=_(
            "Entries are never changed or deleted; a mistake is corrected by a reversing entry that everybody sees."
        ),
        done=_("The plan of {ref} is in the stock book: {entries} entries."),
        onward=to_round,
    ),
    "round cancel": Saying(
        title=_("Cancel a round"),
        button=_("Cancel the round"),
        lead=_(
            "The round is given up before its plan is in the stock book; its needs and offers are free for another one."
        ),
        groups=(Group("", ("round", "reason")),),
        choices={"round": rounds_in("cancel", "open", "frozen", "proposed", "published", "decided")},
        reason="needed",
        danger=_("A cancelled round stays cancelled. What was published of it stays readable."),
        done=_("The round {ref} is cancelled."),
        onward=to_round,
    ),
}
