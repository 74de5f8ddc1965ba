"""What is said after an action: a sentence for every action that people do by hand, with nothing left unfilled."""

from __future__ import annotations

import inspect
import string
from dataclasses import dataclass, field
from typing import Any

import pytest

from evenhand.cli.acting import GROUPS, actions_of, in_short
from evenhand.cli.session import start
from evenhand.cli.telling import SENTENCES, SPECIAL, describe

start(fresh=True)
from evenhand.actions.catalogue import ACTIONS  # noqa: E402 -- Django has to be ready before the actions are loaded


@dataclass(frozen=True)
class Done:
    """What an action answers with."""

    ref: str = "ND-7K2M9QX4PD"
    facts: dict[str, Any] = field(default_factory=dict)
    action: str = "a-1"
    repeated: bool = False


def told(name: str, facts: dict[str, Any] | None = None, **given: Any) -> str:
    return describe(name, Done(facts=facts or {}), given).headline  # type: ignore[arg-type]  # has what is read of a Done


def test_every_action_is_a_command_of_its_group() -> None:
    typed = {name for name in ACTIONS if name.partition(" ")[0] in GROUPS}
    assert typed == {action.name for group in GROUPS for action in actions_of(group)}


def test_every_sentence_is_that_of_an_action() -> None:
    assert {*SENTENCES, *SPECIAL} <= {*ACTIONS}


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_option_that_a_sentence_names_is_there(name: str) -> None:
    """What comes next is typed as it stands: the commands and options in it exist."""
    for sentence in SENTENCES[name][1:]:
        for said in sentence.split("evenhand ")[1:]:
            words = said.split()
            group, verb = words[0], words[1].rstrip(".")
            known = {action.name.partition(" ")[2].replace(" ", "-"): action for action in actions_of(group)}
            if verb not in known:
                assert verb in ("show", "lines", "plan", "entry"), said
                continue
            options = {f"--{one.replace('_', '-')}" for one in inspect.signature(known[verb].body).parameters}
            asked = {word for word in words[2:] if word.startswith("--")} - {"--help", "--reason"}
            assert asked <= options, said


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_gap_in_a_sentence_is_filled_by_what_was_typed_or_answered(name: str) -> None:
    parameters = {parameter.name for parameter in ACTIONS[name].parameters}
    answered = inspect.getsource(inspect.getmodule(ACTIONS[name].body) or ACTIONS)
    for sentence in SENTENCES[name]:
        for _, gap, _, _ in string.Formatter().parse(sentence):
            if gap and gap not in {"ref", "changes", "bound", *parameters}:
                assert f"{gap.rstrip('_')}=" in answered, (name, gap)


def test_a_count_of_one_is_said_in_the_singular() -> None:
    assert "1 need and 2 lots of ors" in told("round open", {"needs": 1, "lots": 2}, resource="ors", rule="tiers")
    assert told("round post", {"entries": 1, "base_units": 1200}) == (
        "ND-7K2M9QX4PD is posted: 1,200 base units are allocated, in 1 entry."
    )


def test_a_plan_that_gives_nobody_anything_says_so() -> None:
    assert "gives nobody anything" in told("round propose", {"proposal": 1, "lines": 0, "claim": "proved best"})


def test_a_short_receipt_says_what_is_lacking() -> None:
    facts = {"good": 99, "damaged": 1, "missing": 0, "still_on_the_way": 0}
    assert told("consignment receive", facts) == "ND-7K2M9QX4PD is received: 99 in good order, 1 damaged (base units)."


def test_a_repeated_action_says_that_nothing_was_changed() -> None:
    answer = describe("need submit", Done(repeated=True))  # type: ignore[arg-type]  # has what is read of a Done
    assert answer.headline == "Done before under this id: need submit, ND-7K2M9QX4PD. Nothing was changed."
    assert answer.closing == ()


def test_an_action_without_a_sentence_is_told_by_its_name() -> None:
    assert told("seed plant") == "Done: seed plant, ND-7K2M9QX4PD."


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_the_help_of_every_action_is_one_line_or_one_plain_clause(group: str) -> None:
    for action in actions_of(group):
        short = in_short(action.body.__doc__ or "")
        assert len(short) <= 76 or not {":", ";"} & set(short), action.name
