"""How far a round is, when each step was taken, and what a viewer may do with it now.

Only what can be done now is offered: a button that would be refused is a sentence instead. Called by the round's page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.access.rights import may
from evenhand.access.viewers import Target, Viewer
from evenhand.lookups.round_stories import DECIDING, RoundStory
from evenhand.web.languages import formats
from evenhand.web.rounds.naming import plain_name
from evenhand.web.templatetags import words

ORDER: Final = ("open", "frozen", "proposed", "published", "decided", "posted")
"""States in the order in which a round passes through them."""


@dataclass(frozen=True, slots=True)
class Button:
    """Hold one thing to do: where, in which words, and how it looks ("primary", "", "danger")."""

    address: str
    words: str
    look: str = ""


@dataclass(slots=True)
class Work:
    """Hold what a viewer may do with a round now, and why it may not do what it perhaps expects."""

    buttons: list[Button] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def tell_stages(story: RoundStory) -> tuple[list[tuple[str, str]], str]:
    """Return the stages of a round as (key, words), and the one at which it stands."""
    day = formats.day
    at = story.moments
    frozen, proposed, posted = at.get("freeze"), at.get("propose"), at.get("post")
    found = [
        ("open", _("Opened {day}").format(day=day(story.made_at.date()))),
        ("frozen", _("Inputs frozen {day}").format(day=day(frozen.date())) if frozen else _("Inputs frozen")),
        ("proposed", _("Plan proposed {day}").format(day=day(proposed.date())) if proposed else _("Plan proposed")),
        (
            "published",
            _("Objections until {day}").format(day=day(story.objections_until))
            if story.objections_until
            else _("Objections"),
        ),
        (
            "decided",
            _("Approved by two, {day}").format(day=day(story.decided_at.date()))
            if story.decided_at
            else _("Approved by two"),
        ),
        (
            "posted",
            _("Allocated in the book {day}").format(day=day(posted.date())) if posted else _("Allocated in the book"),
        ),
    ]
    sent = next((one for one in story.since if one.verb == "dispatch"), None)
    got = next((one for one in story.since if one.verb == "receive"), None)
    found += [
        ("dispatched", _("Dispatched from {day} on").format(day=day(sent.first)) if sent else _("Dispatched")),
        ("received", _("Received from {day} on").format(day=day(got.first)) if got else _("Received")),
    ]
    if story.state == "cancelled":
        last = at.get("cancel")
        passed = [
            one
            for one in found
            if one[0] == "open" or (one[0] == "frozen" and frozen) or (one[0] == "proposed" and proposed)
        ]
        said = _("Cancelled {day}").format(day=day(last.date())) if last else _("Cancelled")
        return [*passed, ("cancelled", said)], "cancelled"
    return found, "received" if got else "dispatched" if sent else story.state


def tell_work(viewer: Viewer, story: RoundStory, recipients: frozenset[str], today: date) -> Work:
    """Return what a viewer may do with a round now.

    Parameters
    ----------
    recipients
        The keys of those with a need in it.
    """
    work = Work()
    if not viewer.public_id:
        return work
    for offer in (_of_the_secretariat, _of_the_board, _of_members):
        offer(viewer, story, recipients, today, work)
    return work


def tell_objecting(viewer: Viewer, story: RoundStory, recipients: frozenset[str], today: date) -> Work:
    """Return whether a viewer may object for one of these recipients now."""
    work = Work()
    _of_members(viewer, story, recipients, today, work)
    return work


def act(verb: str, **given: str) -> str:
    """Return the address of the form of an action on rounds."""
    return f"{reverse('act', args=['round', verb])}?{urlencode(given)}"


def _may(viewer: Viewer, verb: str, story: RoundStory) -> bool:
    return may(viewer, f"round {verb}", Target(groups=(story.group,)))


def _of_the_secretariat(viewer: Viewer, story: RoundStory, recipients: frozenset[str], today: date, work: Work) -> None:
    if not _may(viewer, "propose", story):
        return
    ref, state = story.ref, story.state
    newest = story.plans[-1].number if story.plans else 0
    if state == "open":
        work.buttons.append(Button(act("freeze", round=ref), _("Freeze the inputs"), "primary"))
    if state == "frozen":
        work.buttons.append(Button(act("propose", round=ref), _("Make a plan"), "primary"))
    if state in ("proposed", "published") and newest and newest != (story.published if state == "published" else 0):
        said = _("Publish plan {number}").format(number=newest)
        work.buttons.append(Button(act("publish", round=ref, proposal=str(newest)), said, "primary"))
    for one in story.objections:
        if one.answered_at is None and state in ("proposed", "published"):
            said = _("Answer the objection {ref}").format(ref=one.ref)
            work.buttons.append(Button(act("answer", objection=one.ref), said, "primary"))
    if state == "decided":
        work.buttons.append(Button(act("post", round=ref), _("Write it into the stock book"), "primary"))
    if state in ("frozen", "proposed", "published"):
        work.buttons.append(Button(reverse("round-rules", args=[ref]), _("Compare the rules")))
    if state in ("proposed", "published"):
        work.buttons.append(Button(act("propose", round=ref), _("Make the plan anew")))
    if state in (*ORDER[:5],):
        work.buttons.append(Button(act("cancel", round=ref), _("Cancel the round"), "danger"))


def _of_the_board(viewer: Viewer, story: RoundStory, recipients: frozenset[str], today: date, work: Work) -> None:
    if not _may(viewer, "decide", story):
        return
    mine = {one.party for one in viewer.roles if one.role == "board" and one.group == story.group and one.party}
    if story.state == "published":
        why = why_no_vote(story, mine, today)
        if why:
            work.notes.append(why)
        spoken = {one.party for one in story.votes if one.proposal == story.published}
        if not mine & (spoken | {one.party for one in story.recusals}):
            work.buttons.append(Button(act("decide", round=story.ref), _("Read and decide"), "primary"))
    if story.state in ("proposed", "published"):
        address = reverse("round-override", args=[story.ref])
        work.buttons.append(Button(address, _("Propose another plan than the fair one")))
    recused = {one.party for one in story.recusals}
    if story.state in ("open", "frozen", "proposed", "published") and len(mine) == 1 and not mine & recused:
        work.buttons.append(Button(act("recuse", round=story.ref, party=min(mine)), _("Take no part in deciding")))


def why_no_vote(story: RoundStory, mine: set[str], today: date) -> str:
    """Return why a board member cannot approve the published plan now, in a sentence; "" where nothing stands against it."""
    voted = {one.party for one in story.votes if one.proposal == story.published}
    recused = {one.party for one in story.recusals}
    waiting = sum(one.answered_at is None for one in story.objections)
    if mine & recused:
        return _("{party} has recused itself from this round; others decide.").format(
            party=", ".join(sorted(mine & recused))
        )
    if mine & voted:
        return _("{party} has voted on this plan; a vote stands.").format(party=", ".join(sorted(mine & voted)))
    if waiting:
        return ngettext(
            "One objection is not answered yet; nobody can approve before.",
            "{count} objections are not answered yet; nobody can approve before.", waiting,
        ).format(count=waiting)  # fmt: skip
    if story.objections_until is not None and today <= story.objections_until:
        return _("Members may object until {day}; approvals count after that day.").format(
            day=formats.day(story.objections_until)
        )
    return ""


def tell_votes(story: RoundStory) -> str:
    """Return how many approvals there are, and how many it takes."""
    count = len(story.approvals)
    if count >= DECIDING:
        return _("Two members, neither of whom proposed it, approved this plan.")
    left = DECIDING - count
    return format_html(
        ngettext(
            "It takes two members to approve, neither of whom proposed the plan. {left} more is needed.",
            "It takes two members to approve, neither of whom proposed the plan. {left} more are needed.", left,
        ), left=left,
    )  # fmt: skip


def tell_decision(story: RoundStory) -> list[SafeString]:
    """Return how a round was decided, or how far it is from that, in a few sentences."""
    found = []
    number = len(story.objections)
    waiting = sum(one.answered_at is None for one in story.objections)
    if number:
        said = ngettext("One member objected.", "There were {count} objections.", number)
        found.append(format_html(said, count=words.amount(number)))
        if waiting:
            said = ngettext("One objection is not answered yet.", "{count} objections are not answered yet.", waiting)
            found.append(format_html(said, count=words.amount(waiting)))
        else:
            found.append(format_html("{}", _("Every objection was answered in public.")))
    elif story.published:
        found.append(format_html("{}", _("No member has objected.")))
    parties = [plain_name("party", one.party) for one in story.approvals]
    if parties and story.decided_at is not None:
        said = _("{members} approved the plan; neither of them proposed it.")
        found.append(format_html(said, members=words.list_of(parties)))
    elif parties:
        found.append(format_html(_("{members} approved it; one more member must."), members=words.list_of(parties)))
    elif story.state in ("proposed", "published"):
        found.append(format_html("{}", _("Two members must approve it, neither of whom proposed it.")))
    if story.recusals:
        others = [plain_name("party", one.party) for one in story.recusals]
        found.append(format_html(_("Took no part: {members}."), members=words.list_of(others)))
    return found


def _of_members(viewer: Viewer, story: RoundStory, recipients: frozenset[str], today: date, work: Work) -> None:
    own = viewer.parties("focal-point")
    if not own:
        return
    among = sorted(own & recipients)
    open_still = story.objections_until is None or today <= story.objections_until
    if story.state == "published" and among:
        if open_still:
            given = {"round": story.ref} | ({"party": among[0]} if len(among) == 1 else {})
            work.buttons.append(Button(act("object", **given), _("Object to this plan"), "primary"))
        else:
            work.notes.append(
                _("Members could object until {day}.").format(day=formats.day(story.objections_until))
            )  # fmt: skip
    for key in among[:3]:
        if story.shown is not None:
            said = _("Why {party} gets this, and what would change it").format(party=key)
            work.buttons.append(Button(reverse("why", args=[story.ref, key]), said))
