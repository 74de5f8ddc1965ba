"""What is said after an action: what happened, in the trade's words, and what comes next.

One small table from the action's name to its sentences. In a sentence, `{ref}` is what the action answered with, any other
word one of its facts or of what was typed. An action that has no sentence here is told by its name. Called by
`evenhand.cli.acting`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from evenhand.cli.answer import Answer
from evenhand.cli.pages import said
from evenhand.cli.readings import in_units, unit_of

if TYPE_CHECKING:
    from evenhand.actions.action import Done

Given = Mapping[str, Any]

SENTENCES: dict[str, tuple[str, ...]] = {
    "need draft": (
        "{ref} is drafted: {party} needs {quantity} {unit} of {resource}. Only {party} sees it.",
        "Next: evenhand need submit {ref}",
    ),
    "need submit": ("{ref} is submitted; the secretariat checks it.", "Next: evenhand need approve {ref}"),
    "need approve": ("{ref} is approved: everybody sees it, and rounds may choose it.",),
    "need renew": ("{ref} stands until {valid_until}.",),
    "need correct": (
        "{ref} is to replace {replaces}, which counts until the new one is approved.",
        "Look at it: evenhand need show {ref}",
    ),
    "need withdraw": ("{ref} is withdrawn.",),
    "offer make": (
        "{ref} is made: {donor} offers {quantity} {unit} of {resource}, as a {firmness}.",
        "Look at it: evenhand offer show {ref}",
    ),
    "offer firm": ("{ref} is a {firmness} now.",),
    "offer change": ("{ref} is changed: {changed}.", "Look at it: evenhand offer show {ref}"),
    "offer withdraw": ("What was still open of {ref} is withdrawn; what was allocated or sent stays.",),
    "round open": (
        "{ref} is open: {needs_} and {lots_} of {resource}, by {rule}.",
        "Look at it: evenhand round show {ref}. Next: evenhand round freeze {ref}",
    ),
    "round freeze": (
        "{ref} is frozen: {recipients_} and {lots_}, which nothing changes any more.",
        "Next: evenhand round propose {ref}",
    ),
    "round propose": (
        "Plan {proposal} of {ref} is proposed: {claim}, {lines_}.",
        "Look at it: evenhand round lines {ref} --proposal {proposal}. Next: evenhand round publish {ref}",
    ),
    "round override": (
        "Plan {proposal} of {ref} is proposed in place of plan {overrides}, with its reason and its cost in fairness.",
        "Next: evenhand round publish {ref} --proposal {proposal}",
    ),
    "round publish": (
        "Plan {proposal} of {ref} is published: everybody sees it, and members may object.",
        "To object: evenhand round object {ref} --party KEY --text TEXT. To decide: evenhand round decide {ref}",
    ),
    "round object": ("{ref} is recorded: {party} objects to plan {proposal} of {round}.",
        "The secretariat answers it: evenhand round answer {ref} --answer TEXT"),
    "round answer": ("{ref} is answered.", "Look at it: evenhand round show {round}"),
    "round recuse": ("{party} takes no part in deciding {ref}.",),
    "round post": (
        "{ref} is posted: {base_units} base units are allocated, in {entries_}.",
        "Next, to send them: evenhand consignment plan --help",
    ),
    "round cancel": ("{ref} is given up. It was {was}.",),
    "consignment plan": (
        "{ref} is planned: from {origin} to {destination}, {lines_}.",
        "Look at it: evenhand consignment show {ref}. When it leaves: evenhand consignment dispatch {ref}",
    ),
    "consignment dispatch": (
        "{ref} left on {left_on}.",
        "When it arrives: evenhand consignment receive {ref}",
    ),
    "consignment return": (
        "{returned} base units of {ref} were turned back and go to their donor.",
        "What was sent and what became of it: evenhand consignment show {ref}",
    ),
    "consignment cancel": ("{ref} is cancelled; what it was to carry stays where it was.",),
    "stock distribute": ("{party} handed {quantity} {unit} of {offer} to people.",),
    "stock lose": ("{quantity} {unit} of {offer}, held by {party}, are recorded as {what}.",),
    "stock return": ("{party} gave {quantity} {unit} of {offer} back.",),
    "stock expire": ("{base_units} base units of {offer} are recorded as expired.",),
    "stock reverse": ("Entry {entry} is taken back; both stay readable.", "Look at it: evenhand stock entry {ref}"),
    "money pay": ("{quantity} {unit} of {offer} are paid to {to}.",),
    "money spend": ("{party} spent {quantity} {unit} of {offer}.",),
    "evidence attach": ("{ref} is attached to {about}.", "Look at it: evenhand evidence show {ref}"),
    "document read": (
        "{ref} is read: {sentences_}. What was understood is proposed, and waits for a secretariat.",
        "What was understood: evenhand document show {ref}",
    ),
    "statement enter": ("{ref} is entered, with its words in {document}. It counts in no total.",),
    "statement accept": ("{ref} is accepted: everybody sees it, with its words and source. It counts in no total.",),
    "statement correct": ("{ref} replaces {replaces}, which stays to be seen.",),
    "statement reject": ("{ref} is rejected; it stays on record with the reason.",),
    "statement merge": (
        "{ref} is merged into {into}, as another report of it.",
        "Was that a mistake? evenhand statement split {ref} --reason TEXT",
    ),
    "statement split": ("{ref} stands by itself again; it was part of {was_in}.", "Look at it: evenhand statement show {ref}"),
    "statement thread": ("The thread of {ref} is changed.", "Look at it: evenhand statement show {ref}"),
    "statement link": ("{ref} is linked to {about}. It counts in no total by that.",),
    "statement unlink": ("{ref} is no longer linked to {about}.",),
    "statement answer": ("{ref} stands beside {statement}: the answer of {party}.",),
    "meeting confirm": ("{ref} is confirmed: everybody sees it, with its documents.",),
    "meeting correct": ("{ref} is corrected; what was recorded before stays among its reasons.",),
    "meeting reject": ("{ref} is rejected; it stays on record with the reason.",),
    "meeting merge": (
        "{ref} is merged into {into}, with its documents, people and statements.",
        "Was that a mistake? evenhand meeting split {ref} --reason TEXT",
    ),
    "meeting split": (
        "{ref} stands by itself again, with its documents, people and statements; it was part of {was_in}.",
        "Look at it: evenhand meeting show {ref}",
    ),
    "official split": (
        "{ref} and {was_in} are two people again, each with the meetings and words under the own spelling.",
        "Look at it: evenhand official show {ref}",
    ),
    "official merge": (
        "{ref} and {into} are one person now, {into}; every document keeps its spelling.",
        "Was that a mistake? evenhand official split {ref} --reason TEXT",
    ),
    "party retire": ("{ref} is retired; what it did stays readable.",),
    "party change": ("{ref} is changed: {changes}. Rounds frozen before stay as they are.",),
    "group join": ("{party} is {status} of {group} since {since}.",),
    "group leave": ("{party} is no longer in {group} after {until}.",),
    "group office": ("{party} is recorded as {office} of {group}.",),
    "translation add": ("The words of {ref} in the language '{language}' are kept beside its own.",),
    "translation remove": ("The words of {ref} in the language '{language}' are removed; its own stand.",),
    "programme start": ("{ref} is started: {title}.",),
    "user add": (
        "{name} is added, and may do nothing yet.",
        "Next, such as: evenhand user grant {name} --role focal-point --party TCD",
    ),
    "user grant": ("{user} holds the role {role} now{bound}.",),
    "user revoke": ("{user} no longer holds the role {role}{bound}.",),
    "user switch off": ("{user} is switched off: it can neither sign in nor act.", "Back: evenhand user switch-on {user}"),
    "user switch on": ("{user} is switched on again, with the roles it holds.",),
    "user password": ("{user} has a new password.",),
    "user second step": (
        "{user} has no second step any more, and is signed out everywhere; it sets up another when it signs in.",
    ),
    "key make": (
        "{ref} is made. Copy the key now: it is kept nowhere, and never shown again.",
        "To end it: evenhand key revoke {ref}",
    ),
    "key revoke": ("{ref} is revoked: it opens nothing any more.",),
    "checkpoint make": (
        "A checkpoint over the first {size} entries is signed.",
        "For others to countersign: evenhand checkpoint show {size} > note.txt",
    ),
}  # fmt: skip
"""Name of an action → what happened, and what comes next."""

SPOKEN: dict[str, frozenset[str]] = {
    "need renew": frozenset({"valid_until"}),
    "need correct": frozenset({"replaces"}),
    "offer make": frozenset({"firmness"}),
    "offer firm": frozenset({"firmness"}),
    "offer change": frozenset({"changed"}),
    "round open": frozenset({"needs", "lots"}),
    "round freeze": frozenset({"recipients", "lots"}),
    "round propose": frozenset({"proposal", "lines", "claim"}),
    "round publish": frozenset({"proposal"}),
    "round object": frozenset({"round", "proposal"}),
    "round answer": frozenset({"round"}),
    "round recuse": frozenset({"party"}),
    "round post": frozenset({"entries", "base_units"}),
    "round cancel": frozenset({"was"}),
    "consignment plan": frozenset({"lines"}),
    "consignment dispatch": frozenset({"left_on"}),
    "consignment return": frozenset({"returned"}),
    "evidence attach": frozenset({"about"}),
    "document read": frozenset({"sentences"}),
    "statement enter": frozenset({"document"}),
    "statement accept": frozenset({"document"}),
    "statement correct": frozenset({"replaces", "document"}),
    "statement reject": frozenset({"document"}),
    "statement merge": frozenset({"into"}),
    "statement split": frozenset({"was_in"}),
    "statement link": frozenset({"about_record"}),
    "statement unlink": frozenset({"about_record"}),
    "statement answer": frozenset({"statement"}),
    "meeting merge": frozenset({"into"}),
    "meeting split": frozenset({"was_in"}),
    "official merge": frozenset({"into"}),
    "official split": frozenset({"was_in"}),
    "group join": frozenset({"party", "status", "since"}),
    "round decide": frozenset({"proposal", "approves", "approvals", "state"}),
    "consignment receive": frozenset({"good", "damaged", "missing", "still_on_the_way"}),
    "translation add": frozenset({"language"}),
    "translation remove": frozenset({"language"}),
    "user grant": frozenset({"role", "party", "group"}),
    "user revoke": frozenset({"role", "party", "group"}),
    "group leave": frozenset({"party", "until"}),
    "group office": frozenset({"party", "office"}),
    "party change": frozenset({"before", "now"}),
    "stock reverse": frozenset({"reverses", "entries"}),
    "checkpoint make": frozenset({"size", "note"}),
}
"""Facts that the sentence has said, and people need not read again."""

LABELS = {
    "base_units": "base units",
    "sha256": "SHA-256",
    "certificate": "hash of the certificate",
    "digest": "hash of the inputs",
    "left_over": "not a whole pack",
    "counted": "counts in totals",
    "left_out": "left out",
    "left_out_in_all": "left out in all",
    "left": "left there",
    "taken_back": "taken back",
    "there_already": "was there already",
}
"""What people read beside a fact, where its name is not plain."""


AMOUNTS = ("base_units", "left", "taken_back", "left_over")
"""Facts that count base units."""


def describe(name: str, done: Done, given: Given | None = None, record: Any = None) -> Answer:
    """Return what to say after an action.

    Parameters
    ----------
    given
        What was typed, by the name of the parameter.
    record
        The need or offer it is about, in whose unit people read amounts; base units where there is none.
    """
    facts = dict(done.facts)
    result = {"ref": done.ref, "action": done.action, "repeated": done.repeated} | facts
    if record is not None:
        facts |= {key: f"{said(in_units(record, facts[key]))} {unit_of(record)}" for key in AMOUNTS if facts.get(key)}
    if done.repeated:
        about = f", {done.ref}" if done.ref else ""
        return Answer(name, f"Done before under this id: {name}{about}. Nothing was changed.", _shown(facts), result)
    words = _words(done, given or {})
    first, *after = SENTENCES.get(name) or (f"Done: {name}, {done.ref}." if done.ref else f"Done: {name}.",)
    if name in SPECIAL:
        first, after = SPECIAL[name](first, after, facts)
    hidden = SPOKEN.get(name, frozenset()) | {key for key, value in facts.items() if value == 0 and key != "left"}
    shown = _shown({key: value for key, value in facts.items() if key not in hidden})
    if name in REVERSIBLE and facts.get("entries"):
        after = [*after, f"Was that a mistake? evenhand stock reverse {facts['entries'][0]} --reason TEXT"]
    closing = [*(sentence.format_map(words) for sentence in after)]
    return Answer(name, " ".join(first.format_map(words).split()), shown, result, closing=tuple(closing))


REVERSIBLE = ("stock distribute", "stock lose", "stock return", "stock expire", "money pay", "money spend")


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _words(done: Done, given: Given) -> _Words:
    words = {key: said(value) for key, value in {**given, **done.facts}.items() if not isinstance(value, bytes)}
    for key in ("text", "answer"):
        words.pop(key, None)
    changes = (
        [
            f"{key} was {said(done.facts['before'].get(key)) or 'empty'}, is {said(now) or 'empty'}"
            for key, now in done.facts.get("now", {}).items()
        ]
        if isinstance(done.facts.get("now"), Mapping)
        else []
    )
    bound = (f" for {words['party']}" if words.get("party") else "") + (
        f" in {words['group']}" if words.get("group") else ""
    )
    words |= {"changes": "; ".join(changes), "bound": bound}
    words |= {f"{key}_": _count(value, key) for key, value in done.facts.items() if isinstance(value, int)}
    return _Words(words | {"ref": done.ref})


def _count(number: int, what: str) -> str:
    """Return a number with its noun: "1 entry", "3 needs"."""
    one = what.removesuffix("ies") + "y" if what.endswith("ies") else what.removesuffix("s")
    return f"{number:,} {one if number == 1 else what}"


def _label(key: str, value: Any) -> str:
    if key == "base_units" and isinstance(value, str):  # said with its unit
        return "that is"
    return LABELS.get(key, key.replace("_", " "))


def _shown(facts: Given) -> dict[str, str]:
    return {_label(key, value): said(value) for key, value in facts.items() if value not in ("", None, [], {}, False)}


Special = Callable[[str, list[str], Given], tuple[str, list[str]]]


def _after_proposing(first: str, after: list[str], facts: Given) -> tuple[str, list[str]]:
    if facts.get("lines"):
        return first, after
    first = "Plan {proposal} of {ref} is proposed, and gives nobody anything: no lot is open to any recipient."
    return first, ["Why: evenhand round explain {ref} KEY --proposal {proposal}", *after]


def _after_deciding(first: str, after: list[str], facts: Given) -> tuple[str, list[str]]:
    if not facts.get("approves"):
        return "The vote against plan {proposal} of {ref} is recorded; the round is {state}.", [
            "Look at it: evenhand round show {ref}"
        ]
    if facts.get("state") == "decided":
        return (
            "{ref} is decided: plan {proposal} has {approvals_}.",
            ["Next, to write it into the stock book: evenhand round post {ref}"],
        )
    return (
        "The vote for plan {proposal} of {ref} is recorded; another of the board has to vote for it too.",
        ["Another member of the board: evenhand round decide {ref}"],
    )


def _after_receiving(first: str, after: list[str], facts: Given) -> tuple[str, list[str]]:
    parts = [f"{said(facts['good'])} in good order"]
    parts += [f"{said(facts[key])} {key}" for key in ("damaged", "missing") if facts.get(key)]
    sentence = "{ref} is received: " + ", ".join(parts) + " (base units)."
    after = ["What was sent and what came: evenhand consignment show {ref}"]
    if facts.get("still_on_the_way"):
        sentence += f" {said(facts['still_on_the_way'])} are still on the way."
    elif facts.get("damaged") or facts.get("missing"):
        after.append("The sender and the donor see the difference and the cause.")
    return sentence, after


def _after_registering(first: str, after: list[str], facts: Given) -> tuple[str, list[str]]:
    if facts.get("there_already"):
        return "{ref} was there already, the same in everything. Nothing was changed.", []
    return "{ref} is registered.", []


def _after_offering(first: str, after: list[str], facts: Given) -> tuple[str, list[str]]:
    if facts.get("counted"):
        return first, after
    return first + " It is not firm enough to count in any total.", after


SPECIAL: dict[str, Special] = {
    "round propose": _after_proposing,
    "round decide": _after_deciding,
    "consignment receive": _after_receiving,
    "offer make": _after_offering,
    "offer firm": _after_offering,
    **{f"{kind} register": _after_registering for kind in ("party", "place", "resource", "group")},
}
"""Actions whose sentence depends on what came out."""
