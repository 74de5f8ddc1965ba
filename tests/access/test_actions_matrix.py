"""Every action × everybody of the cast × their own party, another of their group, one of another group."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from evenhand_cast import USERS, Cast
from evenhand_recipes import PARTIES, RECIPES

from evenhand.access.rights import RIGHTS
from evenhand.actions.catalogue import ACTIONS
from evenhand.errors import EvenhandError, NameUnknown, NotAllowed

pytestmark = pytest.mark.django_db
EVERYBODY = ("public", *(user[0] for user in USERS))


def outcome(cast: Cast, who: str, action: str, given: dict[str, Any]) -> str:
    """Do it, see how it went, and undo it."""
    try:
        with transaction.atomic():
            ACTIONS[action](cast(who, reason="as the recipe says"), **given)
            transaction.set_rollback(True)
    except (NotAllowed, NameUnknown):
        return "refused"
    except EvenhandError as error:
        return f"refused later: {error}"
    return "done"


def test_every_action_has_a_recipe_and_a_right() -> None:
    assert [name for name in ACTIONS if name not in RECIPES] == [], (
        "say in tests/cast/evenhand_recipes.py how to call it"
    )
    assert [name for name in ACTIONS if name not in RIGHTS] == []


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("action", sorted(set(RECIPES) & set(ACTIONS)))
def test_an_action_is_done_by_those_who_may_and_refused_to_everybody_else(cast: Cast, action: str, party: str) -> None:
    recipe = RECIPES[action]
    given = recipe.made(party)
    went = {who: outcome(cast, who, action, given) for who in EVERYBODY}
    wanted = {
        who: "refused" if who not in recipe.may[party] else went[who] if recipe.later else "done" for who in EVERYBODY
    }
    assert went == wanted
    if recipe.later:
        assert all(went[who].startswith("refused later") for who in recipe.may[party])
