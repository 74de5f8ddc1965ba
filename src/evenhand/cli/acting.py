"""Every action as a command: `evenhand need submit ND-...`, made from the action's own signature.

One list of actions makes the commands, the API and the forms; nothing is declared twice. A group of commands is made only
when its first word is typed, so that `evenhand --help` starts neither Django nor a database. Called by
`evenhand.cli.application`.
"""

from __future__ import annotations

import getpass
import inspect
import re
import sys
import types
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.options import ActingUser, AsJson, Reason, RequestId
from evenhand.cli.telling import describe
from evenhand.errors import EvenhandError, OptionRefused

if TYPE_CHECKING:
    from evenhand.actions.action import Acting, Action

GROUPS: dict[str, str] = {
    "need": "What members need: draft, submit, approve, renew, correct, withdraw, list.",
    "offer": "What donors offer: make, firm up, change, withdraw, list.",
    "round": "Rounds of allocation: open, freeze, propose, publish, object, answer, decide, post.",
    "consignment": "What travels: plan, dispatch, receive line by line, turn back, cancel.",
    "stock": "What became of it: distribute, expire, return, lose, reverse; balances and history.",
    "money": "Pay and spend money that was committed.",
    "evidence": "Attach documents, receipts, photos; list them.",
    "document": "Official texts: read one, list them, show what was understood.",
    "statement": "What was said about aid, word for word: review, correct, link, answer; list and show.",
    "meeting": "Who met whom, when and where: confirm, correct, merge, split; list and show.",
    "official": "People in office, as official texts name them: list, show, take two spellings for one or apart again.",
    "party": "States, organisations, facilities, teams, companies.",
    "group": "Groups of parties, their members and offices.",
    "place": "Places by ISO 3166 code or p-code.",
    "resource": "What can be needed or given, with its units and packs.",
    "programme": "Programmes that needs, offers and consignments can belong to.",
    "translation": "Names and texts of records in other languages: add, remove.",
    "user": "Who may act, and in which role.",
    "key": "Keys of programs, for the API: make, revoke, list.",
    "checkpoint": "Signed checkpoints of the stock book: make, show, countersign, prove.",
    "seed": "The shipped lists: countries, groups, currencies, relief resources.",
}
"""The first word of the commands that act on records, and what stands under it."""

MODULES: dict[str, tuple[str, ...]] = {
    "need": ("needs",),
    "offer": ("offers",),
    "round": tuple(
        f"rounds.{module}"
        for module in ("opening", "freezing", "proposing", "overriding", "objecting", "deciding", "posting")
    ),
    "consignment": ("consignments", "receipts", "turning_back"),
    "stock": ("stock", "reversals", "checkpoints"),
    "money": ("money",),
    "evidence": ("evidence",),
    "document": ("said.documents",),
    "statement": ("said.reviewing", "said.splitting", "said.threads", "said.replying"),
    "meeting": ("said.meetings", "said.splitting"),
    "official": ("said.meetings", "said.splitting"),
    "party": ("parties",),
    "group": ("groups",),
    "place": ("places",),
    "resource": ("resources",),
    "programme": ("programmes",),
    "translation": ("translations",),
    "user": ("users",),
    "key": ("keys",),
    "checkpoint": ("checkpoints",),
    "seed": ("seeds",),
}
"""Where the actions of a group are, so that the spreadsheets of another group's need not be loaded for it."""

ORDER: dict[str, tuple[str, ...]] = {
    "round": (
        "open", "freeze", "propose", "override", "publish", "object", "answer", "recuse", "decide", "post", "cancel",
    ),
    "consignment": ("plan", "dispatch", "receive", "return", "cancel"),
    "statement": ("accept", "correct", "reject", "merge", "split", "enter", "thread", "link", "unlink", "answer"),
    "meeting": ("confirm", "correct", "reject", "merge", "split"),
    "stock": ("distribute", "lose", "return", "expire", "reverse", "rebuild"),
}  # fmt: skip
"""The order of a group's actions where it is not that of their modules; what is not named comes after."""

SUBJECTS = {"evidence": "about", "user": "name", "place": "key", "resource": "key", "party": "key", "group": "key"}
"""What a group calls its own subject where it has no ref yet; such a first parameter is written without its option, and so
is one that is named as the group: `need submit ND-...`, `party register TCD`."""


LINE = 74
"""Characters of help that a terminal of 100 columns shows beside the longest name of a command."""

GIVEN_FIRST = {"document read": "file"}
"""Actions that take a file, which is written without its option: `document read readout.txt`; its name is sent with it."""

MADE_HERE = {"key make": ("digest",)}
"""Parameters that nobody types, because the command makes them."""

SECRETS = frozenset({"password"})
"""Parameters that are asked for, never written on the command line."""


def add_actions(application: typer.Typer, wanted: str, *, panel: str) -> None:
    """Add a group for every kind of record; only the wanted one gets its commands."""
    for group, meaning in GROUPS.items():
        below = typer.Typer(
            name=group, help=meaning, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]}
        )
        below.callback()(lambda: None)
        if group == wanted:
            from evenhand.cli.session import start

            start(fresh=True)  # help is given anywhere
            from evenhand.cli.looking import add_readings

            add_readings(below, group)
            for action in actions_of(group):
                command = make_command(action)
                verb = action.name.partition(" ")[2].replace(" ", "-")
                below.command(verb, short_help=in_short(command.__doc__ or ""))(command)
        application.add_typer(below, name=group, short_help=meaning, rich_help_panel=panel)


def in_short(meaning: str) -> str:
    """Return the first sentence of a command's help, or of a long one what comes before its colon or semicolon.

    Examples
    --------
    >>> in_short("Withdraw a need that no longer stands.")
    'Withdraw a need that no longer stands.'
    >>> in_short("Freeze a round: write down what everybody needs and holds and what there is, and hash all of that.")
    'Freeze a round.'
    """
    first = " ".join(meaning.split("\n\n")[0].split())
    first = re.split(r"(?<=[a-z])\. ", first)[0].rstrip(".")
    while len(first) > LINE and (ends := [place for mark in ":;" if (place := first.rfind(mark)) > 0]):
        first = first[: max(ends)]
    return f"{first}."


def actions_of(group: str) -> list[Action[Any]]:
    """Return the actions of a group in the order in which a person meets them, without loading those of the others."""
    found = {
        one.name: one
        for module in MODULES[group]
        for one in vars(import_module(f"evenhand.actions.{module}")).values()
        if isinstance(one, _action_type()) and one.name.partition(" ")[0] == group
    }
    ordered = [f"{group} {verb}" for verb in ORDER.get(group, ())]
    return [found[name] for name in (*ordered, *(name for name in found if name not in ordered)) if name in found]


def _action_type() -> type[Action[Any]]:
    from evenhand.actions.action import Action

    return Action


def make_command(action: Action[Any]) -> Callable[..., Answer]:
    """Return the command of an action: its parameters as options, and who acts, why, and under which id."""
    group = action.name.partition(" ")[0]
    hints = get_type_hints(action.body, include_extras=True)
    parameters: list[inspect.Parameter] = []
    asked = tuple(one for one in action.parameters if one.name not in MADE_HERE.get(action.name, ()))
    for place, parameter in enumerate(asked):
        hint = hints[parameter.name]
        kind, meaning = (get_args(hint)[0], str(get_args(hint)[1])) if get_origin(hint) is Annotated else (hint, "")
        subjects = (group, SUBJECTS.get(group), "objection", "entry")
        first = place == 0 and parameter.default is inspect.Parameter.empty and parameter.name in subjects
        first = first or GIVEN_FIRST.get(action.name) == parameter.name
        if parameter.name in SECRETS:
            parameters.append(_secret(parameter, meaning))
        else:
            parameters.append(_option(parameter, kind, meaning, argument=first))
    for name, hint, default in (
        ("acting_as", ActingUser, ""),
        ("reason", Reason, ""),
        ("request", RequestId, ""),
        ("as_json", AsJson, False),
    ):
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint))

    def command(**given: Any) -> Answer:
        who, reason, request = given.pop("acting_as"), given.pop("reason"), given.pop("request")
        given.pop("as_json")
        for parameter in asked:
            value = given[parameter.name]
            if isinstance(value, Path):
                given[parameter.name] = _read(value)
                if action.name in GIVEN_FIRST:
                    given["filename"] = given["filename"] or value.name
            elif parameter.name in SECRETS:
                given[parameter.name] = ask_secretly(parameter.name) if value else ""
            elif value is None and parameter.default is not None:
                del given[parameter.name]
        from evenhand.cli.session import acting_as

        acting = acting_as(who, reason=reason, request=request)
        try:
            if action.name == "key make":
                return _make_key(acting, given)
            done = action(acting, **given)
        except EvenhandError as error:
            error.sentence = _as_typed(action, error.sentence)
            raise
        return describe(action.name, done, given, _record(acting, str(given.get("offer", "")), done.ref))

    command.__doc__ = inspect.cleandoc(action.body.__doc__ or "")
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what inspect.signature reads
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__name__ = action.__name__
    return command


def _make_key(acting: Acting, given: dict[str, Any]) -> Answer:
    """Make a key and show it, this once: the action is given its hash alone."""
    from evenhand.actions.keys import make_key

    made = make_key(acting, **given)
    told = describe("key make", made.done, given)
    return replace(told, facts={"the key": made.secret, **told.facts}, result={**told.result, "key": made.secret})


def _record(acting: Acting, *refs: str) -> Any:
    """Return the need or offer that an action was about, where it was about one."""
    for ref in refs:
        if ref.startswith("OF-"):
            from evenhand.lookups.offers import find_offer

            return find_offer(acting.viewer, ref)
        if ref.startswith("ND-"):
            from evenhand.lookups.needs import find_need

            return find_need(acting.viewer, ref)
    return None


def _as_typed(action: Action[Any], sentence: str) -> str:
    """Return a refusal with the action's parameters named as they are typed here: unit_value is --unit-value."""
    for name in (parameter.name for parameter in action.parameters if "_" in parameter.name):
        sentence = re.sub(rf"(?<![\w'-]){name}(?![\w'])", f"--{name.replace('_', '-')}", sentence)
    return sentence


def ask_secretly(name: str) -> str:
    """Return a secret typed without being shown, or the first line of standard input where nobody sits at a terminal.

    Raises
    ------
    OptionRefused
        The two times it was typed differ, or nothing came.
    """
    if sys.stdin.isatty():
        secret = getpass.getpass(f"{name.capitalize()}: ")
        if getpass.getpass("Once more: ") != secret:
            raise OptionRefused(f"the {name} was typed differently the second time; nothing was done")
    else:
        secret = sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise OptionRefused(f"no {name} came; type it when asked, or send it on standard input")
    return secret


def _secret(parameter: inspect.Parameter, meaning: str) -> inspect.Parameter:
    """Return a parameter whose value never stands on a command line, where other users and the shell's history see it."""
    required = parameter.default is inspect.Parameter.empty
    said = f"Ask for {meaning} (from standard input where nobody sits at a terminal)."
    described = typer.Option(f"--{parameter.name}/--no-{parameter.name}", help=said)
    return inspect.Parameter(
        parameter.name, inspect.Parameter.KEYWORD_ONLY, default=required, annotation=Annotated[bool, described]
    )


def _option(parameter: inspect.Parameter, kind: Any, meaning: str, *, argument: bool) -> inspect.Parameter:
    """Return an action's parameter as one that Typer understands."""
    required = parameter.default is inspect.Parameter.empty
    optional = get_origin(kind) in (Union, types.UnionType)
    plain = next(one for one in get_args(kind) if one is not type(None)) if optional else kind
    said = f"{meaning[:1].upper()}{meaning[1:]}." if meaning and not meaning.endswith(".") else meaning
    settings: dict[str, Any] = {"help": said, "show_default": bool(parameter.default) and not required}
    hint: Any = plain | None if optional else plain
    default: Any = ... if required else parameter.default
    if plain is date:
        hint, settings["parser"], settings["metavar"] = (Any, read_day, "DATE")
    elif plain is bytes:
        hint, settings["metavar"], default = (Path | None, "FILE", ... if required else None)
        settings["show_default"] = False
    elif plain is str:
        settings["metavar"] = parameter.name.upper() if argument else "TEXT"
    described = (
        typer.Argument(**settings)
        if argument
        else typer.Option(f"--{parameter.name.replace('_', '-')}", **settings)
        if plain is not bool
        else typer.Option(f"--{parameter.name.replace('_', '-')}/--no-{parameter.name.replace('_', '-')}", help=said)
    )
    return inspect.Parameter(
        parameter.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if default is ... else default,
        annotation=Annotated[hint, described],
    )


def read_day(text: str | date) -> date:
    """Return the day that an option says.

    Raises
    ------
    OptionRefused
        It is not an ISO date.
    """
    if isinstance(text, date):  # a default that Typer hands through the parser
        return text
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise OptionRefused(f"'{text}' is not a date; write it as year-month-day, such as 2026-03-02") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OptionRefused(f"{path} cannot be read: {error.strerror}") from error
