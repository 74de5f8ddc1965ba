"""Every action can be typed: the groups of commands load the modules of all of them."""

from __future__ import annotations

from evenhand.actions.catalogue import ACTIONS
from evenhand.cli.acting import GROUPS, actions_of


def test_every_action_of_a_group_is_a_command() -> None:
    typed = {one.name for group in GROUPS for one in actions_of(group)}
    assert typed == {name for name in ACTIONS if name.partition(" ")[0] in GROUPS}
