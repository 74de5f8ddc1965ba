"""What the forms of what was said say: read a document, review statements and meetings, answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evenhand.access.viewers import Viewer
from evenhand.actions.action import Done
from evenhand.web.forms.saying import Group, Saying

Choices = list[tuple[str, str | Promise]]
KINDS: Final[Choices] = [
    ("given", _("given: it was said to have come, or to be given now")),
    ("promised", _("promised: it was said that it will come")),
    ("needed", _("needed: it was asked for")),
]
FIRMNESS: Final[Choices] = [
    ("intent", _("an intent: ready, hoping, planning")),
    ("pledge", _("a pledge: it will be given")),
    ("agreement", _("an agreement: it was signed")),
]
SIDES: Final[Choices] = [("host", _("host")), ("guest", _("guest"))]
FIELDS: Final = (
    "official", "office", "party", "giver", "receivers", "resource", "quantity", "unit", "place", "when", "deadline", "firmness",
    "said_on", "meeting", "translation", "second_source", "at",
)  # fmt: skip
LABELS: Final = {
    "evidence": _("Document on file"), "title": _("Title"), "filename": _("Name of the file"), "source": _("Where it was published"),
    "publisher": _("Who published it"), "dated": _("Day it was published"), "language": _("Language"), "public": _("Everybody may see it"),
    "document": _("Document"), "statement": _("Statement"), "words": _("The words"), "at": _("Where they begin"), "kind": _("What was said of it"),
    "speaker": _("Who said it"), "official": _("Person in office"), "office": _("Office"), "party": _("For whom"), "giver": _("Who gives"),
    "receivers": _("Who receives"), "resource": _("Resource"), "resource_words": _("What, in the speaker’s words"), "quantity": _("Amount"),
    "unit": _("Counted in"), "place": _("Where"), "when": _("When, in the speaker’s words"), "deadline": _("By which day"),
    "firmness": _("How firm"), "said_on": _("Day it was said"), "meeting": _("Meeting"), "translation": _("In English"),
    "second_source": _("Second source"), "unset": _("Fields to empty"), "into": _("Which one stays"), "thread": _("Thread"),
    "about": _("What it is about"), "text": _("Your answer"), "date": _("Day"), "side": pgettext_lazy("of a meeting", "Side"), "absent": _("Was not there"),
}  # fmt: skip
HINTS: Final = {
    "words": _("Copy them out of the text, exactly as they are."),
    "quantity": _("A plain number, such as 900. Leave it empty where the speaker named none."),
    "receivers": _("Codes of parties or names, several separated by “;”."),
    "giver": _("The code of a party, or a name."),
    "party": _("The code of a party, or a name."),
    "unset": _("Such as: quantity;giver"),
    "about": _("A reference such as OF-…, ND-…, PG-… or RD-…, or the number of an entry."),
    "thread": _("A reference such as TH-…; leave it empty to take it out, or to begin a new one."),
    "title": _("What the claim is, in a line: this begins a new thread."),
}


def chosen(choices: Choices) -> Callable[[Viewer, Mapping[str, str]], Choices]:
    """Return what offers a closed list."""
    return lambda viewer, given: choices


def to_statement(done: Done, given: Mapping[str, Any]) -> str:
    """Lead to the statement."""
    ref = str(done.facts.get("statement") or done.facts.get("into") or done.ref)
    return reverse("statement", args=[ref])


def to_meeting(done: Done, given: Mapping[str, Any]) -> str:
    """Lead to the meeting that stays."""
    return reverse("meeting", args=[str(done.facts.get("into") or done.ref)])


def to_official(done: Done, given: Mapping[str, Any]) -> str:
    """Lead to the person that stays."""
    return reverse("official", args=[str(done.facts.get("into") or done.ref)])


def to_document(done: Done, given: Mapping[str, Any]) -> str:
    """Lead to the document with what was understood, marked."""
    return reverse("document", args=[done.ref])


CHOICES: Final = {"kind": chosen(KINDS), "firmness": chosen(FIRMNESS)}

SAYINGS: Final[dict[str, Saying]] = {
    "document read": Saying(
        _("Put in a document"), _("Read it"),
        _("An official text is read by rules: who met whom, who said what, which aid was claimed. All of it is proposed, and waits for a person."),
        groups=(
            Group(_("The document"), ("file", "publisher", "source")),
            Group(_("Who may see it"), ("public", "party")),
            Group(_("More about it"), ("title", "dated", "language", "filename", "item", "evidence"), folded=True),
        ),
        labels=LABELS | {"party": _("For which party"), "file": _("File"), "title": _("Title"), "item": _("Which item of a feed")},
        hints={
            "file": _("Plain text, a saved web page, PDF or Word; in English. Other languages are kept and not guessed."),
            "party": _("Its code, such as TCD. Needed where the document is not public."),
            "public": _("Once something in it is accepted. Leave it empty for papers that are not published."),
            "evidence": _("A reference such as EV-…, instead of a file."),
            "title": _("Its first line, where you leave it empty."),
            "item": _("Counted from 1. Each item of a feed (RSS or Atom) is put in by itself."),
        },
        done=_("Read: {ref}. What was understood waits for review."), onward=to_document,
    ),
    "statement enter": Saying(
        _("Enter a statement"), _("Enter it"), _("For words that the reader missed. They must stand in the document. It counts in no total."),
        groups=(
            Group(_("The words"), ("document", "words", "speaker", "kind", "resource_words")),
            Group(_("Who, what, how much"), ("party", "giver", "receivers", "quantity", "unit", "firmness", "deadline")),
            Group(_("More about it"), tuple(one for one in FIELDS if one not in ("party", "giver", "receivers", "quantity", "unit", "firmness", "deadline")), folded=True),
        ),
        choices=CHOICES, done=_("Entered: {ref}."), onward=to_statement, labels=LABELS, hints=HINTS,
    ),
    "statement accept": Saying(
        _("Accept a statement"), _("Accept it"), _("From then on everybody sees it, with its words, its speaker and its source. It counts in no total."),
        groups=(Group("", ("statement",)),), done=_("Accepted: {ref}."), onward=to_statement, labels=LABELS, hints=HINTS,
    ),
    "statement correct": Saying(
        _("Correct a statement"), _("Correct it"), _("Give only what is different. A new record replaces this one, which stays to be seen."),
        groups=(
            Group("", ("statement", "kind", "giver", "receivers", "quantity", "unit", "resource_words", "firmness", "deadline")),
            Group(_("Who said it, when and where"), ("speaker", "official", "office", "party", "said_on", "meeting"), folded=True),
            Group(_("More about it"), ("words", "at", "resource", "place", "when", "translation", "second_source", "unset"), folded=True),
        ),
        choices=CHOICES, done=_("Corrected: {ref} stands now."), onward=to_statement, labels=LABELS, hints=HINTS,
    ),
    "statement reject": Saying(
        _("Reject a statement"), _("Reject it"), _("For what was read wrongly. It stays on record with your reason, and can be accepted later."),
        groups=(Group("", ("statement",)),), reason="needed", done=_("Rejected: {ref}."), onward=to_statement, labels=LABELS, hints=HINTS,
    ),
    "statement merge": Saying(
        _("Merge a duplicate"), _("Merge it"), _("The same words of the same speaker, reported by another document. The other statement then names both sources."),
        groups=(Group("", ("statement", "into")),), done=_("Merged: {ref}."), onward=to_statement, labels=LABELS, hints=HINTS,
    ),
    "statement split": Saying(
        _("Take a statement out of another"), _("Take it out"), _("For two statements that were taken for one by mistake. Both stand again, each with its own source and links."),
        groups=(Group("", ("statement",)),), reason="needed", done=_("{ref} stands by itself again."), onward=to_statement, labels=LABELS, hints=HINTS,
    ),
    "statement thread": Saying(
        _("Put a statement into a thread"), _("Save it"), _("A thread is the same claim, repeated or growing: each with its own words, day and source."),
        groups=(Group("", ("statement", "thread", "title")),), done=_("Saved: {ref}."), onward=to_statement, labels=LABELS, hints=HINTS,
    ),
    "statement link": Saying(
        _("Link a statement"), _("Link it"), _("To the offer, need, programme, round or entry that it speaks of. It counts in no total by that."),
        groups=(Group("", ("statement", "about")),), done=_("Linked: {ref}."), onward=to_statement, labels=LABELS, hints=HINTS,
    ),
    "statement unlink": Saying(
        _("Take back a link"), _("Take it back"), _("For a link that was wrong."),
        groups=(Group("", ("statement", "about")),), done=_("Taken back: {ref}."), onward=to_statement, labels=LABELS, hints=HINTS,
    ),
    "statement answer": Saying(
        _("Answer a statement"), _("Answer"), _("Your answer stands beside the statement, in your words, under the name of your party, for everybody to read."),
        groups=(Group("", ("statement", "party", "text")),), labels=LABELS | {"party": _("Who answers")},
        hints={"party": _("The code of your party, such as TCD.")}, done=_("Answered: {ref}."), onward=to_statement,
    ),
    "meeting confirm": Saying(
        _("Confirm a meeting"), _("Confirm it"), _("From then on everybody sees it, with its documents and what each side said."),
        groups=(Group("", ("meeting",)),), labels=LABELS, done=_("Confirmed: {ref}."), onward=to_meeting,
    ),
    "meeting correct": Saying(
        _("Correct a meeting"), _("Correct it"), _("Give only what is different. What was recorded before stays among its reasons."),
        groups=(
            Group("", ("meeting", "title", "date", "place", "kind")),
            Group(_("Somebody who took part"), ("official", "office", "party", "side", "absent"), folded=True),
        ),
        labels=LABELS | {"title": _("Who met whom"), "kind": _("How they met")}, choices={"side": chosen(SIDES)},
        hints={"party": HINTS["party"], "kind": _("Such as received, met, phone call or conference.")},
        reason="asked", done=_("Corrected: {ref}."), onward=to_meeting,
    ),
    "meeting merge": Saying(
        _("Merge two reports of one meeting"), _("Merge them"), _("Its documents, people and statements go over to the meeting that stays."),
        groups=(Group("", ("meeting", "into")),), labels=LABELS, done=_("Merged: {ref}."), onward=to_meeting,
    ),
    "meeting split": Saying(
        _("Take a meeting out of another"), _("Take it out"), _("For two meetings that were taken for one by mistake. Each has its own documents, people and statements again."),
        groups=(Group("", ("meeting",)),), labels=LABELS, reason="needed", done=_("{ref} stands by itself again."), onward=to_meeting,
    ),
    "meeting reject": Saying(
        _("Reject a meeting"), _("Reject it"), _("For what was taken for a meeting and is none. It stays on record with your reason."),
        groups=(Group("", ("meeting",)),), labels=LABELS, reason="needed", done=_("Rejected: {ref}."), onward=to_meeting,
    ),
    "official merge": Saying(
        _("Take two spellings for one person"), _("They are one"), _("Every document keeps the name as it has it; meetings and statements stand under one name."),
        groups=(Group("", ("official", "into")),), labels=LABELS, reason="needed", done=_("Saved: {ref}."), onward=to_official,
    ),
    "official split": Saying(
        _("Take two people apart"), _("They are two"), _("For two people who were taken for one by mistake. Each has the meetings and words under the own spelling again."),
        groups=(Group("", ("official",)),), labels=LABELS, reason="needed", done=_("{ref} stands by itself again."), onward=to_official,
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
