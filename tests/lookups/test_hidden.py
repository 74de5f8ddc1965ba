"""An action refuses a ref of what its caller may not see by the sentence it has for a ref that was made up."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_cast import USERS
from evenhand_seen import World

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import PUBLIC
from evenhand.actions.catalogue import ACTIONS
from evenhand.errors import EvenhandError
from evenhand.lookups.hidden import find_unseen

pytestmark = pytest.mark.django_db
GIVEN: dict[str, dict[str, Any]] = {
    "evidence attach": {"title": "A letter", "kind": "link", "source": "https://health.example"},
    "round open": {"title": "March", "group": "EU", "resource": "vaccine-measles"},
    "round object": {"party": "KEN", "text": "too little"},
    "round recuse": {"party": "KEN"},
    "round override": {"lines": b"lot,recipient,packs\n"},
}
TAKES = {"need": "draft", "needs": "draft", "round": "unpublished", "about": "draft"}


def takers() -> list[tuple[str, str]]:
    """Every action that is given a ref of what may be hidden, and the parameter that takes it."""
    return [(name, one.name) for name, action in ACTIONS.items() for one in action.parameters if one.name in TAKES]


@pytest.mark.parametrize(("action", "parameter"), takers())
def test_a_stranger_cannot_tell_a_draft_from_a_ref_that_was_made_up(world: World, action: str, parameter: str) -> None:
    hidden = world[TAKES[parameter]]
    made_up = f"{hidden[:3]}0000000000"
    for who in ("public", *(user[0] for user in USERS)):
        viewer = PUBLIC if who == "public" else world.cast.viewers[who]
        if find_unseen(viewer, [hidden]) is None:
            continue  # no stranger to it
        said = []
        for ref in (hidden, made_up):
            with pytest.raises(EvenhandError) as refused:
                ACTIONS[action](world.cast(who, reason="x"), **{**GIVEN.get(action, {}), parameter: ref})
            said.append((type(refused.value), str(refused.value).replace(ref, "REF")))
        assert said[0] == said[1], who
        assert viewer.has(*RIGHTS[action]) is (said[0][1].startswith("no ")), who  # who has no such role is told that


def test_a_sentence_that_speaks_of_a_ref_is_no_ref(world: World) -> None:
    assert find_unseen(PUBLIC, [f"see {world['draft']}", b"bytes", 7, None]) is None
    assert find_unseen(PUBLIC, [f"{world['approved']}; {world['draft']}"]) == ("need", world["draft"])
    assert find_unseen(world.cast.viewers["focal-tcd"], [world["draft"]]) is None
